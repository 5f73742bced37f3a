r"""図の中の式は、本文と同じ字になる。描けない式は、図を作るときにエラーになる。"""

import html
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from math_core import LatexToMathML

from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.kit.formulas import FUNCTIONS, GREEK, SYMBOLS, require_formulas
from rnnbook.widgets.quiz import Choice, Question, Quiz

CONVERTER = LatexToMathML()
INVISIBLE = re.compile("[\\s\u2005\u2009\u2061-\u2064\ufe00\ufe01]")


def letters(text: str) -> str:
    """空白と、目に見えない字を除いた字。"""
    return INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def on_the_page(tex: str) -> str:
    """本文の MathML に並ぶ字。"""
    mathml = CONVERTER.convert_with_local_state(tex, displaystyle=False)
    root = ElementTree.fromstring(html.unescape(mathml.replace("&lt;", "&amp;lt;")))
    text = "".join(root.itertext())
    plain = "".join(
        unicodedata.normalize("NFKC", c) if c >= "\U0001d400" else c for c in text
    )
    return letters(plain)


def words(pieces: list[dict]) -> str:
    return "".join(words(p["parts"]) if "parts" in p else p["text"] for p in pieces)


@pytest.mark.parametrize(
    "tex",
    [
        r"h_t = \tanh(W_{xh} x_t + W_{hh} h_{t-1} + b_h)",
        r"W_{hh}^{T-t}",
        r"\alpha_{t,s}",
        r"c_t = f_t \odot c_{t-1} + i_t \odot h'",
        r"\lVert \partial h_T \rVert \le \rho(W_{hh})^{T-t}",
        r"\Delta \approx 10^{-7}",
        r"x_{t_{i+1}}^{2^n}",
        r"\sum_{t=1}^T y_{t} \ne 0.5\,T",
        r"\text{誤差} < \ln(T - 1)",
        r"\left(1 - \sigma(b_z)\right)^2",
        r"x_12",
    ],
)
def test_a_formula_of_a_figure_has_the_letters_it_has_on_the_page(call, tex):
    found = words(call("kit/text.js", "parseInline", f"${tex}$"))
    assert letters(found) == on_the_page(tex)
    require_formulas(f"${tex}$", "試し")


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{1}{2}", "1/2"),
        (r"\frac12", "1/2"),
        (r"\frac{\partial c_T}{\partial c_t}", "∂cT/∂ct"),
        (r"\frac{q^\top k}{\sqrt{d_k}}", "(q⊤k)/√dk"),
        (r"\frac{a + b}{2T}", "(a+b)/(2T)"),
        (r"\sqrt{T - 1}", "√(T−1)"),
        (r"\hat y_t", "ŷt"),
        (r"\tilde{c}_t", "c\u0303t"),
        (r"\bar{\alpha}", "α\u0304"),
    ],
)
def test_a_formula_with_two_levels_is_written_on_one_line(call, tex, line):
    found = words(call("kit/text.js", "parseInline", f"${tex}$"))
    assert letters(found) == unicodedata.normalize("NFC", line)
    require_formulas(f"${tex}$", "試し")


@pytest.mark.parametrize("name", [*GREEK, *SYMBOLS])
def test_each_sign_is_the_one_of_the_page(name):
    sign = (GREEK | SYMBOLS)[name]
    assert sign.replace("…", "...") == on_the_page(f"\\{name}")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_upright_and_apart_from_what_follows(call, name):
    pieces = call("kit/text.js", "parseInline", f"$a \\{name} x$")
    assert pieces == [
        {"kind": "var", "text": "a"},
        {"kind": "text", "text": f"\u2009{name}"},
        {"kind": "var", "text": "\u2009x"},
    ]


def test_scripts_are_nested_and_letters_are_italic(call):
    assert call("kit/text.js", "parseInline", "値 $W_{hh}^2$ `h_t` 5$") == [
        {"kind": "text", "text": "値 "},
        {"kind": "var", "text": "W"},
        {"kind": "sub", "parts": [{"kind": "var", "text": "hh"}]},
        {"kind": "sup", "parts": [{"kind": "text", "text": "2"}]},
        {"kind": "text", "text": " "},
        {"kind": "code", "text": "h_t"},
        {"kind": "text", "text": " 5$"},
    ]


def test_the_signs_that_a_japanese_font_draws_wide_are_set_in_the_font_of_formulas(
    call,
):
    assert call("kit/text.js", "parseInline", r"$\lVert\partial h\rVert$ $\|$") == [
        {"kind": "sign", "text": "‖∂"},
        {"kind": "var", "text": "h"},
        {"kind": "sign", "text": "‖"},
        {"kind": "text", "text": " "},
        {"kind": "sign", "text": "‖"},
    ]


BROKEN = [
    r"\nosuchsign",
    r"\mathcal{L}",
    r"{a",
    r"a}",
    r"a_b_c",
    r"a_",
    r"\frac{1}",
    r"\sqrt",
    r"\begin{matrix} 1 \end{matrix}",
    r"a \\ b",
]


@pytest.mark.parametrize("tex", BROKEN)
def test_what_cannot_be_drawn_is_an_error_in_python_and_in_the_page(call, tex):
    with pytest.raises(ValueError, match=r"問いの式 .* を描けません"):
        require_formulas(f"前 ${tex}$ 後", "問い")
    with pytest.raises(Exception, match=r"を描けません"):
        call("kit/text.js", "parseInline", f"${tex}$")


def test_a_module_with_a_formula_that_cannot_be_drawn_is_not_bundled(tmp_path):
    root = tmp_path / "root.js"
    root.write_text(
        "export default { label: (t) => `値 $\\\\overbrace{h}_{${t}}$` };\n",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"root\.js の式 .*\\overbrace は、図では使え"):
        bundle(root)


def test_a_quiz_with_a_formula_that_cannot_be_drawn_is_not_made():
    good = Choice("$h_t$", "理由", correct=True)
    with pytest.raises(ValueError, match=r"1 問目の 2 番の選択肢の式 \$\\foo\$"):
        Quiz([Question("問い", [good, Choice("b", r"$\foo$ だから")])])
    with pytest.raises(ValueError, match=r"1 問目の式 \$h_\{t\$"):
        Quiz([Question("$h_{t$", [good, Choice("b", "理由")])])
