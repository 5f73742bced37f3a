"""コードの色付け: 色の付く語だけを <span> で包みます。

Pygments は、地の文字と同じ色で見せる名前、括弧、空白も一つずつ包みます。包みはページの要素の半分ほどを
占め、重さと、絵を描き直す手間を増やします。明暗のどちらの様式でも地の文字と同じに見える語は、包みません。
"""

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text, Whitespace
from sphinx.highlighting import PygmentsBridge

from rnnbook.book.theme import OPTIONS

STYLES = [
    get_style_by_name(OPTIONS[f"pygments_{mode}_style"]) for mode in ("light", "dark")
]


def is_plain(token) -> bool:
    """明暗のどちらでも、色も書体も地の文字と同じか。空白は見えないので、色を問いません。

    例:
        >>> from pygments.token import Keyword, Name
        >>> is_plain(Name), is_plain(Keyword)
        (True, False)
    """
    return token is Whitespace or all(
        style.style_for_token(token) == style.style_for_token(Text) for style in STYLES
    )


PLAIN = {token for token in STANDARD_TYPES if is_plain(token)}


class CodeFormatter(HtmlFormatter):
    """地の文字と同じに見える語を、包まずに続けて書く HtmlFormatter。"""

    def format_unencoded(self, tokensource, outfile) -> None:
        tokens = ((Text if kind in PLAIN else kind, text) for kind, text in tokensource)
        super().format_unencoded(tokens, outfile)


def setup(app) -> None:
    PygmentsBridge.html_formatter = CodeFormatter
