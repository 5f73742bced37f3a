"""読者の答えを、正しい値やよくある間違いの値と比べる道具。"""

from __future__ import annotations

import numpy as np

from rnnbook.exercises.check import NotYet


def as_array(name: str, value: object, shape: tuple[int, ...]) -> np.ndarray:
    """読者の答えを配列にし、形を確かめます。"""
    try:
        array = np.asarray(value, dtype=np.float64)
    except Exception:  # 配列にできない理由は、読者の答えの数だけあります
        raise NotYet(
            f"{name} が数の配列ではなく {type(value).__name__} です。"
        ) from None
    if array.shape != shape:
        raise NotYet(f"{name} の形が {array.shape} です。正しくは {shape} です。")
    return array


def close(a: np.ndarray, b: np.ndarray) -> bool:
    """形が同じで、値が丸めの誤差の中で同じか。"""
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-8)


def name_mistake(value: np.ndarray, wrong: dict[str, np.ndarray]) -> str:
    """よくある間違いの値と照らし、一致した間違いのヒントを返します。"""
    return next((hint for hint, array in wrong.items() if close(value, array)), "")
