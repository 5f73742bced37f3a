"""演習: 一時刻の逆伝播。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def with_slope(slope: Callable) -> Callable:
    """微分 ∂h/∂a を slope(h) とした、一時刻の逆伝播。"""

    def answer(dh, h, W_hh):
        da = dh * slope(h)
        return da, da @ W_hh

    return answer


right = with_slope(lambda h: 1 - h**2)
WRONG = (
    Wrong(with_slope(np.ones_like), "tanh の微分 $1 - h^2$ が掛けられていません。"),
    Wrong(
        with_slope(lambda h: 1 - np.tanh(h) ** 2),
        "`h` はすでに tanh を通った値です。微分は `1 - h**2` で、もう一度 tanh を通しません。",
    ),
    Wrong(with_slope(lambda h: (1 - h) ** 2), "$1 - h^2$ と $(1 - h)^2$ は違います。"),
    Wrong(
        with_slope(lambda h: h * (1 - h)),
        "$h(1 - h)$ はシグモイド関数の微分です。tanh の微分は $1 - h^2$ です。",
    ),
    Wrong(
        lambda dh, h, W_hh: (right(dh, h, W_hh)[0], right(dh, h, W_hh)[0] @ W_hh.T),
        "`W_hh` の向きが逆です。順伝播が `h @ W_hh.T` なので、逆伝播は `da @ W_hh` です。",
    ),
    Wrong(
        lambda dh, h, W_hh: (right(dh, h, W_hh)[0], dh @ W_hh),
        "`da` ではなく `dh` に W_hh を掛けています。tanh の微分を通ってから戻ります。",
    ),
    Wrong(
        lambda dh, h, W_hh: right(dh, h, W_hh)[0],
        "`return da, dh_previous` で終えます。",
    ),
)


def examine(answer: Callable) -> str:
    small = {
        "dh": np.array([[1.0, -0.5], [0.2, 2.0]]),
        "h": np.array([[0.3, -0.8], [0.6, 0.1]]),
        "W_hh": np.array([[0.4, -1.2], [0.9, 0.7]]),
    }
    rng = np.random.default_rng(3)
    long = {
        "dh": rng.normal(size=(4, 3)),
        "h": np.tanh(rng.normal(size=(4, 3))),
        "W_hh": rng.normal(size=(3, 3)),
    }
    compare_runs(
        answer,
        right,
        [small, long],
        returns=("da", "dh_previous"),
        wrong=WRONG,
        hint="$da = dh \\odot (1 - h^2)$ です。$a = \\dots + W_{hh} h_{t-1}$ を $h_{t-1}$ で微分すると、$da$ から戻れます。",
    )
    return "これを最後の時刻から繰り返すと、時間方向の誤差逆伝播（BPTT）になります。"


EXERCISE = Exercise(
    title="一時刻の逆伝播",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
(1.4) の一時刻ぶんです。`dh` は、出力からの分と未来からの分を足し終えた $\\partial\\mathcal{L}/\\partial h_t$ とします。
""",
    stub='''def my_backward(dh, h, W_hh):
    """dh = ∂L/∂h_t と h = h_t (B, H) から、∂L/∂a_t と ∂L/∂h_{t-1} を返す。"""
    ...  # ここを書き換えます
    # return da, dh_previous
''',
    hints=(
        "順伝播は $h_{t-1} \\to a_t \\to h_t$ の順です。逆伝播は、その矢印を逆にたどります。",
        "$h_t = \\tanh(a_t)$ の微分は $1 - h_t^2$ で、成分ごとに掛けます。$a_t$ から $h_{t-1}$ へは、行列で戻ります。",
        "`da = dh * (1 - h**2)` です。順伝播の `h @ W_hh.T` を逆にたどると、`da @ W_hh` です。",
    ),
    solution='''def my_backward(dh, h, W_hh):
    """dh = ∂L/∂h_t と h = h_t (B, H) から、∂L/∂a_t と ∂L/∂h_{t-1} を返す。"""
    da = dh * (1 - h**2)
    dh_previous = da @ W_hh
    return da, dh_previous
''',
    compare="`*` と `@` の使い分けと、転置の有無を見比べます。",
    examine=examine,
    wrong=WRONG,
)
