"""答え合わせの証拠の書き方: 短い配列は中身を、長い配列は形とはじめの違いを見せます。"""

from __future__ import annotations

import numpy as np

SHORT = 12  # 成分がこの数までの配列は、そのまま見せます


def shown(value: object) -> str:
    """値を一行の文字にします。

    例:
        >>> shown(np.array([[0.5, -1.0]])), shown(np.zeros((20, 3))), shown([np.ones(2), 3])
        ('[[0.5, -1.0]]', '形 (20, 3) の配列', '[[1.0, 1.0], 3]')
    """
    if isinstance(value, (list, tuple)) and any(np.ndim(each) for each in value):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, (bool, np.bool_, str)) or value is None:
        return repr(value) if isinstance(value, str) else str(value)
    array = as_numbers(value)
    if array is None:
        return type(value).__name__
    if array.size > SHORT:
        return f"形 {array.shape} の配列"
    return _written(array)


def as_numbers(value: object) -> np.ndarray | None:
    """数の配列として読めるなら、その配列。読めなければ None。"""
    try:
        array = np.asarray(value.detach() if hasattr(value, "detach") else value)
        return array if array.dtype.kind in "biuf" else None
    except Exception:  # 配列にできない理由は、値の数だけあります
        return None


def inputs(given: dict[str, object]) -> tuple[str, str]:
    """うまくいかなかった入力。"""
    return "入力", "、".join(
        f"{name} = {shown(value)}" for name, value in given.items()
    )


def difference(
    name: str, got: object, expected: object, same: np.ndarray | None = None
) -> tuple[tuple[str, str], ...]:
    """返った値と正しい値。長い配列では、同じでない成分のはじめの一つ（same が False の所）を見せます。"""
    name = "値" if name == "戻り値" else f" {name}"
    pair = as_numbers(got), as_numbers(expected)
    if same is not None and np.size(same) > SHORT and all(p is not None for p in pair):
        where = tuple(int(k) for k in np.argwhere(~same)[0])
        at = f"{name}[{', '.join(map(str, where))}]"
        some = f"（形 {same.shape}、違う成分は {int((~same).sum())} 個）"
        return (
            (f"返った{at}", f"{_written(pair[0][where])}{some}"),
            (f"正しい{at}", _written(pair[1][where])),
        )
    return ((f"返った{name}", shown(got)), (f"正しい{name}", shown(expected)))


def _written(array: np.ndarray) -> str:
    if not np.ndim(array):
        value = np.asarray(array).item()
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    if not np.size(array):
        return f"形 {array.shape} の空の配列"
    rows = ", ".join(_element(each) for each in array)
    return f"[{rows}]"


def _element(value: np.ndarray | np.generic) -> str:
    if np.ndim(value):
        return _written(value)
    if isinstance(value, np.floating):
        text = f"{value:.4g}"
        return text if not text.lstrip("-").isdigit() else f"{text}.0"
    return str(value)
