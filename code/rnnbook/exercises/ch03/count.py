"""演習: PyTorch の層の重みの数。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_integer

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def examine(answer: Callable) -> str:
    for cell, D, H in (("lstm", 3, 5), ("gru", 3, 5), ("rnn", 3, 5), ("lstm", 1, 50)):
        value = as_integer(call(answer, cell, D, H))
        G = GATES[cell]
        correct = G * H * (D + H + 2)
        if value == correct:
            continue
        wrong = {
            "PyTorch はバイアスを二本（入力側と再帰側）持ちます。": correct - G * H,
            "バイアスが数えられていません。PyTorch は二本持ちます。": correct
            - 2 * G * H,
            "再帰の重み W_h（H × H）が入っていません。": correct - G * H * H,
            "重みの組は RNN で一つ、GRU で三つ、LSTM で四つです。": H * (D + H + 2),
        }
        wrong |= {
            f"{cell} の重みの組は {G} つです。": other * H * (D + H + 2)
            for other in {2, 3, 4} - {G}
        }
        hints = [hint for hint, number in wrong.items() if number == value]
        raise NotYet(
            f'cell="{cell}", D={D}, H={H} で {value} になりました。正しくは {correct} です。',
            (
                hints
                or ["一組の重みは W_x (H, D)、W_h (H, H)、バイアス二本 (H,) です。"]
            )[0],
        )
    return "違うのは組の数だけで、系列長 T はどこにも出てきません。"


COUNT = Exercise(
    title="PyTorch の層の重みの数",
    stub='''def my_count(cell, D, H):
    """入力 D、隠れ H の torch.nn.RNN、GRU、LSTM の重みの総数を返す。

    cell は "rnn"、"gru"、"lstm" のどれか。出力の層は数えない。
    """
    ...  # ここを書き換えます
''',
    solution='''def my_count(cell, D, H):
    """入力 D、隠れ H の torch.nn.RNN、GRU、LSTM の重みの総数を返す。

    cell は "rnn"、"gru"、"lstm" のどれか。出力の層は数えない。
    """
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[cell]  # ゲートと候補の数
    return gates * (H * D + H * H + 2 * H)  # バイアスは二本
''',
    examine=examine,
)
