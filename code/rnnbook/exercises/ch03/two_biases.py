"""演習: 忘却ゲートのバイアスを二本ともに書いた LSTM。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from rnnbook.exercises.call import call
from rnnbook.exercises.compare import close
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong

H = 2
WHERE = "積んである順は i、f、c̃、o です。忘却ゲートは `H` から `2 * H` までです。"
LEFT = "ゲートに届くのは二本の和です。もう一本に、はじめの乱数が残っています。"
SYMPTOM = "忘却ゲートの値が違います。"


def new_lstm() -> torch.nn.LSTM:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return torch.nn.LSTM(1, H, dtype=torch.float64)


def forget_gate(lstm: torch.nn.LSTM) -> np.ndarray:
    """入力も隠れ状態も 0 のときに、一時刻で残るセル状態の割合（測定）。"""
    x, h = torch.zeros(1, 1, 1).double(), torch.zeros(1, 1, H).double()
    with torch.no_grad():
        # c_1 = f c_0 + i c̃ なので、c_0 を 1 と 0 にした差が f です
        one, zero = (lstm(x, (h, c + h))[1][1] for c in (1.0, 0.0))
    return (one - zero)[0, 0].numpy()


def start(part: slice, ih: Callable, hh: Callable) -> Callable:
    """part の所の二本のバイアスを ih(b_f) と hh(b_f) にする関数。None ならはじめのままです。"""

    def answer(lstm, b_f):
        with torch.no_grad():
            for bias, value in ((lstm.bias_ih_l0, ih(b_f)), (lstm.bias_hh_l0, hh(b_f))):
                if value is not None:
                    bias[part] = value
        return lstm

    return answer


def kept(b_f: float) -> float:
    return b_f


def zero(b_f: float) -> float:
    return 0.0


def untouched(b_f: float) -> None:
    return None


FORGET = slice(H, 2 * H)
right = start(FORGET, kept, zero)
WRONG = (
    Wrong(start(FORGET, kept, kept), SYMPTOM),
    Wrong(start(FORGET, kept, untouched), LEFT),
    Wrong(start(FORGET, untouched, kept), LEFT),
    Wrong(start(slice(0, H), kept, zero), WHERE),
    Wrong(start(slice(2 * H, 3 * H), kept, zero), WHERE),
    Wrong(
        start(slice(None), kept, zero),
        "ほかのゲートのバイアスまで変わっています。変えるのは忘却ゲートだけです。",
    ),
    Wrong(
        lambda lstm, b_f: lstm.bias_ih_l0,
        "LSTM が要りますが、Parameter が返されました。",
    ),
)


def examine(answer: Callable) -> str:
    for b_f in (1, 3):
        value, correct = call(answer, new_lstm(), b_f), right(new_lstm(), b_f)
        if not isinstance(value, torch.nn.LSTM) or value.hidden_size != H:
            raise NotYet(
                f"LSTM が要りますが、{type(value).__name__} が返されました。",
                "`return lstm` で終えます。",
                (("入力", f"H = {H} の LSTM、b_f = {b_f}"),),
            )
        got, expected = forget_gate(value), forget_gate(correct)
        lines = (
            ("入力", f"H = {H} の LSTM、b_f = {b_f}"),
            ("測った忘却ゲート", shown(got)),
            ("正しい忘却ゲート σ(b_f)", shown(expected)),
        )
        if not close(got, expected):
            raise NotYet(SYMPTOM, _hint(value, b_f), lines)
        others = [
            _sum(each).detach().numpy()[[0, 1, 4, 5, 6, 7]] for each in (value, correct)
        ]
        # 二本とも忘却ゲートだけを変えたなら、ほかの和ははじめのままです
        if not close(*others):
            raise NotYet(
                WRONG[5].says,
                "",
                (
                    lines[0],
                    ("返ったほかの和", shown(others[0])),
                    ("正しい和", shown(others[1])),
                ),
            )
    return "ゲートに届くのは、二本のバイアスの和です。"


def _sum(lstm: torch.nn.LSTM) -> torch.Tensor:
    return lstm.bias_ih_l0 + lstm.bias_hh_l0


def _hint(lstm: torch.nn.LSTM, b_f: float) -> str:
    total, first = _sum(lstm).detach(), _sum(new_lstm()).detach()
    biases = (lstm.bias_ih_l0[FORGET], lstm.bias_hh_l0[FORGET])
    if torch.equal(total[FORGET], first[FORGET]):
        return WHERE
    if sum(bool((each == b_f).all()) for each in biases) == 1:
        return LEFT
    return "測った値から、ゲートに届いたバイアスの和を逆算してみます。"


STUB = '''def my_start(lstm, b_f):
    """torch.nn.LSTM の忘却ゲートが、はじめに σ(b_f) になるようにして返す。"""
    H = lstm.hidden_size
    with torch.no_grad():
        lstm.bias_ih_l0[H : 2 * H] = b_f
        lstm.bias_hh_l0[H : 2 * H] = b_f
    return lstm
'''

EXERCISE = Exercise(
    title="忘却ゲートが、思ったより開いている",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
忘却ゲートのバイアスを `b_f` にするプログラムです。入力と隠れ状態が 0 なら、ゲートは $\\sigma(b_f)$ になるはずです。`b_f = 1` のときの値を予想してから `check` を実行し、測った値と比べてください。どこが違うのでしょうか。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "測った値を $\\sigma^{-1}$ で戻すと、ゲートに届いたバイアスが分かります。いくつになりましたか。",
        "PyTorch の LSTM は、入力側 `bias_ih_l0` と再帰側 `bias_hh_l0` の二本を持ち、ゲートには和が届きます。",
        "片方を `b_f`、もう片方を 0 にします。片方に触れないと、はじめの乱数が残ります。",
    ),
    solution=STUB.replace(
        "lstm.bias_hh_l0[H : 2 * H] = b_f", "lstm.bias_hh_l0[H : 2 * H] = 0"
    ),
    compare="二本のバイアスのどちらに、何を書いたかを見比べます。和が `b_f` なら、分け方は自由です。",
    examine=examine,
    wrong=WRONG,
)
