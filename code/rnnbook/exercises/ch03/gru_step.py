"""演習: GRU の候補と、混ぜ方。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def before(h, r, a_x, W_hh):
    """(3.12): リセットしてから行列を掛けます。"""
    return a_x + (r * h) @ W_hh.T


def after(h, r, a_x, W_hh):
    """PyTorch: 行列を掛けてからリセットします。"""
    return a_x + r * (h @ W_hh.T)


def gru(
    candidate: Callable = before, flipped: bool = False, squash: Callable = np.tanh
):
    """間違いを選べる混ぜ方。何も選ばなければ正しい計算です。"""

    def answer(h, r, z, a_x, W_hh):
        new = 1 - z if flipped else z
        return (1 - new) * h + new * squash(candidate(h, r, a_x, W_hh))

    return answer


WRONG = (
    Wrong(
        gru(after),
        "リセットの場所が違います。(3.12) では、行列を掛ける前の $h_{t-1}$ に $r_t$ を掛けます。",
    ),
    Wrong(
        gru(flipped=True),
        "$z_t$ の向きが逆です（PyTorch の書き方）。本書では $z_t = 1$ が「候補に入れ替える」です。",
    ),
    Wrong(
        gru(after, flipped=True),
        "$z_t$ の向きも、リセットの場所も PyTorch の書き方です。",
    ),
    Wrong(
        gru(lambda h, r, a_x, W_hh: a_x + h @ W_hh.T),
        "リセットゲート `r` が使われていません。",
    ),
    Wrong(gru(lambda h, r, a_x, W_hh: a_x + (r * h) @ W_hh), "`W_hh` の向きが逆です。"),
    Wrong(gru(squash=lambda a: a), "候補に tanh が掛かっていません。"),
    Wrong(
        lambda h, r, z, a_x, W_hh: np.tanh(before(h, r, a_x, W_hh)),
        "候補だけを返しています。$(1 - z_t) \\odot h_{t-1}$ が要ります。",
    ),
)


def examine(answer: Callable) -> str:
    small = {
        "h": np.array([[0.5, -1.0]]),
        "r": np.array([[0.2, 0.9]]),
        "z": np.array([[0.3, 0.8]]),
        "a_x": np.array([[0.1, -0.4]]),
        "W_hh": np.array([[0.6, -0.7], [1.1, 0.4]]),
    }
    rng, (B, H) = np.random.default_rng(5), (4, 3)
    long = {
        "h": rng.normal(size=(B, H)),
        "r": rng.uniform(0.1, 0.9, (B, H)),
        "z": rng.uniform(0.1, 0.9, (B, H)),
        "a_x": rng.normal(size=(B, H)),
        "W_hh": rng.normal(size=(H, H)),
    }
    compare_runs(
        answer,
        gru(),
        [small, long],
        wrong=WRONG,
        hint="候補 $\\tilde h_t$ と、混ぜ方を分けて確かめます。",
    )
    return "$z_t$ を $1 - z_t$ に、リセットを行列の後に替えれば、PyTorch の式です。"


EXERCISE = Exercise(
    title="GRU の候補と、混ぜ方",
    kind="書く",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
(3.11) と (3.12) を、本書の向きと本書のリセットの場所で書いてください。ゲートの値は与えられます。
""",
    stub='''def my_gru_step(h, r, z, a_x, W_hh):
    """一つ前の h (B, H) とゲート r, z (B, H) から、新しい h (B, H) を返す。

    a_x (B, H) は、候補に入る入力の項 W_xh x + b_h。
    """
    ...  # ここを書き換えます
''',
    hints=(
        "計算は二段です。はじめに候補を作り、次に古い状態と混ぜます。",
        "候補では、リセットゲートを $h_{t-1}$ に掛けてから $W_{hh}$ を掛けます。混ぜる割合は $z_t$ です。",
        "`h_tilde = np.tanh(a_x + (r * h) @ W_hh.T)` を、`(1 - z) * h + z * h_tilde` に混ぜます。",
    ),
    solution='''def my_gru_step(h, r, z, a_x, W_hh):
    """一つ前の h (B, H) とゲート r, z (B, H) から、新しい h (B, H) を返す。

    a_x (B, H) は、候補に入る入力の項 W_xh x + b_h。
    """
    h_tilde = np.tanh(a_x + (r * h) @ W_hh.T)
    return (1 - z) * h + z * h_tilde
''',
    compare="`r` を掛けた場所が行列の前か後か、`z` が新しいほうの割合かを見比べます。",
    examine=examine,
    wrong=WRONG,
)
