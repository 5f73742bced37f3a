"""演習: 損失が、埋めた所まで数えています。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs
from rnnbook.tasks.symbols import END, PAD

COUNTED = "埋めた所も、一記号として平均に入っています。"
EASY = 0.98  # 埋めた所で、番号 0 に付ける確率
DIVISOR = "割る数は、本当の記号の数です。"


def picked(log_p: np.ndarray, y: np.ndarray) -> np.ndarray:
    right = y[..., None].astype(int)  # (B, U, 1)
    return -np.take_along_axis(log_p, right, axis=2)[..., 0]  # (B, U)


def loss(log_p: np.ndarray, y: np.ndarray) -> float:
    return picked(log_p, y)[y != PAD].mean()


WRONG = (
    Wrong(lambda log_p, y: picked(log_p, y).mean(), COUNTED),
    Wrong(
        lambda log_p, y: (picked(log_p, y) * (y != PAD)).mean(),
        "埋めた所の損失を 0 にしても、割る数に入ったままです。短い列ほど損失が小さく見えます。",
    ),
    Wrong(
        lambda log_p, y: picked(log_p, y)[(y != PAD) & (y != END)].mean(),
        "終わりの記号まで除いています。いつ終わるかも、学ぶことの一つです。",
    ),
    Wrong(
        lambda log_p, y: np.mean(
            [
                row[real].mean()
                for row, real in zip(picked(log_p, y), y != PAD, strict=True)
            ]
        ),
        "列ごとに平均してから、列で平均しています。ここでは、本当の記号すべての平均です。",
    ),
    Wrong(lambda log_p, y: -loss(log_p, y), "対数確率は負です。符号を変えます。"),
    Wrong(
        lambda log_p, y: picked(log_p, y)[y != PAD].sum(),
        f"和のままです。{DIVISOR}",
    ),
    Wrong(
        lambda log_p, y: picked(log_p, y)[y != PAD].sum() / len(y),
        f"列の本数で割っています。{DIVISOR}",
    ),
    Wrong(
        lambda log_p, y: picked(log_p, y)[y != PAD],
        "一記号ごとの損失を並べたままです。平均して、数一つにします。",
    ),
    Wrong(
        lambda log_p, y: picked(log_p, y),
        "一記号ごとの損失を並べたままです。埋めた所を除き、平均して、数一つにします。",
    ),
)


def inputs() -> list[dict[str, np.ndarray]]:
    """調べる入力。学習したモデルのように、埋めた所は当てやすくします。"""
    rng = np.random.default_rng(4)
    made = []
    for lengths, V in (((3, 1), 4), ((4, 2, 6), 5), ((2, 5), 7)):
        y = np.zeros((len(lengths), max(lengths)), int)
        for row, n in zip(y, lengths, strict=True):
            row[: n - 1], row[n - 1] = rng.integers(3, V, n - 1), END
        p = rng.dirichlet(np.ones(V), y.shape)
        p[y == PAD] = (1 - EASY) / (V - 1)
        p[y == PAD, PAD] = EASY
        made.append({"log_p": np.log(p), "y": y})
    return made


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        loss,
        inputs(),
        wrong=WRONG,
        hint="平均に入れる記号と、入れない記号を、番号で見分けます。",
    )
    return "埋めた所は、分子からも分母からも外れました。"


STUB = '''def my_loss(log_p, y):
    """一記号あたりの損失を返す。

    log_p (B, U, V) は対数確率、y (B, U) は正解。y の 0 は埋めた所。
    """
    index = y[..., None].astype(int)  # (B, U, 1)
    right = np.take_along_axis(log_p, index, axis=2)[..., 0]  # (B, U)
    return -right.mean()
'''

EXERCISE = Exercise(
    title="小さく見える損失",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
長さの違う答えを 0 で埋めてそろえ、教師強制の損失を計算するプログラムです。記号はまだ間違いだらけなのに、損失は小さく見えます。学習したモデルには、終わりの記号のあとの 0 は当てやすい記号です。どの行が、何を数えているのでしょうか。予想してから `check` を実行し、直してください。
""",
    stub=STUB,
    symptom=COUNTED,
    hints=(
        "答えの半分が埋めた所なら、この損失の半分は、何を当てる損失ですか。",
        "本当の記号の印は `y != 0` です。終わりの記号（番号 2）は、本当の記号です。",
        "`right[y != 0]` は、本当の記号だけを取り出した一列です。",
    ),
    solution=STUB.replace("-right.mean()", "-right[y != 0].mean()  # 埋めた所を除く"),
    compare="除いた所が、和からも、割る数からも外れているかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
