"""演習: LSTM の一時刻。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit as sigmoid

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, name_mistake

B, D, H = 4, 2, 3
FORMULA = "$c_t = f_t \\odot c_{t-1} + i_t \\odot \\tilde c_t$"


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(4)
    x, h, c = (rng.normal(size=(B, n)) for n in (D, H, H))
    W_x, W_h = rng.normal(size=(4 * H, D)), rng.normal(size=(4 * H, H))
    b = rng.normal(size=4 * H)
    value = call(answer, *(a.copy() for a in (x, h, c, W_x, W_h, b)))
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise NotYet("二つの配列を返していません。", "`return h, c` で終えます。")
    h_new = as_array("h", value[0], (B, H))
    c_new = as_array("c", value[1], (B, H))

    def states(order: str = "ifco", a=x @ W_x.T + h @ W_h.T + b, squash=np.tanh):
        """ゲートの並びや中身を変えたときの (h, c)。"""
        part = dict(zip(order, np.split(a, 4, axis=1), strict=True))
        i, f, o = (sigmoid(part[k]) for k in "ifo")
        new = f * c + i * squash(part["c"])
        return o * np.tanh(new), new

    correct_h, correct_c = states()
    if close(h_new, correct_c) and close(c_new, correct_h):
        raise NotYet("h と c の順が逆です。", "`return h, c` の順で返します。")
    if not close(c_new, correct_c):
        i, f = (
            sigmoid((x @ W_x.T + h @ W_h.T + b)[:, : 2 * H])
            .reshape(B, 2, H)
            .swapaxes(0, 1)
        )
        c_tilde = (correct_c - f * c) / i
        wrong = {
            "入力ゲートと忘却ゲートが入れ替わっています。積んである順は i、f、c̃、o です。": states(
                "fico"
            )[1],
            "候補 c̃ と出力ゲートの順が入れ替わっています。積んである順は i、f、c̃、o です。": states(
                "ifoc"
            )[1],
            "候補 c̃ が tanh ではなくシグモイドを通っています。": states(squash=sigmoid)[
                1
            ],
            "候補 c̃ に tanh が掛かっていません。": states(squash=lambda a: a)[1],
            "バイアス `b` が足されていません。": states(a=x @ W_x.T + h @ W_h.T)[1],
            "一つ前の隠れ状態 `h` が使われていません。ゲートは $x_t$ と $h_{t-1}$ の両方を見ます。": states(
                a=x @ W_x.T + b
            )[1],
            "忘却ゲート `f` が掛かっていません。": c + i * c_tilde,
            "入力ゲート `i` が掛かっていません。": f * c + c_tilde,
            "一つ前のセル状態 `c` が足されていません。": i * c_tilde,
            "$f_t$ と $1 - f_t$ が入れ替わっています。$f_t = 1$ が「全部残す」です。": (
                1 - f
            )
            * c
            + i * c_tilde,
        }
        raise NotYet(
            "c の値が違います。",
            name_mistake(c_new, wrong) or f"{FORMULA} の四つの値を一つずつ確かめます。",
        )
    if not close(h_new, correct_h):
        o = correct_h / np.tanh(correct_c)
        wrong = {
            "`h` に tanh が掛かっていません。$h_t = o_t \\odot \\tanh(c_t)$ です。": o
            * correct_c,
            "`h` に古いセル状態を使っています。新しい $c_t$ を使います。": o
            * np.tanh(c),
            "出力ゲート `o` が掛かっていません。": np.tanh(correct_c),
            "tanh は $c_t$ だけに掛けます。$o_t$ は tanh の外です。": np.tanh(
                o * correct_c
            ),
        }
        raise NotYet(
            "c は合っています。h の値が違います。",
            name_mistake(h_new, wrong) or "$h_t = o_t \\odot \\tanh(c_t)$ です。",
        )
    return "torch.nn.LSTM の一時刻と同じ数です。"


LSTM_STEP = Exercise(
    title="LSTM の一時刻",
    stub='''def my_lstm_step(x, h, c, W_x, W_h, b):
    """x (B, D)、一つ前の h と c (B, H) から、新しい h と c を返す。

    W_x (4H, D)、W_h (4H, H)、b (4H,) には、i、f、c̃、o の順に積んである。
    四つに切るには np.split(配列, 4, axis=1) が使える。
    """
    ...  # ここを書き換えます
    # return h, c
''',
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
    examine=examine,
)
