"""目次のページの章の一覧に、読む分と、その章の意外な数を添えます。

目次の Markdown には、章のリンクと、答える問いだけを書きます。分は章の「読むだけなら N 分」から、
数は surprises.py が data/results/ から求めます。読者の答えた数は answered.py が添えます。
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from rnnbook.book.surprises import every_surprise

CHAPTER = re.compile(r"(\d\d)_\w+")
_MINUTES = re.compile(r"読むだけなら (\d+) 分")
_READ = [Path(__file__).with_name(f"surprises{end}.py") for end in ("", "_materials")]


def minutes(notebook: Path) -> int:
    """章を読むだけの分。

    例:
        >>> from rnnbook.workshop.environment import ROOT
        >>> minutes(ROOT / "chapters" / "01_rnn_basics.ipynb") > 10
        True
    """
    found = _MINUTES.search(notebook.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{notebook.name} に「読むだけなら N 分」がありません。")
    return int(found[1])


def add_numbers(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """章の一覧の行に、分と数を添えます。"""
    if docname != app.config.root_doc:
        return
    surprises = every_surprise()
    for item in doctree.findall(nodes.list_item):
        # 章へのリンクから始まる行だけ
        link = item[0][0] if len(item) and len(item[0]) else None
        if not isinstance(link, nodes.reference):
            continue
        target = Path(link.get("refuri", "")).stem
        found = CHAPTER.fullmatch(target)
        if not found or found[1] not in surprises:
            continue
        notebook = Path(app.srcdir) / Path(docname).parent / f"{target}.ipynb"
        link.parent.append(
            nodes.inline("", f"（{minutes(notebook)} 分）", classes=["book-minutes"])
        )
        sentence = surprises[found[1]]().sentence
        item.append(nodes.paragraph("", sentence, classes=["book-surprise"]))


def depend(app: Sphinx, document: nodes.document) -> None:
    """章、測定の結果、求め方のどれかが変われば、目次のページも組み直させます。"""
    if app.env.docname != app.config.root_doc:
        return
    root = Path(app.srcdir)
    paths = [*_READ, *root.glob("chapters/[0-9]*.ipynb")]
    for path in sorted([*paths, *root.glob("data/results/*.csv")]):
        app.env.note_dependency(str(path))


def add_style(app: Sphinx, pagename: str, *_: object) -> None:
    """目次のページだけに、見た目を読み込ませます。"""
    if pagename == app.config.root_doc:
        app.add_css_file("contents_map.css")


def setup(app: Sphinx) -> None:
    """Sphinx の拡張として登録します。"""
    app.connect("html-page-context", add_style)
    app.connect("doctree-read", depend)
    # ほかの拡張が、添えた文の数や語に手を加えたあと
    app.connect("doctree-resolved", add_numbers, priority=900)
