"""演習: LSTM の一時刻。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit as sigmoid

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def lstm(
    order: str = "ifco",
    new_c: Callable = lambda c, i, f, c_tilde: f * c + i * c_tilde,
    new_h: Callable = lambda o, new, old: o * np.tanh(new),
    bias: int = 1,
    past: int = 1,
    squash: Callable = np.tanh,
) -> Callable:
    """ゲートの並びや中身を変えられる一時刻。何も変えなければ正しい計算です。"""

    def answer(x, h, c, W_x, W_h, b):
        a = np.split(x @ W_x.T + past * h @ W_h.T + bias * b, 4, axis=1)
        part = dict(zip(order, a, strict=True))
        i, f, o = (sigmoid(part[k]) for k in "ifo")
        new = new_c(c, i, f, squash(part["c"]))
        return new_h(o, new, c), new

    return answer


WRONG = (
    Wrong(lambda *given: lstm()(*given)[::-1], "h と c の順が逆です。"),
    Wrong(
        lstm("fico"),
        "入力ゲートと忘却ゲートが入れ替わっています。積んである順は i、f、c̃、o です。",
    ),
    Wrong(
        lstm("ifoc"),
        "候補 c̃ と出力ゲートの順が入れ替わっています。積んである順は i、f、c̃、o です。",
    ),
    Wrong(
        lstm(squash=sigmoid),
        "候補 c̃ が tanh ではなくシグモイド関数を通っています。",
    ),
    Wrong(lstm(squash=lambda a: a), "候補 c̃ に tanh が掛かっていません。"),
    Wrong(lstm(bias=0), "バイアス `b` が足されていません。"),
    Wrong(
        lstm(past=0),
        "一つ前の隠れ状態 `h` が使われていません。ゲートは $x_t$ と $h_{t-1}$ の両方を見ます。",
    ),
    Wrong(
        lstm(new_c=lambda c, i, f, c_tilde: c + i * c_tilde),
        "忘却ゲート `f` が掛かっていません。",
    ),
    Wrong(
        lstm(new_c=lambda c, i, f, c_tilde: f * c + c_tilde),
        "入力ゲート `i` が掛かっていません。",
    ),
    Wrong(
        lstm(new_c=lambda c, i, f, c_tilde: i * c_tilde),
        "一つ前のセル状態 `c` が足されていません。",
    ),
    Wrong(
        lstm(new_c=lambda c, i, f, c_tilde: (1 - f) * c + i * c_tilde),
        "$f_t$ と $1 - f_t$ が入れ替わっています。$f_t = 1$ が「全部残す」です。",
    ),
    Wrong(
        lstm(new_h=lambda o, new, old: o * new),
        "`h` に tanh が掛かっていません。$h_t = o_t \\odot \\tanh(c_t)$ です。",
    ),
    Wrong(
        lstm(new_h=lambda o, new, old: o * np.tanh(old)),
        "`h` に古いセル状態を使っています。新しい $c_t$ を使います。",
    ),
    Wrong(
        lstm(new_h=lambda o, new, old: np.tanh(new)),
        "出力ゲート `o` が掛かっていません。",
    ),
    Wrong(
        lstm(new_h=lambda o, new, old: np.tanh(o * new)),
        "tanh は $c_t$ だけに掛けます。$o_t$ は tanh の外です。",
    ),
    Wrong(lambda *given: lstm()(*given)[0], "`return h, c` で終えます。"),
)


def examine(answer: Callable) -> str:
    rng, (B, D, H) = np.random.default_rng(4), (2, 1, 2)
    shapes = {
        "x": (B, D),
        "h": (B, H),
        "c": (B, H),
        "W_x": (4 * H, D),
        "W_h": (4 * H, H),
        "b": (4 * H,),
    }
    compare_runs(
        answer,
        lstm(),
        [{name: rng.normal(size=shape).round(1) for name, shape in shapes.items()}],
        returns=("h", "c"),
        wrong=WRONG,
        hint="$c_t = f_t \\odot c_{t-1} + i_t \\odot \\tilde c_t$ の四つの値を一つずつ確かめます。$h_t = o_t \\odot \\tanh(c_t)$ は、そのあとです。",
    )
    return "torch.nn.LSTM の一時刻と同じ数です。"


EXERCISE = Exercise(
    title="LSTM の一時刻",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=20,
    text="""
(3.3) から (3.6) を、PyTorch と同じ積み方の重みで書いてください。
""",
    stub='''def my_lstm_step(x, h, c, W_x, W_h, b):
    """x (B, D)、一つ前の h と c (B, H) から、新しい h と c を返す。

    W_x (4H, D)、W_h (4H, H)、b (4H,) には、i、f、c̃、o の順に積んである。
    四つに切るには np.split(配列, 4, axis=1) が使える。
    """
    ...  # ここを書き換えます
    # return h, c
''',
    hints=(
        "四つのゲートと候補は、同じ形の一次式です。一度の行列の積で、四つ分を計算できます。",
        "`x @ W_x.T + h @ W_h.T + b` は $(B, 4H)$ です。四つに切り、三つはシグモイド関数に、候補は tanh に通します。",
        "新しいセル状態は `f * c + i * c_tilde`、新しい隠れ状態は `o * np.tanh(c)` です。`c` は新しいほうを使います。",
    ),
    solution='''def my_lstm_step(x, h, c, W_x, W_h, b):
    """x (B, D)、一つ前の h と c (B, H) から、新しい h と c を返す。

    W_x (4H, D)、W_h (4H, H)、b (4H,) には、i、f、c̃、o の順に積んである。
    """
    a = np.split(x @ W_x.T + h @ W_h.T + b, 4, axis=1)  # (B, H) が四つ
    i, f, o = (1 / (1 + np.exp(-a[k])) for k in (0, 1, 3))
    c_tilde = np.tanh(a[2])
    c = f * c + i * c_tilde
    h = o * np.tanh(c)
    return h, c
''',
    compare="四つに切った順と、`h` の計算に新しい `c` を使った所を見比べます。",
    examine=examine,
    wrong=WRONG,
)
