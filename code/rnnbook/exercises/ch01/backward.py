"""演習: 一時刻の逆伝播。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, name_mistake


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(3)
    B, H = 4, 3
    h, dh, W_hh = (
        np.tanh(rng.normal(size=(B, H))),
        rng.normal(size=(B, H)),
        rng.normal(size=(H, H)),
    )
    value = call(answer, dh.copy(), h.copy(), W_hh.copy())
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise NotYet(
            "二つの配列を返していません。", "`return da, dh_previous` で終えます。"
        )
    da = as_array("da", value[0], (B, H))
    dh_previous = as_array("dh_previous", value[1], (B, H))

    correct = dh * (1 - h**2)
    if not close(da, correct):
        wrong = {
            "tanh の微分 $1 - h^2$ が掛けられていません。": dh,
            "`h` はすでに tanh を通った値です。微分は `1 - h**2` で、もう一度 tanh を通しません。": dh
            * (1 - np.tanh(h) ** 2),
            "$1 - h^2$ と $(1 - h)^2$ は違います。": dh * (1 - h) ** 2,
            "$h(1 - h)$ はシグモイドの微分です。tanh の微分は $1 - h^2$ です。": dh
            * h
            * (1 - h),
        }
        raise NotYet(
            "da の値が違います。",
            name_mistake(da, wrong) or "$da = dh \\odot (1 - h^2)$ です。",
        )
    if not close(dh_previous, da @ W_hh):
        wrong = {
            "`W_hh` の向きが逆です。順伝播が `h @ W_hh.T` なので、逆伝播は `da @ W_hh` です。": da
            @ W_hh.T,
            "`da` ではなく `dh` に W_hh を掛けています。tanh の微分を通ってから戻ります。": dh
            @ W_hh,
        }
        raise NotYet(
            "da は合っています。dh_previous の値が違います。",
            name_mistake(dh_previous, wrong)
            or "$a = \\dots + W_{hh} h_{t-1}$ を $h_{t-1}$ で微分します。",
        )
    return "これを最後の時刻から繰り返すと、時間方向の誤差逆伝播（BPTT）になります。"


BACKWARD = Exercise(
    title="一時刻の逆伝播",
    stub='''def my_backward(dh, h, W_hh):
    """dh = ∂L/∂h_t (B, H)、h = h_t (B, H) から、∂L/∂a_t と ∂L/∂h_{t-1} を返す。"""
    ...  # ここを書き換えます
    # return da, dh_previous
''',
    solution='''def my_backward(dh, h, W_hh):
    """dh = ∂L/∂h_t (B, H)、h = h_t (B, H) から、∂L/∂a_t と ∂L/∂h_{t-1} を返す。"""
    da = dh * (1 - h**2)
    dh_previous = da @ W_hh
    return da, dh_previous
''',
    examine=examine,
)
