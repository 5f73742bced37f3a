"""写しの長さの図: 言う数は保存した表の数で、長さを選ぶと、その学習の進み方が出ます。"""

import pytest

from rnnbook.data import load
from rnnbook.widgets.copy_curve import CopyCurve

TABLE = load("seq2seq_length")


@pytest.mark.parametrize("T", [5, 12, 20])
def test_the_sentence_says_the_numbers_of_the_table(call, T):
    figure = CopyCurve(model="reversed", T=T)
    rows = TABLE[(TABLE["model"] == "reversed") & (TABLE["T"] == T)]
    at = figure.lengths.index(T)
    curves = figure.curves["reversed"]
    said = call(
        "copy_curve/copy_curve.js",
        "describePoint",
        T,
        curves["right"][at],
        curves["looks"][at],
        figure.updates,
    )
    right = rows["right"]
    assert f"平均 {right.mean():.2f}（種 {len(right)} 個" in said
    assert f"{right.min():.2f}〜{right.max():.2f}" in said
    steps = rows[[str(n) for n in figure.updates]]
    reached = (steps >= 0.5).any(axis=1).sum()
    assert (f"種は {reached} 個" in said) == (reached > 0)


def test_every_model_has_every_length_and_seed():
    figure = CopyCurve()
    for name, curves in figure.curves.items():
        seeds = TABLE[TABLE["model"] == name]["seed"].nunique()
        assert len(curves["right"]) == len(figure.lengths) == 20
        assert all(len(row) == seeds for row in curves["right"])
        assert all(
            len(look) == len(figure.updates) for row in curves["looks"] for look in row
        )


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 T"):
        CopyCurve(T=21)
