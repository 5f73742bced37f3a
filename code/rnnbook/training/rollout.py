"""組織の統計を先へ進めるモデルを、教師強制か、続けて予測した誤差で学習します（第 13 章）。"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR

from rnnbook.arguments import require_choice, require_positive_int, require_seed
from rnnbook.models.steppers import forced, roll
from rnnbook.training.threads import one_thread

LOSSES = ("rollout", "forced")


def fit_rollout(
    model: nn.Module,
    z: np.ndarray,
    u: np.ndarray,
    seen: int,
    *,
    updates: int = 600,
    batch: int = 40,
    learning_rate: float = 5e-3,
    loss: str = "rollout",
    weights: np.ndarray | None = None,
    seed: int = 0,
) -> list[float]:
    """z (N, F, K) と温度 u (N, F, 1) から学習し、更新ごとの損失を返します。

    loss="rollout" では、seen 枚を読んで残りを続けて予測した二乗誤差、"forced" では、本当の値から
    一枚先を答えた二乗誤差を小さくします。weights (K,) は、成分ごとの二乗誤差の重みです。
    学習率は、余弦で 0 まで下げます。

    例:
        >>> from rnnbook.models.steppers import OneFrame
        >>> z = np.cumsum(np.full((8, 6, 1), 0.1), axis=1)
        >>> losses = fit_rollout(OneFrame(1, 8), z, 0 * z, 2, updates=50, batch=8)
        >>> losses[-1] < losses[0]
        True
    """
    require_choice("loss", loss, LOSSES)
    seen = require_positive_int("seen", seen)
    if seen >= z.shape[1]:
        raise ValueError(
            f"引数 seen は、画面の数 {z.shape[1]} より小さい整数です。{seen} が渡されました。"
        )
    updates = require_positive_int("updates", updates)
    z, u = (torch.tensor(a, dtype=torch.float32) for a in (z, u))
    w = torch.ones(z.shape[-1]) if weights is None else torch.tensor(weights).float()
    order = torch.Generator().manual_seed(require_seed("seed", seed))
    rule = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule, history = CosineAnnealingLR(rule, updates), []
    with one_thread():
        for _ in range(updates):
            rows = torch.randperm(len(z), generator=order)[:batch]
            if loss == "rollout":
                told, truth = roll(model, z[rows, :seen], u[rows]), z[rows, seen:]
            else:
                told, truth = forced(model, z[rows], u[rows]), z[rows, 1:]
            # L = 平均 Σ_k w_k (ẑ_k − z_k)²
            value = (((told - truth) ** 2) * w).sum(-1).mean()
            rule.zero_grad()
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            rule.step()
            schedule.step()
            history.append(value.item())
    return history


def forecast(model: nn.Module, z: np.ndarray, u: np.ndarray) -> np.ndarray:
    """z (N, S, K) を読み、温度 u (N, F, 1) のとおりに予測した (N, F − S, K)。"""
    z, u = (torch.tensor(a, dtype=torch.float32) for a in (z, u))
    with torch.no_grad(), one_thread():
        return roll(model, z, u).double().numpy()
