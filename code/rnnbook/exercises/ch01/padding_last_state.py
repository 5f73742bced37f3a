"""演習: 長さをそろえるために埋めた 0 が、最後の隠れ状態まで届いています。"""

from __future__ import annotations

from collections.abc import Callable

import torch

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

PADDED = "埋めた 0 を読み終えたあとの状態です。短い系列ほど、違いが大きくなります。"


def picked(index: Callable) -> Callable:
    """index(lengths) 番目の時刻の状態を返す関数。"""

    def answer(model, x, lengths):
        with torch.no_grad():
            states = model(x)[0]  # (B, T, H)
        return states[torch.arange(len(x)), index(lengths)]

    return answer


def mean(model, x, lengths):
    with torch.no_grad():
        return model(x)[0].mean(dim=1)


right = picked(lambda lengths: lengths - 1)
WRONG = (
    Wrong(picked(lambda lengths: 0 * lengths - 1), PADDED),
    Wrong(
        picked(lambda lengths: lengths),
        "一つ先を取っています。長さ $n$ の系列の最後は、0 から数えて $n - 1$ 番目です。",
    ),
    Wrong(
        picked(lambda lengths: 0 * lengths + lengths.min() - 1),
        "どの系列でも同じ時刻を取っています。長さは系列ごとに違います。",
    ),
    Wrong(mean, "時刻の平均です。埋めた 0 のあとの状態も入っています。"),
)


def examine(answer: Callable) -> str:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = torch.nn.RNN(1, 2, batch_first=True, dtype=torch.float64)
    x = torch.tensor([[1.0, -1.0, 0, 0, 0, 0], [0.5, 2.0, 1.0, -1.0, 0.5, 0]])
    given = {
        "model": model,
        "x": x[:, :, None].double(),
        "lengths": torch.tensor([2, 5]),
    }
    compare_runs(
        answer,
        right,
        [given],
        wrong=WRONG,
        hint="系列 $k$ の最後の時刻は `lengths[k] - 1` です。",
    )
    return "0 をいくつ足しても、結果は変わりません。"


STUB = '''def my_last_states(model, x, lengths):
    """後ろを 0 で埋めた x (B, T, D) の、系列の終わりの状態 (B, H) を返す。"""
    with torch.no_grad():
        states, _ = model(x)  # (B, T, H)
    return states[:, -1]
'''

EXERCISE = Exercise(
    title="埋めた 0 は、読まなかったことになるか",
    kind="誤りを探す",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
長さの違う系列を一つの配列に入れるために、短い系列の後ろを 0 で埋めました。本当の長さは `lengths`（整数のテンソル）です。このプログラムはエラーを出しませんが、短い系列の結果が違います。0 は「何もない」ことになるでしょうか。予想してから `check` を実行し、直してください。
""",
    stub=STUB,
    symptom=PADDED,
    hints=(
        "入力が 0 でも、(1.1) の $W_{hh} h_{t-1} + b_h$ は残ります。0 を読んだ RNN の隠れ状態は動きますか。",
        "返したいのは、系列ごとに違う時刻の状態です。長さ 2 の系列では、どの番号の時刻ですか。",
        "`states[torch.arange(len(x)), lengths - 1]` で、系列ごとに違う時刻を取り出せます。",
    ),
    solution=STUB.replace("states[:, -1]", "states[torch.arange(len(x)), lengths - 1]"),
    compare="時刻の番号が系列ごとに違うこと、0 から数えることを、どう書いたかを見比べます。`torch.nn.utils.rnn.pack_padded_sequence` でも書けます。",
    examine=examine,
    wrong=WRONG,
)
