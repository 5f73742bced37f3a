"""演習: 教師強制の正解率は、何を隠しているか。"""

from __future__ import annotations

import numpy as np

from rnnbook import data
from rnnbook.exercises.compare import close, numbers
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

T = 15


FORWARD = 'それは前から読むモデルの差です。`model` を `"reversed"` にします。'
UNIT = "正解率の差なので、0 から 1 の数です。"


def gap(model: str = "reversed") -> float:
    """そのモデルの、長さ 15 での forced と free の差（種の平均）。"""
    table = data.load("seq2seq_length").query(f"model == '{model}' and T == {T}")
    return float((table["forced"] - table["free"]).mean())


def gap_at(position: int) -> float:
    """位置 position での差。"""
    table = data.load("seq2seq_length_positions")
    table = table.query(f"model == 'reversed' and T == {T} and position == {position}")
    return float((table["forced"] - table["free"]).mean())


REASONS = {
    "ア": Reason(
        "正しい記号を渡すと、どの位置の記号も、同じだけ当てやすくなる。",
        lambda: (
            f"差は、1 番目の記号で {gap_at(1):.2f}、8 番目で {gap_at(8):.2f}、14 番目で {gap_at(14):.2f} です。"
        ),
    ),
    "イ": Reason(
        "自分の記号を渡すと、エンコーダが渡したベクトルが変わる。",
        lambda: (
            "1 番目の記号は、渡したベクトルと始まりの記号だけから書きます。"
            f"そこでの差は {gap_at(1):.2f} です。"
        ),
    ),
    "ウ": Reason(
        "はじめの間違いまでは、渡す記号が同じで、書く記号も同じ。そのあとだけが変わる。"
    ),
}


def _is_written(value: object) -> bool:
    return value is not Ellipsis and value is not None


def examine(prediction: object, measurement: object, reason: object) -> str:
    if _is_written(prediction):
        guess = numbers("予想", prediction)
        if isinstance(prediction, bool) or (
            not guess.ndim and not (np.isnan(guess) or 0 <= guess <= 1)
        ):
            given = (("渡された予想", shown(prediction)),)
            raise NotYet("予想が、正解率の差ではありません。", UNIT, given)
    if _is_written(prediction) and _is_written(measurement):
        measured = numbers("測った数", measurement)
        if not measured.ndim and close(measured, np.asarray(gap("forward")), 0.02):
            evidence = (
                ("渡された値", shown(measured)),
                ("ここで測った値", shown(np.asarray(gap()))),
            )
            raise NotYet("正解率の差が違います。", FORWARD, evidence)
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=gap,
        reasons=REASONS,
        what="正解率の差",
        rtol=0.02,
    )
    return f"{said}学習中に見る正解率は、自分の間違いを一度も受け取らない正解率です。"


EXERCISE = Exercise(
    title="学習中の正解率は、何を隠すか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
`load("seq2seq_length")` の `forced` は、正しい一つ前の記号を渡したとき、`free` は、自分の書いた記号を渡したときの、一記号あたりの正解率です。

1. 後ろから読むモデル（`model` が `"reversed"`）の、長さ `T` が {T} のとき、`forced` は `free` よりどれだけ大きいでしょうか（種の平均の差。0 から 1）。5.5 節の表は前から読むモデルのものです。計算する前に予想し、`my_prediction` に書きます。
2. 測って `my_measurement` に入れます。
3. 測定と合う説明を一つ選び、`my_reason` に入れます。位置ごとの正解率は `load("seq2seq_length_positions")` にあります。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: forced − free
my_measurement = ...  # 測った差
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        "一つ前の記号が正しいかどうかが効くのは、どの記号からでしょうか。",
        '`table = load("seq2seq_length")` から `model` と `T` で行を選び、二つの列の差を平均します。',
        "位置ごとの差を並べると、1 番目は 0 で、はじめの間違いのあとから開きます。",
    ),
    solution=f"""from rnnbook.data import load

table = load("seq2seq_length")
rows = table[(table["model"] == "reversed") & (table["T"] == {T})]

my_prediction = 0.1  # 前から読むモデルの差より小さいと見た
my_measurement = (rows["forced"] - rows["free"]).mean()
my_reason = "ウ"  # はじめの間違いのあとだけが変わる
""",
    compare="位置ごとの差を、はじめの間違いが起きやすい位置と並べてみます。",
    examine=examine,
    wrong=(
        Wrong((0.1, 0.9, "ウ"), "正解率の差が違います。"),
        Wrong((0.1, gap("forward"), ...), FORWARD),
        Wrong((15, ..., ...), UNIT),
        Wrong((True, ..., ...), UNIT),
        Wrong((0.1, ..., ...), "次に測ります。"),
    ),
)
