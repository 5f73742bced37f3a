"""各ページの説明文と、SNS や検索サイトが読む印 (og:、twitter:) を用意します。

住所が要る印 (``og:url`` など) は、公開の住所が分かるときだけ付けます。
住所は ``_config.yml`` の ``html.baseurl``、なければ ``repository.url`` から決めます。
"""

from pathlib import Path

from docutils import nodes

from rnnbook.workshop.repository import is_published

from . import card

# 本を一文で。目次のページと README のはじめの段落も、同じ文です。
DESCRIPTION = (
    "再帰型ニューラルネットワーク（RNN）を、予想し、開いたページの中で動かし、"
    "数で確かめて学ぶ、日本語の教科書です。"
)
LENGTH = 120  # 説明文の長さ (全角)


def site_address(baseurl: str, repository: str) -> str | None:
    """サイトの住所 (末尾は ``/``)。まだ決まっていなければ ``None``。

    >>> site_address("", "https://github.com/owner/rnn-textbook")
    'https://owner.github.io/rnn-textbook/'
    >>> site_address("", "https://github.com/YOUR-ACCOUNT/rnn-textbook") is None
    True
    """
    if baseurl:
        return baseurl.rstrip("/") + "/"
    github = "https://github.com/"
    parts = repository.removeprefix(github).strip("/").split("/")
    if (
        not repository.startswith(github)
        or len(parts) != 2
        or not is_published(repository)
    ):
        return None
    owner, name = parts
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def describe(doctree) -> str:
    """ページの最初のまとまった段落を、説明文の長さに切って返します。"""
    for paragraph in doctree.findall(nodes.paragraph) if doctree is not None else ():
        text = "".join(paragraph.astext().split("\n")).strip()
        if len(text) >= 20 and not any(paragraph.findall(nodes.math)):
            return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
    return DESCRIPTION


def add_meta(app, pagename, templatename, context, doctree) -> None:
    """雛形 ``page-meta.html`` が使う値を渡します。"""
    options = app.config.html_theme_options
    address = site_address(app.config.html_baseurl, options.get("repository_url", ""))
    title = app.env.titles.get(pagename)
    image = f"_static/{card.CARD}"
    context["description"] = describe(doctree)
    context["og_title"] = title.astext() if title else context["docstitle"]
    context["og_url"] = address and address + app.builder.get_target_uri(pagename)
    context["og_image"] = address + image if address else context["pathto"](image, 1)


def draw(app) -> None:
    """カードとアイコンの絵を、出来上がりの _static に描きます。"""
    if app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        static.mkdir(parents=True, exist_ok=True)
        card.draw_all(static, app.config.html_title)


def setup(app) -> None:
    app.connect("builder-inited", draw)
    app.connect("html-page-context", add_meta)
