import numpy as np
import pytest

from rnnbook.tasks import order


@pytest.mark.parametrize("T", [10, 11, 37, 100])
def test_the_answer_is_the_order_in_which_x_and_y_appear(T):
    x, y = order.batch(np.random.default_rng(T), 400, T)
    assert (x.sum(axis=2) == 1).all() and set(np.unique(x)) == {0, 1}
    for series, answer in zip(x, y, strict=True):
        text = "".join(order.SYMBOLS[k] for k in series.argmax(axis=1))
        assert text[0] == "E" and text[-1] == "B"
        assert "".join(s for s in text if s in "XY") == order.ANSWERS[answer]
        assert set(text[1:-1]) <= set("abcdXY")


def test_at_length_100_the_places_are_those_of_the_paper():
    x, _ = order.batch(np.random.default_rng(0), 3000, 100)
    is_xy = np.isin(x.argmax(axis=2), [6, 7])
    places = np.nonzero(is_xy)[1].reshape(-1, 2)
    assert np.unique(places[:, 0]).tolist() == list(range(10, 21))
    assert np.unique(places[:, 1]).tolist() == list(range(50, 61))


def test_the_best_answer_without_memory_is_the_baseline_and_half_a_memory_gets_half():
    x, y = order.batch(np.random.default_rng(0), 20000, 20)
    assert np.unique(x[:, -1], axis=0).shape[0] == 1  # 最後の入力はいつも同じ
    assert np.bincount(y).max() / 20000 == pytest.approx(order.baseline(20), abs=0.02)
    second_is_y = y % 2
    best = sum(np.bincount(y[second_is_y == k], minlength=4).max() for k in (0, 1))
    assert best / 20000 == pytest.approx(1 / 2, abs=0.02)
