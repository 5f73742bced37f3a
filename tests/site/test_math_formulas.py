"""数式の変換: 使う書き方が読め、字が書体にあり、エラーが場所を名指すこと。"""

import html
import re
import subprocess
import sys
import unicodedata

import nbformat
import pytest
from fontTools.ttLib import TTFont
from nbformat import v4

from rnnbook.book.mathfont import REPERTOIRE, write_font
from rnnbook.book.mathml import FormulaError, convert
from rnnbook.book.mathtext import plain_text, readable

FORMULAS = [
    r"h_t = \tanh(W_{xh}x_t + W_{hh}h_{t-1} + b_h) \tag{1.1}",
    r"c_t = f_t\odot c_{t-1} + i_t\odot\tilde c_t, \quad \hat y_t, \bar x, \vec v, \dot x",
    r"\mathcal{L} = \frac{1}{T}\sum_{t=1}^{T} \ell(\hat y_t, y_t)",
    r"\left\lVert\frac{\partial h_T}{\partial h_t}\right\rVert \le \prod_{k} \bigl( \gamma \bigr)",
    r"\begin{aligned} a_t &= W x_t \\ h_t &= \tanh(a_t) \end{aligned} \tag{1.2}",
    r"\begin{align} a &= b \\ c &= d \end{align}",
    r"\begin{pmatrix} 1 & \cdots \\ \vdots & \ddots \end{pmatrix}",
    r"\begin{cases} x & (x > 0) \\ 0 & \text{それ以外} \end{cases}",
    r"\underbrace{W_{xh}x_t}_{\text{今の入力}} + \overbrace{a}^{n} + \overline{ab}",
    r"X \in \mathbb{R}^{B\times T\times D},\; \boldsymbol{x}^\top \mathbf{y} \,\mathrm{d}x",
    r"\operatorname{diag}(\sigma(a)), \sqrt{\frac{1}{H}}, \arg\max_i x_i, \lim_{t\to\infty}",
    r"a \approx b \ne c \ge d \ll f \Rightarrow h \propto k \sim \mathcal{N}(0,1) \pm \infty",
    r"h'_t, \lfloor x \rfloor, \langle u, v \rangle, x \mapsto y, \nabla\cdot u, \ldots, \varepsilon",
]


@pytest.mark.parametrize("tex", FORMULAS)
def test_every_notation_of_the_book_becomes_mathml_whose_letters_the_font_has(tex):
    mathml, _ = convert(tex, display=True)
    shown = html.unescape(re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", mathml))
    missing = [
        character
        for character in shown
        if ord(character) not in REPERTOIRE
        and not unicodedata.name(character, "").startswith(
            ("CJK", "HIRAGANA", "KATAKANA")
        )
    ]
    assert mathml.startswith('<math display="block">')
    assert html.escape(tex, quote=False) in mathml  # コピーに使う元の TeX
    assert missing == []


def test_a_tag_becomes_the_number_and_not_a_part_of_the_formula():
    mathml, number = convert(FORMULAS[0], display=True)
    assert number == "1.1"
    assert "1.1" not in re.sub(r"<annotation.*", "", mathml)


@pytest.mark.parametrize("tex", [r"\odot", r"\oplus", r"\otimes", r"\ominus"])
def test_a_circled_operator_is_never_drawn_as_large_as_a_sum(tex):
    """Firefox の演算子の表は、この四つを、別行立てで大きく描く記号に数えます。"""
    mathml = convert(rf"f_t {tex} c_{{t-1}}", display=True)[0]
    assert re.search(r'<mo[^>]* largeop="false">[⊕⊖⊗⊙]</mo>', mathml)


@pytest.mark.parametrize("tex", [r"\sum_t x_t", r"\bigodot_t x_t"])
def test_a_sum_stays_large(tex):
    assert "largeop" not in convert(tex, display=True)[0]


def test_align_is_not_numbered_as_in_jupyter():
    assert "(1)" not in re.sub(
        r"<annotation.*", "", convert(FORMULAS[5], display=True)[0]
    )


@pytest.mark.parametrize(
    ("tex", "display", "reason"),
    [
        (r"\frac{1}{2", False, "closing token"),
        (r"\foo x", False, "Unknown command"),
        (r"a \\ b", True, r"改行 \\"),
        (r"x \tag{1} y \tag{2}", True, "2 個ありました"),
        (r"x \tag{1}", False, r"\tag は別行立て"),
        ("  ", False, "数式が空"),
    ],
)
def test_a_wrong_formula_says_what_is_wrong_and_which(tex, display, reason):
    with pytest.raises(FormulaError) as caught:
        convert(tex, display)
    assert reason in str(caught.value)
    assert tex.strip() in str(caught.value)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ("h_t", "h_t"),
        ("W_{xh}x_t + b_h", "W_xh x_t + b_h"),
        (r"h_{t-1}", "h_{t-1}"),
        (r"\tilde h_t", "h\u0303_t"),
        (r"\frac{1}{T}", "1/T"),
        (r"\sqrt{2}", "√2"),
        (r"\mathbb{R}^{B\times T}", "R^{B×T}"),
        (r"\mathbf{x} = \tanh(a)", "x = tanh(a)"),
    ],
)
def test_titles_and_search_read_a_formula_as_plain_letters(tex, text):
    assert plain_text(convert(tex)[0]) == text


