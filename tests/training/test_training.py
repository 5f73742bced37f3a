import random

import numpy as np
import pytest
import torch

from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks.sine import sine_wave
from rnnbook.training.fit import fit, predict
from rnnbook.training.metrics import rmse
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread


def train(seed, **options):
    rng = seed_everything(seed)
    x, y = sine_wave(n=64, T=12, rng=rng)
    model = Recurrent(H=6, O=1, D=1)
    history = fit(model, x, y, batch_size=16, learning_rate=0.01, seed=seed, **options)
    return model, history, x, y


def test_training_learns_the_sine_wave_better_than_the_last_value():
    model, history, _, _ = train(seed=0, epochs=60)
    x, y = sine_wave(n=100, T=12, rng=np.random.default_rng(99))
    assert rmse(y, predict(model, x)) < 0.5 * rmse(y, x[:, -1])
    assert history.train_loss[-1] < 0.1 * history.train_loss[0]


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (train(seed, epochs=2)[0] for seed in (3, 3, 4))
    for a, b in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(first.readout.weight, other.readout.weight)


def test_one_update_equals_adam_by_its_formula():
    torch.manual_seed(0)
    model = Recurrent(H=3, O=1, D=1)
    x, y = np.ones((4, 5, 1)), np.ones((4, 1))
    loss = torch.nn.functional.mse_loss(model(torch.ones(4, 5, 1)), torch.ones(4, 1))
    loss.backward()
    gradient = model.readout.weight.grad.clone()
    before = model.readout.weight.detach().clone()
    history = fit(model, x, y, epochs=1, batch_size=4, learning_rate=0.01)
    # Adam の一歩目: w ← w − 学習率 · g / (|g| + ε)
    expected = before - 0.01 * gradient / (gradient.abs() + 1e-8)
    torch.testing.assert_close(
        model.readout.weight.detach(), expected, atol=1e-6, rtol=0
    )
    assert history.train_loss == [pytest.approx(loss.item(), abs=1e-6)]


def test_the_weights_kept_are_those_of_the_best_validation_epoch():
    rng = np.random.default_rng(5)
    x_valid, y_valid = rng.normal(size=(20, 12, 1)), rng.normal(size=(20, 1))
    model, history, _, _ = train(seed=0, epochs=30, valid=(x_valid, y_valid))
    assert history.best_epoch < 30  # 関係のない検証データなので、途中から悪くなります
    assert history.best_epoch == 1 + int(np.argmin(history.valid_loss))
    assert rmse(y_valid, predict(model, x_valid)) ** 2 == pytest.approx(
        min(history.valid_loss)
    )


def test_the_number_of_threads_is_restored_even_after_an_error():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with pytest.raises(RuntimeError), one_thread():
            assert torch.get_num_threads() == 1
            raise RuntimeError
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_seed_reaches_python_numpy_and_torch():
    def draw():
        rng = seed_everything(7)
        return random.random(), np.random.rand(), torch.rand(1).item(), rng.random()

    assert draw() == draw()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": np.full((4, 5, 1), np.nan)}, "引数 x .*NaN"),
        ({"x": np.zeros((4, 0, 1))}, r"引数 x は.*どの長さも 1 以上.*\(4, 0, 1\)"),
        ({"y": np.zeros(4)}, r"引数 y は予測と同じ形 \(4, 1\).*\(4,\)"),
        ({"y": np.zeros((3, 1))}, r"引数 y は先頭の長さが x と同じ 4 .*\(3, 1\)"),
        ({"lengths": [5, 5, 5, 6]}, r"引数 lengths は 1 以上 T = 5 以下.*6\]"),
        ({"loss": "mse"}, "引数 loss は 'squared_error', .*'mse'"),
        ({"clip": -1.0}, r"引数 clip は 0\.0 以上.*-1\.0"),
        ({"learning_rate": float("nan")}, "引数 learning_rate は .*nan"),
        ({"loss": "cross_entropy"}, r"引数 y は形 \(4,\) の整数.*float32"),
        ({"epochs": 0}, "引数 epochs は 1 以上.*0"),
        ({"valid": (np.zeros((2, 5, 1)), np.zeros(3))}, r"引数 y は.* 2 .*\(3,\)"),
    ],
)
def test_a_wrong_argument_of_fit_is_named(change, words):
    arguments = {"x": np.zeros((4, 5, 1)), "y": np.zeros((4, 1)), "epochs": 1} | change
    with pytest.raises(ValueError, match=words):
        fit(Recurrent(H=2, O=1, D=1), **arguments)


def test_rmse_of_arrays_that_do_not_match_is_an_error_instead_of_a_broadcast():
    with pytest.raises(ValueError, match=r"引数 y_hat は形 \(3, 1\).*\(3,\)"):
        rmse(np.zeros((3, 1)), np.zeros(3))
