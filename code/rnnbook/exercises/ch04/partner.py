"""演習: 二本組の相方を見終えるまでに待つ、チャンネルの数。"""

from __future__ import annotations

import math
from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def channels(span: Callable, to_whole: Callable = math.ceil) -> Callable:
    """待つエネルギーの幅と、整数への直し方を選べる計算。"""

    def answer(delta_eV, width_eV, step_eV):
        return to_whole(span(delta_eV, width_eV) / step_eV)

    return answer


right = channels(lambda delta, width: delta + width / 2)
WRONG = (
    Wrong(
        channels(lambda delta, width: delta),
        "相方の中心までしか待っていません。右の端は、そこから半値全幅の半分だけ先です。",
    ),
    Wrong(
        channels(lambda delta, width: delta + width),
        "半値全幅をそのまま足しています。中心から端までは、その半分です。",
    ),
    Wrong(
        channels(lambda delta, width: delta + width / 2, math.floor),
        "切り捨てています。端まで届くチャンネルの数が要ります。",
    ),
    Wrong(
        lambda delta_eV, width_eV, step_eV: math.ceil(
            (delta_eV + width_eV / 2) * step_eV
        ),
        "一チャンネルの幅を掛けています。チャンネルの数は、割り算です。",
    ),
    Wrong(
        lambda delta_eV, width_eV, step_eV: math.ceil(delta_eV + width_eV / 2),
        "一チャンネルの幅で割っていません。返すのは eV ではなく、チャンネルの数です。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(5.7, 2.2, 0.5), (5.7, 1.2, 0.08), (13.1, 2.3, 0.7), (1.05, 0.7, 0.25)]
    compare_runs(
        answer,
        right,
        [
            {"delta_eV": delta, "width_eV": width, "step_eV": step}
            for delta, width, step in cases
        ],
        wrong=WRONG,
        hint="待つ幅を eV で求め、一チャンネルの幅で割り、切り上げます。",
    )
    fine, coarse = right(*cases[1]), right(5.7, 1.2, 0.5)
    return (
        f"0.5 eV 刻みなら {coarse} チャンネル、0.08 eV 刻みなら {fine} チャンネルです。"
        "刻みを細かくすると、待つ歩数も、覚えておく歩数も増えます。"
    )


EXERCISE = Exercise(
    title="相方を待つチャンネルの数",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
$p$ の二本組を、左から一チャンネルずつ読みます。間隔は `delta_eV`（eV）、ピークの半値全幅は `width_eV`（eV）、一チャンネルの幅は `step_eV`（eV）です。左のピークの中心を読んだ所から、相方の、高さが半分に下がる右の端を読み終えるまでに、何チャンネル待てばよいでしょうか。整数で返してください。相方を右の端まで見てから答えるなら、前から読むモデルの $k$ はこれだけです。
""",
    stub='''def my_partner(delta_eV, width_eV, step_eV):
    """p の二本組の相方を見終えるまでに待つ、チャンネルの数を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "左のピークの中心から、相方の中心までは何 eV ですか。相方の右の端は、さらにどれだけ先ですか。",
        "中心から、高さが半分になる所までは、半値全幅の半分です。",
        "$\\lceil (\\Delta + w/2) / \\text{一チャンネルの幅} \\rceil$ です。`math.ceil` が使えます。",
    ),
    solution='''def my_partner(delta_eV, width_eV, step_eV):
    """p の二本組の相方を見終えるまでに待つ、チャンネルの数を返す。"""
    span = delta_eV + width_eV / 2  # eV
    return int(np.ceil(span / step_eV))  # チャンネル
''',
    compare="単位を eV からチャンネルに直した場所と、切り上げたかどうかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
