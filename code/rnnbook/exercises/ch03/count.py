"""演習: PyTorch の層の重みの数。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def right(cell: str, D: int, H: int) -> int:
    return GATES[cell] * H * (D + H + 2)


WRONG = (
    Wrong(
        lambda cell, D, H: GATES[cell] * H * (D + H + 1),
        "PyTorch はバイアスを二本（入力側と再帰側）持ちます。",
    ),
    Wrong(
        lambda cell, D, H: GATES[cell] * H * (D + H),
        "バイアスが数えられていません。PyTorch は二本持ちます。",
    ),
    Wrong(
        lambda cell, D, H: GATES[cell] * H * (D + 2),
        "再帰の重み W_h（H × H）が入っていません。",
    ),
    Wrong(
        lambda cell, D, H: H * (D + H + 2),
        "重みの組は RNN で一つ、GRU で三つ、LSTM で四つです。",
    ),
    Wrong(
        lambda cell, D, H: 4 * H * (D + H + 2),
        "どのセルも四組と数えています。四組あるのは LSTM だけです。",
    ),
    Wrong(
        lambda cell, D, H: {"rnn": 1, "gru": 2, "lstm": 3}[cell] * H * (D + H + 2),
        "ゲートだけを数えています。候補の重みも一組あります。",
    ),
    Wrong(lambda cell, D, H: "たくさん", "整数が要りますが、str が返されました。"),
)


def examine(answer: Callable) -> str:
    cases = [("lstm", 3, 5), ("gru", 3, 5), ("rnn", 3, 5), ("lstm", 1, 50)]
    compare_runs(
        answer,
        right,
        [dict(zip(("cell", "D", "H"), each, strict=True)) for each in cases],
        wrong=WRONG,
        hint="一組の重みは W_x (H, D)、W_h (H, H)、バイアス二本 (H,) です。",
    )
    return "違うのは組の数だけで、系列長 T はどこにも出てきません。"


EXERCISE = Exercise(
    title="PyTorch の層の重みの数",
    kind="書く",
    difficulty=1,
    importance=1,
    minutes=10,
    text="""
3.6 節の表の PyTorch の列を、式で返してください。
""",
    stub='''def my_count(cell, D, H):
    """入力 D、隠れ H の torch.nn.RNN、GRU、LSTM の重みの総数を返す。

    cell は "rnn"、"gru"、"lstm" のどれか。出力の層は数えない。
    """
    ...  # ここを書き換えます
''',
    hints=(
        "三つのセルの違いは、同じ形の重みを何組持つかだけです。",
        "一組は、入力の重み $(H, D)$、再帰の重み $(H, H)$、そしてバイアスです。PyTorch のバイアスは何本でしたか。",
        "組の数は RNN 1、GRU 3、LSTM 4 です。一組は $H D + H^2 + 2H$ 個です。",
    ),
    solution='''def my_count(cell, D, H):
    """入力 D、隠れ H の torch.nn.RNN、GRU、LSTM の重みの総数を返す。

    cell は "rnn"、"gru"、"lstm" のどれか。出力の層は数えない。
    """
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[cell]  # ゲートと候補の数
    return gates * (H * D + H * H + 2 * H)  # バイアスは二本
''',
    compare="組の数を掛ける場所と、バイアスの本数を見比べます。",
    examine=examine,
    wrong=WRONG,
)
