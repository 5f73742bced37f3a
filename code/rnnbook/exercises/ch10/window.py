"""演習: 微分の窓の幅を、nm からチャンネルに直します。"""

from __future__ import annotations

import math
from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

LEAST = 5  # 三次式を当てる窓の、いちばん短い奇数


def right(width_nm, step_nm):
    n = math.floor(width_nm / step_nm + 1e-9)
    return max(n if n % 2 else n - 1, LEAST)


WRONG = (
    Wrong(
        lambda width_nm, step_nm: max(math.floor(width_nm / step_nm + 1e-9), LEAST),
        "偶数の窓です。中央のチャンネルが決まるのは、奇数の窓です。",
    ),
    Wrong(
        lambda width_nm, step_nm: (
            (n := math.floor(width_nm / step_nm + 1e-9)) + (1 - n % 2)
        ),
        "半値全幅より広い窓になることがあります。奇数に切り下げます。",
    ),
    Wrong(
        lambda width_nm, step_nm: (
            (n := math.floor(width_nm / step_nm + 1e-9)) - (1 - n % 2)
        ),
        "三次式の係数は 4 個です。窓は、5 チャンネルより短くできません。",
    ),
    Wrong(
        lambda width_nm, step_nm: max(
            (n := math.floor(width_nm * step_nm)) - (1 - n % 2), LEAST
        ),
        "一チャンネルの幅を掛けています。チャンネルの数は、割り算です。",
    ),
    Wrong(
        lambda width_nm, step_nm: max((n := math.floor(width_nm)) - (1 - n % 2), LEAST),
        "返す数が nm のままです。一チャンネルの幅で割ります。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(22.0, 2.0), (25.0, 2.02), (60.0, 1.5), (9.0, 2.0), (12.0, 0.5)]
    compare_runs(
        answer,
        right,
        [{"width_nm": width, "step_nm": step} for width, step in cases],
        wrong=WRONG,
        hint="幅をチャンネルの数に直し、それ以下で最大の奇数にします。5 より小さければ 5 です。",
    )
    return (
        f"肉のスペクトルは 2.02 nm 刻みなので、幅 25 nm のピークなら {right(25.0, 2.02)} "
        "チャンネルです。同じ窓でも、別の分析計では別の幅になります。論文には nm で書きます。"
    )


EXERCISE = Exercise(
    title="微分の窓は、何チャンネルか",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
Savitzky–Golay 法の窓がピークより広いと、ピークが潰れます。当てる式は三次式で、窓は奇数のチャンネルです。半値全幅 `width_nm`（nm）のピークを潰さないように、幅が半値全幅以下の、いちばん広い窓を選びます。一チャンネルの幅は `step_nm`（nm）で、窓の幅は、チャンネルの数に一チャンネルの幅を掛けたものとします。ただし、5 チャンネルより短くはしません。チャンネルの数を整数で返してください。
""",
    stub='''def my_window(width_nm, step_nm):
    """半値全幅 width_nm のピークを潰さない、微分の窓（チャンネル）を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "半値全幅の中に、チャンネルはいくつ入りますか。",
        "偶数になったら、一つ減らします。増やすと、ピークより広くなります。",
        "`n = int(width_nm / step_nm)`、`n - 1 + n % 2`、5 との大きいほう、の順です。",
    ),
    solution='''def my_window(width_nm, step_nm):
    """半値全幅 width_nm のピークを潰さない、微分の窓（チャンネル）を返す。"""
    n = int(width_nm / step_nm + 1e-9)  # チャンネル
    return max(n - 1 + n % 2, 5)
''',
    compare="奇数への直し方（減らすか、増やすか）と、短すぎる窓の扱いを見比べます。",
    examine=examine,
    wrong=WRONG,
)
