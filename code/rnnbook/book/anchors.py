"""節に、見出しの文字から作った変わらない住所を付けます。

Sphinx は日本語の見出しに id1、id2 … と順に番号を振るので、節を一つ足すと、その先の節への
リンクが別の節を指します。見出しの番号（1.5 など）は、章立てが変わると動くので除きます。
"""

from __future__ import annotations

import re
import unicodedata

from docutils import nodes
from sphinx.application import Sphinx


def slug(title: str) -> str:
    """見出しから住所を作ります。

    例:
        >>> slug("1.5 触ってみましょう: 展開図")
        '触ってみましょう-展開図'
        >>> slug("1.7 三つの実装、同じ数")
        '三つの実装-同じ数'
    """
    text = unicodedata.normalize("NFKC", title).lower()
    text = re.sub(r"^[\d.]+\s+", "", text)
    return re.sub(r"[^\w]+", "-", text).strip("-")


def name_sections(app: Sphinx, document: nodes.document) -> None:
    """すべての節の一番目の id を、見出しの住所にします。同じ見出しには番号を添えます。

    ページの中の節へのリンクも、その住所に直します。
    """
    renamed = {}
    for section in document.findall(nodes.section):
        base = slug(section.next_node(nodes.title).astext())
        if not base:
            continue
        name, number = base, 2
        while name in document.ids and document.ids[name] is not section:
            name, number = f"{base}-{number}", number + 1
        document.ids[name] = section
        renamed |= dict.fromkeys(section["ids"], name)
        section["ids"] = [name, *(old for old in section["ids"] if old != name)]
    for link in document.findall(nodes.reference):
        if link.get("refid") in renamed:
            link["refid"] = renamed[link["refid"]]


def setup(app: Sphinx) -> None:
    # 目次を集める仕組みより先に動かします。
    app.connect("doctree-read", name_sections, priority=100)
