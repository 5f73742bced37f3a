"""損失が下がらない、または NaN になる誤り。"""

from __future__ import annotations

import torch
from torch import nn

from rnnbook.models.recurrent import Recurrent
from rnnbook.training.checks import data, learning
from rnnbook.training.checks.finding import Finding
from rnnbook.training.checks.running import forget_gate_starts_at


def nan_in_input(mended: bool) -> Finding:
    """測り損ねた値（NaN）を、一つだけ残します。"""
    x = torch.randn(8, 7, 1)
    x[3, 2] = float("nan")
    if mended:
        whole = torch.isfinite(x).all(dim=(1, 2))  # 欠けた例を除く
        x = x[whole]
    return data.values_are_tame(x=x)


def unscaled(mended: bool) -> Finding:
    """正解を、測った単位のまま（平均 300、標準偏差 5）使います。"""
    x = torch.randn(32, 10, 1)
    y = 300 + 5 * x.mean(1) * 10**0.5
    if mended:
        y = (y - y.mean()) / y.std()  # 学習の行の平均と標準偏差で
    model = Recurrent(H=8, O=1, D=1, cell="gru")
    return learning.starts_at_ignorance(model, (x, y), nn.MSELoss())


def step_too_large(mended: bool) -> Finding:
    """長い系列で、大きな学習率のまま、勾配をクリップせずに更新します。"""
    model = Recurrent(H=16, O=1, D=1, cell="irnn")
    x = torch.rand(16, 100, 1)
    y = 5 * x.mean(1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01 if mended else 0.03)
    losses = []
    for _ in range(12):
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        loss.backward()
        if mended:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return learning.losses_stay_finite(losses)


def softmax_twice(mended: bool) -> Finding:
    """softmax を掛けてから、交差エントロピーに渡します。"""
    heads = [] if mended else [nn.Softmax(dim=1)]
    model = nn.Sequential(Recurrent(H=16, O=3, D=1, cell="gru"), *heads)
    x, y = torch.randn(6, 5, 1), torch.tensor([0, 1, 2, 0, 1, 2])
    return learning.memorises_one_batch(model, (x, y), nn.CrossEntropyLoss())


def gradients_pile_up(mended: bool) -> Finding:
    """optimizer.zero_grad() を呼ばずに、更新を続けます。"""
    model, loss = Recurrent(H=8, O=1, D=1, cell="gru"), nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x = torch.randn(16, 10, 1)

    def step(batch):
        if mended:
            optimizer.zero_grad()
        loss(model(batch[0]), batch[1]).backward()
        optimizer.step()

    return learning.gradients_are_fresh(model, (x, x.sum(1)), loss, step)


def detached_every_step(mended: bool) -> Finding:
    """一時刻ごとに、状態を計算から切り離します。"""
    cell = nn.GRUCell(1, 8)

    def model(x):  # (B, T, 1)
        h = torch.zeros(len(x), 8)
        for x_t in x.unbind(dim=1):
            h = cell(x_t, h if mended else h.detach())
        return h

    return learning.first_step_gets_gradient(model, torch.randn(4, 6, 1))


def forget_bias_twice(mended: bool) -> Finding:
    """忘却ゲートのバイアスを 1 にするつもりで、二本とも 1 にします。"""
    lstm = nn.LSTM(3, 8, batch_first=True)
    with torch.no_grad():
        lstm.bias_ih_l0[8:16] = 1.0  # i, f, c̃, o の順の、二つめ
        lstm.bias_hh_l0[8:16] = 0.0 if mended else 1.0
    return forget_gate_starts_at(lstm, 1.0)
