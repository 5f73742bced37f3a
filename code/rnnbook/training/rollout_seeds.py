"""種だけが違う、組織の統計を先へ進めるモデルを、いちどに学習します（第 13 章）。

小さなモデルを一つずつ学習すると、時間のほとんどは、演算を呼ぶ手間です。S 個の重みを積み、S 個のミニバッチを
(S, B, …) として一度に進めると、手間は一つのときとほとんど変わりません。計算の中身は fit_rollout と同じです。
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import CosineAnnealingLR

from rnnbook.models.steppers import forced, roll
from rnnbook.training.forecaster import Forecaster
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread


class StackedLinear(nn.Module):
    """S 個の nn.Linear: x (S, B, D) → (S, B, O)。"""

    def __init__(self, layers: Sequence[nn.Linear]) -> None:
        super().__init__()
        self.W = stacked([layer.weight.T for layer in layers])  # (S, D, O)
        self.b = stacked([layer.bias[None] for layer in layers])  # (S, 1, O)

    def forward(self, x: Tensor) -> Tensor:
        return torch.baddbmm(self.b, x, self.W)

    def unstack(self, layers: Sequence[nn.Linear]) -> None:
        for k, layer in enumerate(layers):
            layer.weight.copy_(self.W[k].T)
            layer.bias.copy_(self.b[k, 0])


class StackedCell(nn.Module):
    """S 個の nn.RNNCell、nn.GRUCell、nn.LSTMCell。式と重みの並びは PyTorch と同じです。"""

    def __init__(self, cells: Sequence[nn.Module]) -> None:
        super().__init__()
        self.kind = type(cells[0]).__name__
        self.W_ih = stacked([c.weight_ih.T for c in cells])  # (S, D, G)
        self.W_hh = stacked([c.weight_hh.T for c in cells])  # (S, H, G)
        self.b_ih = stacked([c.bias_ih[None] for c in cells])  # (S, 1, G)
        self.b_hh = stacked([c.bias_hh[None] for c in cells])

    def forward(self, x: Tensor, memory):
        h = memory[0] if self.kind == "LSTMCell" else memory
        i = torch.baddbmm(self.b_ih, x, self.W_ih)
        s = torch.baddbmm(self.b_hh, h, self.W_hh)
        if self.kind == "RNNCell":
            return torch.tanh(i + s)
        if self.kind == "GRUCell":
            r_i, z_i, n_i = i.chunk(3, -1)
            r_s, z_s, n_s = s.chunk(3, -1)
            r, z = torch.sigmoid(r_i + r_s), torch.sigmoid(z_i + z_s)
            n = torch.tanh(n_i + r * n_s)
            # PyTorch の z は、前の h を残す割合
            return n + z * (h - n)
        i, f, g, o = (i + s).chunk(4, -1)
        c = torch.sigmoid(f) * memory[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def unstack(self, cells: Sequence[nn.Module]) -> None:
        for k, cell in enumerate(cells):
            cell.weight_ih.copy_(self.W_ih[k].T)
            cell.weight_hh.copy_(self.W_hh[k].T)
            cell.bias_ih.copy_(self.b_ih[k, 0])
            cell.bias_hh.copy_(self.b_hh[k, 0])


def stacked(weights: Sequence[Tensor]) -> nn.Parameter:
    return nn.Parameter(torch.stack([w.detach().contiguous() for w in weights]))


def fit_rollouts(
    models: Sequence[nn.Module],
    z: np.ndarray,
    u: np.ndarray,
    seen: int,
    *,
    weights: np.ndarray,
    seeds: Sequence[int],
    updates: int = 600,
    batch: int = 40,
    learning_rate: float = 5e-3,
    loss: str = "rollout",
) -> None:
    """S 個のモデルを、z (S, N, F, K) と u (S, N, F, 1) から学習します。weights は (S, K) です。"""
    many = copy.deepcopy(models[0])
    parts = dict(models[0].named_children())
    for name, part in parts.items():
        others = [getattr(model, name) for model in models]
        stack = StackedLinear if isinstance(part, nn.Linear) else StackedCell
        shared = next(n for n, other in parts.items() if other is part)
        setattr(many, name, getattr(many, shared) if shared != name else stack(others))
    if hasattr(models[0], "writer") and models[0].writer is models[0].reader:
        many.writer = many.reader
    z, u, w = (torch.tensor(a, dtype=torch.float32) for a in (z, u, weights))
    orders = [torch.Generator().manual_seed(seed) for seed in seeds]
    each = list(many.parameters())
    rule = torch.optim.Adam(each, lr=learning_rate)
    schedule, at = CosineAnnealingLR(rule, updates), torch.arange(len(models))[:, None]
    with one_thread():
        for _ in range(updates):
            rows = torch.stack(
                [torch.randperm(z.shape[1], generator=g)[:batch] for g in orders]
            )
            if loss == "rollout":
                truth = z[at, rows]
                told = roll(many, truth[:, :, :seen], u[at, rows])
                truth = truth[:, :, seen:]
            else:
                told, truth = forced(many, z[at, rows], u[at, rows]), z[at, rows, 1:]
            # L = Σ_s 平均 Σ_k w_sk (ẑ_k − z_k)²
            off = ((told - truth) ** 2 * w[:, None, None]).sum(-1)
            rule.zero_grad()
            off.flatten(1).mean(1).sum().backward()
            clip_each(each)
            rule.step()
            schedule.step()
    with torch.no_grad():
        for name, part in many.named_children():
            part.unstack([getattr(model, name) for model in models])


def clip_each(weights: Sequence[Tensor], most: float = 1.0) -> None:
    """モデルごとに、勾配のノルムを most までに抑えます。"""
    norm = sum((w.grad.flatten(1) ** 2).sum(1) for w in weights).sqrt()  # (S,)
    share = (most / (norm + 1e-6)).clamp(max=1.0)
    for w in weights:
        w.grad.mul_(share.view(-1, *[1] * (w.dim() - 1)))


def fit_together(
    forecasters: Sequence[Forecaster], C: Sequence[np.ndarray], T: Sequence[np.ndarray]
) -> None:
    """種の違う Forecaster を、それぞれの計算 C[k], T[k] から、いちどに学習します。"""
    for forecaster, c in zip(forecasters, C, strict=True):
        forecaster.prepare(c)
        seed_everything(forecaster.seed)
        forecaster.model = forecaster.make()
    fit_rollouts(
        [f.model for f in forecasters],
        np.stack([f.pca.scores(c) for f, c in zip(forecasters, C, strict=True)]),
        np.stack([f.inputs(t) for f, t in zip(forecasters, T, strict=True)]),
        forecasters[0].seen,
        weights=np.stack([f.weights for f in forecasters]),
        seeds=[f.seed for f in forecasters],
        **forecasters[0].how,
    )
