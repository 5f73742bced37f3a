"""主題の CSS から、この本のどのページにも当たらない規則を除きます。

主題は Bootstrap などの CSS をまるごと持ち、その多くは、この本が使わないもの (回る絵、値札など) です。
組み終えたすべてのページとスクリプトに現れる語を集め、現れない class か id を名指す規則だけを除きます。
class も id も名指さない規則、``:not(…)`` などの中、``@keyframes`` などは、そのまま残します。

Sphinx は組むたびに主題の CSS を写し直すので、除いた規則も、使うページができれば戻ります。
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

import tinycss2
from tinycss2.ast import Node

# 主題と拡張が持つ CSS (_static から)。本のものは、はじめから使うものだけです。
TRIMMED = (
    "basic.css",
    "mystnb.*.css",
    "styles/bootstrap.css",
    "styles/pydata-sphinx-theme.css",
    "styles/sphinx-book-theme.css",
)
NESTING = {"media", "supports"}


def names_in(text: str) -> set[str]:
    """class や id になりうる語のすべて。

    例:
        >>> sorted(names_in('<p class="note rf-row">'))
        ['class', 'note', 'p', 'rf-row']
    """
    return set(re.findall(r"[A-Za-z_][\w-]*", text))


def used(css: str, names: set[str]) -> str:
    """css のうち、class も id も names にある規則。説明は除きます。

    例:
        >>> used(".a, .b > p { x: 1 } .c { y: 2 } p:not(.c) { z: 3 }", {"a", "b"})
        '.a,.b > p{ x: 1 }p:not(.c){ z: 3 }'
        >>> used("@media print { .c { x: 1 } } @media print { .a { x: 1 } }", {"a"})
        '@media print{.a{ x: 1 }}'
    """
    return _kept(tinycss2.parse_stylesheet(css, True, True), names)


def _kept(rules: Iterable[Node], names: set[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _named(s) <= names]
            if selectors:
                kept.append(
                    f"{','.join(map(_text, selectors))}{{{_text(rule.content, False)}}}"
                )
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING:
            inside = tinycss2.parse_rule_list(rule.content, True, True)
            if text := _kept(inside, names):
                kept.append(f"@{rule.at_keyword} {_text(rule.prelude)}{{{text}}}")
        else:
            kept.append(rule.serialize())
    return "".join(kept)


def _selectors(prelude: list[Node]) -> list[list[Node]]:
    """「,」で分けた選択子。"""
    parts: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _named(selector: list[Node]) -> set[str]:
    """選択子が、かっこの外で名指す class と id。"""
    ids = {token.value for token in selector if token.type == "hash"}
    classes = {
        name.value
        for dot, name in itertools.pairwise(selector)
        if dot == "." and name.type == "ident"
    }
    return ids | classes


def _text(tokens: list[Node], strip: bool = True) -> str:
    text = tinycss2.serialize([t for t in tokens if t.type != "comment"])
    return text.strip() if strip else text


def trim(app, exception) -> None:
    """組み終えたサイトの、主題の CSS を書き直します。"""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    names = {
        name
        for kind in ("*.html", "*.js")
        for path in site.rglob(kind)
        for name in names_in(path.read_text(encoding="utf-8"))
    }
    for pattern in TRIMMED:
        for path in (site / "_static").glob(pattern):
            css = path.read_text(encoding="utf-8")
            path.write_text(used(css, names), encoding="utf-8")


def setup(app) -> None:
    app.connect("build-finished", trim, priority=950)  # 使わないものを除いたあと
