"""引数の検査。誤りは、引数の名前・来たもの・期待するものを日本語で述べる ValueError になります。

例:
    >>> require_choice("cell", "rmn", ("rnn", "lstm", "gru"))
    Traceback (most recent call last):
    ...
    ValueError: 引数 cell は 'rnn', 'lstm', 'gru' のどれかです。'rmn' が渡されました。
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np


def require_positive_int(name: str, value: object, minimum: int = 1) -> int:
    """minimum 以上の整数であることを確かめ、int にして返します。

    例:
        >>> require_positive_int("T", 0)
        Traceback (most recent call last):
        ...
        ValueError: 引数 T は 1 以上の整数です。0 が渡されました。
    """
    is_integer = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_integer or value < minimum:
        raise ValueError(
            f"引数 {name} は {minimum} 以上の整数です。{value!r} が渡されました。"
        )
    return int(value)


def require_choice(name: str, value: object, choices: Iterable[object]) -> object:
    """choices のどれかであることを確かめ、そのまま返します。"""
    choices = tuple(choices)
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(
            f"引数 {name} は {listed} のどれかです。{value!r} が渡されました。"
        )
    return value


def require_range(name: str, value: object, low: float, high: float) -> float:
    """low 以上 high 以下の有限な数であることを確かめ、float にして返します。

    例:
        >>> require_range("spectral_radius", float("nan"), 0.0, 2.0)
        Traceback (most recent call last):
        ...
        ValueError: 引数 spectral_radius は 0.0 以上 2.0 以下の数です。nan が渡されました。
    """
    is_number = isinstance(
        value, (int, float, np.integer, np.floating)
    ) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise ValueError(
            f"引数 {name} は {low} 以上 {high} 以下の数です。{value!r} が渡されました。"
        )
    return float(value)


def require_array(name: str, value: object, shape: Sequence[int | str]) -> np.ndarray:
    """形が shape と合い、NaN も無限大も含まない実数の配列であることを確かめます。

    shape の整数はその長さを、文字列（"B", "T" など）は任意の長さを表します。

    例:
        >>> require_array("x", np.zeros((2, 3)), ("B", "T", 1))
        Traceback (most recent call last):
        ...
        ValueError: 引数 x は形 (B, T, 1) の配列です。形 (2, 3) が渡されました。
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError):
        raise ValueError(
            f"引数 {name} は実数の配列です。{type(value).__name__} が渡されました。"
        ) from None
    expected = (
        "(" + ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
    )
    fits = array.ndim == len(shape) and all(
        isinstance(n, str) or n == m for n, m in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"引数 {name} は形 {expected} の配列です。形 {array.shape} が渡されました。"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"引数 {name} は有限の数だけの配列です。NaN か無限大が {int((~np.isfinite(array)).sum())} 個あります。"
        )
    return array
