"""語順の問題: だれが、だれを。どの文も同じ五語なので、語の数を数えても答えは分かりません（第 7 章）。

    犬 が 人 を 噛んだ → 犬        人 が 犬 を 噛んだ → 人
    人 を 犬 が 噛んだ → 犬        犬 を 人 が 噛んだ → 人

答えは「した側」の名詞です。一つの組 {犬, 人} と動詞から、上の四つの文ができます。語の集まりは
四つとも同じ {犬, 人, が, を, 動詞} で、名詞の順だけを見ても、助詞の順だけを見ても、半分しか当たりません。
名詞のすぐ後ろの助詞を見れば、必ず当たります。

語の数だけから答えるときの最良の正解率は 1/2 です: どの文にも、同じ語で、もう一方が答えの文があります。

名詞の組を学習と試験に分けます。どの名詞も、どちらの側としても、学習に現れます。試験の組は学習に現れません。
"""

from __future__ import annotations

from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int

NOUNS = tuple(
    [
        "犬",
        "人",
        "猫",
        "馬",
        "牛",
        "鳥",
        "猿",
        "狐",
        "狸",
        "熊",
        "羊",
        "兎",
        "蛇",
        "鼠",
        "鹿",
        "亀",
        "蛙",
        "虎",
        "狼",
        "象",
    ]
)
VERBS = tuple(
    ["噛んだ", "追った", "見た", "呼んだ", "押した", "待った", "助けた", "蹴った"]
)
PARTICLES = ("が", "を")
VOCABULARY = (*NOUNS, *PARTICLES, *VERBS)
V, O, T = len(VOCABULARY), len(NOUNS), 5
GA, WO = (VOCABULARY.index(word) for word in PARTICLES)
VERB = VOCABULARY.index(VERBS[0])
PARTS = ("train", "test")
HOLD_OUT = 5  # 組の 1/5 を試験に残します


class Sentences(NamedTuple):
    """文 B 個。"""

    ids: np.ndarray  # (B, 5) 語の番号
    y: np.ndarray  # (B,) した側の名詞の番号
    scrambled: np.ndarray  # (B,) を格が先か

    def text(self, row: int) -> str:
        """row 番目の文。"""
        return "".join(VOCABULARY[k] for k in self.ids[row])


def _pairs() -> dict[str, np.ndarray]:
    found = list(combinations(range(len(NOUNS)), 2))
    held = [sum(pair) % HOLD_OUT == 1 for pair in found]  # 犬と人は試験の組
    return {
        part: np.array(
            [p for p, h in zip(found, held, strict=True) if h == (part == "test")]
        )
        for part in PARTS
    }


PAIRS = _pairs()  # part → 名詞の組 (個数, 2)


def ids_of(
    doers: np.ndarray, others: np.ndarray, verbs: np.ndarray, scrambled: np.ndarray
) -> np.ndarray:
    """する側、される側、動詞の番号と、を格が先か（どれも (B,)）から、語の番号 (B, 5)。

    例:
        >>> ids = ids_of(np.array([0]), np.array([1]), np.array([0]), np.array([True]))
        >>> print("".join(VOCABULARY[k] for k in ids[0]))
        人を犬が噛んだ
    """
    first, second = (
        np.where(scrambled, others, doers),
        np.where(scrambled, doers, others),
    )
    one, two = np.where(scrambled, WO, GA), np.where(scrambled, GA, WO)
    return np.stack([first, one, second, two, VERB + verbs], axis=1)


def batch(rng: np.random.Generator, B: int, part: str = "train") -> Sentences:
    """part の組から、文を B 個作ります。

    例:
        >>> some = batch(np.random.default_rng(0), B=2)
        >>> [(some.text(row), NOUNS[some.y[row]]) for row in range(2)]
        [('兎が象を見た', '兎'), ('蛙が狐を噛んだ', '蛙')]
    """
    require_generator("rng", rng)
    B = require_positive_int("B", B)
    pairs = PAIRS[require_choice("part", part, PARTS)]
    doers, others = rng.permuted(pairs[rng.integers(0, len(pairs), B)], axis=1).T
    verbs, scrambled = rng.integers(0, len(VERBS), B), rng.integers(0, 2, B) == 1
    return Sentences(ids_of(doers, others, verbs, scrambled), doers, scrambled)


def every_sentence(part: str) -> Sentences:
    """part の組からできる、すべての文（組 × 2 × 動詞 × 2）。

    例:
        >>> len(every_sentence("test").y) == len(PAIRS["test"]) * 2 * 8 * 2
        True
    """
    pairs = PAIRS[require_choice("part", part, PARTS)]
    both_ways = np.concatenate([pairs, pairs[:, ::-1]])
    rows = product(both_ways, range(len(VERBS)), (False, True))
    doers, others, verbs, scrambled = map(
        np.array, zip(*((*pair, verb, late) for pair, verb, late in rows), strict=True)
    )
    return Sentences(ids_of(doers, others, verbs, scrambled), doers, scrambled)
