"""括弧の問題: 答えは別の数え方に一致し、記憶なしの正解率は数え上げた値に一致します。"""

import numpy as np
import pytest

from rnnbook.tasks import brackets


def stack_of(text: str) -> list[int]:
    """深さを、括弧の山で数える別の方法。"""
    stack, found = [], []
    for character in text:
        if character == "(":
            stack.append(character)
        elif character == ")" and stack:
            stack.pop()
        elif character == ".":
            stack.clear()
        found.append(len(stack))
    return found


def test_the_depth_is_that_of_a_stack_of_brackets():
    rng = np.random.default_rng(0)
    for _ in range(50):
        text = "".join(rng.choice(list(brackets.ALPHABET), 40))
        assert brackets.depths(brackets.encode(text)).tolist() == stack_of(text)


def test_the_answer_says_whether_an_opened_bracket_is_left():
    ids, y = brackets.batch_ids(np.random.default_rng(1), 200, 100)
    for row, answers in zip(ids, y, strict=True):
        depth = stack_of(brackets.text(row))
        assert max(depth) <= brackets.MAX_DEPTH
        assert (np.array(depth) > 0).tolist() == answers.tolist()


def test_every_depth_of_training_and_every_character_appears():
    ids, _ = brackets.batch_ids(np.random.default_rng(1), 400, 100)
    assert np.unique(ids).tolist() == list(range(brackets.D))
    deepest = {max(stack_of(brackets.text(row))) for row in ids}
    assert deepest == set(range(brackets.MAX_DEPTH + 1))


@pytest.mark.parametrize("T", [1, 2, 17, 64])
def test_the_baseline_is_what_counting_characters_and_answers_gives(T):
    ids, y = brackets.batch_ids(np.random.default_rng(2), 40_000, T)
    counts = np.array(
        [[((ids == k) & (y == a)).sum() for a in (0, 1)] for k in range(brackets.D)]
    )
    expected = counts.max(axis=1).sum() / y.size
    assert brackets.baseline(T) == pytest.approx(expected, abs=0.006)
    assert not brackets.is_solved(brackets.baseline(100), 100)


def test_the_input_is_one_hot_of_the_characters():
    x, y = brackets.batch(np.random.default_rng(3), 5, 30)
    ids, y_ids = brackets.batch_ids(np.random.default_rng(3), 5, 30)
    assert x.shape == (5, 30, brackets.D) and y.shape == (5, 30)
    np.testing.assert_array_equal(x.argmax(-1), ids)
    np.testing.assert_array_equal(x.sum(-1), 1)
    np.testing.assert_array_equal(y, y_ids)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "引数 text は一文字以上の文字列です。''"),
        (3, "引数 text は一文字以上の文字列です。3"),
        ("abx", r"使える文字は \( \) \. a b c d e です。x は使えません。"),
        ("（a）", "（ ） は使えません"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        brackets.encode(text)


@pytest.mark.parametrize("wrong", [0, -3, 2.5, "10", True])
@pytest.mark.parametrize("name", ["B", "T"])
def test_a_wrong_size_is_named(name, wrong):
    sizes = {"B": 4, "T": 10} | {name: wrong}
    with pytest.raises(ValueError, match=f"引数 {name} は 1 以上の整数.*{wrong!r}"):
        brackets.batch(np.random.default_rng(0), **sizes)
