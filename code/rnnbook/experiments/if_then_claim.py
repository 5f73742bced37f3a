"""「10 エポックで 60〜80 %」を確かめる: 20 語はさんだ if…then を、種を替えて学習します（第 7 章）。

よく見かける教材は、この問題で LSTM の正解率が 10 エポックで 60〜80 % に落ち着くとし、それを
LSTM の限界と読みます。ここでは同じ大きさの学習（学習 1500 文、試験 300 文、埋め込み 32、
隠れ次元 64、Adam 0.001、バッチ 32）を種ごとに 20 エポック行い、毎エポックの試験の正解率を残します。

vocabulary = "shared" は、学習と試験が一つの語彙を使う正しい測り方です。
vocabulary = "own" は教材の測り方で、試験の文の集まりが自分の語彙を作ります。語を set に入れて
数え上げるので、語の番号は set の中の並びで決まります。並びは語のハッシュ（Python を起こすたびに
変わる乱数）と、入れた順で決まり、同じ語でも学習と試験で番号が食い違うことがあります。
ここではハッシュを種ごとの乱数にして、同じ食い違いを作ります。学習したモデルは両方で同じです。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.recurrent import Recurrent
from rnnbook.training import programs

SEEDS, EPOCHS, CELLS = 24, 20, ("lstm", "rnn")
MARKS = (1, 10, 20)  # 測り直しで比べるエポック


class _Word(str):
    """ハッシュを外から決めた語。"""

    hash: int

    def __hash__(self) -> int:
        return self.hash


def numbers_by_set(
    made: Iterable[tuple[list[str], int]], hashes: dict[str, int]
) -> dict[str, int]:
    """文の語を set に入れて数え上げた語の番号（1 から。"<pad>" は 0）。

    例:
        >>> made = programs.sentences(50, seed=0)
        >>> numbers = numbers_by_set(made, {w: hash(w) for w in programs.WORDS})
        >>> sorted(numbers.values()) == list(range(15))
        True
    """
    words = {}
    for word, value in hashes.items():
        words[word] = _Word(word)
        words[word].hash = value
    vocabulary: set[str] = set()
    for sentence, _ in made:
        vocabulary.update(words[word] for word in sentence)
    return {"<pad>": 0} | {str(word): k + 1 for k, word in enumerate(vocabulary)}


def misread(seed: int) -> np.ndarray:
    """語彙を別々に作ったとき、試験の語（WORDS の番号）がどの語として読まれるかの表 (V,)。

    例:
        >>> sorted(misread(0)) == list(range(len(programs.WORDS)))
        True
    """
    rng = np.random.default_rng([seed, 1])
    hashes = {w: int(rng.integers(-(2**62), 2**62)) for w in programs.WORDS}
    train, test = (
        numbers_by_set(programs.sentences(n, seed + n), hashes) for n in (1500, 300)
    )
    word_of = {number: word for word, number in train.items()}
    return np.array(
        [programs.WORDS.index(word_of[test[word]]) for word in programs.WORDS]
    )


def train(point: Point) -> dict:
    """一つの種を学習し、二つの測り方の、エポックごとの試験の正解率を返します。"""
    seed = point["seed"]
    x, y = programs.encode(programs.sentences(300, seed + 300))
    read_as = misread(seed)
    x_own = torch.from_numpy(read_as)[x]

    def accuracies(model: Recurrent) -> tuple[float, float]:
        return programs.accuracy(model, x, y), programs.accuracy(model, x_own, y)

    pairs = programs.if_then_epochs(seed, EPOCHS, point["cell"], accuracies)
    shared, own = (list(part) for part in zip(*pairs, strict=True))
    same = read_as == np.arange(len(read_as))
    conditions = [programs.WORDS.index(word) for word in programs.CONDITIONS]
    return {
        "shared": shared,
        "own": own,
        "words": int(same.sum()),
        "conditions": int(same[conditions].sum()),
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """セル、測り方、種ごとに一行。words と conditions は番号の合う語と条件の語の数、残りはエポック。"""
    rows = []
    for point, result in results:
        for vocabulary in ("shared", "own"):
            own = vocabulary == "own"
            rows.append(
                {
                    "cell": point["cell"],
                    "vocabulary": vocabulary,
                    "seed": point["seed"],
                    "words": result["words"] if own else len(programs.WORDS),
                    "conditions": result["conditions"]
                    if own
                    else len(programs.CONDITIONS),
                }
                | {str(e + 1): value for e, value in enumerate(result[vocabulary])}
            )
    table = pd.DataFrame(rows)
    return {
        "if_then_claim": table.to_csv(
            index=False, float_format="%.3f", lineterminator="\n"
        )
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した正解率が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    stored = data.load("if_then_claim").query("vocabulary == 'shared'")
    rows = []
    for point, result in results:
        for epoch in MARKS:
            values = stored.loc[stored["cell"] == point["cell"], str(epoch)]
            row = {"セル": point["cell"], "種": point["seed"], "エポック": epoch}
            again = result["shared"][epoch - 1]
            rows.append(row | beside_stored(again, values, slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="if_then_claim",
    title="if…then（20 語はさむ）の正解率を、24 個の種で 20 エポック。語彙が一つの測り方と、別々の測り方",
    points=tuple(
        {"cell": cell, "seed": seed} for cell in CELLS for seed in range(SEEDS)
    ),
    quick=({"cell": "lstm", "seed": 100},),  # 保存した種とは別の種です
    train=train,
    tables=tables,
    compare=compare,
)
