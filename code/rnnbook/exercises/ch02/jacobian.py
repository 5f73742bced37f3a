"""演習: ヤコビ行列の積。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def product(steps: list[np.ndarray]) -> np.ndarray:
    """新しい時刻を左から掛けた積。"""
    whole = np.eye(len(steps[0]))
    for step in steps:
        whole = step @ whole
    return whole


def steps(h: np.ndarray, W_hh: np.ndarray) -> list[np.ndarray]:
    """すべての時刻の J_t = diag(1 − h_t²) W_hh。"""
    return [np.diag(1 - h_t**2) @ W_hh for h_t in h]


def right(h: np.ndarray, W_hh: np.ndarray) -> np.ndarray:
    return product(steps(h, W_hh)[1:])


WRONG = (
    Wrong(
        lambda h, W_hh: product(steps(h, W_hh)),
        "$h_1$ 自身のヤコビ行列まで掛けています。$\\partial h_T/\\partial h_1$ は時刻 2 から T までの積です。",
    ),
    Wrong(
        lambda h, W_hh: product([W_hh] * (len(h) - 1)),
        "$1 - h_t^2$ が掛けられていません。",
    ),
    Wrong(
        lambda h, W_hh: product(steps(h, W_hh)[:0:-1]),
        "掛ける順が逆です。新しい時刻の行列を左から掛けます。",
    ),
    Wrong(
        lambda h, W_hh: right(np.tanh(h), W_hh),
        "`h` はすでに tanh を通った値です。微分は `1 - h**2` で、もう一度 tanh を通しません。",
    ),
    Wrong(
        lambda h, W_hh: product([W_hh * (1 - h_t**2) for h_t in h[1:]]),
        "$1 - h_t^2$ を列に掛けています。$\\mathrm{diag}(1 - h_t^2)\\,W_{hh}$ では、行に掛けます。",
    ),
    Wrong(lambda h, W_hh: right(h, W_hh.T), "`W_hh` の向きが逆です。"),
    Wrong(
        lambda h, W_hh: product(steps(h, W_hh)[:-1]),
        "$h_{t-1}$ の $1 - h^2$ を使っています。$\\partial h_t/\\partial h_{t-1}$ に要るのは $h_t$ のほうです。",
    ),
    Wrong(
        lambda h, W_hh: np.prod(steps(h, W_hh)[1:], axis=0),
        "`*` で要素ごとに掛けています。ヤコビ行列の積は `@` です。",
    ),
    Wrong(steps, "の形が (3, 2, 2) です。正しくは (2, 2) です。"),
)


def examine(answer: Callable) -> str:
    small = {
        "h": np.array([[0.2, -0.5], [0.6, 0.1], [-0.3, 0.8]]),
        "W_hh": np.array([[0.5, -1.0], [0.7, 0.4]]),
    }
    rng = np.random.default_rng(4)
    long = {"h": np.tanh(rng.normal(size=(6, 4))), "W_hh": rng.normal(size=(4, 4))}
    compare_runs(
        answer,
        right,
        [small, long],
        wrong=WRONG,
        hint="単位行列から始め、$t = 2, \\dots, T$ の $\\mathrm{diag}(1 - h_t^2)\\,W_{hh}$ を左から掛けます。",
    )
    return "逆伝播は、この積の転置を右から順に掛けています。"


EXERCISE = Exercise(
    title="ヤコビ行列の積",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
(2.1) と (2.2) から、$\\partial h_T / \\partial h_1$ を計算してください。`h` は $(T, H)$ で、`h[0]` が $h_1$ です。
""",
    stub='''def my_jacobian(h, W_hh):
    """h = h_1 … h_T (T, H) と W_hh (H, H) から、∂h_T/∂h_1 (H, H) を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "$h_1$ を動かすと $h_2$ が動き、$h_2$ が動くと $h_3$ が動きます。一歩ごとの行列は、いくつありますか。",
        "$T$ 個の状態の間には、歩は $T - 1$ あります。時刻 $t$ の行列は `np.diag(1 - h_t**2) @ W_hh` です。",
        "`product = np.eye(len(W_hh))` から始め、`for h_t in h[1:]:` の中で、新しい行列を `product` の左から掛けます。",
    ),
    solution='''def my_jacobian(h, W_hh):
    """h = h_1 … h_T (T, H) と W_hh (H, H) から、∂h_T/∂h_1 (H, H) を返す。"""
    product = np.eye(len(W_hh))
    for h_t in h[1:]:  # t = 2, …, T
        product = np.diag(1 - h_t**2) @ W_hh @ product  # 新しい時刻を左から
    return product
''',
    compare="行列を左と右のどちらから掛けたか、`h[0]` をどこで除いたかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
