"""重みを 8 ビットで持つ（第 5・6 章）。ページが受け取る重みを、四分の一にします。

行ごとに、いちばん大きな絶対値が 127 になる倍率 scale を決め、整数に丸めます。

    q = round(W / scale)、  W ≈ scale · q、  scale = max |W| / 127（行ごと）
"""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import torch
from torch import nn

COLUMNS = ("name", "rows", "columns", "scale", "values")


def pack(model: nn.Module) -> list[dict]:
    """model の重みを、一つ一行の、8 ビットの値と倍率（base64）にします。"""
    packed = []
    for name, weight in model.state_dict().items():
        W = weight.detach().cpu().numpy()
        W = W.reshape(len(W), -1) if W.ndim > 1 else W.reshape(1, -1)
        scale = (abs(W).max(axis=1) / 127).astype(np.float32)
        scale[scale == 0] = 1.0
        q = np.rint(W / scale[:, None]).astype(np.int8)
        row = (name, *W.shape, _text(scale.astype("<f4")), _text(q))
        packed.append(dict(zip(COLUMNS, row, strict=True)))
    return packed


def unpack(model: nn.Module, packed: pd.DataFrame | list[dict]) -> None:
    """pack した重みを、model に入れます。値は、丸めたあとのものです。

    例:
        >>> first, second = nn.Linear(3, 2), nn.Linear(3, 2)
        >>> unpack(second, pack(first))
        >>> bool(abs(first.weight - second.weight).max() < 0.005)
        True
    """
    rows = packed.to_dict("records") if isinstance(packed, pd.DataFrame) else packed
    state = model.state_dict()
    for row in rows:
        scale = np.frombuffer(base64.b64decode(row["scale"]), "<f4")
        q = np.frombuffer(base64.b64decode(row["values"]), np.int8)
        W = q.reshape(row["rows"], row["columns"]) * scale[:, None]
        state[row["name"]] = torch.from_numpy(W).reshape(state[row["name"]].shape)
    model.load_state_dict(state)


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()
