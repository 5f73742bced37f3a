"""演習: 重みの数。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_integer

NO_BIASES = "バイアス b_h（H 個）と b_y（O 個）も学習される数です。"


def examine(answer: Callable) -> str:
    for D, H, O in ((3, 4, 2), (1, 16, 1)):
        value = as_integer(call(answer, D, H, O))
        correct = H * D + H * H + H + O * H + O
        wrong = {
            NO_BIASES: correct - H - O,
            "隠れ状態のバイアス b_h（H 個）が入っていません。": correct - H,
            "出力のバイアス b_y（O 個）が入っていません。": correct - O,
            "出力の重み W_hy（O × H）とバイアス b_y（O）が入っていません。": correct
            - O * H
            - O,
            "出力の重み W_hy（O × H）とバイアス b_y（O）、隠れ状態のバイアス b_h（H）が入っていません。": H
            * (D + H),
            "隠れ状態どうしの重み W_hh（H × H）が入っていません。": correct - H * H,
            "W_hh は H × H の行列です。": correct - H * H + H,
            "PyTorch はバイアスを二本持ちますが、この章の式では b_h の一本です。": correct
            + H,
        }
        if value != correct:
            hints = [hint for hint, number in wrong.items() if number == value]
            raise NotYet(
                f"D={D}, H={H}, O={O} で {value} になりました。正しくは {correct} です。",
                (
                    hints
                    or [
                        "W_xh、W_hh、b_h、W_hy、b_y の形を書き出し、要素の数を足します。"
                    ]
                )[0],
            )
    return "重みの数は系列長 T によりません。"


COUNT = Exercise(
    title="重みの数",
    stub='''def my_count(D, H, O):
    """入力 D、隠れ H、出力 O の RNN の、重みとバイアスの総数を返す。"""
    ...  # ここを書き換えます
''',
    solution='''def my_count(D, H, O):
    """入力 D、隠れ H、出力 O の RNN の、重みとバイアスの総数を返す。"""
    recurrent = H * D + H * H + H  # W_xh, W_hh, b_h
    readout = O * H + O  # W_hy, b_y
    return recurrent + readout  # 全時刻で共有するので、系列長 T は出てこない
''',
    examine=examine,
)
