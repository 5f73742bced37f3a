"""演習: GRU の候補と、混ぜ方。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, name_mistake

B, H = 4, 3


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(5)
    r, z = rng.uniform(0.1, 0.9, (B, H)), rng.uniform(0.1, 0.9, (B, H))
    h, a_x = rng.normal(size=(B, H)), rng.normal(size=(B, H))
    W_hh = rng.normal(size=(H, H))
    value = call(answer, *(v.copy() for v in (h, r, z, a_x, W_hh)))
    value = as_array("戻り値", value, (B, H))

    def mix(a: np.ndarray, new: np.ndarray = z, squash: Callable = np.tanh):
        """活性化前の値 a の候補を、new の割合で混ぜます。"""
        return (1 - new) * h + new * squash(a)

    before, after = a_x + (r * h) @ W_hh.T, a_x + r * (h @ W_hh.T)
    if close(value, mix(before)):
        return "$z_t$ を $1 - z_t$ に、リセットを行列の後に替えれば、PyTorch の式です。"
    wrong = {
        "リセットの場所が違います。(3.10) では、行列を掛ける前の $h_{t-1}$ に $r_t$ を掛けます。": mix(
            after
        ),
        "$z_t$ の向きが逆です（PyTorch の書き方）。本書では $z_t = 1$ が「候補に入れ替える」です。": mix(
            before, 1 - z
        ),
        "$z_t$ の向きも、リセットの場所も PyTorch の書き方です。": mix(after, 1 - z),
        "リセットゲート `r` が使われていません。": mix(a_x + h @ W_hh.T),
        "`W_hh` の向きが逆です。": mix(a_x + (r * h) @ W_hh),
        "候補に tanh が掛かっていません。": mix(before, squash=lambda a: a),
        "候補だけを返しています。$(1 - z_t) \\odot h_{t-1}$ が要ります。": np.tanh(
            before
        ),
    }
    raise NotYet(
        "形は合っていますが、値が違います。",
        name_mistake(value, wrong)
        or "候補 $\\tilde h_t$ と、混ぜ方を分けて確かめます。",
    )


GRU_STEP = Exercise(
    title="GRU の候補と、混ぜ方",
    stub='''def my_gru_step(h, r, z, a_x, W_hh):
    """一つ前の h (B, H) とゲート r, z (B, H) から、新しい h (B, H) を返す。

    a_x (B, H) は、候補に入る入力の項 W_xh x + b_h。
    """
    ...  # ここを書き換えます
''',
    solution='''def my_gru_step(h, r, z, a_x, W_hh):
    """一つ前の h (B, H) とゲート r, z (B, H) から、新しい h (B, H) を返す。

    a_x (B, H) は、候補に入る入力の項 W_xh x + b_h。
    """
    h_tilde = np.tanh(a_x + (r * h) @ W_hh.T)
    return (1 - z) * h + z * h_tilde
''',
    examine=examine,
)
