"""時刻を混ぜる層: どれも前だけを見て、式のとおりで、計算のしかたによりません。"""

import numpy as np
import pytest
import torch

from rnnbook.cells.scan import scan_in_order
from rnnbook.models.linear_state import LinearState
from rnnbook.models.min_gru import LogMinGRU, MinGRU, MinLSTM, Signed
from rnnbook.models.mixers import MIXERS, Mixed


@pytest.mark.parametrize("mixer", MIXERS)
def test_what_comes_later_does_not_change_an_earlier_answer(mixer):
    torch.manual_seed(0)
    model = Mixed(mixer, D=2, O=3, E=8).double().eval()
    x = torch.randn(2, 13, 2, dtype=torch.float64)
    later = x.clone()
    later[:, 7:] += 1.0
    with torch.no_grad():
        before, after = model(x), model(later)
    torch.testing.assert_close(after[:, :7], before[:, :7], atol=1e-9, rtol=0)
    assert (after[:, 7:] - before[:, 7:]).abs().max() > 1e-3


@pytest.mark.parametrize("mixer", MIXERS)
def test_what_came_first_reaches_the_last_answer(mixer):
    torch.manual_seed(0)
    model = Mixed(mixer, D=2, O=3, E=8).double()
    x = torch.randn(1, 6, 2, dtype=torch.float64, requires_grad=True)
    model(x)[0, -1].sum().backward()
    assert (x.grad[0, 0].abs() > 0).all()


@pytest.mark.parametrize("kind", [MinGRU, MinLSTM, Signed])
@pytest.mark.parametrize("T", [1, 2, 17])
def test_the_ways_of_computing_agree_in_values_and_weight_gradients(kind, T):
    torch.manual_seed(0)
    layer, x = kind(3, 4).double(), torch.randn(2, T, 3, dtype=torch.float64)
    found = []
    for layer.method in ("in_order", "doubling", "blocks"):
        layer.zero_grad()
        h = layer(x)
        h.square().sum().backward()
        found.append((h.detach(), layer.project.weight.grad.clone()))
    for h, gradient in found[1:]:
        torch.testing.assert_close(h, found[0][0])
        torch.testing.assert_close(gradient, found[0][1])


def test_min_gru_is_a_gru_whose_gates_and_candidate_do_not_see_h():
    """第 3 章の更新の式を、W_hz = 0、W_hh = 0 として一歩ずつ。tanh は、小さな値では見えません。"""
    torch.manual_seed(0)
    gru = torch.nn.GRU(3, 4, batch_first=True).double()
    layer = MinGRU(3, 4).double()
    with torch.no_grad():
        gru.weight_hh_l0.zero_()
        gru.bias_hh_l0.zero_()
        # PyTorch のゲートは r, z, n の順で、z は覚えておく割合（本書の 1 − z）
        gru.weight_ih_l0[4:8] = -layer.project.weight[:4]
        gru.bias_ih_l0[4:8] = -layer.project.bias[:4]
        gru.weight_ih_l0[8:] = 1e-4 * layer.project.weight[4:]
        gru.bias_ih_l0[8:] = 1e-4 * layer.project.bias[4:]
    x = torch.randn(2, 9, 3, dtype=torch.float64)
    torch.testing.assert_close(1e4 * gru(x)[0], layer(x), atol=1e-6, rtol=1e-6)


def test_the_two_gates_of_min_lstm_sum_to_one():
    torch.manual_seed(0)
    layer = MinLSTM(3, 4)
    with torch.no_grad():
        layer.project.weight[8:] = 0.0
        layer.project.bias[8:] = 1.0  # 候補はいつも 1
    a, b = layer.pairs(torch.randn(2, 5, 3))
    torch.testing.assert_close(a + b, torch.ones_like(a))


def test_only_the_signed_layer_multiplies_by_negative_numbers():
    torch.manual_seed(0)
    x = 5 * torch.randn(2, 50, 3)
    for kind in (MinGRU, MinLSTM, LogMinGRU):
        assert (kind(3, 4).pairs(x)[0] >= 0).all()
    assert (Signed(3, 4).pairs(x)[0] < 0).any()


def test_the_layer_over_logarithms_is_the_same_layer_in_64_bits():
    torch.manual_seed(0)
    layer = LogMinGRU(3, 4).double()
    x = torch.randn(2, 30, 3, dtype=torch.float64)
    from rnnbook.models.scan import scan

    torch.testing.assert_close(layer(x), scan(*layer.pairs(x)))


def test_the_linear_state_is_its_recurrence():
    torch.manual_seed(0)
    layer = LinearState(3, N=5).double()
    x = np.random.default_rng(0).normal(size=(40, 3))
    a, b = (p.detach().numpy() for p in layer.discrete())
    C = torch.view_as_complex(layer.C).detach().numpy()
    s = scan_in_order(np.broadcast_to(a, (40, 3, 5)), b * x[:, :, None])
    y = 2 * (C * s).sum(-1).real + layer.D.detach().numpy() * x
    inner = torch.nn.functional.gelu(torch.tensor(y))
    found = layer(torch.tensor(x)[None])[0]
    torch.testing.assert_close(found, layer.mix(inner), atol=1e-9, rtol=0)


def test_the_linear_state_holds_its_input_for_one_step_of_time():
    """ā と b̄ は、s' = λ s + x の、入力が一定の間の解です。"""
    from scipy.integrate import solve_ivp

    torch.manual_seed(0)
    layer = LinearState(1, N=3).double()
    a, b = (p.detach().numpy()[0] for p in layer.discrete())
    rate = -layer.log_decay.exp()[0] + 1j * layer.turn[0]
    step = layer.log_step.exp().item()
    for n, rate_n in enumerate(rate.detach().numpy()):
        found = solve_ivp(
            lambda _, s, r=rate_n: r * s + 1.0,
            (0, step),
            [0.3 + 0j],
            rtol=1e-10,
            atol=1e-12,
        ).y[0, -1]
        assert a[n] * 0.3 + b[n] == pytest.approx(found, abs=1e-8)


def test_an_unknown_mixer_is_named():
    with pytest.raises(ValueError, match="mixer"):
        Mixed("mamba", D=2, O=3)
