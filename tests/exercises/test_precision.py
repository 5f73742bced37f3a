"""答えの精度: float32 で計算した答えは正解で、文字列は数ではありません。"""

import numpy as np
import pytest
import torch

from rnnbook.exercises.check import check, exercises
from rnnbook.exercises.compare import close

ALL = exercises()


def solution_of(name):
    names = {"np": np}
    exec(ALL[name].solution, names)
    (function,) = (v for k, v in names.items() if k.startswith("my_"))
    return function


def cast(value, kind):
    """配列と、配列のリストと、小数を kind の精度にします。"""
    if isinstance(value, list):
        return [cast(each, kind) for each in value]
    return kind(value) if isinstance(value, (np.ndarray, float)) else value


def computed_in(kind, function):
    return lambda *arguments: function(*(cast(each, kind) for each in arguments))


@pytest.mark.parametrize("name", ALL)
def test_the_solution_computed_in_float32_is_accepted(name):
    assert check(name, computed_in(np.float32, solution_of(name))).ok


def test_the_solution_computed_by_torch_in_float32_is_accepted():
    def my_step(*arguments):
        x, h, W_xh, W_hh, b_h = (torch.tensor(a).float() for a in arguments)
        return torch.tanh(x @ W_xh.T + h @ W_hh.T + b_h)

    assert check("ch01.step", my_step).ok


def test_a_mistake_made_in_float32_still_gets_its_own_hint():
    wrong = {
        "バイアス": lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W.T),
        "`W_hh` の向きが逆": lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W + b),
    }
    for words, answer in wrong.items():
        assert words in check("ch01.step", computed_in(np.float32, answer)).hint


def test_an_answer_in_float64_is_still_compared_closely():
    def my_step(x, h, W_xh, W_hh, b_h):
        return np.tanh(x @ W_xh.T + h @ W_hh.T + b_h) + 3e-6

    assert not check("ch01.step", my_step).ok


def test_the_coarser_of_two_precisions_decides():
    third = np.array([1 / 3])
    assert close(third, third.astype(np.float32))
    assert close(third.astype(np.float16), third)
    assert not close(third, third + 1e-6)


@pytest.mark.parametrize("name", ["ch01.count", "ch03.count"])
@pytest.mark.parametrize("value", ["42", "四十二", True, [42], np.array([42])])
def test_what_is_not_a_number_is_named_by_its_type_and_not_as_a_wrong_number(
    name, value
):
    result = check(name, lambda *_: value)
    assert result.reason == f"整数が要りますが、{type(value).__name__} が返されました。"


@pytest.mark.parametrize("name", ["ch01.step", "ch03.forget_bias"])
def test_digits_in_a_string_are_not_an_array(name):
    text = np.full((4, 3), "0.5") if name == "ch01.step" else "0.5"
    assert "数の配列ではなく" in check(name, lambda *_: text).reason


def test_a_tensor_that_records_gradients_is_told_to_be_detached():
    result = check("ch01.step", lambda *_: torch.zeros(4, 3, requires_grad=True))
    assert ".detach()" in result.hint


@pytest.mark.parametrize("kind", [int, float, np.int32, torch.tensor])
def test_the_right_count_is_accepted_as_any_kind_of_number(kind):
    assert check("ch01.count", lambda *a: kind(solution_of("ch01.count")(*a))).ok
