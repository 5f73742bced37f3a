"""演習: 重みの数。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def right(D: int, H: int, O: int) -> int:
    return H * D + H * H + H + O * H + O


WRONG = (
    Wrong(
        lambda D, H, O: right(D, H, O) - H - O,
        "バイアス b_h（H 個）と b_y（O 個）も学習される数です。",
    ),
    Wrong(
        lambda D, H, O: right(D, H, O) - H,
        "隠れ状態のバイアス b_h（H 個）が入っていません。",
    ),
    Wrong(
        lambda D, H, O: right(D, H, O) - O,
        "出力のバイアス b_y（O 個）が入っていません。",
    ),
    Wrong(
        lambda D, H, O: H * D + H * H + H,
        "出力の重み W_hy（O × H）とバイアス b_y（O）が入っていません。",
    ),
    Wrong(
        lambda D, H, O: H * (D + H),
        "出力の重み W_hy（O × H）とバイアス b_y（O）、隠れ状態のバイアス b_h（H）が入っていません。",
    ),
    Wrong(
        lambda D, H, O: right(D, H, O) - H * H,
        "隠れ状態どうしの重み W_hh（H × H）が入っていません。",
    ),
    Wrong(lambda D, H, O: right(D, H, O) - H * H + H, "W_hh は H × H の行列です。"),
    Wrong(
        lambda D, H, O: right(D, H, O) + H,
        "PyTorch はバイアスを二本持ちますが、この章の式では b_h の一本です。",
    ),
    Wrong(lambda D, H, O: "たくさん", "整数が要りますが、str が返されました。"),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [{"D": 3, "H": 4, "O": 2}, {"D": 1, "H": 16, "O": 1}],
        wrong=WRONG,
        hint="W_xh、W_hh、b_h、W_hy、b_y の形を書き出し、要素の数を足します。",
    )
    return "重みの数は系列長 T によりません。"


EXERCISE = Exercise(
    title="重みの数",
    kind="書く",
    difficulty=1,
    importance=2,
    minutes=5,
    text="""
入力 $D$、隠れ状態 $H$、出力 $O$ の RNN（(1.1) と (1.2)）で、学習される数の個数を返してください。
""",
    stub='''def my_count(D, H, O):
    """入力 D、隠れ H、出力 O の RNN の、重みとバイアスの総数を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "(1.1) と (1.2) に出てくる文字のうち、学習で変わるものを数えます。",
        "行列は $W_{xh}$、$W_{hh}$、$W_{hy}$ の三つ、ベクトルは $b_h$、$b_y$ の二つです。それぞれの形を書き出します。",
        "形は $(H, D)$、$(H, H)$、$(O, H)$、$(H,)$、$(O,)$ です。要素の数を足します。",
    ),
    solution='''def my_count(D, H, O):
    """入力 D、隠れ H、出力 O の RNN の、重みとバイアスの総数を返す。"""
    recurrent = H * D + H * H + H  # W_xh, W_hh, b_h
    readout = O * H + O  # W_hy, b_y
    return recurrent + readout  # 全時刻で共有するので、系列長 T は出てこない
''',
    compare="五つの項のそれぞれが、どの式のどの文字から来たかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
