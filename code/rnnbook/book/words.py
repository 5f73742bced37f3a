"""画面の言葉を日本語にします。

Sphinx と主題が訳語を持たない言葉を :data:`WORDS` に並べ、gettext の訳語集として渡します。
myst-nb の「コードを表示」は、隠したものの種類 (コード、出力) を言い分けます。
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

WORDS = {
    "Skip to main content": "本文へ移動",
    "Back to top": "先頭へ戻る",
    "Version warning": "版についてのお知らせ",
    "Announcement": "お知らせ",
    "light/dark": "明るい画面と暗い画面を切り替える",
    "previous page": "前のページ",
    "next page": "次のページ",
    "Link to this heading": "この見出しへのリンク",
    "Link to this image": "この図へのリンク",
    "Link to this table": "この表へのリンク",
    "Link to this code": "このコードへのリンク",
    "Link to this equation": "この式へのリンク",
    "Link to this term": "この用語へのリンク",
    "Link to this toctree": "この目次へのリンク",
    "Link to this definition": "この定義へのリンク",
    "Site navigation": "本の目次",
    "Section Navigation": "本の目次",
    "On this page": "このページの内容",
}

# myst-nb が畳んだものを呼ぶ名 -> この本での名
FOLDED = {"source": "コード", "output": "出力", "outputs": "出力", "content": "コードと出力"}


def install_catalog(app) -> None:
    """:data:`WORDS` を訳語集の形にして、Sphinx の訳語に足します。"""
    catalog = Catalog(locale="ja")
    for english, japanese in WORDS.items():
        catalog.add(english, japanese)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    folder = Path(app.doctreedir) / "words" / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sphinx.mo").write_bytes(compiled.getvalue())
    app.add_message_catalog("sphinx", str(folder.parents[1]))


def configure(app, config) -> None:
    """畳んだセルの見出しを、まず種類の名だけにします。:class:`NameFoldedCells` が文にします。"""
    config.nb_code_prompt_show = "{type}"
    config.nb_code_prompt_hide = "{type}"


class NameFoldedCells(SphinxPostTransform):
    """畳んだセルの見出しを「コードを表示」「出力を表示」と言い分けます。"""

    default_priority = 200  # myst-nb がセルを畳む 199 のすぐ後
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for node in self.document.findall(nodes.Element):
            if (kind := node.get("prompt_show")) in FOLDED:
                node["prompt_show"] = f"{FOLDED[kind]}を表示"
                node["prompt_hide"] = f"{FOLDED[kind]}を隠す"


def setup(app) -> None:
    install_catalog(app)
    app.connect("config-inited", configure)
    app.add_post_transform(NameFoldedCells)
