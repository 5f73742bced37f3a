"""演習: 試験の点数から、しきい値を決めたプログラム。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "試験の点数をすべて 10 倍にしても、鳴る時刻が変わりません。"


def over(known: Callable) -> Callable:
    """known(score, start, end) の点数の分位点を超える、試験の時刻の番号を返す計算。"""

    def answer(score, start, end, share):
        score = np.asarray(score, float)
        limit = np.quantile(known(score, start, end), 1 - share)
        return end + np.flatnonzero(score[end:] > limit)

    return answer


right = over(lambda score, start, end: score[start:end])

WRONG = (
    Wrong(over(lambda score, start, end: score[end:]), SYMPTOM),
    Wrong(
        over(lambda score, start, end: score),
        "しきい値に、試験の点数も入っています。使う場では、先の点数はまだありません。",
    ),
    Wrong(
        over(lambda score, start, end: score[:start]),
        "学習の点数から決めています。学習に使った時刻の点数は、小さく出ます。",
    ),
    Wrong(
        over(lambda score, start, end: score[:end]),
        "検証に、学習の点数を混ぜています。学習に使った時刻の点数は、小さく出ます。",
    ),
    Wrong(
        lambda score, start, end, share: right(score, start, end, 1 - share),
        "分位点の割合が逆です。share は、検証のうち鳴ってよい割合です。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    small = [0.1, 0.4, 0.2, 0.3, 1.0, 3.0, 2.0, 2.1, 2.7, 1.9, 0.35, 2.4, 5.0, 9.0, 2.2]
    calm = np.concatenate(
        [rng.exponential(0.5, 60), rng.exponential(1.0, 40), rng.exponential(2.0, 50)]
    )
    quiet = np.concatenate([rng.exponential(1.0, 100), rng.exponential(0.3, 40)])
    compare_runs(
        answer,
        right,
        [
            {"score": np.array(small), "start": 4, "end": 8, "share": 0.25},
            {"score": calm, "start": 60, "end": 100, "share": 0.05},
            {"score": quiet, "start": 50, "end": 100, "share": 0.1},
        ],
        wrong=WRONG,
        hint="しきい値は、`score[start:end]` だけから決めます。",
    )
    return "しきい値を検証から決めれば、鳴る割合は、試験で起きたことによって増えも減りもします。"


STUB = '''def my_alarms(score, start, end, share):
    """検証 start から end の点数でしきい値を決め、鳴る試験の番号を返す。

    検証の点数のうち、share の割合が超える値をしきい値とする。
    """
    limit = np.quantile(score[end:], 1 - share)
    return end + np.flatnonzero(score[end:] > limit)
'''

EXERCISE = Exercise(
    title="いつも同じ割合で鳴る警報",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`score` は、時刻の順に並んだ異常の点数です。`start` から `end` の手前までが検証、`end` から後ろが試験です。しきい値を超えた試験の時刻の番号を返すプログラムに、誤りが一つあります。試験の点数をすべて 10 倍にしたら、警報はどうなるはずかを考えてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "しきい値を決めているのは、どの時刻の点数ですか。",
        "いまのプログラムは、異常が一つもない試験でも、share の割合で鳴ります。",
        "`score[end:]` を `score[start:end]` に替えます。替えるのは、しきい値の行だけです。",
    ),
    solution=STUB.replace("np.quantile(score[end:]", "np.quantile(score[start:end]"),
    compare="本書は、検証の点数の最大か分位点をしきい値にします。どちらも、試験の点数を見る前に決まります。",
    examine=examine,
    wrong=WRONG,
)
