"""演習: ノルムによる勾配クリッピング。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs
from rnnbook.training.clipping import clip_by_norm, clip_by_value, total_norm


def scaled(grads: list[np.ndarray], scale: float) -> list[np.ndarray]:
    return [g * scale for g in grads]


WRONG = (
    Wrong(
        lambda grads, max_norm: scaled(grads, max_norm / total_norm(grads)),
        "上限より小さい勾配まで、上限の大きさに伸ばしています。縮めるのは超えたときだけです。",
    ),
    Wrong(lambda grads, max_norm: list(grads), "勾配が縮んでいません。"),
    Wrong(
        clip_by_value,
        "成分ごとに上限を掛けています。これは値によるクリッピングで、向きが変わります。",
    ),
    Wrong(
        lambda grads, max_norm: [clip_by_norm([g], max_norm)[0] for g in grads],
        "配列ごとに縮めています。全部の配列を一本のベクトルとみなしたノルムで、同じ割合だけ縮めます。",
    ),
    Wrong(
        lambda grads, max_norm: scaled(
            grads, min(1, max_norm / total_norm(grads) ** 2)
        ),
        "ノルムの平方根が抜けています。$\\lVert g\\rVert = \\sqrt{\\sum_i g_i^2}$ です。",
    ),
    Wrong(
        lambda grads, max_norm: scaled(
            grads, min(1, max_norm / sum(np.linalg.norm(g) for g in grads))
        ),
        "配列ごとのノルムを足しています。二乗和を足してから平方根を取ります。",
    ),
    Wrong(
        lambda grads, max_norm: clip_by_norm(grads, max_norm)[0],
        "2 個の値を返していません（ndarray が返されました）。",
    ),
)


def examine(answer: Callable) -> str:
    large = {"grads": [np.array([3.0, -6.0]), np.array([[2.0]])], "max_norm": 3.5}
    small = {"grads": [np.array([0.3, -0.4]), np.array([[0.0]])], "max_norm": 1.0}
    rng = np.random.default_rng(5)
    long = {"grads": [rng.normal(size=(3, 2)), rng.normal(size=3)], "max_norm": 0.5}
    compare_runs(
        answer,
        clip_by_norm,
        [large, small, long],
        wrong=WRONG,
        hint="$g \\leftarrow g \\cdot \\min(1, c / \\lVert g\\rVert)$ です。",
        rtol=1e-5,  # PyTorch のように、割る前のノルムに 1e-6 を足した答えも正解とします
    )
    return "縮めても向きは変わりません。小さい勾配は、そのままです。"


EXERCISE = Exercise(
    title="ノルムによるクリッピング",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
(2.8) の上の式です。勾配は、形の違う配列のリストで渡されます。全部をつなげた一本のベクトルのノルムが `max_norm` を超えたときだけ縮め、元と同じ形のリストで返してください。
""",
    stub='''def my_clip(grads, max_norm):
    """勾配の配列のリスト grads 全体のノルムを max_norm 以下に縮めて返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "縮めても向きが変わらないためには、どの配列にも同じ数を掛けます。その数は、何から決まりますか。",
        "全部の成分の二乗を足し、平方根を取ると、一本のベクトルのノルムになります。上限との比が、掛ける数です。",
        "比が 1 を超えたら 1 にします: `scale = min(1, max_norm / norm)`。返すのは `[g * scale for g in grads]` です。",
    ),
    solution='''def my_clip(grads, max_norm):
    """勾配の配列のリスト grads 全体のノルムを max_norm 以下に縮めて返す。"""
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))  # 全部をつなげた一本
    scale = min(1, max_norm / norm)  # 超えていなければ 1
    return [g * scale for g in grads]
''',
    compare="ノルムを一つにまとめる行と、小さい勾配をそのままにする行が、それぞれどこにあるかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
