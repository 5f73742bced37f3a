"""一変数の RNN の損失と勾配が autograd と同じで、壁が式の示す所に立つこと。"""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.cells import wall
from rnnbook.training.clipping import clip_by_norm


@given(w=st.floats(-1.5, 1.5), b=st.floats(-2, 1))
def test_the_loss_and_its_gradient_equal_autograd(w, b):
    w_torch, b_torch = (
        torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (w, b)
    )
    h = torch.tensor(wall.H0, dtype=torch.float64)
    for _ in range(wall.T):
        h = torch.tanh(w_torch * h + b_torch)
    loss = (h - wall.TARGET) ** 2
    loss.backward()
    ours = [v[0] for v in wall.wall_loss(np.array([w]), np.array([b]))]
    theirs = [loss.item(), w_torch.grad.item(), b_torch.grad.item()]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("w", [1.5, 2.0, 2.5])
def test_the_loss_jumps_across_the_line_of_the_unstable_fixed_point(w):
    b = wall.wall_of_loss(w)
    low, high = (wall.wall_loss(np.array([w]), np.array([b + d])) for d in (-0.1, 0.1))
    h_low, h_high = wall.TARGET - np.sqrt(low[0]), wall.TARGET + np.sqrt(high[0])
    assert h_low < 0 < wall.H0 < h_high  # 線の両側で、h_T は別々の値に落ち着きます


def test_on_the_wall_the_gradient_follows_the_power_law():
    w = np.array([1.6, 1.8, 2.0])
    h0 = torch.tensor(wall.H0, dtype=torch.float64, requires_grad=True)
    for each in w:
        h = h0
        for _ in range(wall.T):
            h = torch.tanh(each * h + wall.wall_of_loss(each))
        (slope,) = torch.autograd.grad(h, h0)
        formula = (each * (1 - wall.H0**2)) ** wall.T
        # 不動点は不安定なので、丸めが育たない範囲でだけ比べます
        assert np.log(slope.item()) == pytest.approx(np.log(formula), rel=0.05)


def test_one_update_follows_the_clipped_gradient():
    start = np.array([2.0, 1.0]), np.array([-0.4, 0.0])
    _, dw, db = wall.wall_loss(*start)
    for clip in (None, 0.1):
        path = wall.descend(*start, learning_rate=0.5, updates=1, clip=clip)
        for n in range(2):
            g = [dw[n : n + 1], db[n : n + 1]]
            g = g if clip is None else clip_by_norm(g, clip)
            expected = [start[k][n] - 0.5 * g[k][0] for k in range(2)]
            np.testing.assert_allclose(path[1, :, n], expected, rtol=1e-12)


def test_a_start_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"引数 b は形 \(2,\) の配列です"):
        wall.descend([1.0, 2.0], [0.0], learning_rate=0.1, updates=1)
