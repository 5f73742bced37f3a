"""雑音の乗った正弦波と、途中に一つだけ入れる五種類の異常（第 9 章）。

ふだんは x_t = sin(0.1 t) + ε_t、ε は標準偏差 0.1 の正規雑音、t = 0 … 999 です（一周期はおよそ 63 点）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_choice, require_generator

N, NOISE, AT = 1000, 0.1, 400
PHASE = np.linspace(0, 100, N)
# 名前 → 点の数
KINDS = {"up": 20, "half": 63, "flat": 63, "fast": 63, "spike": 1}
LABELS = {
    "up": "20 点だけ +2",
    "half": "一周期だけ振幅が半分",
    "flat": "一周期だけ値が止まる",
    "fast": "一周期だけ周波数が 1.5 倍",
    "spike": "1 点だけ +1",
}


def sine(rng: np.random.Generator, kind: str = "normal") -> np.ndarray:
    """系列 (1000,)。kind が "normal" でなければ、400 番から KINDS[kind] 点が異常です。

    例:
        >>> a, b = (sine(np.random.default_rng(0), kind) for kind in ("normal", "up"))
        >>> np.flatnonzero(a != b)[[0, -1]].tolist(), float((b - a).max().round(6))
        ([400, 419], 2.0)
    """
    require_generator("rng", rng)
    require_choice("kind", kind, ("normal", *KINDS))
    clean, noise = np.sin(PHASE), NOISE * rng.standard_normal(N)
    if kind == "normal":
        return clean + noise
    here = slice(AT, AT + KINDS[kind])
    if kind in ("up", "spike"):
        clean[here] += 2.0 if kind == "up" else 1.0
    elif kind == "half":
        clean[here] *= 0.5
    elif kind == "fast":
        clean[here] = np.sin(PHASE[AT] + 1.5 * (PHASE[here] - PHASE[AT]))
    x = clean + noise
    if kind == "flat":
        x[here] = x[AT - 1]
    return x


def touched(kind: str, T: int) -> np.ndarray:
    """長さ T の窓 (1000 − T + 1,) のうち、異常の点を含むもの（真偽）。

    例:
        >>> int(touched("up", 50).sum()), int(touched("normal", 50).sum())
        (69, 0)
    """
    bad = np.zeros(N, bool)
    bad[AT : AT + KINDS.get(kind, 0)] = True
    return np.lib.stride_tricks.sliding_window_view(bad, T).any(axis=1)
