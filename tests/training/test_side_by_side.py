"""並べた LSTM は、一つずつの LSTM と同じ出力、同じ更新です。"""

import math

import pytest
import torch
from torch import nn

from rnnbook.training.loop import Diverged
from rnnbook.training.many_seeds.loop import fit_many
from rnnbook.training.many_seeds.side_by_side import SideBySide


def small_ones(K, H=3, layers=2):
    torch.manual_seed(0)
    return [(nn.LSTM(2, H, num_layers=layers), nn.Linear(H, 1)) for _ in range(K)]


def one_by_one(models, x):
    return torch.stack(
        [
            torch.sigmoid(readout(lstm(x_k.transpose(0, 1))[0][-1]))[:, 0]
            for (lstm, readout), x_k in zip(models, x, strict=True)
        ]
    )


def update(parameters, y_hat, y, masked=lambda: None):
    optimizer = torch.optim.SGD(parameters, lr=0.5)
    ((y_hat - y) ** 2).mean(1).sum().backward()
    masked()
    optimizer.step()


def test_models_side_by_side_stay_equal_to_single_ones_while_they_learn():
    models = small_ones(4)
    wide = SideBySide(models)
    for k in range(3):
        x = torch.randn(4, 5, 12, 2, generator=torch.Generator().manual_seed(k))
        y = torch.rand(4, 5, generator=torch.Generator().manual_seed(k))
        torch.testing.assert_close(wide(x), one_by_one(models, x))
        singles = [p for pair in models for m in pair for p in m.parameters()]
        wide.zero_grad()
        for p in singles:
            p.grad = None
        update(wide.parameters(), wide(x), y, wide.mask_gradients)
        update(singles, one_by_one(models, x), y)
    torch.testing.assert_close(wide(x), one_by_one(models, x))


def test_without_a_forget_gate_the_cell_only_adds():
    # c_t = c_{t-1} + i_t ⊙ c̃_t を、自分で計算します
    (lstm, readout), other = small_ones(2, layers=1)
    wide = SideBySide([(lstm, readout), other])
    wide.without_forget_gate(0)
    x = torch.randn(2, 1, 30, 2)
    h = c = torch.zeros(3)
    for x_t in x[0, 0]:
        a = lstm.weight_ih_l0 @ x_t + lstm.bias_ih_l0 + lstm.weight_hh_l0 @ h
        i, _, g, o = (a + lstm.bias_hh_l0).split(3)
        c = c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    torch.testing.assert_close(wide(x)[0], torch.sigmoid(readout(h)))
    torch.testing.assert_close(wide(x)[1:], one_by_one([other], x[1:]))


def test_a_fixed_forget_gate_and_the_second_bias_do_not_learn():
    wide = SideBySide(small_ones(2))
    wide.without_forget_gate(0)
    wide.with_one_bias(0)
    before = [p.detach().clone() for p in wide.lstm.parameters()]
    x, y = torch.randn(2, 5, 12, 2), torch.rand(2, 5)
    update(wide.parameters(), wide(x), y, wide.mask_gradients)
    for (name, p), old in zip(wide.lstm.named_parameters(), before, strict=True):
        change = (p - old).view(4, 2, 3, -1).abs().amax((2, 3))  # (ゲート, モデル)
        assert change[1, 0] == 0 and change[1, 1] > 0, name
        assert (change[:, 0].max() == 0) == name.startswith("bias_hh"), name


def test_models_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="同じ形のモデル"):
        SideBySide(small_ones(1) + small_ones(1, H=4))
    with pytest.raises(ValueError, match="一つ以上"):
        SideBySide([])


def test_targets_of_another_shape_are_not_spread_over_the_models():
    models = [(nn.LSTM(2, 4), nn.Linear(4, 1)) for _ in range(3)]
    with pytest.raises(ValueError, match="引数 y は"):
        SideBySide(models).backward(torch.zeros(3, 5, 10, 2), torch.zeros(5))


def two():
    return SideBySide(small_ones(2, layers=1))


@pytest.mark.parametrize(
    ("models", "words"),
    [
        (3, "一つ以上のモデルのリスト"),
        ([3], r"models\[0\] は \(nn.LSTM, nn.Linear\) の組です。3 が"),
        ([(nn.GRU(2, 3), nn.Linear(3, 1))], r"models\[0\] は \(nn.LSTM, nn.Linear\)"),
        (
            [(nn.LSTM(2, 3, bidirectional=True), nn.Linear(3, 1))],
            "一方向、バイアスあり",
        ),
        ([(nn.LSTM(2, 3, bias=False), nn.Linear(3, 1))], "一方向、バイアスあり"),
        ([(nn.LSTM(2, 3), nn.Linear(3, 2))], r"出力層は nn.Linear\(3, 1\) です"),
    ],
)
def test_models_that_cannot_stand_side_by_side_are_named(models, words):
    with pytest.raises(ValueError, match=words):
        SideBySide(models)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: m(torch.zeros(3, 4, 5, 2)), r"引数 x は形 \(2, B, T, 2\).*\(3, 4"),
        (lambda m: m(torch.zeros(2, 4, 5, 3)), r"引数 x は形 \(2, B, T, 2\).*5, 3\)"),
        (lambda m: m.without_forget_gate(2), "引数 k は 0, 1 のどれかです。2 が"),
        (lambda m: fit(m, clip=1.0), "引数 clip は、Stacked を学習.*SideBySide では"),
        (lambda m: fit(m, after=lambda n, _: [0]), "after が返す番号 は、Stacked を"),
    ],
)
def test_what_cannot_be_done_side_by_side_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call(two())


def fit(many, y=0.0, **how):
    batch = torch.zeros(2, 4, 5, 2), torch.full((2, 4), y)
    sgd = torch.optim.SGD(many.parameters(), lr=0.1)
    return fit_many(many, [batch] * 2, sgd, **how)


def test_models_side_by_side_stop_together_before_a_step_that_is_not_finite():
    many = two()
    before = [p.detach().clone() for p in many.parameters()]
    with pytest.raises(Diverged, match="1 回目の更新で、損失か勾配が有限で"):
        fit(many, y=math.nan)
    assert all(map(torch.equal, many.parameters(), before))
