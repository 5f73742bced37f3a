"""n グラム: 確率は足して 1 になり、辞書で数えた式と同じ値です。"""

from collections import Counter

import numpy as np
import pytest

from rnnbook.models.ngram import NGram

TEXT = np.random.default_rng(0).integers(0, 4, 300)


def by_dictionary(text, V, n, history, w):
    """式のとおりに、辞書で数えます。"""
    if n == 0:
        return 1 / V
    history = history[len(history) - (n - 1) :] if n > 1 else ()
    after = Counter(
        text[k + n - 1]
        for k in range(len(text) - n + 1)
        if tuple(text[k : k + n - 1]) == history
    )
    lower = by_dictionary(text, V, n - 1, history[1:], w)
    if not after:
        return lower
    return (after[w] + len(after) * lower) / (sum(after.values()) + len(after))


@pytest.mark.parametrize("order", [1, 2, 4])
def test_the_probabilities_are_those_counted_by_a_dictionary(order):
    model, asked = NGram(TEXT, 5, order), np.random.default_rng(1).integers(0, 5, 30)
    text = tuple(TEXT.tolist())
    for t, p in enumerate(model.probabilities(asked)):
        n = min(order, t + 1)
        history = tuple(asked[max(t - order + 1, 0) : t].tolist())
        assert p == pytest.approx(by_dictionary(text, 5, n, history, asked[t]))


def test_the_probabilities_of_all_characters_sum_to_one():
    model = NGram(TEXT, 5, 3)
    for history in ([0, 1], [4, 4], [2, 4]):
        rows = np.array([[*history, w] for w in range(5)])
        assert model.probabilities(rows)[:, -1].sum() == pytest.approx(1)


def test_the_oldest_of_more_than_order_characters_is_not_seen():
    model = NGram(TEXT, 5, 3)
    near, far = np.array([0, 1, 2, 3]), np.array([4, 1, 2, 3])
    assert model.probabilities(near)[-1] == model.probabilities(far)[-1]


def test_an_order_too_large_for_an_integer_is_refused():
    with pytest.raises(ValueError, match="引数 order"):
        NGram(TEXT, 1200, 7)
