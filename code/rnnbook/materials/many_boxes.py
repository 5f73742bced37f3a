"""たくさんの箱の力を一度に求めます（第 14 章）。lennard_jones.py と同じ式を、PyTorch で書いたものです。

C++ のコンパイラがあれば torch.compile が一つのループにまとめ、すべての対 N² を素直に計算しても、NumPy の
Forces の五分の一ほどの時間ですみます。はじめの一回は、コンパイルを待ちます。コンパイラがなければ、そのまま
計算します（遅くなるだけで、式は同じです）。
"""

from __future__ import annotations

import shutil

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import require_array, require_range
from rnnbook.materials.lennard_jones import CUT, G_CUT

NEAREST = 0.5  # これより近い対は、ここにあるものとして力を求めます（自分自身との対は、差が 0 なので力も 0）


def forces(u: Tensor, box: float) -> Tensor:
    """箱の長さを 1 とした位置 u (B, 3, N) の、力 (B, 3, N)。"""
    # 対の差を、いちばん近い像どうしに: d ← d − [d]（[ ] は四捨五入）。x、y、z の (B, N, N)
    d = [u[:, a, :, None] - u[:, a, None, :] for a in range(3)]
    x, y, z = (one - torch.round(one) for one in d)
    r2 = (x * x + y * y + z * z) * box**2
    inverse = 1 / torch.clamp(r2, NEAREST**2, CUT**2)  # r⁻²
    s6 = inverse * inverse * inverse
    # g − g_c = (48 r⁻⁶ − 24) r⁻⁸ − g_c
    w = ((48 * s6 - 24) * s6 * inverse - G_CUT) * box
    # F_i = Σ_j (g − g_c)(x_i − x_j)。三つに分けて書くと、w の計算が一度にまとまります
    return torch.stack([(w * one).sum(2) for one in (x, y, z)], 1)


class ManyForces:
    """位置 x (B, N, 3) の、力 (B, N, 3)。

    例:
        >>> from rnnbook.materials.lennard_jones import fcc
        >>> x, box = fcc(4, 0.95)
        >>> many = ManyForces(box, compiled=False)
        >>> many(np.stack([x, x])).shape
        (2, 256, 3)
    """

    def __init__(self, box: float, compiled: bool | None = None) -> None:
        self.box = require_range("box", box, 2 * CUT, np.inf)
        if compiled is None:
            compiled = bool(shutil.which("g++") or shutil.which("clang++"))
        self.forces = torch.compile(forces, dynamic=False) if compiled else forces

    def __call__(self, x: np.ndarray) -> np.ndarray:
        x = require_array("x", x, ("B", "N", 3))
        u = np.ascontiguousarray((x / self.box).transpose(0, 2, 1), dtype=np.float32)
        with torch.no_grad():
            F = self.forces(torch.from_numpy(u), self.box)
        return F.numpy().transpose(0, 2, 1).astype(float)
