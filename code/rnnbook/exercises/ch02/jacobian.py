"""演習: 時刻 1 から T までのヤコビ行列の積。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, name_mistake

REVERSED = "掛ける順が逆です。新しい時刻の行列を左から掛けます。"
TOO_MANY = "$h_1$ 自身のヤコビ行列まで掛けています。$\\partial h_T/\\partial h_1$ は時刻 2 から T までの積です。"


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(4)
    T, H = 5, 3
    h, W_hh = np.tanh(rng.normal(size=(T, H))), rng.normal(size=(H, H))
    value = as_array("戻り値", call(answer, h.copy(), W_hh.copy()), (H, H))

    def product(steps: list[np.ndarray], newest_first: bool = True) -> np.ndarray:
        whole = np.eye(H)
        for step in steps:
            whole = step @ whole if newest_first else whole @ step
        return whole

    def steps(slope: Callable) -> list[np.ndarray]:
        return [np.diag(slope(h_t)) @ W_hh for h_t in h]

    right = steps(lambda h_t: 1 - h_t**2)
    if close(value, product(right[1:])):
        return "逆伝播は、この積の転置を右から順に掛けています。"
    wrong = {
        TOO_MANY: product(right),
        "$1 - h_t^2$ が掛けられていません。": product(steps(np.ones_like)[1:]),
        REVERSED: product(right[1:], newest_first=False),
        "`h` はすでに tanh を通った値です。微分は `1 - h**2` で、もう一度 tanh を通しません。": product(
            steps(lambda h_t: 1 - np.tanh(h_t) ** 2)[1:]
        ),
        "$1 - h_t^2$ を列に掛けています。$\\mathrm{diag}(1 - h_t^2)\\,W_{hh}$ では、行に掛けます。": product(
            [W_hh @ np.diag(1 - h_t**2) for h_t in h[1:]]
        ),
        "`W_hh` の向きが逆です。": product(
            [np.diag(1 - h_t**2) @ W_hh.T for h_t in h[1:]]
        ),
        "$h_{t-1}$ の $1 - h^2$ を使っています。$\\partial h_t/\\partial h_{t-1}$ に要るのは $h_t$ のほうです。": product(
            right[:-1]
        ),
        "`*` で要素ごとに掛けています。ヤコビ行列の積は `@` です。": np.prod(
            right[1:], axis=0
        ),
    }
    raise NotYet(
        "形は合っていますが、値が違います。",
        name_mistake(value, wrong)
        or "単位行列から始め、$t = 2, \\dots, T$ の $\\mathrm{diag}(1 - h_t^2)\\,W_{hh}$ を左から掛けます。",
    )


JACOBIAN = Exercise(
    title="ヤコビ行列の積",
    stub='''def my_jacobian(h, W_hh):
    """隠れ状態 h = h_1 … h_T (T, H) と W_hh (H, H) から、∂h_T/∂h_1 (H, H) を返す。"""
    ...  # ここを書き換えます
''',
    solution='''def my_jacobian(h, W_hh):
    """隠れ状態 h = h_1 … h_T (T, H) と W_hh (H, H) から、∂h_T/∂h_1 (H, H) を返す。"""
    product = np.eye(len(W_hh))
    for h_t in h[1:]:  # t = 2, …, T
        product = np.diag(1 - h_t**2) @ W_hh @ product  # 新しい時刻を左から
    return product
''',
    examine=examine,
)
