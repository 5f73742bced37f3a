"""学習のループ: 埋めた系列、クリッピング、学習率、途中で終えること、発散。"""

import math
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks import adding, brackets, latch
from rnnbook.training import loop
from rnnbook.training.fit import fit, fit_stream, predict
from rnnbook.training.losses import LOSSES
from rnnbook.training.seeds import seed_everything


def model_of(seed=0, H=5, O=1, **options):
    seed_everything(seed)
    return Recurrent(H, O, **({"D": 2} | options))


def weights_of(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def padded(lengths, T, filler, D=2, O=1):
    """長さの違う系列。埋めた所の入力と答えは filler です。"""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(len(lengths), T, D)), rng.normal(size=(len(lengths), T, O))
    for row, length in enumerate(lengths):
        x[row, length:], y[row, length:] = filler, filler
    return x, y


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "irnn", "lstm", "gru"])
@pytest.mark.parametrize("every_step", [False, True])
def test_what_stands_in_the_padding_changes_nothing(cell, bidirectional, every_step):
    lengths, how = [3, 7, 5], {"epochs": 3, "batch_size": 2, "learning_rate": 0.01}
    trained = []
    for filler in (0.0, 1000.0):
        x, y = padded(lengths, 7, filler)
        model = model_of(
            cell=cell, bidirectional=bidirectional, every_step=every_step, layers=2
        )
        y = y if every_step else y[:, 0]
        history = fit(
            model, x, y, lengths=lengths, valid=(x, y, lengths), clip=1.0, **how
        )
        trained.append((weights_of(model), history.train_loss, history.valid_loss))
    for ours, theirs in zip(*trained, strict=True):
        assert torch.equal(torch.as_tensor(ours), torch.as_tensor(theirs))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_padded_series_is_read_like_the_same_series_alone(bidirectional):
    lengths = [3, 7, 5]
    x, _ = padded(lengths, 7, 9.0)
    model = model_of(cell="gru", layers=2, bidirectional=bidirectional)
    together = predict(model, x, lengths)
    for row, length in enumerate(lengths):
        alone = predict(model, x[row : row + 1, :length])
        np.testing.assert_allclose(together[row : row + 1], alone, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_the_masked_loss_is_the_mean_over_the_real_steps_alone(name):
    mask = torch.tensor([[True, True, False], [True, False, False]])
    y_hat = torch.randn(2, 3, 4)
    y = (
        torch.randn(2, 3, 4)
        if name == "squared_error"
        else torch.tensor([[1, 3, -100]] * 2)
    )
    kept = LOSSES[name](y_hat, y, mask)
    y[~mask] = 0
    parts = [LOSSES[name](y_hat[b, t][None], y[b, t][None]) for b, t in mask.nonzero()]
    torch.testing.assert_close(kept, torch.stack(parts).mean())


def test_ids_are_read_with_a_class_for_every_step():
    rng = np.random.default_rng(0)
    model = model_of(D=None, V=brackets.D, O=2, H=16, cell="gru", every_step=True)
    history = fit_stream(
        model,
        (brackets.batch_ids(rng, 32, 20) for _ in range(200)),
        updates=200,
        every=50,
        loss="cross_entropy",
        learning_rate=0.01,
        clip=1.0,
    )
    assert len(history.train_loss) == 4
    ids, y = brackets.batch_ids(np.random.default_rng(1), 200, 20)
    right = (predict(model, ids).argmax(-1) == y).mean()
    assert right > 0.5 * (1 + brackets.baseline(20))


def test_clipping_in_the_loop_is_the_clipping_of_the_formula():
    x, y = np.full((4, 6, 2), 3.0), np.full((4, 1), 50.0)
    model, twin = model_of(), model_of()
    nn.functional.mse_loss(
        twin(torch.tensor(x).float()), torch.tensor(y).float()
    ).backward()
    gradient = torch.cat([p.grad.flatten() for p in twin.parameters()])
    before = weights_of(model)
    how = {"optimizer": torch.optim.SGD, "learning_rate": 1.0, "clip": 0.1}
    fit(model, x, y, epochs=1, **how)
    assert gradient.norm() > 1
    expected = before - 0.1 * gradient / gradient.norm()
    torch.testing.assert_close(weights_of(model), expected, atol=1e-5, rtol=0)


def test_the_schedule_sets_the_rate_of_every_update():
    rates = []

    def halving(optimizer):
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
        step = schedule.step
        schedule.step = lambda: (rates.append(schedule.get_last_lr()[0]), step())
        return schedule

    x, y = np.zeros((4, 3, 2)), np.zeros((4, 1))
    fit(model_of(), x, y, epochs=2, batch_size=2, learning_rate=0.8, schedule=halving)
    assert rates == [0.8, 0.4, 0.2, 0.1]


def test_a_callback_sees_every_epoch_and_ends_the_training():
    seen = []

    def look(model, history):
        seen.append((isinstance(model, Recurrent), len(history.train_loss)))
        return len(seen) == 3

    x, y = np.zeros((4, 3, 2)), np.zeros((4, 1))
    history = fit(model_of(), x, y, epochs=9, callbacks=[look])
    assert seen == [(True, 1), (True, 2), (True, 3)] and history.best_epoch == 3


def test_the_same_stream_gives_the_same_weights_as_the_loop_of_pytorch():
    def stream():
        rng = np.random.default_rng(3)
        return (latch.batch(rng, 8, 6) for _ in range(10))

    ours, theirs = (model_of(D=1, O=2, cell="lstm") for _ in range(2))
    fit_stream(ours, stream(), updates=10, loss="cross_entropy", learning_rate=0.01)
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.01)
    for x, y in stream():
        loss = nn.functional.cross_entropy(
            theirs(torch.tensor(x).float()), torch.tensor(y)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert torch.equal(weights_of(ours), weights_of(theirs))


@pytest.mark.parametrize("optimizer", [torch.optim.Adam, torch.optim.SGD])
def test_a_diverging_training_stops_with_a_sentence_and_finite_weights(optimizer):
    x, y = adding.batch(np.random.default_rng(0), 64, 200)
    model = model_of(H=16, cell="irnn")
    with pytest.warns(RuntimeWarning, match="発散しました.*学習率 0.1 を小さく"):
        history = fit(
            model, x, y, epochs=20, learning_rate=0.1, optimizer=optimizer, valid=(x, y)
        )
    assert history.best_epoch is None
    assert "NaN" not in history.diverged and "clip=1.0" in history.diverged
    assert torch.isfinite(weights_of(model)).all()
    assert all(map(math.isfinite, history.train_loss))


def test_a_validation_that_is_never_finite_has_no_best_epoch():
    model = model_of()
    x, y = np.zeros((4, 3, 2)), np.zeros((4, 1))
    huge = np.full((4, 1), 1e30)  # 二乗が float32 に収まりません
    with pytest.warns(RuntimeWarning, match="検証の損失が一度も有限に"):
        history = fit(model, x, y, epochs=2, valid=(x, huge))
    assert history.valid_loss == [math.inf, math.inf] and history.best_epoch is None


def test_training_that_goes_well_warns_of_nothing():
    x, y = np.zeros((4, 3, 2)), np.zeros((4, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = fit(model_of(), x, y, epochs=2, valid=(x, y))
    assert history.diverged == ""


@pytest.mark.parametrize(
    "call",
    [
        lambda m: fit(m, np.zeros((4, 3, 2)), np.zeros((4, 1)), epochs=1),
        lambda m: fit_stream(m, [], updates=1),
        lambda m: predict(m, np.zeros((4, 3, 2))),
    ],
)
def test_what_is_no_model_is_named(call):
    with pytest.raises(ValueError, match=r"引数 model は Module です。type が"):
        call(Recurrent)  # クラスそのもの


def test_a_stream_that_ends_too_soon_is_named_with_what_it_gave():
    x, y = np.zeros((4, 3, 2)), np.zeros((4, 1))
    with pytest.raises(ValueError, match=r"引数 batches は updates = 9 個.*5 個で尽き"):
        fit_stream(model_of(), [(x, y)] * 5, updates=9, every=4)


@pytest.mark.parametrize(
    ("options", "x", "words"),
    [
        ({}, torch.zeros(4, 3), r"形 \(B, T, 2\).*形 \(4, 3\)"),
        ({}, torch.zeros(4, 3, 5), r"形 \(B, T, 2\).*形 \(4, 3, 5\)"),
        ({"D": None, "V": 7}, torch.zeros(4, 3), r"語の番号.*\(4, 3\).*float32"),
        ({"D": None, "V": 7}, torch.tensor([[0, 7]]), "0 以上 V = 7 未満.*7 が"),
        ({"D": None, "V": 7}, torch.tensor([[0, -1]]), "0 以上 V = 7 未満.*-1 が"),
        ({"D": None, "V": 7}, torch.zeros(4, 3) > 0, r"語の番号.*\(4, 3\).*bool"),
        ({"D": None, "V": 7}, torch.zeros(4, 0).long(), r"どの長さも 1 以上.*\(4, 0\)"),
        ({}, torch.zeros(0, 3, 2), r"どの長さも 1 以上.*\(0, 3, 2\)"),
        ({}, torch.zeros(4, 0, 2), r"どの長さも 1 以上.*\(4, 0, 2\)"),
        ({}, np.zeros((4, 3, 2)), r"Tensor です。ndarray が.*predict\(model, x\)"),
        ({}, torch.zeros(4, 3, 2).double(), r"float32（cpu）.*float64（cpu）"),
        ({}, torch.zeros(4, 3, 2) > 0, r"float32（cpu）.*bool（cpu）"),
    ],
)
def test_an_input_the_model_cannot_read_is_named(options, x, words):
    with pytest.raises(ValueError, match=f"引数 x は.*{words}"):
        model_of(**options)(x)


@pytest.mark.parametrize("lengths", [[0, 2], [4, 2], [1], [1.0, 2.0], "ab", [1, None]])
def test_lengths_the_model_cannot_read_are_named(lengths):
    with pytest.raises(ValueError, match=r"引数 lengths は 1 以上 T = 3 以下の整数 B"):
        model_of()(torch.zeros(2, 3, 2), lengths)


def test_lengths_may_be_a_list_an_array_or_a_tensor():
    model, x = model_of(), torch.randn(2, 3, 2)
    expected = torch.cat([model(x[:1, :1]), model(x[1:])])
    for lengths in ([1, 3], (1, 3), np.array([1, 3]), torch.tensor([1, 3])):
        torch.testing.assert_close(model(x, lengths), expected)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32])
def test_ids_of_any_integer_kind_are_read_alike(dtype):
    model, ids = model_of(D=None, V=7), torch.tensor([[0, 6, 3]])
    assert torch.equal(model(ids.to(dtype)), model(ids))


@pytest.mark.parametrize("name", ["bidirectional", "every_step"])
def test_a_choice_that_is_neither_true_nor_false_is_named(name):
    with pytest.raises(ValueError, match=f"引数 {name} は False, True のどれか"):
        model_of(**{name: "yes"})


def test_the_weights_and_inputs_of_a_float64_model_stay_float64():
    model = model_of().double()
    x = np.random.default_rng(0).normal(size=(4, 3, 2))
    expected = model(torch.tensor(x)).detach().numpy()
    np.testing.assert_array_equal(predict(model, x), expected)
    fit(model, x, expected, epochs=1)
    assert weights_of(model).dtype == torch.float64


def test_the_progress_is_shown_only_when_asked_for(monkeypatch):
    shown = []
    monkeypatch.setattr(
        loop, "tqdm", lambda epochs: shown.append(len(epochs)) or epochs
    )
    x, y = np.zeros((4, 3, 2)), np.zeros((4, 1))
    assert len(fit(model_of(), x, y, epochs=2).train_loss) == 2 and shown == []
    fit(model_of(), x, y, epochs=2, progress=True)
    assert shown == [2]
