"""前の章で説明した用語を、ページではじめて使うところで、用語の表の行につなぎます。

つながった語を押すと、``static/term_note.js`` がその行を小さな囲みに出します。JavaScript が
なければ、用語の表へのリンクです。その章が説明する語と、見出し、リンク、太字、コード、表、
セルの出力の中の語はつなぎません。
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from rnnbook.book import glossary, word_order


def anchor(row: list[str]) -> str:
    """用語の表の一行の住所。はじめの英語の名から作ります。

    例:
        >>> anchor(["隠れ状態", "かくれじょうたい", "hidden state"])
        'term-hidden-state'
        >>> anchor(["種（乱数の種）", "たね", "random seed, seed"])
        'term-random-seed'
    """
    return nodes.make_id(f"term {row[2].split(',')[0]}")


def _rows(env) -> list[list[str]]:
    return glossary.rows(Path(env.doc2path(glossary.PAGE)).read_text("utf-8"))


def depend(app: Sphinx, document: nodes.document) -> None:
    """用語の表が変われば、章のページも組み直させます。"""
    if _number(app.env):
        app.env.note_dependency(app.env.doc2path(glossary.PAGE))


def _number(env) -> int | None:
    """組んでいる章の番号。章でないページと、用語の表のない本では ``None`` です。"""
    here = re.match(r"chapters/(\d\d)_", env.docname)
    return int(here[1]) if here and glossary.PAGE in env.found_docs else None


class NameRows(SphinxPostTransform):
    """用語の表の行に、住所を付けます。"""

    default_priority = 250
    formats = ("html",)

    def run(self, **kwargs) -> None:
        if self.env.docname == glossary.PAGE:
            body = [row for t in self.document.findall(nodes.tbody) for row in t]
            for node, row in zip(body, _rows(self.env), strict=True):
                node["ids"].append(anchor(row))


class LinkTerms(SphinxPostTransform):
    """章の用語をつなぎます。"""

    default_priority = 250
    formats = ("html",)

    def run(self, **kwargs) -> None:
        here = _number(self.env)
        if here is None:
            return
        rows = _rows(self.env)
        known = [
            (word, anchor(row))
            for word, row in zip(word_order.as_words(rows), rows, strict=True)
            if word.chapter < here
        ]
        anchors = {name: place for word, place in known for name in word.names}
        if not anchors:
            return
        find = word_order.pattern([word for word, _ in known])
        page = self.app.builder.get_relative_uri(self.env.docname, glossary.PAGE)
        linked: set[str] = set()
        for text in list(self.document.findall(_in_a_sentence)):
            parts, end = [], 0
            for match in find.finditer(text):
                place = anchors[match[0]]
                if place not in linked:
                    linked.add(place)
                    link = nodes.reference(
                        "", match[0], internal=True, classes=["term"]
                    )
                    link["refuri"] = f"{page}#{place}"
                    parts += [nodes.Text(text[end : match.start()]), link]
                    end = match.end()
            if parts:
                text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def _in_a_sentence(node: nodes.Node) -> bool:
    """段落に直に書かれた文字か。表とセルの出力の段落は除きます。"""
    if not isinstance(node, nodes.Text) or not isinstance(node.parent, nodes.paragraph):
        return False
    around = node.parent.parent
    while around is not None:
        if isinstance(around, nodes.table | nodes.container):
            return False
        around = around.parent
    return True


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", depend)
    app.add_post_transform(NameRows)
    app.add_post_transform(LinkTerms)
    app.add_js_file("term_note.js", priority=800)
