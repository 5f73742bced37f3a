import math
import random

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks.sine import sine_wave
from rnnbook.training.fit import fit, fit_stream, predict
from rnnbook.training.metrics import rmse
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread


def one_nan(shape):
    """一か所だけが NaN のテンソル。"""
    numbers = torch.zeros(shape)
    numbers[(2, 3, 0) if len(shape) == 3 else (2, 0)] = math.nan
    return numbers


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
        ({"x": one_nan((4, 5, 1))}, r"引数 x は有限の数.*はじめは x\[2, 3, 0\]"),
        ({"y": one_nan((4, 1))}, r"引数 y は有限の数.*はじめは y\[2, 0\]"),
        ({"valid": (np.zeros((2, 5, 1)), np.zeros(3))}, r"valid の中: .* y .*\(3,\)"),
        (
            {"valid": (one_nan((4, 5, 1)), np.zeros((4, 1)))},
            "valid の中: 引数 x は有限",
        ),
        ({"valid": (np.zeros((2, 5, 3)), np.zeros((2, 1)))}, "valid の中: 引数 x は形"),
        ({"valid": (np.zeros((2, 5, 1)), np.zeros((2, 3)))}, "valid の中: 引数 y は予"),
        ({"valid": np.zeros((3, 5, 1))}, r"引数 valid は \(x, y\) か .*ndarray が"),
        ({"valid": (np.zeros((2, 5, 1)),)}, r"valid は \(x, y\) か .*長さ 1 の tuple"),
        ({"valid": 3}, r"引数 valid は \(x, y\) か .*int が"),
        ({"lengths": [0, 1, 2, 3]}, r"引数 lengths は 1 以上.*\[0, 1, 2, 3\]"),
        ({"lengths": [1, 2]}, r"引数 lengths は.* B = 4 個です。\[1, 2\]"),
        ({"lengths": [1.5] * 4}, r"引数 lengths は.*\[1\.5"),
        ({"lengths": [True] * 4}, r"引数 lengths は.*\[True"),
        ({"lengths": "abcd"}, r"引数 lengths は.*'abcd'"),
        ({"lengths": [[1], [2, 3]]}, r"引数 lengths は.*\[\[1\]"),
        ({"lengths": torch.tensor([1, 2, 3, math.nan])}, "引数 lengths は.*nan"),
        ({"seed": -1}, r"引数 seed は 0 以上 4294967295 以下.*-1"),
        ({"seed": 1.5}, r"引数 seed は.*1\.5"),
        ({"seed": None}, r"引数 seed は.*None"),
        ({"seed": 2**32}, r"引数 seed は.*4294967296 が"),
        ({"optimizer": "adam"}, r"引数 optimizer は呼び出せるもの.*'adam'"),
        ({"optimizer": dict}, r"引数 optimizer は torch\.optim\.Adam のような.*dict"),
        ({"optimizer": torch.optim.LBFGS}, "引数 optimizer は、勾配から.*LBFGS は"),
        ({"optimizer": lambda w, lr: None}, "optimizer が作るもの は Optimizer.*NoneT"),
        ({"schedule": 3}, "引数 schedule は呼び出せるもの.*3 が"),
        ({"schedule": lambda rule: None}, r"引数 schedule は、step\(\).*NoneType"),
        ({"callbacks": print}, "引数 callbacks は関数のリスト.*print"),
        ({"callbacks": [3]}, r"引数 callbacks\[0\] は呼び出せるもの.*3 が"),
        ({"loss": lambda model, batch: 1.0}, "引数 loss は、一つの数.*float が返り"),
        ({"loss": lambda model, batch: model(batch.x)}, r"loss は.*形 \(4, 1\) が返"),
        ({"lr": 0.1}, "lr という引数はありません。使えるのは loss, learning_rate"),
    ],
)
def test_a_wrong_argument_of_fit_is_named(change, words):
    arguments = {"x": np.zeros((4, 5, 1)), "y": np.zeros((4, 1)), "epochs": 1} | change
    with pytest.raises(ValueError, match=words):
        fit(Recurrent(H=2, O=1, D=1), **arguments)


def test_a_validation_that_does_not_fit_is_refused_before_the_weights_move():
    model = Recurrent(H=2, O=1, D=1)
    before = [weight.clone() for weight in model.parameters()]
    with pytest.raises(ValueError, match="valid の中: 引数 y は予測と同じ形"):
        fit(model, np.ones((4, 5, 1)), np.ones((4, 1)), epochs=1,
            valid=(np.ones((2, 5, 1)), np.ones((2, 3))))  # fmt: skip
    assert all(map(torch.equal, before, model.parameters()))


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        (3, "引数 batches は .*組を次々に出すものです。int が"),
        ([3], r"引数 batches の 1 個目 は \(x, y\) か .*int が"),
        ([(np.zeros((4, 5, 1)),)], "batches の 1 個目 は .*長さ 1 の tuple"),
        (
            [(np.zeros((4, 5, 1)), np.zeros((4, 1))), (one_nan((4, 5, 1)), [0] * 4)],
            r"batches の 2 個目 の中: 引数 x は有限の数.*x\[2, 3, 0\]",
        ),
    ],
)
def test_the_wrong_batch_of_a_stream_is_named_by_its_number(batches, words):
    with pytest.raises(ValueError, match=words):
        fit_stream(Recurrent(H=2, O=1, D=1), batches, updates=2)


@pytest.mark.parametrize(
    "call",
    [
        lambda m, x, y: fit(m, x, y, epochs=1),
        lambda m, x, y: fit_stream(m, [(x, y)], updates=1),
        lambda m, x, y: predict(m, x),
    ],
)
def test_a_model_without_weights_is_named(call):
    with pytest.raises(ValueError, match=r"重みのあるモデルです。Identity に"):
        call(nn.Identity(), np.zeros((4, 5, 1)), np.zeros((4, 1)))


def test_a_model_whose_weights_are_all_fixed_is_named():
    model = Recurrent(H=2, O=1, D=1).requires_grad_(False)
    with pytest.raises(ValueError, match="引数 model には、学習する重みが要ります"):
        fit(model, np.zeros((4, 5, 1)), np.zeros((4, 1)), epochs=1)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, True, None])
def test_a_seed_that_numpy_or_pytorch_would_refuse_is_named(seed):
    with pytest.raises(ValueError, match=f"引数 seed は 0 以上.*{seed}"):
        seed_everything(seed)


def test_rmse_of_arrays_that_do_not_match_is_an_error_instead_of_a_broadcast():
    with pytest.raises(ValueError, match=r"引数 y_hat は形 \(3, 1\).*\(3,\)"):
        rmse(np.zeros((3, 1)), np.zeros(3))
