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
    if not is_integer(value) or value < minimum:
        raise ValueError(
            f"引数 {name} は {minimum} 以上の整数です。{value!r} が渡されました。"
        )
    return int(value)


def require_seed(name: str, value: object) -> int:
    """乱数の種であることを確かめます。NumPy と PyTorch の両方が受け取る、0 から 2³² − 1 の整数です。

    例:
        >>> require_seed("seed", -1)
        Traceback (most recent call last):
        ...
        ValueError: 引数 seed は 0 以上 4294967295 以下の整数です。-1 が渡されました。
    """
    if not is_integer(value) or not 0 <= value < 2**32:
        raise ValueError(
            f"引数 {name} は 0 以上 {2**32 - 1} 以下の整数です。{value!r} が渡されました。"
        )
    return int(value)


def require_generator(name: str, value: object) -> None:
    """NumPy の乱数発生器であることを確かめます。

    例:
        >>> require_generator("rng", 0)
        Traceback (most recent call last):
        ...
        ValueError: 引数 rng は Generator です。int が渡されました。np.random.default_rng(0) のように作って渡します。
    """
    remedy = "np.random.default_rng(0) のように作って渡します。"
    require_instance(name, value, np.random.Generator, remedy)


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
    if not _is_number(value) or not low <= value <= high:
        raise ValueError(
            f"引数 {name} は {low} 以上 {high} 以下の数です。{value!r} が渡されました。"
        )
    return float(value)


def require_number(name: str, value: object) -> float:
    """有限な数であることを確かめ、float にして返します。要素が一つの配列やテンソル（0 次元）も数です。

    例:
        >>> require_number("below", "0.5")
        Traceback (most recent call last):
        ...
        ValueError: 引数 below は有限の数です。'0.5' が渡されました。
    """
    number = value.item() if getattr(value, "ndim", None) == 0 else value
    if not _is_number(number) or not np.isfinite(number):
        raise ValueError(f"引数 {name} は有限の数です。{value!r} が渡されました。")
    return float(number)


def require_array(name: str, value: object, shape: Sequence[object]) -> np.ndarray:
    """形が shape と合い、空でなく、NaN も無限大も含まない実数の配列であることを確かめます。

    shape の整数はその長さを、文字列（"B", "T" など）は任意の長さを表します。同じ文字列は同じ長さです。
    先頭の ... は、そこに軸がいくつあってもよいことを表します。

    例:
        >>> require_array("x", np.zeros((2, 3)), ("B", "T", 1))
        Traceback (most recent call last):
        ...
        ValueError: 引数 x は形 (B, T, 1) の配列です。形 (2, 3) が渡されました。
        >>> require_array("h", np.zeros((5, 2, 3)), (..., 3)).shape
        (5, 2, 3)
        >>> require_array("x", [0.5, float("nan")], ("T",))
        Traceback (most recent call last):
        ...
        ValueError: 引数 x は有限の数だけの配列です。NaN か無限大が 1 個あります（はじめは x[1]）。
    """
    array = require_numbers(name, value)
    letters = ["…" if n is ... else str(n) for n in shape]
    expected = f"({', '.join(letters)}{',' if len(letters) == 1 else ''})"
    if not _fits(array.shape, tuple(shape)):
        raise ValueError(
            f"引数 {name} は形 {expected} の配列です。形 {array.shape} が渡されました。"
        )
    if array.size == 0:
        raise ValueError(
            f"引数 {name} は形 {expected} で、どの長さも 1 以上の配列です。"
            f"形 {array.shape} が渡されました。"
        )
    if not (finite := np.isfinite(array)).all():
        raise ValueError(
            f"引数 {name} は有限の数だけの配列です。NaN か無限大が "
            f"{int((~finite).sum())} 個あります（はじめは {_first(name, ~finite)}）。"
        )
    return array


def require_ids(name: str, value: object, count: int) -> np.ndarray:
    """0 以上 count 未満の整数（番号）の列 (T,) であることを確かめます。

    例:
        >>> require_ids("ids", [0, 8], 8)
        Traceback (most recent call last):
        ...
        ValueError: 引数 ids は 0 以上 8 未満の整数の列です。ids[1] は 8 です。
    """
    ids = require_array(name, value, ("T",))
    wrong = (ids < 0) | (ids >= count) | (ids.dtype.kind not in "iu")
    if wrong.any():
        raise ValueError(
            f"引数 {name} は 0 以上 {count} 未満の整数の列です。"
            f"{_first(name, wrong)} は {ids[wrong][0].item()!r} です。"
        )
    return ids


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


def require_callable(name: str, value: object, example: str) -> None:
    """呼び出せるもの（関数やクラス）であることを確かめます。example は、その一例です。

    例:
        >>> require_callable("optimizer", "adam", "torch.optim.Adam")
        Traceback (most recent call last):
        ...
        ValueError: 引数 optimizer は呼び出せるもの（torch.optim.Adam など）です。'adam' が渡されました。
    """
    if not callable(value):
        raise ValueError(
            f"引数 {name} は呼び出せるもの（{example} など）です。{value!r} が渡されました。"
        )


def require_numbers(name: str, value: object) -> np.ndarray:
    """実数の配列にします。NaN も空の配列も通します。

    PyTorch のテンソルは、勾配が要らず CPU にあれば、そのまま読めます。
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
    except (TypeError, ValueError, RuntimeError):
        kind, remedy = type(value).__name__, ""
        if isinstance(value, (list, tuple)):  # テンソルのリストなら、一つめを述べます
            tensors = [v for v in value if getattr(v, "requires_grad", False)]
            name, value = (f"{name}[…]", tensors[0]) if tensors else (name, value)
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


def is_integer(value: object) -> bool:
    """整数か。真偽値は、数として使われても整数とはしません。

    例:
        >>> is_integer(3), is_integer(np.int64(3)), is_integer(True), is_integer(3.0)
        (True, True, False, False)
    """
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return is_integer(value) or isinstance(value, (float, np.floating))


def _first(name: str, wrong: np.ndarray) -> str:
    """印 wrong の付いた、はじめの要素の書き方: x[2, 0]。0 次元なら x です。"""
    place = ", ".join(map(str, np.argwhere(wrong)[0]))
    return f"{name}[{place}]" if place else name


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
