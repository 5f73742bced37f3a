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

from rnnbook.arguments import require_callable, require_positive_int, require_range
from rnnbook.training.loop import Diverged
from rnnbook.training.threads import one_thread


class Many(Protocol):
    """いちどに学習できる K 個のモデル（Stacked、SideBySide）。

    clip と、after が番号を返すことと、発散したモデルだけを脇に置くことは、重みの先頭が K の
    Stacked だけの働きです。SideBySide は K 個が重みの行列を分け合うので、一つだけを扱えません。
    """

    def parameters(self) -> Iterable[Tensor]:
        """先頭が K の軸の重み。"""

    def backward(self, x: Tensor, y: Tensor) -> Tensor:
        """逆伝播して、モデルごとの損失 (K,) を返します。"""

    def keep(
        self, rows: list[int], optimizer: torch.optim.Optimizer
    ) -> torch.optim.Optimizer:
        """rows 番目のモデルだけを残し、続きを学習する optimizer を返します。"""

    def set_aside(self, rows: list[int]) -> None:
        """rows 番目のモデルの、いまの（最後の有限な）重みを覚え、学習から外します。"""


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
    外したモデルの損失は、そこから先が nan です。

    損失か勾配が有限でなくなったモデルは、最後の有限な重みを残して学習を終え、警告します。損失は
    そこから先が nan で、ほかのモデルは続きます。SideBySide では、更新せずに Diverged を送出します。

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
    apart = hasattr(many, "set_aside")  # 一つ一つのモデルを別に扱えるか
    if after is not None:
        require_callable("after", after, "after(回数, many)")
    if clip is not None:
        clip = require_range("clip", clip, 0.0, 1e12)
        _require_apart("clip", many, apart)
    if not isinstance(batches, Iterable):
        raise ValueError(
            "引数 batches は (x, y) の組を次々に出すものです。"
            f"{type(batches).__name__} が渡されました。"
        )
    alive, lost, history = [], [], []
    with one_thread():
        for update, batch in enumerate(batches, 1):
            if not isinstance(batch, (tuple, list)) or len(batch) != 2:
                raise ValueError(
                    f"引数 batches の {update} 個目は (x, y) の組です。"
                    f"{type(batch).__name__} が出されました。"
                )
            x, y = batch
            optimizer.zero_grad()
            losses = many.backward(x, y)  # (K,)
            if not history:
                alive = list(range(len(losses)))
            norms = norms_of(many.parameters(), each=apart)  # (K,) か、全体で一つ
            finite = torch.isfinite(losses) & torch.isfinite(norms)
            if not finite.all():
                if not apart:
                    raise Diverged(
                        f"{update} 回目の更新で、損失か勾配が有限でなくなりました。"
                    )
                rows = [row for row, good in enumerate(finite.tolist()) if not good]
                many.set_aside(rows)
                lost += [alive[row] for row in rows if alive[row] not in lost]
            if clip is not None:
                clip_each(many.parameters(), norms, clip)
            optimizer.step()
            history.append(np.full(len(history[0]) if history else len(alive), np.nan))
            history[-1][alive] = losses.cpu()
            rows = after(update, many) if after and update % every == 0 else None
            if rows is None:
                continue
            if not isinstance(rows, list) or not set(rows) <= set(range(len(alive))):
                raise ValueError(
                    f"引数 after は 0 以上 {len(alive)} 未満の番号のリストを返します。"
                    f"{rows!r} が返りました。"
                )
            if rows == []:
                break
            _require_apart("after が返す番号", many, apart)
            alive = [alive[row] for row in rows]
            optimizer = many.keep(rows, optimizer)
    if not history:
        raise ValueError("引数 batches は、一つ以上のバッチを出すものです。空でした。")
    if lost:
        warnings.warn(
            f"{len(history[0])} 個のモデルのうち {len(lost)} 個（番号 "
            f"{', '.join(map(str, sorted(lost)))}）の学習が発散しました。最後の有限な重みを残しました。"
            "学習率を小さくするか、clip=1.0 で勾配をクリップするか、入力の大きさをそろえてください。",
            RuntimeWarning,
            stacklevel=3,
        )
    return np.array(history)


def norms_of(parameters: Iterable[Tensor], each: bool) -> Tensor:
    """勾配のノルム。each が真ならモデルごと (K,)、偽なら全部をつなげた一本のもの。

    例:
        >>> w = torch.zeros(2, 2)
        >>> w.grad = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
        >>> norms_of([w], each=True)
        tensor([5., 2.])
    """
    grads = [p.grad.flatten(1) if each else p.grad.flatten()[None] for p in parameters]
    # ‖g‖² = Σ_i g_i²
    return torch.stack([g.square().sum(1) for g in grads]).sum(0).sqrt()


def clip_each(parameters: Iterable[Tensor], norms: Tensor, clip: float) -> None:
    """モデルごとの勾配のノルム norms (K,) を、clip 以下に縮めます。"""
    # g ← g · min(1, c / ‖g‖)   ‖g‖ はモデルごと
    scale = (clip / (norms + 1e-6)).clamp(max=1.0)
    for p in parameters:
        # 和になる二本のバイアスは勾配の置き場を分け合うので、上書きはしません
        p.grad = p.grad * scale.view(-1, *[1] * (p.dim() - 1))


def _require_apart(name: str, many: Many, apart: bool) -> None:
    if not apart:
        raise ValueError(
            f"引数 {name} は、Stacked を学習するときに使います。"
            f"{type(many).__name__} では、一つ一つのモデルを別に扱えません。"
        )
