"""演習: 時間で分ける窓。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises import evidence
from rnnbook.exercises.call import call
from rnnbook.exercises.compare import as_array, close, numbers
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong

NAMES = ("x_train", "y_train", "x_test", "y_test")
GIVEN = {
    "series": np.array([3, 5, 4, 8, 9, 7, 12, 14, 20, 19, 25, 24]) / 1.0,
    "n_train": 8,
    "p": 2,
}
LEAKY_SCALE = "平均と標準偏差に試験期間の値が混ざっています（リーク）。`series[:n_train]` だけから決めます。"
NOT_SCALED = "標準化されていません。学習期間の平均を引き、標準偏差で割ります。"
OVERLAP = "学習の当てる点が試験期間に入り込んでいます（リーク）。当てる点が `n_train` より前の窓だけを学習に使います。"
TOO_FEW = "試験の窓が p 個少なくなっています。入力が学習期間の点を見るのはリークではないので、残りの点はすべて当てられます。"
SEES_TARGET = "窓の最後の点が、当てる点そのものになっています（リーク）。窓は当てる点の一つ前で終わります。"
ORDER = "k 番目の学習の窓は `z[k : k + p]`、当てる点は `z[k + p]` です。並べ替えはしません。"


def windows(z: np.ndarray, p: int) -> tuple[np.ndarray, np.ndarray]:
    return np.lib.stride_tricks.sliding_window_view(z, p)[:-1], z[p:]


def cut(x: np.ndarray, y: np.ndarray, first_test: int) -> tuple[np.ndarray, ...]:
    return x[:first_test], y[:first_test], x[first_test:], y[first_test:]


def scaled(series: np.ndarray, known: np.ndarray, ddof: int = 0) -> np.ndarray:
    return (series - known.mean()) / known.std(ddof=ddof)


def split(series, n_train, p, ddof=0):
    """正しい分け方。"""
    return cut(*windows(scaled(series, series[:n_train], ddof), p), n_train - p)


def whole_scale(series, n_train, p):
    return cut(*windows(scaled(series, series), p), n_train - p)


def not_scaled(series, n_train, p):
    return cut(*windows(series, p), n_train - p)


def counts_windows(series, n_train, p):
    return cut(*windows(scaled(series, series[:n_train]), p), n_train)


def apart(series, n_train, p):
    z = scaled(series, series[:n_train])
    return *windows(z[:n_train], p), *windows(z[n_train:], p)


def target_inside(series, n_train, p):
    x, y = windows(scaled(series, series[:n_train]), p)
    return cut(np.column_stack([x[:, 1:], y]), y, n_train - p)


def shuffled(series, n_train, p):
    x, y = windows(scaled(series, series[:n_train]), p)
    order = np.random.default_rng(0).permutation(len(x))
    return cut(x[order], y[order], n_train - p)


WRONG = (
    Wrong(whole_scale, LEAKY_SCALE),
    Wrong(not_scaled, NOT_SCALED),
    Wrong(counts_windows, OVERLAP),
    Wrong(apart, TOO_FEW),
    Wrong(target_inside, SEES_TARGET),
    Wrong(shuffled, ORDER),
    Wrong(
        lambda series, n_train, p: (series[:n_train], series[n_train:]),
        "四つの配列を返していません。",
    ),
)


def examine(answer: Callable) -> str:
    """窓の形は (N, p, 1) でも (N, p) でも、標準偏差は不偏でもかまいません。"""
    try:
        given = [_squeezed(v) for v in _four(call(answer, *_copy()))]
        # 不偏の標準偏差（ddof=1）で割る答えも正解とします
        if any(_same(given, split(*_copy(), ddof=d)) for d in (0, 1)):
            return "当てる点は重ならず、標準化は学習期間だけで決まっています。"
        for each in WRONG[:-1]:
            if _same(given, [np.asarray(v) for v in each.answer(*_copy())]):
                raise NotYet("分け方が違います。", each.says, _difference(given))
        for name, value, right in zip(NAMES, given, split(*_copy()), strict=True):
            as_array(name, value, right.shape)
        raise NotYet("形は合っていますが、値が違います。", ORDER, _difference(given))
    except NotYet as not_yet:
        not_yet.evidence = (evidence.inputs(GIVEN), *not_yet.evidence)
        raise


def _copy() -> list[object]:
    return [GIVEN["series"].copy(), GIVEN["n_train"], GIVEN["p"]]


def _four(value: object) -> list[object]:
    if not isinstance(value, (tuple, list)) or len(value) != 4:
        raise NotYet(
            "四つの配列を返していません。", f"`return {', '.join(NAMES)}` で終えます。"
        )
    return list(value)


def _squeezed(value: object) -> np.ndarray:
    array = numbers("戻り値の一つ", value)
    if array.ndim == 0:
        raise NotYet("配列ではなく、一つの数が返されました。")
    return array[..., 0] if array.ndim > 1 and array.shape[-1] == 1 else array


def _same(given: list[np.ndarray], right: tuple | list) -> bool:
    return all(close(a, b) for a, b in zip(given, right, strict=True))


def _difference(given: list[np.ndarray]) -> tuple[tuple[str, str], ...]:
    """はじめに違う配列の、返った値と正しい値。"""
    right = split(*_copy())
    name, got, expected = next(
        each for each in zip(NAMES, given, right, strict=True) if not close(*each[1:])
    )
    return evidence.difference(name, got, expected)


DOCSTRING = '''"""はじめの n_train 点を学習期間とし、直前の p 点から次の点を当てる窓。

    値は学習期間の平均と標準偏差で標準化する。
    """'''

EXERCISE = Exercise(
    title="時間で分ける窓",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=20,
    text="""
1.13 節の分け方を自分で書きます。当てる点で学習と試験を分け、標準化は学習期間だけで決めます。試験の窓が、入力として学習期間の点を見るのはかまいません。予測する時点で、もう知っている値だからです。
""",
    stub=f"""def my_split(series, n_train, p):
    {DOCSTRING}
    ...  # ここを書き換えます
    # return x_train, y_train, x_test, y_test
""",
    hints=(
        "先に系列の全体を標準化し、全体から窓を作り、最後に学習と試験に分けます。標準化の平均は、どこから取りますか。",
        "$k$ 番目の窓は `z[k : k + p]`、当てる点は `z[k + p]` です。当てる点が `n_train` 番目になるのは、何番目の窓ですか。",
        "はじめの `n_train - p` 個の窓が学習、残りが試験です。平均と標準偏差は `series[:n_train]` から取ります。",
    ),
    solution=f"""def my_split(series, n_train, p):
    {DOCSTRING}
    known = series[:n_train]
    z = (series - known.mean()) / known.std()
    x = np.array([z[k : k + p] for k in range(len(z) - p)])
    y = z[p:]
    first_test = n_train - p  # 当てる点が n_train 番目になる窓
    x_train, y_train = x[:first_test], y[:first_test]
    x_test, y_test = x[first_test:], y[first_test:]
    return x_train, y_train, x_test, y_test
""",
    compare="平均と標準偏差を取る範囲と、学習と試験を分ける番号を見比べます。",
    examine=examine,
    wrong=WRONG,
)
