"""学習に渡す系列のまとまり（バッチ）。埋めて長さをそろえた系列では、本当の長さも運びます。"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import require_array


class Batch(NamedTuple):
    """系列 B 本と、その答え。"""

    x: Tensor  # 実数の系列 (B, T, D)、または語の番号 (B, T)
    y: Tensor  # 最後に答えるなら (B, O) か (B,)、全時刻なら (B, T, O) か (B, T)
    lengths: Tensor | None = None  # 埋める前の長さ (B,)。そろっていれば None


def batch_of(
    x: object, y: object, lengths: object = None, *, like: Tensor | None = None
) -> Batch:
    """配列やテンソルを確かめ、like（モデルの重み）と同じ精度、同じ場所のテンソルにします。

    x は実数の系列 (B, T, D) か語の番号 (B, T)、y は先頭が B の配列、lengths は 1 以上 T 以下の (B,) です。

    例:
        >>> batch = batch_of(np.zeros((8, 50, 1)), np.zeros((8, 1)))
        >>> batch.x.dtype, batch.lengths
        (torch.float32, None)
        >>> batch_of(np.zeros((8, 50, 1)), np.zeros((7, 1)))
        Traceback (most recent call last):
        ...
        ValueError: 引数 y は先頭の長さが x と同じ 8 の配列です。形 (7, 1) が渡されました。
    """
    like = torch.empty(0) if like is None else like
    x, y = inputs_of(x, like=like), _tensor("y", y, like)
    if y.dim() == 0 or len(y) != len(x):
        raise ValueError(
            f"引数 y は先頭の長さが x と同じ {len(x)} の配列です。"
            f"形 {tuple(y.shape)} が渡されました。"
        )
    return Batch(x, y, None if lengths is None else lengths_of(lengths, x))


def inputs_of(x: object, *, like: Tensor) -> Tensor:
    """入力 x (B, T, D) を like の精度に、語の番号 x (B, T) を整数にします。

    例:
        >>> inputs_of([[0, 3, 1]], like=torch.empty(0)).dtype
        torch.int64
    """
    x = _tensor("x", x, like)
    if x.dim() == 3:
        x = x.to(like.dtype)
    is_ids = x.dim() == 2 and not x.is_floating_point()
    if not (x.dim() == 3 or is_ids) or 0 in x.shape:
        raise ValueError(
            "引数 x は実数の系列 (B, T, D) か、語の番号（整数）の系列 (B, T) で、"
            "どの長さも 1 以上です。"
            f"形 {tuple(x.shape)} の {str(x.dtype).removeprefix('torch.')} が渡されました。"
        )
    return x


def lengths_of(lengths: object, x: Tensor) -> Tensor:
    """埋める前の長さ (B,) を確かめます。

    例:
        >>> lengths_of([3, 9], torch.zeros(2, 5, 1))
        Traceback (most recent call last):
        ...
        ValueError: 引数 lengths は 1 以上 T = 5 以下の整数 B = 2 個です。[3, 9] が渡されました。
    """
    B, T = x.shape[:2]
    found = torch.as_tensor(lengths)
    if (
        found.shape != (B,)
        or found.is_floating_point()
        or not ((found >= 1) & (found <= T)).all()
    ):
        raise ValueError(
            f"引数 lengths は 1 以上 T = {T} 以下の整数 B = {B} 個です。"
            f"{found.tolist()} が渡されました。"
        )
    return found.to(x.device, torch.long)


def real_steps(lengths: Tensor, T: int) -> Tensor:
    """埋めた所を除く印 (B, T)。時刻 t が本当の長さの中なら真です。

    例:
        >>> real_steps(torch.tensor([1, 3]), T=3)
        tensor([[ True, False, False],
                [ True,  True,  True]])
    """
    return torch.arange(T, device=lengths.device) < lengths[:, None]


def shuffled(data: Batch, batch_size: int, order: torch.Generator) -> Iterator[Batch]:
    """data を新しい順に並べ替え、batch_size 本ずつ渡します。最後の一つは短いことがあります。

    例:
        >>> data = batch_of(np.zeros((5, 3, 1)), np.zeros((5, 1)))
        >>> [len(b.x) for b in shuffled(data, 2, torch.Generator().manual_seed(0))]
        [2, 2, 1]
    """
    for rows in torch.randperm(len(data.x), generator=order).split(batch_size):
        yield Batch(*(None if part is None else part[rows] for part in data))


def _tensor(name: str, value: object, like: Tensor) -> Tensor:
    """実数は like の精度、整数は int64 のテンソルに写します（もとの配列は書き換えません）。"""
    if not isinstance(value, Tensor):
        array = require_array(name, value, (...,))
        kind = np.float64 if array.dtype.kind == "f" else np.int64
        value = torch.from_numpy(array.astype(kind))
    dtype = like.dtype if value.is_floating_point() else torch.long
    return value.detach().to(like.device, dtype)
