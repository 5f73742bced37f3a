"""第 3 章の演習: 解答は通り、よくある間違いは、正しいヒントで落ちます。"""

import numpy as np
import pytest
import torch
from scipy.special import expit as sigmoid

from rnnbook.exercises.check import check, exercises

ALL = {name: each for name, each in exercises().items() if name.startswith("ch03.")}
GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def run(code):
    """ひな型か解答のコードを動かし、定義された関数を返します。"""
    names = {"np": np}
    exec(code, names)
    (function,) = (v for k, v in names.items() if k.startswith("my_"))
    return function


@pytest.mark.parametrize("name", ALL)
def test_the_solution_passes(name):
    result = check(name, run(ALL[name].solution))
    assert result.ok and repr(result).startswith("正解です。")


@pytest.mark.parametrize("name", ALL)
def test_the_stub_is_reported_as_not_written(name):
    result = check(name, run(ALL[name].stub))
    assert not result.ok and repr(result).startswith("まだです。まだ書かれていません。")


def lstm(order="ifco", new_c=None, new_h=None, bias=1, past=1, squash=np.tanh):
    """間違いを一つ選べる LSTM の一時刻。"""

    def my_lstm_step(x, h, c, W_x, W_h, b):
        a = np.split(x @ W_x.T + past * h @ W_h.T + bias * b, 4, axis=1)
        part = dict(zip(order, a, strict=True))
        i, f, o = (sigmoid(part[k]) for k in "ifo")
        g = squash(part["c"])
        new = new_c(c, i, f, g) if new_c else f * c + i * g
        return new_h(o, new, c) if new_h else o * np.tanh(new), new

    return my_lstm_step


def swapped(*arguments):
    h, c = lstm()(*arguments)
    return c, h


MISTAKES = [
    ("ch03.lstm_step", swapped, "h と c の順が逆"),
    ("ch03.lstm_step", lambda *a: lstm()(*a)[0], "二つの配列"),
    ("ch03.lstm_step", lstm("fico"), "入力ゲートと忘却ゲートが入れ替わって"),
    ("ch03.lstm_step", lstm("ifoc"), "候補 c̃ と出力ゲートの順"),
    ("ch03.lstm_step", lstm(squash=sigmoid), "シグモイドを通って"),
    ("ch03.lstm_step", lstm(squash=lambda a: a), "tanh が掛かっていません"),
    ("ch03.lstm_step", lstm(bias=0), "バイアス `b`"),
    ("ch03.lstm_step", lstm(past=0), "一つ前の隠れ状態"),
    ("ch03.lstm_step", lstm(new_c=lambda c, i, f, g: c + i * g), "忘却ゲート `f`"),
    ("ch03.lstm_step", lstm(new_c=lambda c, i, f, g: f * c + g), "入力ゲート `i`"),
    ("ch03.lstm_step", lstm(new_c=lambda c, i, f, g: i * g), "一つ前のセル状態"),
    (
        "ch03.lstm_step",
        lstm(new_c=lambda c, i, f, g: (1 - f) * c + i * g),
        "入れ替わっています。$f_t = 1$",
    ),
    ("ch03.lstm_step", lstm(new_h=lambda o, new, c: o * new), "`h` に tanh"),
    ("ch03.lstm_step", lstm(new_h=lambda o, new, c: o * np.tanh(c)), "古いセル状態"),
    ("ch03.lstm_step", lstm(new_h=lambda o, new, c: np.tanh(new)), "出力ゲート `o`"),
    ("ch03.lstm_step", lstm(new_h=lambda o, new, c: np.tanh(o * new)), "tanh の外"),
    ("ch03.count", lambda c, D, H: GATES[c] * H * (D + H + 1), "バイアスを二本"),
    ("ch03.count", lambda c, D, H: GATES[c] * H * (D + H), "数えられていません"),
    ("ch03.count", lambda c, D, H: GATES[c] * H * (D + 2), "再帰の重み W_h"),
    ("ch03.count", lambda c, D, H: H * (D + H + 2), "LSTM で四つ"),
    ("ch03.count", lambda c, D, H: 4 * H * (D + H + 2), "gru の重みの組は 3 つ"),
    ("ch03.count", lambda c, D, H: "たくさん", "整数が要ります"),
    ("ch03.forget_bias", lambda n: 0.5 ** (1 / n), "$b_f$ まで戻します"),
    ("ch03.forget_bias", lambda n: -np.log(1 / (2 ** (1 / n) - 1)), "符号が逆"),
    ("ch03.forget_bias", lambda n: np.log(0.5 ** (1 / n)), "シグモイドの逆"),
    ("ch03.forget_bias", lambda n: -np.log(np.expm1(1 / n)), "$e^{-1}$ 倍"),
    ("ch03.forget_bias", lambda n: np.log(n), "chrono の初期値"),
    ("ch03.forget_bias", lambda n: np.log(max(n - 1, 1e-300)), "$f = 1 - 1/n$"),
]


@pytest.mark.parametrize(("name", "answer", "words"), MISTAKES)
def test_a_typical_mistake_fails_with_its_own_hint(name, answer, words):
    result = check(name, answer)
    assert not result.ok
    assert words in repr(result) and words in result._repr_markdown_()


GRU_MISTAKES = {
    "行列を掛ける前": lambda h, r, z, a, W: (
        (1 - z) * h + z * np.tanh(a + r * (h @ W.T))
    ),
    "向きが逆です（PyTorch": lambda h, r, z, a, W: (
        z * h + (1 - z) * np.tanh(a + (r * h) @ W.T)
    ),
    "リセットの場所も": lambda h, r, z, a, W: (
        z * h + (1 - z) * np.tanh(a + r * (h @ W.T))
    ),
    "`r` が使われて": lambda h, r, z, a, W: (1 - z) * h + z * np.tanh(a + h @ W.T),
    "`W_hh` の向き": lambda h, r, z, a, W: (1 - z) * h + z * np.tanh(a + (r * h) @ W),
    "tanh が掛かって": lambda h, r, z, a, W: (1 - z) * h + z * (a + (r * h) @ W.T),
    "候補だけ": lambda h, r, z, a, W: np.tanh(a + (r * h) @ W.T),
}


@pytest.mark.parametrize("words", GRU_MISTAKES)
def test_a_mistake_in_the_gru_fails_with_its_own_hint(words):
    result = check("ch03.gru_step", GRU_MISTAKES[words])
    assert not result.ok and words in result.hint


def test_the_step_of_the_solution_is_the_step_of_torch():
    step = run(ALL["ch03.lstm_step"].solution)
    cell = torch.nn.LSTMCell(2, 3, dtype=torch.float64)
    x, h, c = (torch.randn(4, n, dtype=torch.float64) for n in (2, 3, 3))
    weights = [w.detach().numpy() for w in cell.parameters()]
    ours = step(*(a.numpy() for a in (x, h, c)), *weights[:2], weights[2] + weights[3])
    for mine, theirs in zip(ours, cell(x, (h, c)), strict=True):
        np.testing.assert_allclose(mine, theirs.detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("cell", GATES)
def test_the_count_of_the_solution_is_the_count_of_torch(cell):
    layer = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](
        3, 7
    )
    counted = sum(w.numel() for w in layer.parameters())
    assert run(ALL["ch03.count"].solution)(cell, 3, 7) == counted


def test_the_bias_of_the_solution_halves_the_cell_after_that_many_steps():
    for steps in (1, 7, 300):
        f = sigmoid(run(ALL["ch03.forget_bias"].solution)(steps))
        np.testing.assert_allclose(f**steps, 0.5, rtol=1e-9)
