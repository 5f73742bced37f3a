"""学習に渡す系列のまとまり（バッチ）。埋めて長さをそろえた系列では、本当の長さも運びます。"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook.arguments import require_array, require_instance
from rnnbook.models.lengths import lengths_of


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


def read_batch(name: str, given: object, like: Tensor) -> Batch:
    """組 (x, y) か (x, y, lengths) を batch_of に渡します。エラーの文は、引数 name の中のことだと言います。

    例:
        >>> read_batch("valid", np.zeros((8, 50, 1)), torch.empty(0))
        Traceback (most recent call last):
        ...
        ValueError: 引数 valid は (x, y) か (x, y, lengths) の組です。ndarray が渡されました。
    """
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        kind = type(given).__name__
        kind = (
            f"長さ {len(given)} の {kind}" if isinstance(given, (tuple, list)) else kind
        )
        raise ValueError(
            f"引数 {name} は (x, y) か (x, y, lengths) の組です。{kind} が渡されました。"
        )
    with inside(name):
        return batch_of(*given, like=like)


@contextmanager
def inside(name: str) -> Iterator[None]:
    """この中の ValueError を、引数 name の中のことだと述べて送り出します。

    例:
        >>> with inside("valid"):
        ...     raise ValueError("引数 y は数です。")
        Traceback (most recent call last):
        ...
        ValueError: 引数 valid の中: 引数 y は数です。
    """
    try:
        yield
    except ValueError as error:
        raise ValueError(f"引数 {name} の中: {error}") from error


def weight_of(model: nn.Module) -> Tensor:
    """model の重みの一つ。入力を、これと同じ精度、同じ場所に置きます。重みがなければ ValueError です。

    例:
        >>> weight_of(nn.Identity())
        Traceback (most recent call last):
        ...
        ValueError: 引数 model は重みのあるモデルです。Identity に重みはありません。
    """
    require_instance("model", model, nn.Module)
    for weight in model.parameters():
        return weight
    raise ValueError(
        f"引数 model は重みのあるモデルです。{type(model).__name__} に重みはありません。"
    )


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
    # 勾配の記録は学習に要らないので外します。検査は CPU の上の数で行います
    given = value.detach().cpu() if isinstance(value, Tensor) else value
    array = require_array(name, given, (...,))
    dtype = like.dtype if array.dtype.kind == "f" else torch.long
    if isinstance(value, Tensor):
        return value.detach().to(like.device, dtype)
    return torch.from_numpy(np.array(array)).to(like.device, dtype)
