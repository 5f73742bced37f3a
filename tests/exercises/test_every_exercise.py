"""すべての演習: ひな型、解答、よくある間違い、ヒントが、演習のファイルに書いたとおりに答えます。"""

import numpy as np
import pytest
import torch

from rnnbook.exercises.check import check
from rnnbook.exercises.find import find, names

NAMES = names()
FUNCTIONS = [name for name in NAMES if find(name).wants_function]
WRONG = [
    pytest.param(name, wrong, id=f"{name}-{k}")
    for name in NAMES
    for k, wrong in enumerate(find(name).wrong)
]
every = pytest.mark.parametrize("name", NAMES)
function = pytest.mark.parametrize("name", FUNCTIONS)


def answers(name, program):
    """プログラムを動かし、check に渡すものを返します。"""
    scope = {"np": np, "torch": torch}
    exec(program, scope)
    return [scope[each] for each in find(name).asks]


def both(result):
    """読者が見る文（Colab などの Markdown と、端末の文字）。数式の $ と ` はそのままです。"""
    return repr(result), result._repr_markdown_()


@every
def test_the_solution_is_right_and_stands_beside_the_answer(name):
    result = check(name, *answers(name, find(name).solution))
    assert result.ok and repr(result).startswith("正解です。"), result
    assert find(name).solution.rstrip() in repr(result)


@every
def test_the_stub_is_not_written_or_shows_its_own_symptom(name):
    exercise = find(name)
    result = check(name, *answers(name, exercise.stub))
    assert not result.ok
    words = exercise.symptom or "まだ書かれていません。"
    assert words in f"{result.reason}{result.hint}", result
    assert bool(exercise.symptom) == (exercise.kind == "誤りを探す")


@pytest.mark.parametrize(("name", "wrong"), WRONG)
def test_a_known_wrong_answer_earns_its_sentence(name, wrong):
    given = wrong.answer if isinstance(wrong.answer, tuple) else (wrong.answer,)
    result = check(name, *given)
    assert not result.ok
    for shown in both(result):
        assert wrong.says in shown, result


@every
def test_a_wrong_answer_stands_beside_what_went_in_and_what_was_expected(name):
    for wrong in find(name).wrong:
        given = wrong.answer if isinstance(wrong.answer, tuple) else (wrong.answer,)
        result = check(name, *given)
        # 測る前や理由を選ぶ前の「調べる」だけは、まだ比べるものがありません
        assert result.evidence or ... in given, result


@every
def test_the_text_the_three_hints_and_the_levels_are_there(name):
    exercise = find(name)
    assert exercise.text.strip() and exercise.compare.endswith("。")
    assert len(set(exercise.hints)) == 3 and all(h.strip() for h in exercise.hints)
    assert exercise.minutes > 0 and exercise.wrong
    lines = f"{exercise.stub}{exercise.solution}".splitlines()
    assert max(map(len, lines)) <= 80


def cast(value, kind):
    """配列と、配列のリストと、小数を kind の精度にします。"""
    if isinstance(value, list):
        return [cast(each, kind) for each in value]
    return kind(value) if isinstance(value, (np.ndarray, float)) else value


@function
def test_the_solution_computed_in_float32_is_accepted(name):
    (solution,) = answers(name, find(name).solution)
    result = check(name, lambda *given: solution(*(cast(v, np.float32) for v in given)))
    assert result.ok, result


@function
@pytest.mark.parametrize(
    "value",
    [
        np.nan,
        np.zeros((7, 5, 3)),
        torch.zeros(4, 3, requires_grad=True),
        "文字",
        [[1, 2], [3]],
        (1, "二", None),
        {},
        1j,
        object,
    ],
    ids=repr,
)
def test_a_strange_value_is_answered_in_japanese(name, value):
    result = check(name, lambda *_: value)
    assert not result.ok and result.reason.endswith(("。", "）。")), result


@function
@pytest.mark.parametrize("empty", [None, ..., NotImplementedError])
def test_nothing_returned_is_not_written(name, empty):
    def answer(*_):
        if empty is NotImplementedError:
            raise empty
        return empty

    assert check(name, answer).reason == "まだ書かれていません。"


@function
def test_an_error_inside_the_answer_is_told_with_its_line(name):
    def answer(*_):
        raise ZeroDivisionError("零で割りました")

    reason = check(name, answer).reason
    assert 'raise ZeroDivisionError("零で割りました")' in reason
    assert "エラー ZeroDivisionError が起きました" in reason


VALUES = [name for name in NAMES if name not in FUNCTIONS]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("strange", [np.nan, "文字", [1, 2], None, object, 1j])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_strange_value_in_a_study_is_answered_in_japanese(name, strange, place):
    given = answers(name, find(name).solution)
    given[place] = strange
    result = check(name, *given)
    assert not result.ok and result.reason.endswith("。"), result
