"""演習: 時間で分ける窓。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, numbers

NAMES = ("x_train", "y_train", "x_test", "y_test")
LEAKY_SCALE = "平均と標準偏差に試験期間の値が混ざっています（リーク）。`series[:n_train]` だけから決めます。"
NOT_SCALED = "標準化されていません。学習期間の平均を引き、標準偏差で割ります。"
OVERLAP = "学習の当てる点が試験期間に入り込んでいます（リーク）。当てる点が `n_train` より前の窓だけを学習に使います。"
TOO_FEW = "試験の窓が p 個少なくなっています。入力が学習期間の点を見るのはリークではないので、残りの点はすべて当てられます。"
SEES_TARGET = "窓の最後の点が、当てる点そのものになっています（リーク）。窓は当てる点の一つ前で終わります。"


def examine(answer: Callable) -> str:
    n, n_train, p = 40, 28, 5
    series = np.random.default_rng(2).normal(size=n).cumsum() + np.linspace(0, 30, n)
    value = call(answer, series.copy(), n_train, p)
    if not isinstance(value, (tuple, list)) or len(value) != 4:
        raise NotYet(
            "四つの配列を返していません。", f"`return {', '.join(NAMES)}` で終えます。"
        )
    given = [_squeezed(v) for v in value]

    n_windows = n_train - p, n - n_train
    if len(given[1]) > n_windows[0]:
        raise NotYet(
            f"学習の窓が {len(given[1])} 個あります。正しくは {n_windows[0]} 個です。",
            OVERLAP,
        )
    if len(given[3]) == n_windows[1] - p:
        raise NotYet(
            f"試験の窓が {len(given[3])} 個です。正しくは {n_windows[1]} 個です。",
            TOO_FEW,
        )
    shapes = [(n_windows[0], p), (n_windows[0],), (n_windows[1], p), (n_windows[1],)]
    given = [as_array(*each) for each in zip(NAMES, given, shapes, strict=True)]

    known = series[:n_train]
    # 不偏の標準偏差（ddof=1）で割る答えも正解とします
    if any(
        _same(given, _cut((series - known.mean()) / known.std(ddof=d), n_train, p))
        for d in (0, 1)
    ):
        return "当てる点は重ならず、標準化は学習期間だけで決まっています。"
    if close(given[1], given[0][:, -1]):
        raise NotYet("窓に、当てる点が入っています。", SEES_TARGET)
    if _same(given, _cut(series, n_train, p)):
        raise NotYet(
            "窓の切り方は合っていますが、値が標準化されていません。", NOT_SCALED
        )
    if any(
        _same(given, _cut((series - series.mean()) / series.std(ddof=d), n_train, p))
        for d in (0, 1)
    ):
        raise NotYet("窓の切り方は合っていますが、標準化が違います。", LEAKY_SCALE)
    raise NotYet(
        "形は合っていますが、値が違います。",
        "k 番目の学習の窓は `z[k : k + p]`、当てる点は `z[k + p]` です。並べ替えはしません。",
    )


def _squeezed(value: object) -> np.ndarray:
    """(N, p, 1) や (N, 1) も、(N, p) や (N,) と同じに扱います。"""
    array = numbers("戻り値の一つ", value)
    if array.ndim == 0:
        raise NotYet("配列ではなく、一つの数が返されました。")
    return array[..., 0] if array.ndim > 1 and array.shape[-1] == 1 else array


def _cut(z: np.ndarray, n_train: int, p: int) -> list[np.ndarray]:
    x = np.lib.stride_tricks.sliding_window_view(z, p)[:-1]
    y = z[p:]
    return [x[: n_train - p], y[: n_train - p], x[n_train - p :], y[n_train - p :]]


def _same(given: list[np.ndarray], correct: list[np.ndarray]) -> bool:
    return all(close(a, b) for a, b in zip(given, correct, strict=True))


SPLIT = Exercise(
    title="時間で分ける窓",
    stub='''def my_split(series, n_train, p):
    """はじめの n_train 点を学習期間、残りを試験期間とし、直前の p 点から次の点を当てる窓を作る。

    値は学習期間の平均と標準偏差で標準化する。
    """
    ...  # ここを書き換えます
    # return x_train, y_train, x_test, y_test
''',
    solution='''def my_split(series, n_train, p):
    """はじめの n_train 点を学習期間、残りを試験期間とし、直前の p 点から次の点を当てる窓を作る。

    値は学習期間の平均と標準偏差で標準化する。
    """
    known = series[:n_train]
    z = (series - known.mean()) / known.std()
    x = np.array([z[k : k + p] for k in range(len(z) - p)])
    y = z[p:]
    first_test = n_train - p  # 当てる点が n_train 番目になる窓
    x_train, y_train = x[:first_test], y[:first_test]
    x_test, y_test = x[first_test:], y[first_test:]
    return x_train, y_train, x_test, y_test
''',
    examine=examine,
)
