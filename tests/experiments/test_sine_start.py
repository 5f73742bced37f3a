"""実験 sine_start: 初期値は Keras のものと同じ分布で、測り直しは保存した幅に入ります。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import sine_start
from rnnbook.models.recurrent import Recurrent

TABLE = load("sine_start")


def started(parts, seed=0):
    torch.manual_seed(seed)
    model = Recurrent(H=32, O=1, D=1)
    sine_start.start_like_keras(model, parts)
    return {name: w.detach().numpy() for name, w in model.named_parameters()}


def test_the_grid_is_complete():
    counts = TABLE.groupby("start")["seed"].nunique()
    assert dict(counts) == dict.fromkeys(sine_start.STARTS, len(sine_start.SEEDS))


@pytest.mark.parametrize("parts", sine_start.STARTS.values())
def test_only_what_is_named_starts_in_another_way(parts):
    parts = parts or ()
    plain, other = started(()), started(parts)
    changed = {name for name in plain if not np.array_equal(plain[name], other[name])}
    expected = {
        "b": {"recurrent.bias_ih_l0", "recurrent.bias_hh_l0", "readout.bias"},
        "W": {"recurrent.weight_ih_l0", "readout.weight"},
        "W_hh": {"recurrent.weight_hh_l0"},
    }
    # 前の重みの乱数の消費は、あとの重みを変えません（どれも作ったあとで引き直します）
    assert changed == set().union(*(expected[part] for part in parts))


def test_all_parts_together_start_as_keras_starts():
    from rnnbook.models.keras_twins import keras_forecaster

    kernel, recurrent, bias, out, out_bias = (
        np.array(w) for w in keras_forecaster(T=5, H=32).get_weights()
    )
    ours = started(sine_start.STARTS["all"])
    eye = np.eye(32)
    for w in (recurrent, ours["recurrent.weight_hh_l0"]):
        np.testing.assert_allclose(w @ w.T, eye, atol=1e-5)
    limit = np.sqrt(6 / 33)  # Glorot: 入る数 1 と出る数 32
    for w in (kernel, out, ours["recurrent.weight_ih_l0"], ours["readout.weight"]):
        assert 0.5 * limit < np.abs(w).max() <= limit
    for b in (bias, out_bias, ours["recurrent.bias_ih_l0"], ours["readout.bias"]):
        assert not b.any()


def test_measuring_again_agrees_with_the_stored_spread():
    again = sine_start.compare(
        [(point, sine_start.train(point)) for point in sine_start.EXPERIMENT.quick]
    )
    assert again["一致"].all(), again.to_string()


def test_the_keras_rows_are_of_keras():
    point = {"start": "keras", "seed": 100}
    again = sine_start.compare([(point, sine_start.train(point))])
    assert again["一致"].all(), again.to_string()


def test_a_run_that_learned_nothing_is_seen_as_a_disagreement():
    # 「前の値と同じ」と答えたときの誤差 √(2 sin²(ω/2)) に近い値です
    results = [({"start": "all", "seed": 0}, {"rmse_test": 0.071})]
    assert not sine_start.compare(results)["一致"].any()
