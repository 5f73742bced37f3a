"""読者の答えを、正しい値やよくある間違いの値と比べる道具。

許す差は、答えの精度で決まります。float32 で計算した答えは、float32 の丸めの分だけ広く見ます。
"""

from __future__ import annotations

import numpy as np

from rnnbook.exercises.exercise import NotYet

# 精度（一つの数のバイト数）→ 比べるときの相対と絶対の幅
TOLERANCES = {2: (2e-2, 2e-2), 4: (1e-4, 1e-5), 8: (1e-6, 1e-8)}
DETACH = "勾配を記録するテンソルは、`.detach()` で記録を外してから返します。"


def spaced(name: str) -> str:
    """文の中の名。英字で終わる名のあとは、一字あけます。"""
    return f"{name} " if name.isascii() or name.endswith("]") else name


def as_array(name: str, value: object, shape: tuple[int, ...]) -> np.ndarray:
    """読者の答えを、精度を変えずに配列にし、形を確かめます。"""
    array = numbers(name, value)
    if array.shape != shape:
        raise NotYet(
            f"{spaced(name)}の形が {array.shape} です。正しくは {shape} です。"
        )
    return array


def numbers(name: str, value: object) -> np.ndarray:
    """読者の答えを実数の配列にします。文字列は、数字が書いてあっても数ではありません。"""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except Exception:  # 配列にできない理由は、読者の答えの数だけあります
        hint = DETACH if getattr(value, "requires_grad", False) else ""
        raise NotYet(
            f"{spaced(name)}が数の配列ではなく {type(value).__name__} です。", hint
        ) from None
    return array


def as_integer(value: object) -> int | float:
    """読者の答えを一つの整数にします。整数でない数は、そのまま返します。"""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iuf" or array.ndim:
            raise TypeError
        number = array.item()
        return int(number) if number == int(number) else number
    except Exception:  # 整数にできない理由は、読者の答えの数だけあります
        raise NotYet(
            f"整数が要りますが、{type(value).__name__} が返されました。",
            "文字列は、数字が書いてあっても数ではありません。引用符を外します。"
            if isinstance(value, str)
            else "",
        ) from None


def as_boolean(value: object) -> bool:
    """読者の答えを True か False にします。"""
    if not isinstance(value, (bool, np.bool_)):
        raise NotYet(
            f"True か False が要りますが、{type(value).__name__} が返されました。"
        )
    return bool(value)


def close(a: np.ndarray, b: np.ndarray, rtol: float = 0) -> bool:
    """形が同じで、値が丸めの誤差の中で同じか。"""
    return a.shape == b.shape and bool(near(a, b, rtol).all())


def near(a: np.ndarray, b: np.ndarray, rtol: float = 0) -> np.ndarray:
    """成分ごとに、値が丸めの誤差の中で同じか。粗いほうの精度で見ます。rtol は、それより広く許す相対の幅です。"""
    # float16 と float32 はそのまま、ほか（真偽、整数、拡張精度）は float64 にします
    a, b = (
        v if v.dtype in (np.float16, np.float32) else v.astype(float) for v in (a, b)
    )
    relative, absolute = TOLERANCES[min(a.dtype.itemsize, b.dtype.itemsize)]
    return np.isclose(a, b, rtol=max(relative, rtol), atol=absolute)
