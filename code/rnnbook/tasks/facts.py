"""事実の問題: いくつもの文を読み、読み終えてから、だれについて何を聞かれるかを知ります（第 7 章）。

    太郎は 月曜に 時計を 修理 しなかった 。 花子は 土曜に 窓を 洗浄 した 。
    問い: 太郎の、いつ？ → 月曜に    太郎の、打ち消し？ → はい

一つの文は WORDS 語で、五つの事実（いつ、何を、どうした、打ち消し、時制）を持ちます。値はどれも一様で、
互いに独立です。同じ人は二度出ません。問いは読み終えるまで見えないので、どの事実も捨てられません。

文を読まずに答えるときの最良の正解率は、問いの種類ごとに 1 / 値の数です。それを 0、全部当たるのを 1 と
する割合に文の数を掛けると、「残った事実」の数になります。

    残った事実 = S Σ_k (正解率_k − 1/n_k) / (1 − 1/n_k)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_positive_int,
)

PEOPLE = tuple(["太郎", "花子", "次郎", "良子", "健一", "美咲", "正夫", "陽子"])
DAYS = tuple(["月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜", "祝日"])
THINGS = tuple(["時計", "窓", "車", "電球", "棚", "鏡", "机", "扇風機"])
DEEDS = tuple(["修理", "点検", "洗浄", "運搬", "撮影", "交換", "注文", "返品"])
ENDINGS = ("した", "しなかった", "する", "しない")  # 番号 = 2 × 時制 + 打ち消し

# 問いの種類 → 値の数
KINDS = {"いつ": 8, "何を": 8, "どうした": 8, "時制": 2, "打ち消し": 2}
SIZES = np.array(list(KINDS.values()))
FIRST = np.concatenate([[0], np.cumsum(SIZES)[:-1]])  # 種類ごとの、はじめの出力の番号
O = int(SIZES.sum())
WORDS = 5  # 一つの文の語の数
QUERIES = len(PEOPLE) * len(KINDS)
VOCABULARY = (
    *(f"{word}は" for word in PEOPLE),
    *(f"{word}に" for word in DAYS),
    *(f"{word}を" for word in THINGS),
    *DEEDS,
    *ENDINGS,
)
V = len(VOCABULARY)
LARGEST = len(PEOPLE)  # 同じ人は二度出ないので、文の数はここまで


class Stories(NamedTuple):
    """文 S 個の話が B 本。"""

    ids: np.ndarray  # (B, WORDS · S) 語の番号
    people: np.ndarray  # (B, S) 文ごとの、だれ
    values: np.ndarray  # (B, S, 5) 文ごと、種類ごとの値

    def text(self, row: int) -> str:
        """row 番目の話。"""
        words = [VOCABULARY[k] for k in self.ids[row]]
        return " ".join(
            word + ("。" if k % WORDS == WORDS - 1 else "")
            for k, word in enumerate(words)
        )


def batch(rng: np.random.Generator, B: int, S: int) -> Stories:
    """文 S 個の話を B 本作ります。

    例:
        >>> story = batch(np.random.default_rng(0), B=1, S=2)
        >>> print(story.text(0))
        良子は 土曜に 棚を 撮影 する。 次郎は 日曜に 鏡を 修理 しなかった。
        >>> story.values[0].tolist()
        [[5, 4, 4, 1, 0], [6, 5, 0, 0, 1]]
    """
    require_generator("rng", rng)
    B, S = require_positive_int("B", B), require_positive_int("S", S)
    if S > LARGEST:
        raise ValueError(
            f"引数 S は、人の数 {LARGEST} 以下の整数です（同じ人は二度出ません）。{S} が渡されました。"
        )
    people = rng.random((B, LARGEST)).argsort(axis=1)[:, :S]
    values = rng.integers(0, SIZES, (B, S, len(KINDS)))
    day, thing, deed, future, negated = np.moveaxis(values, 2, 0)
    starts = np.cumsum([0, len(PEOPLE), len(DAYS), len(THINGS), len(DEEDS)])
    spoken = (people, day, thing, deed, 2 * future + negated)
    ids = np.stack([k + part for k, part in zip(starts, spoken, strict=True)], axis=2)
    return Stories(ids.reshape(B, WORDS * S), people, values)


def questions(stories: Stories, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """文 rows (B, n) の、五つの種類の問い (B, 5 n) と、答え (B, 5 n)。

    問いの番号は 人 × 5 + 種類、答えの番号は FIRST[種類] + 値です。

    例:
        >>> story = batch(np.random.default_rng(0), B=1, S=2)
        >>> asked, answers = questions(story, np.array([[1]]))
        >>> asked.tolist(), answers.tolist()
        ([[10, 11, 12, 13, 14]], [[6, 13, 16, 24, 27]])
    """
    rows = require_array("rows", rows, (len(stories.ids), "n")).astype(np.int64)
    people = np.take_along_axis(stories.people, rows, axis=1)  # (B, n)
    values = np.take_along_axis(stories.values, rows[..., None], axis=1)
    asked = people[..., None] * len(KINDS) + np.arange(len(KINDS))
    B = len(rows)
    return asked.reshape(B, -1), (values + FIRST).reshape(B, -1)


def kept(accuracy: np.ndarray, S: int) -> float:
    """種類ごとの正解率 (5,) から、残った事実の数（全部なら 5 S）。

    例:
        >>> kept(1 / SIZES, S=8), kept(np.ones(5), S=8)
        (0.0, 40.0)
    """
    accuracy = require_array("accuracy", accuracy, (len(KINDS),))
    S = require_positive_int("S", S)
    # 残った事実 = S Σ_k (正解率_k − 1/n_k) / (1 − 1/n_k)
    return float(S * ((accuracy - 1 / SIZES) / (1 - 1 / SIZES)).sum())


def best_without_names(stories: Stories) -> float:
    """値の集まりだけを覚え、だれの値かを覚えずに答えるときの、残った事実の最大（同じ話の上で）。

    最良の答えは、種類ごとに、いちばん多く出た値です。正解率は、その数 / S の平均です。

    例:
        >>> rng = np.random.default_rng(0)
        >>> [round(best_without_names(batch(rng, 20_000, S)), 1) for S in (1, 2, 8)]
        [5.0, 5.0, 9.9]
    """
    S = stories.values.shape[1]
    most = [
        (stories.values[:, :, kind, None] == np.arange(size)).sum(axis=1).max(axis=1)
        for kind, size in enumerate(SIZES)
    ]
    return kept(np.mean(most, axis=1) / S, S)
