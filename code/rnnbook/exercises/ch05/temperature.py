"""演習: 焼成の記録の温度を、書き換えてから判定します。"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def kelvin(
    text: str, *, offset: float = 273.15, fahrenheit: bool = True, judge: bool = True
) -> tuple[float, bool]:
    """正しい書き換えと、間違いを一つ選べる書き換え。"""
    text = unicodedata.normalize("NFKC", text).replace("−", "-").replace(" ", "")
    number, unit = float(text.rstrip("°CFK")), text[-1]
    if unit == "F" and fahrenheit:
        number = (number - 32) * 5 / 9
    K = number if unit == "K" else number + offset
    return K, bool(K >= 0) if judge else True


WRONG = (
    Wrong(
        lambda text: kelvin(text, judge=False),
        "0 K より低い温度はありません。書き換えたあとで、その値を見て判定します。",
    ),
    Wrong(
        lambda text: kelvin(text, offset=273.0),
        "0 ℃ は 273.15 K です。",
    ),
    Wrong(
        lambda text: kelvin(text, fahrenheit=False),
        "°F（カ氏）を ℃ として読んでいます。℃ = (°F − 32) × 5/9 です。",
    ),
    Wrong(
        lambda text: (kelvin(text)[0], not text.strip().startswith(("-", "−", "－"))),
        "負の数を、どれも断っています。−40 ℃ は、ある温度です。",
    ),
    Wrong(lambda text: kelvin(text)[0], "`return K, exists` で終えます。"),
)


def examine(answer: Callable) -> str:
    texts = (
        "1200 ℃",
        "1473.15 K",
        "2192 °F",
        "１２００℃",
        "-300 ℃",
        "−40 ℃",
        "-500 °F",
        "0 K",
    )
    compare_runs(
        answer,
        kelvin,
        [{"text": text} for text in texts],
        returns=("K", "exists"),
        wrong=WRONG,
        hint="はじめに全角を半角に直し、数と単位に分けてから、K に直します。",
    )
    return "判定は、書き換えた値を見て行いました。5.7 節のモデルが、日付を書いてから判定したのと同じ順です。"


EXERCISE = Exercise(
    title="焼成の記録の温度をそろえる",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
試料の焼成の記録に、温度がいろいろな書き方で残っています。`"1200 ℃"`、`"1473.15 K"`、`"2192 °F"`、`"１２００℃"`、`"−40 ℃"`（全角の数字と、− の字も同じに読みます）。単位は ℃、K、°F のどれかです。ケルビン（K）に直した値と、その温度が物理としてあるか（0 K 以上か）を返してください。
""",
    stub='''def my_kelvin(text):
    """温度の文字列を K に直し、(K, その温度があるか) を返す。"""
    ...  # ここを書き換えます
    # return K, exists
''',
    hints=(
        "文字をそろえる、数と単位に分ける、K に直す、判定する、の四つに分けます。",
        '`unicodedata.normalize("NFKC", text)` は、全角の数字を半角に、`℃` を `°C` の二文字に直します。',
        '`text.rstrip("°CFK")` で数が残り、`text[-1]` が単位です。− は `replace("−", "-")` で直します。',
    ),
    solution='''import unicodedata


def my_kelvin(text):
    """温度の文字列を K に直し、(K, その温度があるか) を返す。"""
    text = unicodedata.normalize("NFKC", text)  # 全角を半角に、℃ を °C に
    text = text.replace("−", "-").replace(" ", "")
    number, unit = float(text.rstrip("°CFK")), text[-1]
    if unit == "F":
        number, unit = (number - 32) * 5 / 9, "C"
    K = number + 273.15 if unit == "C" else number
    return K, K >= 0  # 書いてから、判定する
''',
    compare="判定の行が、単位を直す前と後のどちらにあるかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
