"""演習: ノルムによる勾配クリッピング。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import TOLERANCES, as_array, close

ENLARGED = "上限より小さい勾配まで、上限の大きさに伸ばしています。縮めるのは超えたときだけです。"
EACH = "配列ごとに縮めています。全部の配列を一本のベクトルとみなしたノルムで、同じ割合だけ縮めます。"
BY_VALUE = (
    "成分ごとに上限を掛けています。これは値によるクリッピングで、向きが変わります。"
)
SQUARED = (
    "ノルムの平方根が抜けています。$\\lVert g\\rVert = \\sqrt{\\sum_i g_i^2}$ です。"
)
SUM_OF_NORMS = "配列ごとのノルムを足しています。二乗和を足してから平方根を取ります。"
NOT_CLIPPED = "勾配が縮んでいません。"


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(5)
    shapes = ((3, 2), (3, 3), (3,))
    for size, max_norm in ((4.0, 1.0), (0.01, 1.0), (3.0, 2.5)):
        grads = [size * rng.normal(size=shape) for shape in shapes]
        value = call(answer, [g.copy() for g in grads], max_norm)
        if not isinstance(value, (tuple, list)) or len(value) != len(grads):
            raise NotYet(
                f"{len(grads)} 個の配列のリストを返していません。",
                "`grads` と同じ順に、同じ形の配列を並べて返します。",
            )
        value = [
            as_array(f"戻り値[{i}]", v, g.shape)
            for i, (v, g) in enumerate(zip(value, grads, strict=True))
        ]
        if not _same(value, _shrunk(grads, max_norm)):
            raise NotYet(_reason(value, max_norm), _hint(value, grads, max_norm))
    return "縮めても向きは変わりません。小さい勾配は、そのままです。"


def _shrunk(grads: list[np.ndarray], max_norm: float, norm: float | None = None):
    norm = _norm(grads) if norm is None else norm
    return [g * min(1, max_norm / norm) for g in grads]


def _norm(grads: list[np.ndarray]) -> float:
    return float(np.sqrt(sum(np.sum(g**2) for g in grads)))


def _same(value: list[np.ndarray], correct: list[np.ndarray]) -> bool:
    # PyTorch のように、割る前のノルムに 1e-6 を足した答えも正解とします
    return all(
        np.allclose(a, b, rtol=max(1e-5, TOLERANCES[a.dtype.itemsize][0]), atol=1e-12)
        for a, b in zip(value, correct, strict=True)
    )


def _reason(value: list[np.ndarray], max_norm: float) -> str:
    return f"返された勾配全体のノルムは {_norm(value):.3g}、上限は {max_norm:g} です。"


def _hint(value: list[np.ndarray], grads: list[np.ndarray], max_norm: float) -> str:
    norm = _norm(grads)
    wrong = {
        ENLARGED: [g * max_norm / norm for g in grads],
        NOT_CLIPPED: grads,
        BY_VALUE: [np.clip(g, -max_norm, max_norm) for g in grads],
        EACH: [_shrunk([g], max_norm)[0] for g in grads],
        SQUARED: _shrunk(grads, max_norm, norm**2),
        SUM_OF_NORMS: _shrunk(grads, max_norm, sum(_norm([g]) for g in grads)),
    }
    for hint, arrays in wrong.items():
        if all(close(a, b) for a, b in zip(value, arrays, strict=True)):
            return hint
    return "$g \\leftarrow g \\cdot \\min(1, c / \\lVert g\\rVert)$ です。"


CLIP = Exercise(
    title="ノルムによるクリッピング",
    stub='''def my_clip(grads, max_norm):
    """勾配の配列のリスト grads 全体のノルムを max_norm 以下に縮め、同じ形のリストで返す。"""
    ...  # ここを書き換えます
''',
    solution='''def my_clip(grads, max_norm):
    """勾配の配列のリスト grads 全体のノルムを max_norm 以下に縮め、同じ形のリストで返す。"""
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))  # 全部をつなげた一本のノルム
    scale = min(1, max_norm / norm)  # 超えていなければ 1
    return [g * scale for g in grads]
''',
    examine=examine,
)
