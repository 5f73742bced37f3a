"""主張: 限りの中の値だけが文になり、外れた値は、文と測った値を述べて止まります。"""

import json

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from rnnbook.reading.claims import ClaimFailed, claim, without_measured

LEAF = torch.ones(2, requires_grad=True)


def shown(*arguments, **bound):
    """claim が表示するもの: 文字と Markdown。"""
    InteractiveShell.instance()
    with capture_output() as captured:
        claim(*arguments, **bound)
    (output,) = captured.outputs
    return output.data["text/plain"], output.data["text/markdown"]


def test_a_claim_says_its_sentence_its_bound_and_what_was_measured():
    plain, markdown = shown("299 時刻遡った勾配は、{}", 7.2e-60, below=1e-40)
    assert plain == "✓ 299 時刻遡った勾配は、10⁻⁴⁰ より小さい（測定 7×10⁻⁶⁰）"
    assert markdown == '<span class="claim">✓</span> ' + plain.removeprefix("✓ ")


@pytest.mark.parametrize(
    ("bound", "inside", "outside", "words"),
    [
        ({"below": 0.5}, 0.49, 0.5, "0.5 より小さい"),
        ({"above": 0.99}, 0.991, 0.99, "0.99 より大きい"),
        ({"between": (0.5, 2)}, 2.0, 2.01, "0.5 から 2 の間"),
        ({"equals": 40}, 40, 41, "ちょうど 40"),
        (
            {"equals": 1 / 6, "within": 0.005},
            0.1701,
            0.1717,
            "1/6 との差が 0.005 以内",
        ),
    ],
)
def test_each_bound_holds_inside_and_fails_outside(bound, inside, outside, words):
    assert words in shown("値は{}", inside, **bound)[0]
    with pytest.raises(ClaimFailed, match="主張が成り立ちません") as failure:
        claim("値は{}", outside, **bound)
    assert words in str(failure.value)
    assert f"測定: {outside:g}" in str(failure.value)


def test_one_bad_element_of_an_array_is_enough_to_fail_and_is_shown():
    claim("勾配は{}", [1e-60, 3e-44], below=1e-40, each="種")
    with pytest.raises(ClaimFailed, match="10⁻⁶⁰〜3×10⁻³⁸"):
        claim("勾配は{}", [1e-60, 3e-38, 1e-50], below=1e-40, each="種")


def test_an_array_is_counted_and_shown_from_its_smallest_to_its_largest():
    plain, _ = shown("差は{}", np.array([30.2, 26, 34]), above=3, unit="桁", each="種")
    assert plain == "✓ 差は 3 桁より大きい（種 3 個、測定 26〜34 桁）"


def test_nan_never_holds():
    with pytest.raises(ClaimFailed, match="nan"):
        claim("損失は{}", [0.1, float("nan")], below=1.0)


def test_the_rounded_value_stays_on_its_side_of_the_bound():
    assert "測定 0.9904）" in shown("正解率は{}", 0.99038, above=0.99)[0]
    assert "測定 9.6×10⁻¹³）" in shown("差は{}", 9.6e-13, below=1e-12)[0]


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize("bound", ["below", "above", "equals"])
def test_a_bound_that_nothing_can_pass_is_refused(bound, value):
    with pytest.raises(ValueError, match=f"引数 {bound} は有限の数です"):
        claim("値は{}", 1.0, **{bound: value})


@pytest.mark.parametrize(
    ("arguments", "bound", "message"),
    [
        (("値は小さい", 1.0), {"below": 2}, "引数 sentence は、限りの入る所 {}"),
        (("値は{}", True), {"above": 0}, "引数 measured は、測った大きさ"),
        (("値は{}", []), {"above": 0}, "引数 measured は、測った大きさ"),
        (("値は{}", 1.0), {}, "どれか一つが要ります"),
        (("値は{}", 1.0), {"above": 0, "below": 2}, "どれか一つが要ります"),
        (("値は{}", 1.0), {"above": 0, "within": 2}, "引数 within は equals と"),
        (("値は{}", 1.0), {"between": 3}, "引数 between は二つの数の組です"),
        (("値は{}", 1.0), {"between": (3, 2)}, "小さい数と大きい数の組"),
        (("値は{}", 1.0), {"below": 2, "each": "種"}, "引数 each は、measured が配列"),
        (("値は{}", 1.0), {"equals": 1, "within": -1}, "引数 within は 0 以上の数です"),
        (("値は{}", 1.0), {"equals": 1, "within": "1"}, "引数 within は有限の数です"),
        (("値は{}", 1.0), {"below": "3"}, "引数 below は有限の数です。'3' が"),
        (("値は{}", 1.0), {"above": True}, "引数 above は有限の数です。True が"),
        (("値は{}", 1.0), {"above": [1]}, "引数 above は有限の数です。[1] が"),
        (("値は{}", 1.0), {"between": (1, "2")}, "引数 between は有限の数です。'2'"),
        (("値は{}", 1.0), {"between": {1, 2}}, "引数 between は二つの数の組です"),
        (("値は{}", [1.0]), {"below": 2, "each": 3}, "引数 each は str です。int が"),
        (("値は{}", 1.0), {"below": 2, "unit": 3}, "引数 unit は str です。int が"),
        ((3, 1.0), {"below": 2}, "引数 sentence は str です。int が"),
        (("値は{}", [[1], [2, 3]]), {"below": 2}, "引数 measured は実数の配列です"),
        (("値は{}", LEAF), {"below": 2}, "measured.detach() で、記録を外し"),
        (("値は{}", [LEAF, LEAF]), {"below": 2}, "measured[…].detach() で、記録"),
    ],
)
def test_a_wrong_argument_is_named(arguments, bound, message):
    with pytest.raises(ValueError, match="引数") as error:
        claim(*arguments, **bound)
    assert message in str(error.value)


def test_a_bound_may_be_a_number_of_numpy_or_pytorch():
    for two in (np.float32(2), np.array(2), torch.tensor(2.0)):
        assert "2 より小さい" in shown("値は{}", 1.0, below=two)[0]


def test_only_the_measured_value_of_a_claim_is_left_out_of_what_is_compared():
    for text in shown("距離（$H = 2$）は{}", [0.2, 0.3], below=0.5, each="種"):
        assert without_measured(text) == text.replace("0.20〜0.30", "…")
    other = "種 3 個を測定 （測定 5）\n✓ 測った"
    assert without_measured(other) == other
    table = json.dumps({"✓": "（測定 3）"}, ensure_ascii=False)
    assert without_measured(table) == table


def test_a_negative_number_is_not_written_with_a_hyphen():
    line = shown("差は{}", [-0.772, -0.361], between=(-1, 0))[0]
    assert "差は −1 から 0 の間（測定 −0.77〜−0.36）" in line
