"""埋めてそろえた系列の、本当の長さ。モデルは埋めた所を読まず、損失にも入りません。"""

from __future__ import annotations

import reprlib

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import is_integer


def lengths_of(lengths: object, x: Tensor) -> Tensor:
    """埋める前の長さ (B,) を確かめ、整数のテンソルにします。リスト、配列、テンソルのどれでも渡せます。

    例:
        >>> lengths_of([3, 5], torch.zeros(2, 5, 1))
        tensor([3, 5])
        >>> lengths_of([3, 9], torch.zeros(2, 5, 1))
        Traceback (most recent call last):
        ...
        ValueError: 引数 lengths は 1 以上 T = 5 以下の整数 B = 2 個です。[3, 9] が渡されました。
    """
    B, T = x.shape[:2]
    found = lengths.tolist() if isinstance(lengths, (Tensor, np.ndarray)) else lengths
    fits = (
        isinstance(found, (list, tuple, range))
        and len(found) == B
        and all(is_integer(n) and 1 <= n <= T for n in found)
    )
    if not fits:
        raise ValueError(
            f"引数 lengths は 1 以上 T = {T} 以下の整数 B = {B} 個です。"
            f"{reprlib.repr(found)} が渡されました。"
        )
    return torch.tensor(found, device=x.device)


def real_steps(lengths: Tensor, T: int) -> Tensor:
    """埋めた所を除く印 (B, T)。時刻 t が本当の長さの中なら真です。

    例:
        >>> real_steps(torch.tensor([1, 3]), T=3)
        tensor([[ True, False, False],
                [ True,  True,  True]])
    """
    return torch.arange(T, device=lengths.device) < lengths[:, None]
