"""引数の検査。合わない引数は、引数の名前・来たもの・期待するものを日本語で述べる ValueError になります。

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


def require_array(name: str, value: object, shape: Sequence[object]) -> np.ndarray:
    """形が shape と合い、NaN も無限大も含まない実数の配列であることを確かめます。

    shape の整数はその長さを、文字列（"B", "T" など）は任意の長さを表します。同じ文字列は同じ長さです。
    先頭の ... は、そこに軸がいくつあってもよいことを表します。

    例:
        >>> require_array("x", np.zeros((2, 3)), ("B", "T", 1))
        Traceback (most recent call last):
        ...
        ValueError: 引数 x は形 (B, T, 1) の配列です。形 (2, 3) が渡されました。
        >>> require_array("h", np.zeros((5, 2, 3)), (..., 3)).shape
        (5, 2, 3)
    """
    array = _as_numbers(name, value)
    if not _fits(array.shape, tuple(shape)):
        letters = ["…" if n is ... else str(n) for n in shape]
        expected = ", ".join(letters) + ("," if len(letters) == 1 else "")
        raise ValueError(
            f"引数 {name} は形 ({expected}) の配列です。形 {array.shape} が渡されました。"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"引数 {name} は有限の数だけの配列です。NaN か無限大が {int((~np.isfinite(array)).sum())} 個あります。"
        )
    return array


def require_instance(name: str, value: object, kind: type, remedy: str = "") -> None:
    """value が kind のものであることを確かめます。remedy は、代わりにすることの一文です。

    例:
        >>> require_instance("params", 3, dict)
        Traceback (most recent call last):
        ...
        ValueError: 引数 params は dict です。int が渡されました。
    """
    if not isinstance(value, kind):
        raise ValueError(
            f"引数 {name} は {kind.__name__} です。"
            f"{type(value).__name__} が渡されました。{remedy}"
        )


def _as_numbers(name: str, value: object) -> np.ndarray:
    """実数の配列にします。PyTorch のテンソルは、勾配が要らず CPU にあれば、そのまま読めます。"""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError, RuntimeError):
        kind, remedy = type(value).__name__, ""
        device = str(getattr(value, "device", "cpu"))
        if getattr(value, "requires_grad", False):
            kind = f"勾配を記録する {kind}"
            remedy = f"{name}.detach() で、記録を外して渡します。"
        elif device != "cpu":
            kind, remedy = (
                f"{device} の {kind}",
                f"{name}.cpu() で、CPU に写して渡します。",
            )
        raise ValueError(
            f"引数 {name} は実数の配列です。{kind} が渡されました。{remedy}"
        ) from None
    return array


def _fits(lengths: tuple[int, ...], shape: tuple[object, ...]) -> bool:
    if shape and shape[0] is ...:
        shape = shape[1:]
        lengths = lengths[max(len(lengths) - len(shape), 0) :]
    if len(lengths) != len(shape):
        return False
    known: dict[str, int] = {}
    return all(
        n == (known.setdefault(want, n) if isinstance(want, str) else want)
        for n, want in zip(lengths, shape, strict=True)
    )
