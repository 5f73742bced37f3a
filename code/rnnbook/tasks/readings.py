"""読みの問題: 漢字の読みを、文のどこかにある手がかりから答えます（第 4 章）。

    紙に 辛い という 字は たぶん カレー の話 です   →   からい
    失恋 の話 らしい 辛い とある                    →   つらい

語 w は一様に、読みは w の割合 π_w で、手がかりの側は左右 1/2 ずつで選びます。右なら、w から
手がかりまでの語数 d は 1 から 6 の一様です。ほかの語の手がかりも、左右に混ざります。

前から読み、w のあと k 語まで待って答えるときの最良の正解率（上限）:
手がかりは型とも副詞とも独立に選ぶので、まだ見えていなければ、分かるのは π_w だけです。

    上限(k) = P(左) + P(右) ( P(d ≤ k) + P(d > k) · 平均 max(π_w, 1 − π_w) )

学習と試験では、型も、手がかりとそれに続く語の組も別です。語はすべて学習に現れます。
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import (
    require_choice,
    require_generator,
    require_ids,
    require_positive_int,
)
from rnnbook.tasks import reading_words as words
from rnnbook.tasks.reading_words import CUES, NUMBER, PRIORS, READINGS, VOCABULARY

V = len(VOCABULARY)
O = len(READINGS)  # 語ごとに二つ、全部で 12
FARTHEST = 6  # 手がかりは、右なら 6 語先まで
PARTS = ("train", "test")
PLACEMENTS = ("both", "seen", "moved")
HOLD_OUT_PATTERN, HOLD_OUT_PAIR = 4, 5  # 型の 1/4 と、組の 1/5 を試験に残します
W, C, N, D, M, A = (-1 - k for k in range(len(words.SLOTS)))  # 型の中の印


class Sentences(NamedTuple):
    """文 B 個。埋めてそろえてあり、埋めた所の番号は 0 です。"""

    ids: np.ndarray  # (B, T) 語の番号
    lengths: np.ndarray  # (B,) 本当の長さ
    at: np.ndarray  # (B,) 読みを答える語の位置
    cue_at: np.ndarray  # (B,) 手がかりの位置
    y: np.ndarray  # (B,) 読みの番号。語の番号 × 2 と、一つめなら 0、二つめなら 1

    def text(self, row: int) -> str:
        """row 番目の文。"""
        return " ".join(VOCABULARY[k] for k in self.ids[row, : self.lengths[row]])


def _compile(parts: tuple, middle: str) -> list[tuple[int, np.ndarray]]:
    """型 = はじめ + middle + 途中 + 終わり。(学習なら 0、試験なら 1) と、番号と印の列。"""
    code = NUMBER | dict(zip(words.SLOTS, (W, C, N, D, M, A), strict=True))
    heads, middles, tails = parts
    found = []
    for h, head in enumerate(heads):
        for m, between in enumerate(middles):
            for t, tail in enumerate(tails):
                text = middle.format(head=head, between=between, tail=tail)
                row = np.array([code[word] for word in text.split()])
                found.append((int((h + m + t) % HOLD_OUT_PATTERN == 0), row))
    return found


LEFT = _compile(
    (words.LEFT_HEADS, words.LEFT_MIDDLES, words.LEFT_TAILS),
    "{head} C N {between} W {tail}",
)
RIGHT = _compile(
    (words.RIGHT_HEADS, words.RIGHT_MIDDLES, words.RIGHT_TAILS),
    "{head} W {between} C N {tail}",
)
LONGEST = max(len(row) for _, row in LEFT + RIGHT)


def _table(part: int) -> list[np.ndarray]:
    """[左の型, d = 1 の型, …, d = 6 の型]。どれも (個数, LONGEST) で、埋めた所は 0。"""
    kinds: list[list[np.ndarray]] = [[] for _ in range(FARTHEST + 1)]
    for held, row in LEFT + RIGHT:
        if held == part:
            d = max(int(np.flatnonzero(row == C)[0] - np.flatnonzero(row == W)[0]), 0)
            kinds[d].append(np.pad(row, (0, LONGEST - len(row))))
    return [np.array(rows) for rows in kinds]


TABLES = {part: _table(k) for k, part in enumerate(PARTS)}
_CUE_IDS = np.array([[NUMBER[cue] for cue in CUES[r]] for r in READINGS])  # (12, 10)
_PAIRS = {
    part: np.array(
        [
            (c, n)
            for c in range(10)
            for n in range(10)
            if ((c + n) % HOLD_OUT_PAIR == 0) == (part == "test")
        ]
    )
    for part in PARTS
}


def batch(
    rng: np.random.Generator, B: int, part: str = "train", placement: str = "both"
) -> Sentences:
    """新しい文を B 個作ります。part は "train" か "test" です。

    placement が "seen" なら、手がかりの偶数番は左だけに、奇数番は右だけに置きます。
    "moved" はその逆です。"both" はどちらにも置きます。

    例:
        >>> some = batch(np.random.default_rng(1), B=2)
        >>> for row in range(2):
        ...     print(some.text(row), "→", READINGS[some.y[row]])
        表紙に 要するに 別れ の感想 らしい 辛い と 書いて ある → つらい
        いわば 壁に 辛い という 字は 水泳 の写真 でなく ラー油 の本 らしい → からい
    """
    require_generator("rng", rng)
    B = require_positive_int("B", B)
    require_choice("part", part, PARTS)
    require_choice("placement", placement, PLACEMENTS)
    right = rng.integers(0, 2, B)
    d = right * rng.integers(1, FARTHEST + 1, B)  # 左なら 0
    word = rng.integers(0, len(PRIORS), B)
    y = 2 * word + (rng.random(B) >= np.array(PRIORS)[word])
    ids = np.zeros((B, LONGEST), dtype=np.int64)
    for kind, table in enumerate(TABLES[part]):
        rows = np.flatnonzero(d == kind)
        ids[rows] = table[rng.integers(0, len(table), len(rows))]
    at, cue_at = (ids == W).argmax(axis=1), (ids == C).argmax(axis=1)
    lengths = (ids != 0).sum(axis=1)

    pairs = _PAIRS[part]
    cue, neighbour = pairs[rng.integers(0, len(pairs), B)].T
    if placement != "both":
        # 偶数番の手がかりは左（right = 0）、奇数番は右。"moved" ではその逆
        wanted = right if placement == "seen" else 1 - right
        split = [pairs[pairs[:, 0] % 2 == parity] for parity in (0, 1)]
        pick = rng.integers(0, min(map(len, split)), B)
        cue, neighbour = np.array(
            [split[s][p] for s, p in zip(wanted, pick, strict=True)]
        ).T
    first = NUMBER[words.NEIGHBOURS[0]]
    _fill(ids, W, 1 + word)
    _fill(ids, C, _CUE_IDS[y, cue])
    _fill(ids, N, first + neighbour)
    # ほかの語の手がかり
    other = (word + rng.integers(1, len(PRIORS), B)) % len(PRIORS)
    cue, neighbour = pairs[rng.integers(0, len(pairs), B)].T
    _fill(ids, D, _CUE_IDS[2 * other + rng.integers(0, 2, B), cue])
    _fill(ids, M, first + neighbour)
    adverbs = NUMBER[words.ADVERBS[0]] + rng.integers(
        0, len(words.ADVERBS), (ids == A).sum()
    )
    ids[ids == A] = adverbs
    return Sentences(ids, lengths, at, cue_at, y)


def _fill(ids: np.ndarray, slot: int, values: np.ndarray) -> None:
    rows, columns = np.nonzero(ids == slot)
    ids[rows, columns] = values[rows]


def visible(sentences: Sentences, k: int) -> np.ndarray:
    """前から読み、語のあと k 語まで待つとき、手がかりが見えているか (B,)。"""
    require_positive_int("k", k, minimum=0)
    return sentences.cue_at <= sentences.at + k


def best_accuracy(sentences: Sentences, k: int) -> float:
    """同じ文の上での上限: 見えていれば 1、見えていなければ多いほうの読みの割合、の平均。

    例:
        >>> test = batch(np.random.default_rng(0), 20_000, "test")
        >>> [round(best_accuracy(test, k), 2) for k in (0, 3, 6)]
        [0.83, 0.92, 1.0]
    """
    likely = np.maximum(PRIORS, 1 - np.array(PRIORS))[sentences.y // 2]
    return float(np.where(visible(sentences, k), 1.0, likely).mean())


def best_accuracy_in_theory(k: int) -> float:
    """上限(k) の式。文を限りなく作ったときの best_accuracy です。

    例:
        >>> [round(best_accuracy_in_theory(k), 4) for k in (0, 3, 6)]
        [0.8333, 0.9167, 1.0]
    """
    near = min(require_positive_int("k", k, minimum=0), FARTHEST) / FARTHEST
    likely = float(np.mean(np.maximum(PRIORS, 1 - np.array(PRIORS))))
    # P(左) + P(右) ( P(d ≤ k) + P(d > k) · 平均 max(π_w, 1 − π_w) )
    return 0.5 + 0.5 * (near + (1 - near) * likely)


def encode(text: str) -> np.ndarray:
    """文を語に分け、番号の列にします。空白、「、」「。」、半角と全角の違いは問いません。

    どの位置でも、語彙の中でいちばん長く合う語を取ります。空の文と、語彙にない文字は ValueError です。

    例:
        >>> encode("題は辛い カレーの話です").tolist() == encode("題は 辛い、ｶﾚｰ の話 です。").tolist()
        True
        >>> encode("題は甘い")
        Traceback (most recent call last):
        ...
        ValueError: 引数 text は語彙にある語の文です。「甘い」の所が読めません。
    """
    found, rest = [], re.sub(r"[\s、。]", "", unicodedata.normalize("NFKC", text))
    if not rest:
        raise ValueError("引数 text は語彙にある語の文です。空の文が渡されました。")
    while rest:
        fits = [w for w in VOCABULARY[1:] if rest.startswith(w)]
        if not fits:
            raise ValueError(
                f"引数 text は語彙にある語の文です。「{rest[:6]}」の所が読めません。"
            )
        longest = max(fits, key=len)
        found.append(NUMBER[longest])
        rest = rest[len(longest) :]
    return require_ids("text", np.array(found, dtype=np.int64), V)
