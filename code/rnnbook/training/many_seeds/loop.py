"""いくつものモデルを、いちどに学習するループ（第 3 章）。

一つのモデルを学習するループ（rnnbook.training.loop）と同じ四つの段です。違うのは、損失と勾配の
ノルムがモデルの数だけあることと、済んだモデルを途中で外せることです。
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import require_positive_int, require_range
from rnnbook.training.threads import one_thread


class Many(Protocol):
    """いちどに学習できる K 個のモデル（Stacked、SideBySide）。

    clip と、after が番号を返すことは、重みの先頭が K で keep を持つ Stacked だけの働きです。
    """

    def parameters(self) -> Iterable[Tensor]:
        """先頭が K の軸の重み。"""

    def backward(self, x: Tensor, y: Tensor) -> Tensor:
        """逆伝播して、モデルごとの損失 (K,) を返します。"""

    def keep(
        self, rows: list[int], optimizer: torch.optim.Optimizer
    ) -> torch.optim.Optimizer:
        """rows 番目のモデルだけを残し、続きを学習する optimizer を返します。"""


After = Callable[[int, Many], list[int] | None]


def fit_many(
    many: Many,
    batches: Iterable[tuple[Tensor, Tensor]],
    optimizer: torch.optim.Optimizer,
    *,
    clip: float | None = None,
    every: int = 1,
    after: After | None = None,
) -> np.ndarray:
    """batches の (x, y) で一回ずつ更新し、各回の損失 (回数, K) を返します。

    clip は、モデルごとの勾配のノルムの上限です。every 回の更新ごとに after(回数, many) を呼びます。
    after が番号のリストを返せば、many のうちその番号のモデルだけで続け、空のリストなら終えます。
    外したモデルの損失は、そこから先が nan です。終わりの損失が有限でないモデルがあれば、警告します。

    例:
        >>> from rnnbook.models.recurrent import Recurrent
        >>> from rnnbook.training.many_seeds.stacked import Stacked
        >>> many = Stacked([Recurrent(H=8, O=1, D=1) for _ in range(3)])
        >>> adam = torch.optim.Adam(many.parameters())
        >>> batches = [(torch.zeros(3, 4, 10, 1), torch.zeros(3, 4, 1))] * 5
        >>> fit_many(many, batches, adam, every=2, after=lambda n, many: []).shape
        (2, 3)
    """
    every = require_positive_int("every", every)
    if clip is not None:
        clip = require_range("clip", clip, 0.0, 1e12)
    alive, history = [], []
    with one_thread():
        for update, (x, y) in enumerate(batches, 1):
            optimizer.zero_grad()
            losses = many.backward(x, y)  # (K,)
            if clip is not None:
                clip_each(many.parameters(), clip)
            optimizer.step()
            if not history:
                alive = list(range(len(losses)))
            history.append(np.full(len(history[0]) if history else len(alive), np.nan))
            history[-1][alive] = losses.cpu()
            rows = after(update, many) if after and update % every == 0 else None
            if rows == []:
                break
            if rows is not None:
                alive = [alive[row] for row in rows]
                optimizer = many.keep(rows, optimizer)
    lost = [k for k in alive if not np.isfinite(history[-1][k])]
    if lost:
        warnings.warn(
            f"{len(history[0])} 個のモデルのうち {len(lost)} 個（番号 "
            f"{', '.join(map(str, lost))}）の学習が発散し、損失が有限でなくなりました。"
            "学習率を小さくするか、clip=1.0 で勾配をクリップするか、入力の大きさをそろえてください。",
            RuntimeWarning,
            stacklevel=3,
        )
    return np.array(history)


def clip_each(parameters: Iterable[Tensor], clip: float) -> None:
    """モデルごとの勾配のノルムを、clip 以下に縮めます。"""
    # g ← g · min(1, clip / ‖g‖)   ‖g‖ はモデルごと
    parameters = list(parameters)
    squares = [p.grad.flatten(1).square().sum(1) for p in parameters]
    scale = (clip / (torch.stack(squares).sum(0).sqrt() + 1e-6)).clamp(max=1.0)
    for p in parameters:
        # 和になる二本のバイアスは勾配の置き場を分け合うので、上書きはしません
        p.grad = p.grad * scale.view(-1, *[1] * (p.dim() - 1))
