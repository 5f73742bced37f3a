"""答え合わせ: 読者の答えがどんなものでも、日本語の文で答え、ノートブックを止めません。"""

import numpy as np
import pytest
import torch

from rnnbook.exercises.check import check
from rnnbook.exercises.compare import close
from rnnbook.exercises.exercise import Exercise
from rnnbook.exercises.find import find


def my_step(x, h, W_xh, W_hh, b_h):
    return np.tanh(x @ W_xh.T + h @ W_hh.T + b_h)  # 読者の書き方


def solution_of(name):
    scope = {"np": np}
    exec(find(name).solution, scope)
    return scope[find(name).asks[0]]


def test_after_success_the_reader_sees_both_programs_side_by_side():
    result = check("ch01.step", my_step)
    html = result.side_by_side()
    assert html.index("# 読者の書き方") < html.index("解答例")
    assert "a = x @ W_xh.T" in html and "repeat(auto-fit" in html
    assert "# 読者の書き方" in repr(result) and "見比べるところ: " in repr(result)


def test_an_answer_without_a_source_gets_the_solution_alone():
    scope = {"np": np}
    exec(
        find("ch01.step").solution, scope
    )  # 文字から作った関数には、ソースがありません
    html = check("ch01.step", scope["my_step"]).side_by_side()
    assert "解答例" in html and "あなたの答え" not in html


def test_a_program_beside_the_solution_is_text_and_not_markup():
    def my_clip(grads, max_norm):
        _ = "<b>太字</b>"
        return solution_of("ch02.clip")(grads, max_norm)

    assert "&lt;b&gt;太字&lt;/b&gt;" in check("ch02.clip", my_clip).side_by_side()


def test_a_wrong_answer_shows_input_result_and_expectation():
    result = check("ch02.clip", lambda grads, max_norm: list(grads))
    assert [name for name, _ in result.evidence] == [
        "入力",
        "返った 戻り値[0]",
        "正しい 戻り値[0]",
        "返った 戻り値[1]",
        "正しい 戻り値[1]",
    ]
    assert dict(result.evidence)["正しい 戻り値[0]"] == "[1.5, -3.0]"  # 3.5 / 7 = 1/2


def test_a_long_array_is_shown_by_shape_and_first_difference():
    right = solution_of("ch02.jacobian")

    def my_jacobian(h, W_hh):
        product = right(h, W_hh)
        if len(product) > 2:
            product[1, 2] += 1
        return product

    lines = dict(check("ch02.jacobian", my_jacobian).evidence)
    (at,) = (name for name in lines if name.startswith("返った"))
    assert at == "返った値[1, 2]" and "（形 (4, 4)、違う成分は 1 個）" in lines[at]
    assert "h = 形 (6, 4) の配列" in lines["入力"]


def test_two_mistakes_at_once_are_both_named():
    result = check("ch01.step", lambda x, h, U, W, b: x @ U.T + h @ W)
    assert all(word in result.hint for word in ("向きが逆", "バイアス", "tanh"))


def test_a_mistake_in_one_value_is_named_though_another_is_wrong_too():
    def my_lstm_step(x, h, c, W_x, W_h, b):
        new_h, new_c = solution_of("ch03.lstm_step")(x, h, c, W_x, W_h, 0 * b)
        return new_h + 1, new_c

    result = check("ch03.lstm_step", my_lstm_step)
    assert "h と c が違います。" in result.reason and result.hint


def test_the_error_of_the_reader_is_shown_with_its_line_and_never_raised():
    def answer(x, h, W_xh, W_hh, b_h):
        return np.tanh(x @ W_xh.T + h @ W_hh.T + b_x)  # noqa: F821

    result = check("ch01.step", answer)
    assert "`return np.tanh(x @ W_xh.T + h @ W_hh.T + b_x)" in result.reason
    assert "NameError" in result.reason and "名前" in result.hint


def test_leaving_the_program_never_ends_the_notebook():
    def answer(*_):
        raise SystemExit(1)

    assert "SystemExit" in check("ch01.step", answer).reason


def test_calling_the_function_before_the_check_is_explained():
    assert "括弧を付けずに" in check("ch01.count", 42).hint


def test_a_study_given_one_value_is_told_how_to_pass_all_three():
    result = check("ch02.reach", 57)
    assert "3 つ" in result.reason
    assert (
        'check("ch02.reach", my_prediction, my_measurement, my_reason)' in result.hint
    )


def test_an_error_message_of_the_reader_is_not_markup():
    def answer(*_):
        raise ValueError("<b>太字</b> `x`\n# 見出し")

    shown = check("ch01.step", answer)._repr_markdown_()
    assert "`<b>太字</b> 'x' # 見出し`" in shown  # コードの中なので、文字のまま出ます


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"'ch01\.step'.*'ch01\.stpe' が渡されました"):
        check("ch01.stpe", None)


def test_an_unknown_kind_of_exercise_is_refused():
    fields = {
        name: getattr(find("ch02.clip"), name) for name in vars(find("ch02.clip"))
    }
    with pytest.raises(ValueError, match=r"引数 kind は.*'遊ぶ' が渡されました"):
        Exercise(**fields | {"kind": "遊ぶ"})


def test_a_function_that_changes_its_arguments_is_judged_by_what_it_returns():
    def my_clip(grads, max_norm):
        clipped = solution_of("ch02.clip")(grads, max_norm)
        for g in grads:
            g[:] = 0
        return clipped

    assert check("ch02.clip", my_clip).ok


def test_an_answer_in_float64_is_compared_closely():
    assert not check("ch01.step", lambda *given: my_step(*given) + 3e-6).ok


def test_a_mistake_made_in_float32_still_gets_its_own_hint():
    def single(function):
        return lambda *given: function(*(np.float32(each) for each in given))

    wrong = {
        "バイアス": lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W.T),
        "`W_hh` の向きが逆": lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W + b),
    }
    for words, answer in wrong.items():
        assert words in check("ch01.step", single(answer)).hint


def test_the_coarser_of_two_precisions_decides():
    third = np.array([1 / 3])
    assert close(third, third.astype(np.float32))
    assert close(third.astype(np.float16), third)
    assert not close(third, third + 1e-6)


@pytest.mark.parametrize("name", ["ch01.count"])
@pytest.mark.parametrize("value", ["42", "四十二", True, [42], np.array([42])])
def test_what_is_not_a_number_is_named_by_its_type_and_not_as_a_wrong_number(
    name, value
):
    result = check(name, lambda *_: value)
    assert result.reason == f"整数が要りますが、{type(value).__name__} が返されました。"


@pytest.mark.parametrize("name", ["ch01.step", "ch03.gru_step"])
def test_digits_in_a_string_are_not_an_array(name):
    text = np.full((2, 3), "0.5")
    assert "数の配列ではなく" in check(name, lambda *_: text).reason


def test_a_tensor_that_records_gradients_is_told_to_be_detached():
    result = check("ch01.step", lambda *_: torch.zeros(2, 3, requires_grad=True))
    assert ".detach()" in result.hint


@pytest.mark.parametrize("kind", [int, float, np.int32, torch.tensor])
def test_the_right_count_is_accepted_as_any_kind_of_number(kind):
    assert check("ch01.count", lambda *a: kind(solution_of("ch01.count")(*a))).ok
