"""実験 gates: 保存した重みは、表の正解率をそのまま出します。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import gates
from rnnbook.models.brackets import load_bracket_reader
from rnnbook.models.same_weights import to_torch_lstm
from rnnbook.tasks import brackets

TABLE = load("gates")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "T"]).size().unstack()
    assert sorted(counts.index) == sorted(gates.MODELS)
    assert list(counts.columns) == list(gates.TEST_T)
    assert (counts == len(gates.SEEDS)).all(axis=None)


def test_the_lstm_is_right_on_series_four_times_as_long_as_in_training():
    longer = TABLE.query("model == 'lstm' and T == 256")["accuracy"]
    assert gates.TRAIN_T == 64
    assert (longer >= 0.99).all()


@pytest.mark.parametrize("T", gates.TEST_T)
def test_the_published_weights_in_torch_give_the_stored_accuracy_of_the_median(T):
    reader = load_bracket_reader()
    lstm = TABLE.query("model == 'lstm'").pivot(
        index="seed", columns="T", values="accuracy"
    )
    median = lstm.sort_values(gates.TEST_T[-1]).iloc[(len(gates.SEEDS) - 1) // 2]
    x, y = brackets.batch(np.random.default_rng(gates.TEST_SEED + T), gates.TEST_B, T)
    with torch.no_grad():
        h, _ = to_torch_lstm(reader.params)(torch.from_numpy(x))
    score = h.numpy() @ reader.w_hy + reader.b_y
    # 学習は float32 で、ここは float64 です
    assert ((score > 0) == y).mean() == pytest.approx(median[T], abs=2e-4)
    assert reader.accuracy(x, y) == pytest.approx(median[T], abs=2e-4)


def test_the_weights_are_written_with_two_decimals_and_nothing_is_lost():
    value = load("gates_weights")["value"]
    np.testing.assert_allclose(value, value.round(gates.DIGITS), atol=1e-12)
    assert len(value) == 4 * 6 * (8 + 6 + 1) + 6 + 1


def test_the_published_weights_are_of_the_seed_in_the_middle():
    # 最長の系列の正解率が 0.9, 0.5, 0.8, 0.6, 0.7 なら、残るのは 0.7 の種です
    results = [
        (
            {"model": "lstm", "seed": seed},
            {"accuracy": {"1024": value}, "weights": {"b_y": [float(seed)]}},
        )
        for seed, value in enumerate([0.9, 0.5, 0.8, 0.6, 0.7])
    ]
    assert gates.weight_table(results)["value"].tolist() == [4.0]


def test_measuring_again_agrees_with_the_stored_range():
    again = gates.compare(
        [(point, gates.train(point)) for point in gates.EXPERIMENT.quick]
    )
    assert again["一致"].all(), again.to_string()


def test_a_wrong_result_is_seen_as_a_disagreement():
    results = [({"model": "lstm", "seed": 0}, {"accuracy": {"64": 0.9}})]
    assert not gates.compare(results)["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(gates, "UPDATES", 5)
    point = {"model": "lstm", "seed": 3}
    assert gates.train(point) == gates.train(point)
