"""演習: スペクトル半径と最大の特異値のどちらが、勾配の届く長さを決めるか。"""

from __future__ import annotations

import numpy as np

from rnnbook.cells.initial import spectral_radius
from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

W_STRETCH = np.array([[0.8, 4.0], [0.0, 0.8]])
W_TURN = 0.95 * np.array([[0.8, -0.6], [0.6, 0.8]])


def growth(W: np.ndarray, n: int) -> float:
    """‖Wⁿ‖: n 時刻遡ったときの倍率。"""
    return float(np.linalg.norm(np.linalg.matrix_power(W, n), 2))


def reach(W: np.ndarray) -> int:
    """‖Wⁿ‖ がはじめて 0.001 を下回る n。"""
    return next(n for n in range(1, 10_000) if growth(W, n) < 0.001)


def _largest() -> str:
    sizes = [np.linalg.norm(W, 2) for W in (W_STRETCH, W_TURN)]
    return (
        f"最大の特異値は W が {sizes[0]:.2f}、V が {sizes[1]:.2f} なのに、"
        f"届いたのは W が {reach(W_STRETCH)} 時刻、V が {reach(W_TURN)} 時刻です。"
    )


def _every_step() -> str:
    peak = max(range(1, 60), key=lambda n: growth(W_STRETCH, n))
    return (
        f"W のスペクトル半径は {spectral_radius(W_STRETCH):.2f} ですが、1 時刻で {growth(W_STRETCH, 1):.2f} 倍、"
        f"{peak} 時刻で {growth(W_STRETCH, peak):.2f} 倍に育っています。"
    )


def _saturation() -> str:
    h = np.zeros(2)
    for _ in range(60):
        h = np.tanh(W_STRETCH @ h)  # 入力もバイアスも 0
    return f"60 時刻あとの $1 - h^2$ の最小は {np.min(1 - h**2):.2f} です。tanh は一度も縮めていません。"


REASONS = {
    "ア": Reason("最大の特異値が大きいほど、勾配は遠くまで届く。", _largest),
    "イ": Reason(
        "スペクトル半径が 1 より小さいので、1 時刻遡るたびに、その倍率で縮む。",
        _every_step,
    ),
    "ウ": Reason("$\\tanh$ が飽和して、$1 - h^2$ が勾配を縮めた。", _saturation),
    "エ": Reason(
        "はじめの伸びの上限は最大の特異値だが、長い目で見た速さはスペクトル半径が決める。"
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: reach(W_STRETCH),
        reasons=REASONS,
        what="0.001 を下回った時刻の数",
        rtol=0,
    )
    return f"{said}最大の特異値が 1 に届かない V は、{reach(W_TURN)} 時刻まで届きます。"


EXERCISE = Exercise(
    title="どちらの行列が、遠くまで届くか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
入力もバイアスも 0 の RNN を考えます。隠れ状態は 0 のままなので、$n$ 時刻遡った倍率は $\\lVert W^n \\rVert$ です。二つの行列を比べます。

$$
W = \\begin{{pmatrix}} 0.8 & 4 \\\\ 0 & 0.8 \\end{{pmatrix}}, \\qquad
V = 0.95 \\begin{{pmatrix}} 0.8 & -0.6 \\\\ 0.6 & 0.8 \\end{{pmatrix}}
$$

1. 走らせる前に、$\\lVert W^n \\rVert$ がはじめて 0.001 を下回る $n$ を予想し、`my_prediction` に書きます。
2. 測って `my_measurement` に入れます。$V$ でも測り、比べてください。
3. 二つの結果を説明する理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""W = np.array([[0.8, 4.0], [0.0, 0.8]])
V = 0.95 * np.array([[0.8, -0.6], [0.6, 0.8]])

my_prediction = ...  # 走らせる前に: W で 0.001 を下回る n
my_measurement = ...  # 測った n
my_reason = ...  # "ア"、"イ"、"ウ"、"エ" のどれか
""",
    hints=(
        "1 時刻遡ったときの倍率は最大の特異値、何百時刻も遡ったときの倍率はスペクトル半径の $n$ 乗に近づきます。二つの行列のそれぞれを計算します。",
        "`np.linalg.norm(np.linalg.matrix_power(W, n), 2)` が $n$ 時刻の倍率です。$n = 1, 2, 3, \\dots$ で並べ、育つのか縮むのかを見ます。",
        "`next(n for n in range(1, 1000) if 倍率 < 0.001)` で $W$ と $V$ の $n$ を測ります。$W$ の特異値は $V$ より大きく、スペクトル半径は小さいのに、遠くまで届いたのはどちらですか。",
    ),
    solution="""W = np.array([[0.8, 4.0], [0.0, 0.8]])
V = 0.95 * np.array([[0.8, -0.6], [0.6, 0.8]])


def reach(matrix):
    power, n = matrix, 1
    while np.linalg.norm(power, 2) >= 0.001:
        power, n = power @ matrix, n + 1
    return n


my_prediction = 31  # 0.8 を掛け続けると、31 回で 0.001 を下回る
my_measurement = reach(W)  # V では reach(V)
my_reason = "エ"  # 特異値は W が大きく、遠くまで届いたのは V
""",
    compare="予想が外れたなら、はじめに育つぶんと、そのあと縮む速さの、どちらを見落としていたかを考えます。",
    examine=examine,
    wrong=(
        Wrong((31, 31, "エ"), "0.001 を下回った時刻の数が違います。"),
        Wrong((31, reach(W_TURN), "エ"), "0.001 を下回った時刻の数が違います。"),
        Wrong(
            (31, reach(W_STRETCH), "ア"), "最大の特異値は W が 4.15、V が 0.95 なのに"
        ),
        Wrong((31, reach(W_STRETCH), "イ"), "1 時刻で 4.15 倍"),
        Wrong((31, reach(W_STRETCH), "ウ"), "tanh は一度も縮めていません。"),
        Wrong((31, reach(W_STRETCH), ...), "次に、理由を選びます。"),
        Wrong((31, ..., ...), "次に測ります。"),
    ),
)
