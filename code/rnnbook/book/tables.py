"""表の見出しを、読み上げの道具に分かる形にします。見た目は変わりません。

- pandas は行の名の列の上に空の ``<th>`` を書きます。名のない見出しとして読まれるので、
  見出しでない欄に替えます。
- pandas の表の見出しの $…$ は、HTML の出力なので、そのままでは文字になります。数式にします。
- 数式だけの見出しは、道具によっては文字がないとみなされるので、読める名（x_t）を添えます。
"""

import html
import re

from rnnbook.book.mathml import convert
from rnnbook.book.mathtext import plain_text

_EMPTY_HEAD = re.compile(r"<th\b([^>]*)>((?:\s|&nbsp;|</?p>)*)</th>")
_FORMULA_HEAD = re.compile(
    r"(<th\b[^>]*>(?:<p>)?<span[^>]*>)(<math\b(?:(?!</math>).)*</math>)(?=</span>(?:</p>)?</th>)",
    re.DOTALL,
)


_HEAD = re.compile(r"<th\b.*?</th>", re.DOTALL)
_FRAME = re.compile(r'<table[^>]*\bclass="dataframe".*?</table>', re.DOTALL)
_TEX = re.compile(r"\$([^$<>]+)\$")


def draw_heads(page_html: str) -> str:
    """pandas の表の見出しの中の $…$ を、数式にします。

    >>> frame = '<table class="dataframe"><tr><th>$W_{hh}$ の半径</th><td>5$ と 6$</td></tr></table>'
    >>> drawn = draw_heads(frame)
    >>> "<math>" in drawn and "の半径</th><td>5$ と 6$</td>" in drawn
    True
    """
    return _FRAME.sub(
        lambda frame: _HEAD.sub(lambda head: _TEX.sub(_formula, head[0]), frame[0]),
        page_html,
    )


def _formula(match: re.Match[str]) -> str:
    mathml, _ = convert(html.unescape(match[1]))
    return f'<span class="formula notranslate">{mathml}</span>'


def name_heads(page_html: str) -> str:
    """文字のない ``<th>`` を ``<td>`` にし、数式だけの ``<th>`` に名を添えます。

    >>> name_heads("<tr><th></th><th>正解率</th></tr>")
    '<tr><td></td><th>正解率</th></tr>'
    >>> name_heads('<th><p><span class="formula"><math><mi>T</mi></math></span></p></th>')
    '<th><p><span class="formula"><math aria-label="式 T"><mi>T</mi></math></span></p></th>'
    """
    without_empty = _EMPTY_HEAD.sub(r"<td\1>\2</td>", page_html)
    return _FORMULA_HEAD.sub(_named, without_empty)


def _named(match: re.Match[str]) -> str:
    name = html.escape(plain_text(match[2]))
    return match[1] + match[2].replace("<math", f'<math aria-label="式 {name}"', 1)


def _mend(app, pagename, templatename, context, doctree) -> None:
    if isinstance(context.get("body"), str):
        context["body"] = name_heads(draw_heads(context["body"]))


def setup(app) -> None:
    app.connect("html-page-context", _mend)
