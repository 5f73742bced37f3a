import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from rnnbook.cells.readout import readout
from rnnbook.cells.rnn import RNNParams, rnn_forward
from rnnbook.models.linear import LinearAR, last_value, seasonal_naive
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.same_weights import from_torch_rnn
from rnnbook.tasks.sine import sine_wave


def test_the_model_computes_what_the_numpy_cells_compute():
    torch.manual_seed(0)
    model = Recurrent(H=5, O=1, D=2).double()
    r = model.recurrent
    params = from_torch_rnn(r)
    x = np.random.default_rng(0).normal(size=(3, 7, 2))
    W_hy, b_y = (w.detach().numpy() for w in model.readout.parameters())
    expected = readout(rnn_forward(x, params).h[:, -1], W_hy, b_y)
    np.testing.assert_allclose(
        model(torch.tensor(x)).detach().numpy(), expected, atol=1e-10
    )


@pytest.mark.parametrize("cell", ["rnn", "irnn", "lstm", "gru"])
def test_every_cell_gives_one_value_per_series_of_any_length(cell):
    model = Recurrent(H=4, O=1, D=1, cell=cell)
    for T in (1, 9):
        assert model(torch.zeros(3, T, 1)).shape == (3, 1)


def test_an_unknown_cell_is_named():
    with pytest.raises(
        ValueError, match=r"引数 cell は 'rnn', 'irnn', 'lstm', 'gru' のどれか.*'rmn'"
    ):
        Recurrent(H=4, O=1, D=1, cell="rmn")


def test_the_keras_twin_computes_what_the_numpy_cells_compute():
    from rnnbook.models.keras_twins import keras_forecaster

    model = keras_forecaster(T=6, H=5)
    W_xh, W_hh, b_h, W_hy, b_y = model.get_weights()
    x = np.random.default_rng(0).normal(size=(3, 6, 1))
    h = rnn_forward(x, RNNParams(W_xh.T, W_hh.T, b_h)).h
    expected = readout(h[:, -1], W_hy.T, b_y)
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-5)


def test_importing_and_training_keras_writes_nothing_to_stderr():
    code = (
        "import numpy as np\n"
        "from rnnbook.models.keras_twins import keras_forecaster\n"
        "for _ in range(6):\n"
        "    model = keras_forecaster(T=3, H=2)\n"
        "    model.fit(np.zeros((4, 3, 1)), np.zeros((4, 1)), verbose=0)\n"
        "    model.predict(np.zeros((4, 3, 1)), verbose=0)\n"
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=clean
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_two_linear_terms_solve_the_sine_wave_on_other_phases_exactly():
    rng = np.random.default_rng(0)
    ar = LinearAR(p=2).fit(*sine_wave(n=30, T=5, rng=rng, step=0.1))
    np.testing.assert_allclose(ar.weights, [2 * np.cos(0.1), -1], atol=1e-9)
    x, y = sine_wave(n=30, T=40, rng=rng, step=0.1)
    np.testing.assert_allclose(ar.predict(x), y, atol=1e-9)


def test_linear_ar_equals_scikit_learn():
    from sklearn.linear_model import LinearRegression

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 6, 1)), rng.normal(size=(50, 1))
    theirs = LinearRegression().fit(x[:, -4:, 0], y)
    ours = LinearAR(p=4).fit(x, y)
    np.testing.assert_allclose(
        ours.predict(x), theirs.predict(x[:, -4:, 0]), atol=1e-10
    )


def test_the_simple_forecasts_repeat_the_right_year():
    x = np.arange(1.0, 23.0).reshape(1, 22, 1)  # 次は 23。いまは 22、11 年前の年は 12
    assert last_value(x).tolist() == [[22.0]]
    assert seasonal_naive(x).tolist() == [[12.0]]


def test_a_window_shorter_than_the_order_or_the_period_is_named():
    with pytest.raises(ValueError, match=r"p = 3 点以上.*2 点"):
        LinearAR(p=3).fit(np.zeros((4, 2, 1)), np.zeros((4, 1)))
    with pytest.raises(ValueError, match=r"引数 period は窓の長さ 5 以下.*11"):
        seasonal_naive(np.zeros((4, 5, 1)))


def test_chrono_makes_the_forget_biases_match_the_longest_memory():
    H, T_max = 500, 101
    model = Recurrent(H, 1, D=1, cell="lstm", forget_bias="chrono", T_max=T_max)
    parts = {}
    for name in ("bias_ih_l0", "bias_hh_l0"):
        parts[name] = getattr(model.recurrent, name).detach().chunk(4)
    i, f, *_ = (a + b for a, b in zip(*parts.values(), strict=True))
    assert torch.equal(i, -f)
    # e^{b_f} = u は 1 から T_max − 1 の一様乱数。平均は (1 + T_max − 1) / 2
    u = f.exp().numpy()
    assert 1 <= u.min() < 3 and 98 < u.max() <= T_max - 1
    assert u.mean() == pytest.approx(T_max / 2, rel=0.1)


@pytest.mark.parametrize("options", [{"T_max": 50}, {"forget_bias": "chrono"}])
def test_chrono_and_its_length_come_together(options):
    with pytest.raises(ValueError, match="引数 T_max"):
        Recurrent(4, 1, D=1, cell="lstm", **options)


def test_a_model_that_answers_every_step_reads_every_hidden_state():
    model = Recurrent(4, 3, D=2, cell="gru", every_step=True)
    x = torch.randn(5, 7, 2)
    h, _ = model.recurrent(x)
    assert torch.equal(model(x), model.readout(h))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("inputs", [{"D": 3}, {"V": 9, "E": 3}])
def test_the_same_seed_draws_the_weights_in_the_order_of_the_layers(cell, inputs):
    layer = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell]
    torch.manual_seed(5)
    model = Recurrent(H=4, O=2, cell=cell, **inputs)
    torch.manual_seed(5)
    by_hand = [torch.nn.Embedding(9, 3)] if "V" in inputs else []
    by_hand += [layer(3, 4), torch.nn.Linear(4, 2)]
    expected = [p for module in by_hand for p in module.parameters()]
    for ours, theirs in zip(model.parameters(), expected, strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_both_directions_end_with_the_last_states_of_pytorch(cell):
    torch.manual_seed(0)
    model = Recurrent(H=4, O=2, D=3, cell=cell, layers=2, bidirectional=True)
    x = torch.randn(5, 7, 3)
    _, state = model.recurrent(x)
    h = state[0] if cell == "lstm" else state  # (層 × 向き, B, H)
    expected = model.readout(torch.cat([h[-2], h[-1]], 1))
    torch.testing.assert_close(model(x), expected)


def test_every_layer_and_direction_starts_as_asked_for():
    both = {"D": 3, "layers": 2, "bidirectional": True}
    irnn = Recurrent(H=4, O=2, cell="irnn", **both).recurrent
    lstm = Recurrent(H=4, O=2, cell="lstm", forget_bias=2.0, **both).recurrent
    for end in ("l0", "l0_reverse", "l1", "l1_reverse"):
        assert torch.equal(getattr(irnn, f"weight_hh_{end}"), torch.eye(4))
        assert not getattr(irnn, f"bias_ih_{end}").any()
        b_f = sum(getattr(lstm, f"bias_{side}_{end}")[4:8] for side in ("ih", "hh"))
        assert torch.equal(b_f, torch.full((4,), 2.0))
