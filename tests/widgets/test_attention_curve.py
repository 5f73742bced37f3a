"""写しの長さと注意の図: 言う数は保存した表の数で、測っていない長さは、そう言います。"""

import pytest

from rnnbook.data import load
from rnnbook.widgets.attention_curve import AttentionCurve


@pytest.mark.parametrize(("T", "measure"), [(12, "right"), (15, "free")])
def test_the_sentence_says_the_numbers_of_the_table(call, T, measure):
    curves = AttentionCurve().curves[measure]
    said = call("attention_curve/attention_curve.js", "describeLength", T, curves)
    fixed, attended = load("seq2seq_length"), load("attention_length")
    for name, rows in (
        ("固定のベクトル", fixed[fixed["model"] == "forward"]),
        ("内積の注意", attended[attended["score"] == "dot"]),
        ("加法の注意", attended[attended["score"] == "additive"]),
    ):
        values = rows.loc[rows["T"] == T, measure]
        assert (
            f"{name} {values.mean():.2f}（{values.min():.2f}〜{values.max():.2f}）"
            in said
        )


def test_a_length_that_was_not_measured_is_said_so(call):
    curves = AttentionCurve().curves["right"]
    said = call("attention_curve/attention_curve.js", "describeLength", 30, curves)
    assert (
        "固定のベクトル は測っていません" in said and "内積の注意 は測って" not in said
    )


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 T"):
        AttentionCurve(T=31)