def test_only_the_formula_of_a_fragment_is_replaced():
    fragment = f"状態 {convert('a < b')[0]} と <em>次</em>"
    assert readable(fragment) == "状態 a &lt; b と <em>次</em>"


def test_the_font_is_small_and_keeps_what_stretches(tmp_path):
    write_font(tmp_path / "math.woff2")
    font = TTFont(tmp_path / "math.woff2")
    variants = font["MATH"].table.MathVariants
    stretchy = set(variants.VertGlyphCoverage.glyphs) | set(
        variants.HorizGlyphCoverage.glyphs
    )
    cmap = font.getBestCmap()
    assert (tmp_path / "math.woff2").stat().st_size <= 80 * 1024
    assert {cmap[ord(c)] for c in "()[]{}|‖√∑∏⏞⏟"} <= stretchy
    assert "SIL Open Font License" in font["name"].getDebugName(13)


CONF = """\
extensions = ["myst_nb", "rnnbook.book.mathml"]
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "off"
language = "ja"
"""


def build(folder, *options):
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        "html",
        "-d",
        "doctrees",
        *options,
        ".",
        "out",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_a_wrong_formula_fails_the_build_and_names_the_place(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text(
        "# 題\n\n文です。\n\n式 $\\frac{1}{$ です。\n\n```{toctree}\nnote\n```\n",
        encoding="utf-8",
    )
    cells = [
        v4.new_markdown_cell("# ノート"),
        v4.new_markdown_cell("一\n\n二\n\n$$\n\\foo\n$$"),
    ]
    nbformat.write(v4.new_notebook(cells=cells), tmp_path / "note.ipynb")
    made = build(tmp_path, "-W", "--keep-going")
    assert made.returncode != 0
    assert re.search(r"index\.md:5: .*数式を読めません.*\\frac\{1\}\{", made.stderr)
    assert re.search(r"note\.ipynb.*\\foo（セル 2 の 5 行目）", made.stderr)


def test_titles_tables_and_cell_outputs_show_formulas(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    output = v4.new_output(
        "display_data",
        data={"text/markdown": "| a |\n|--|\n| $x_1$ |\n\n$$y \\tag{2.1}$$"},
    )
    cells = [
        v4.new_markdown_cell("# 状態 $h_t$ の式"),
        v4.new_code_cell("pass", outputs=[output], execution_count=1),
    ]
    python = {"language_info": {"name": "python"}}
    nbformat.write(
        v4.new_notebook(cells=cells, metadata=python), tmp_path / "index.ipynb"
    )
    made = build(tmp_path, "-W")
    assert made.returncode == 0, made.stderr
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<title>状態 h_t の式", page)
    assert re.search(r"<td><p><span[^>]*><math>.*?<mi>x</mi><mn>1</mn>", page)
    assert '<span class="eqno">(2.1)</span>' in page
    assert "mathjax" not in page.lower()
