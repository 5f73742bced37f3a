"""演習: 炉の記録を言語モデルで縮めると、一日分は何 kB か。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def right(lines_per_min, characters, bits):
    return lines_per_min * 60 * 24 * characters * bits / 8 / 1000


WRONG = (
    Wrong(
        lambda r, n, b: r * 60 * 24 * n * b / 1000,
        "kbit のままです。8 ビットが 1 バイトなので、8 で割ります。",
    ),
    Wrong(
        lambda r, n, b: r * 24 * n * b / 8 / 1000,
        "一時間に一分ぶんしか数えていません。一日は 60 × 24 分です。",
    ),
    Wrong(
        lambda r, n, b: r * 60 * 24 * n * b / 8,
        "バイトのままです。1 kB は 1000 バイトです。",
    ),
    Wrong(
        lambda r, n, b: r * 60 * 24 * n * 3 / 1000,
        "縮めていない大きさ（一文字 3 バイト）です。一文字に bits ビットを使います。",
    ),
)


def examine(answer: Callable) -> str:
    names = ("lines_per_min", "characters", "bits")
    cases = [(2.0, 50, 1.6), (0.5, 120, 4.0), (6.0, 30, 0.9)]
    compare_runs(
        answer,
        right,
        [dict(zip(names, case, strict=True)) for case in cases],
        wrong=WRONG,
        hint="一日の行の数、一行の文字の数、一文字のビット数を掛け、kB に直します。",
        rtol=1e-9,
    )
    return (
        "縮めた側には、同じモデルの重みが要ります。重みが 300 kB なら、送る記録が"
        "それより十分に多くなってから、得になります。"
    )


EXERCISE = Exercise(
    title="炉の記録の一日分",
    kind="材料",
    difficulty=1,
    importance=2,
    minutes=10,
    text="""
焼結炉が、温度と雰囲気と出来事を、日本語の文で 1 分に `lines_per_min` 行、1 行に `characters` 文字ずつ書き出します。言語モデルの確率で符号にすると、1 文字に平均 `bits` ビットで済みます（8.1 節）。そのままでは 1 文字 3 バイトです。縮めた一日分の大きさを、**kB**（1 kB = 1000 バイト）で返してください。
""",
    stub='''def my_day_kB(lines_per_min, characters, bits):
    """縮めた記録の、一日分の大きさ（kB）を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "一日は 60 × 24 分です。",
        "一日の文字の数に bits を掛けると、ビットの数です。",
        "ビットを 8 で割るとバイト、1000 で割ると kB です。",
    ),
    solution='''def my_day_kB(lines_per_min, characters, bits):
    """縮めた記録の、一日分の大きさ（kB）を返す。"""
    total = lines_per_min * 60 * 24 * characters  # 一日の文字の数
    return total * bits / 8 / 1000  # ビット → バイト → kB
''',
    compare="本書の表の「一文字あたりのビット数」は、この大きさを文字の数で割ったものです。",
    examine=examine,
    wrong=WRONG,
)
