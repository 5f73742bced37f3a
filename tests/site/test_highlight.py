"""コードの色付け: 包みを減らしても、どの文字も Pygments の様式のとおりに見えます。"""

from html.parser import HTMLParser

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import BashLexer, PythonLexer
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Token

from rnnbook.book.highlight import CodeFormatter
from rnnbook.book.theme import OPTIONS

PYTHON = '''
@dataclass
class Cell:
    """h_t を返します。"""
    H: int = 32  # 隠れ次元

    def step(self, x, *, eps=1e-5):
        if x is None or not x.shape[0] < 3:
            raise ValueError(f"引数 x: {x!r}")
        return np.tanh(x @ self.W_xh.T + self.b_h) ** 2
'''
TYPES = {short: token for token, short in STANDARD_TYPES.items()}


class Letters(HTMLParser):
    """見える文字と、それを包むいちばん内側の語の種類の並び。"""

    def __init__(self, html: str):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.open.append(TYPES.get(dict(attributes).get("class", ""), Token))

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, text):
        self.seen += [(letter, self.open[-1]) for letter in text if letter.strip()]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    ("lexer", "source"),
    [(PythonLexer(), PYTHON), (BashLexer(), "pip install -q torch  # 一度だけ\n")],
)
def test_every_letter_of_code_keeps_its_look(mode, lexer, source):
    style = get_style_by_name(OPTIONS[f"pygments_{mode}_style"])

    def looks(formatter):
        letters = Letters(highlight(source, lexer, formatter)).seen
        return [(a, style.style_for_token(kind)) for a, kind in letters]

    assert looks(CodeFormatter()) == looks(HtmlFormatter())


def test_a_page_wraps_only_the_words_that_have_a_colour(page, sample_url):
    page.goto(sample_url)
    code = page.locator(".cell_input pre").first
    wrapped = code.locator("span[class]").all_inner_texts()
    assert {"import", "numpy", "+"} < set(wrapped)
    assert {"x", "value_1", " "}.isdisjoint(wrapped)
