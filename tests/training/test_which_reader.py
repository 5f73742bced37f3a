"""自分の系列を比べる関数: 試験の値は学習に入らず、線形の系列では線形の式が勝ちます。"""

import numpy as np
import pytest

from rnnbook.training import which_reader
from rnnbook.training.which_reader import compare_readers

PLAIN = ("いまの値", "線形の式（リッジ）")


def test_the_last_value_is_scored_as_by_hand():
    values = np.random.default_rng(0).normal(size=300).cumsum()
    table = compare_readers(values, window=5, ahead=3, starts=(0.5,), readers=PLAIN)
    n = 300 - 5 - 3 + 1
    begin = int(0.5 * n)
    now, later = values[4 : 4 + n], values[7 : 7 + n]
    by_hand = np.sqrt(((now - later)[begin:] ** 2).mean())
    assert table.iloc[:, 0]["いまの値"] == pytest.approx(by_hand)


def test_changing_what_comes_after_the_cut_does_not_change_the_training(monkeypatch):
    seen = []

    class Spy:
        def fit(self, X, y):
            seen.append((X.copy(), y.copy()))
            return self

        def predict(self, X):
            return X[:, -1]

    monkeypatch.setitem(which_reader.READERS, "いまの値", lambda seed: Spy())
    values = np.random.default_rng(0).normal(size=300)
    changed = values.copy()
    n = 300 - 5 - 3 + 1
    changed[int(0.5 * n) :] += 100.0  # 試験のはじめの窓から後ろ
    for v in (values, changed):
        compare_readers(v, window=5, ahead=3, starts=(0.5,), readers=["いまの値"])
    assert all(np.array_equal(a, b) for a, b in zip(*seen, strict=True))


def test_a_line_with_noise_is_best_read_by_the_line():
    rng = np.random.default_rng(0)
    values = np.zeros(600)
    for t in range(2, 600):
        values[t] = 1.6 * values[t - 1] - 0.9 * values[t - 2] + rng.normal()
    table = compare_readers(values, window=6, ahead=1, readers=PLAIN)
    assert (table.loc["線形の式（リッジ）"] < 0.8 * table.loc["いまの値"]).all()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"values": np.zeros(50)}, "100 組以上"),
        ({"starts": (0.8, 0.5)}, "starts"),
        ({"readers": ("LSTM",)}, "readers"),
    ],
)
def test_a_wrong_argument_is_named(how, words):
    how = {"values": np.arange(400.0), "readers": PLAIN} | how
    with pytest.raises(ValueError, match=words):
        compare_readers(**how)
