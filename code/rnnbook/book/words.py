"""画面の言葉を日本語にします。

Sphinx と主題が訳語を持たない言葉を :data:`WORDS` に並べ、gettext の訳語集として渡します。
畳んだセルの見出しは、中身の種類 (コード、出力) を言い分けます。
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
    "Version warning": "バージョンについてのお知らせ",
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

# myst-nb が畳んだものを呼ぶ名 -> (この本での名、様式の class)
FOLDED = {
    "source": ("コード", "fold-input"),
    "content": ("コードと出力", "fold-input"),
    "output": ("出力", "fold-output"),
    "outputs": ("出力", "fold-output"),
}


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
    """畳んだセルに種類の名だけを書かせます。:class:`FoldCells` が読みます。"""
    config.nb_code_prompt_show = "{type}"
    config.nb_code_prompt_hide = "{type}"


class Fold(nodes.Element):
    """畳んだ部分。``what`` は中身の名 (コード、出力) です。"""


def open_fold(translator, node) -> None:
    """畳んだ部分の始まりを書きます。開いた時と閉じた時で、見出しの言葉が変わります。"""
    translator.body.append(
        f'<details class="fold {" ".join(node["classes"])}"><summary>'
        f'<span class="fold-show">{node["what"]}を表示</span>'
        f'<span class="fold-hide">{node["what"]}を隠す</span></summary>\n'
    )


def close_fold(translator, node) -> None:
    translator.body.append("</details>\n")


class FoldCells(SphinxPostTransform):
    """myst-nb が畳んだセルを、日本語の見出しを持つ :class:`Fold` に替えます。"""

    default_priority = 200  # myst-nb がセルを畳む 199 のすぐ後
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for parent in list(self.document.findall(nodes.Element)):
            for place, node in enumerate(parent.children):
                kind = (
                    node.get("prompt_show") if isinstance(node, nodes.Element) else None
                )
                if kind in FOLDED:
                    what, style = FOLDED[kind]
                    parent[place] = Fold("", *node.children, what=what, classes=[style])


class NamePictures(SphinxPostTransform):
    """代わりの文 (alt) のない絵に、ファイル名でない文を付けます。"""

    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for image in self.document.findall(nodes.image):
            image.setdefault("alt", "すぐ上のコードが描いた図")


def setup(app) -> None:
    install_catalog(app)
    app.connect("config-inited", configure)
    app.add_node(Fold, html=(open_fold, close_fold))
    app.add_post_transform(FoldCells)
    app.add_post_transform(NamePictures)
