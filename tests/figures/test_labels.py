"""図の字の数式: ページの数式と同じ字になり、読めないものは図を描くときに断ります。"""

import re
import unicodedata

import pytest
from math_core import LatexToMathML

from rnnbook.book.mathtext import plain_text
from rnnbook.figures.labels import runs, tspans

CONVERTER = LatexToMathML()


def flat(label):
    """字の並びを、MathML を一行にしたものと同じ書き方にします。"""
    marks = {0: "", 1: "^", -1: "_"}
    out = ""
    for run in runs(label):
        text = run.text.replace(" ", "")
        long = run.level and not re.fullmatch(r"\w*", text)
        out += marks[run.level] + (f"{{{text}}}" if long else text)
    return out


@pytest.mark.parametrize(
    "tex",
    [
        "h_t",
        "h_{t-1}",
        r"\hat{y}_t",
        r"\tilde{c}_t",
        "b_f=0",
        r"\rho^n",
        "T - t",
        "W_{xh}",
        "1-z_t",
        r"\partial h_T",
        r"\tanh",
        r"x \odot y",
        "Ax",
    ],
)
def test_a_formula_of_a_label_has_the_letters_of_the_same_formula_on_the_page(tex):
    page = plain_text(CONVERTER.convert_with_local_state(tex, displaystyle=False))
    ours = flat(f"${tex}$").translate(LETTERS)
    ours, page = ours.replace("−", "-"), page.replace(" ", "").replace("−", "-")
    assert unicodedata.normalize("NFC", ours) == page


LETTERS = {0x210E: "h"} | {
    start + n: chr(ord(first) + n)
    for start, first, count in (
        (0x1D434, "A", 26),
        (0x1D44E, "a", 26),
        (0x1D6FC, "α", 25),
    )
    for n in range(count)
}


def test_words_around_a_formula_keep_the_font_of_the_page():
    found = [(run.text, run.formula) for run in runs("遡る時刻 $T$ まで")]
    assert found == [("遡る時刻 ", False), ("𝑇", True), (" まで", False)]


def test_the_text_after_a_subscript_returns_to_the_line():
    drawn = tspans(r"$h_t$ の値", 12)
    shifts = [float(part.split('"')[1]) for part in drawn.split("dy=")[1:]]
    assert len(shifts) == 2 and sum(shifts) == 0


def test_signs_of_markup_are_escaped():
    assert tspans("a < b & c", 12) == "a &lt; b &amp; c"


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (r"$\frac{1}{2}$", r"\\frac は図の字に使えません"),
        ("$h_{t$", "括弧 { が閉じていません"),
        ("$h}$", "括弧 } が多すぎます"),
        (r"$\hat{xy}$", r"\\hat は一文字にだけ"),
        ("$x_{t_1}$", "添字の添字"),
        ("$h_$", "終わりに字が足りません"),
        ("$h", "対になっていません"),
    ],
)
def test_what_a_label_cannot_hold_is_refused_with_the_formula(label, reason):
    with pytest.raises(ValueError, match=reason):
        runs(label)
