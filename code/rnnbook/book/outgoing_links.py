"""一つだけで持ち出されるノートブックのリンク。

章の本文のリンクのうち、ほかのページと、ページの上の図の状態へのものは、サイトの外では行き先を失います。
公開の住所が決まっていればその住所にし、決まっていなければ、ただの文字にします。
"""

from __future__ import annotations

import re

from rnnbook.book.figure_links import STATE

LINK = re.compile(
    r"""(?<!!)\[(?P<label>(?:[^\[\]]|\[[^\[\]]*\])*)\]"""
    r"""\((?P<target>[^()\s]+)(?P<title>\s+"[^"]*")?\)"""
)
CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`+[^`\n]*`+|\$[^$\n]*\$", re.M | re.S)
PAGE = re.compile(r"(?P<name>\w+)\.(?:ipynb|md)(?P<part>#.*)?")


def outgoing(source: str, name: str, site: str | None) -> str:
    """ページ ``name`` の Markdown ``source`` のリンクを、``site`` (末尾は ``/``) の住所か、文字にします。

    例:
        >>> outgoing("[第2章](02.ipynb#a)と[1.5 に](#u.w=1 "
        ...          '"見るところ: h")と[節](#節)', "01", None)
        '第2章と1.5 にと[節](#節)'
        >>> outgoing("[第2章](02.ipynb#a)", "01", "https://me.github.io/rnn/")
        '[第2章](https://me.github.io/rnn/chapters/02.html#a)'
        >>> outgoing("`[a](b.md)` と [1.5 に](#u.w=1)", "01", "https://me.github.io/rnn/")
        '`[a](b.md)` と [1.5 に](https://me.github.io/rnn/chapters/01.html#u.w=1)'
    """
    kept = [found.span() for found in CODE.finditer(source)]

    def one(link: re.Match[str]) -> str:
        if any(start <= link.start() < end for start, end in kept):
            return link[0]
        target = link["target"]
        page = PAGE.fullmatch(target)
        if page is None and not STATE.match(target):
            return link[0]
        if site is None:
            return link["label"]
        where = f"{page['name']}.html{page['part'] or ''}" if page else ""
        where = where or f"{name}.html{target}"
        return f"[{link['label']}]({site}chapters/{where}{link['title'] or ''})"

    return LINK.sub(one, source)
