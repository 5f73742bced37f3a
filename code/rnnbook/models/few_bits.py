"""重みを数ビットで持つ（第 8 章）。丸めた重みで学習し、一つの重みを一つの文字で書きます。

行ごとに、いちばん大きな絶対値が q_max = 2^(bits − 1) − 1 になる倍率 scale を決めます（第 5 章の 8 ビットと同じ式）。

    q = round(W / scale)、  W ≈ scale · q、  scale = max |W| / q_max（行ごと）

丸めは段なので、勾配が 0 です。学習では、順伝播に丸めた値を使い、勾配は丸めなかったものとして流します
（ストレートスルー推定）。ベクトル（b など）は数が少ないので、16 ビットの小数で持ちます。

論文: Bengio ら (2013)（ストレートスルー推定）。
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook.arguments import require_positive_int

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ZERO = 32  # LETTERS の 32 番が q = 0 です
COLUMNS = ("name", "rows", "columns", "scale", "values")


def row_scale(W: Tensor, bits: int) -> Tensor:
    """行列 W (R, C) の、行ごとの倍率 (R, 1)。

    例:
        >>> row_scale(torch.tensor([[3.0, -7.5], [0.0, 0.0]]), bits=5).tolist()
        [[0.5], [1.0]]
    """
    bits = require_positive_int("bits", bits, 2)
    largest = W.detach().abs().amax(1, keepdim=True)
    scale = largest / (2 ** (bits - 1) - 1)
    return torch.where(scale == 0, 1.0, scale)


def straight_through(model: nn.Module, bits: int) -> dict[str, Tensor]:
    """行列は丸めた値（勾配はそのまま流れます）、ベクトルはもとの値の、重みの表。

    例:
        >>> model = nn.Linear(2, 1)
        >>> W = straight_through(model, bits=3)["weight"]
        >>> W.sum().backward()
        >>> model.weight.grad.tolist()
        [[1.0, 1.0]]
    """
    found = {}
    for name, W in model.named_parameters():
        if W.dim() == 2:
            scale = row_scale(W, bits)
            # 値は丸めたもの、勾配は W のもの
            W = W + (scale * torch.round(W / scale) - W).detach()
        found[name] = W
    return found


def pack(weights: Mapping[str, Tensor], bits: int) -> list[dict]:
    """重みの表を、一つ一行の、倍率（base64 の float16）と文字の列にします。

    行列の文字は、一つの重みが一文字です。ベクトルは倍率が空で、値は base64 の float16 です。

    例:
        >>> pack({"W": torch.tensor([[1.0, -1.0, 0.0]])}, bits=3)[0]["values"]
        'jdg'
    """
    packed = []
    for name, W in weights.items():
        W = W.detach().cpu()
        if W.dim() == 2:
            scale = row_scale(W, bits)
            q = torch.round(W / scale).to(torch.int64)
            values = "".join(LETTERS[k + ZERO] for k in q.flatten().tolist())
            row = (name, *W.shape, _text(scale.numpy()), values)
        else:
            row = (name, 1, len(W), "-", _text(W.numpy()))
        packed.append(dict(zip(COLUMNS, row, strict=True)))
    return packed


def unpack(model: nn.Module, packed: pd.DataFrame | list[dict]) -> None:
    """pack した重みを、model に入れます。

    例:
        >>> first, second = nn.Linear(3, 2), nn.Linear(3, 2)
        >>> unpack(second, pack(first.state_dict(), bits=6))
        >>> bool(abs(first.weight - second.weight).max() < 0.02)
        True
    """
    rows = packed.to_dict("records") if isinstance(packed, pd.DataFrame) else packed
    number, state = {c: k - ZERO for k, c in enumerate(LETTERS)}, model.state_dict()
    for row in rows:
        if row["scale"] == "-":
            W = _numbers(row["values"])
        else:
            scale = _numbers(row["scale"])
            q = np.array([number[c] for c in row["values"]], dtype="f4")
            W = q.reshape(row["rows"], row["columns"]) * scale[:, None]
        state[row["name"]] = torch.from_numpy(W).reshape(state[row["name"]].shape)
    model.load_state_dict(state)


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.astype("<f2").tobytes()).decode()


def _numbers(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f2").astype("f4")
