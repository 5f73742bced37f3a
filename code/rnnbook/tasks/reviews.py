"""感想の問題: この作品をほめているか、けなしているか。形容が二つある文から答えます（第 7 章）。

    私は 映画は 好き だ が、 この作品は 退屈 だった 。       → けなしている
    この作品は 退屈 だった けれども、 私は 音楽は 好き だ 。   → けなしている
    私は 原作は 好き だ し、 この作品は 新鮮 だった 。       → ほめている

逆接（が、けれども、のに）なら二つの形容は反対の向き、順接（し、ので）なら同じ向きです。話題の節が
先の文と、作品の節が先の文があります。どの文も九語で、形容の語はどちらの節にも入ります。

語の数だけから答えるときの最良の正解率: 順接なら、どちらの形容も同じ向きなので 1、逆接なら 1/2。
逆接の割合は 1/2 なので、合わせて 3/4 です。

話題の形容と作品の形容の組を、学習と試験に分けます。どの形容も、どちらの節にも、学習に現れます。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int

TOPICS = (
    "映画は",
    "音楽は",
    "原作は",
    "監督は",
    "俳優は",
    "前作は",
    "題材は",
    "予告は",
)
GOOD = ("好き", "見事", "素敵", "新鮮", "上手", "立派", "愉快", "丁寧")
BAD = ("嫌い", "退屈", "平凡", "陳腐", "下手", "粗末", "不快", "雑")
AGAINST = ("が、", "けれども、", "のに、")  # 逆接
ALONG = ("し、", "ので、")  # 順接
CONNECTIVES = (*AGAINST, *ALONG)
HIDDEN = "□"  # 隠した語
VOCABULARY = (
    HIDDEN,
    *("私は", "この作品は", "だ", "な", "だった", "。"),
    *TOPICS,
    *GOOD,
    *BAD,
    *CONNECTIVES,
)
NUMBER = {word: k for k, word in enumerate(VOCABULARY)}
V, O, T = len(VOCABULARY), 2, 9
ANSWERS = ("けなしている", "ほめている")
PARTS = ("train", "test")
HOLD_OUT = 4  # 形容の組の 1/4 を試験に残します

# 語の役割（文の中の並びは、どちらの節が先かで変わります）
ROLES = (
    "私は",
    "話題",
    "話題の形容",
    "だ",
    "接続",
    "この作品は",
    "作品の形容",
    "だった",
    "。",
)
# 役割 → 文の中の位置。0 は話題の節が先の文、1 は作品の節が先の文
PLACES = np.array([[0, 1, 2, 3, 4, 5, 6, 7, 8], [4, 5, 6, 7, 3, 0, 1, 2, 8]])


class Reviews(NamedTuple):
    """文 B 個。"""

    ids: np.ndarray  # (B, 9) 語の番号
    y: np.ndarray  # (B,) ほめていれば 1
    connective: np.ndarray  # (B,) CONNECTIVES の番号
    work_first: np.ndarray  # (B,) 作品の節が先なら 1

    def text(self, row: int) -> str:
        """row 番目の文。"""
        return "".join(VOCABULARY[k] for k in self.ids[row])


def batch(
    rng: np.random.Generator,
    B: int,
    part: str = "train",
    connectives: tuple[str, ...] | None = None,
) -> Reviews:
    """part の形容の組から、文を B 個作ります。connectives を渡すと、その接続の語だけを使います。

    例:
        >>> some = batch(np.random.default_rng(0), B=2)
        >>> for row in range(2):
        ...     print(some.text(row), "→", ANSWERS[some.y[row]])
        この作品は陳腐だったけれども、私は俳優は見事だ。 → けなしている
        この作品は下手だったが、私は俳優は愉快だ。 → けなしている
    """
    require_generator("rng", rng)
    B = require_positive_int("B", B)
    require_choice("part", part, PARTS)
    for word in connectives or ():
        require_choice("connectives", word, CONNECTIVES)
    if connectives is None:
        against = rng.integers(0, 2, B) == 1
        connective = np.where(
            against,
            rng.integers(0, len(AGAINST), B),
            len(AGAINST) + rng.integers(0, len(ALONG), B),
        )
    else:
        chosen = [CONNECTIVES.index(word) for word in connectives]
        connective = np.array(chosen)[rng.integers(0, len(chosen), B)]
        against = connective < len(AGAINST)
    y = rng.integers(0, 2, B)
    of_topic = np.where(against, 1 - y, y)
    # 組 (話題の形容, 作品の形容) の番号の和で、学習と試験に分けます
    held = np.add.outer(range(len(GOOD)), range(len(GOOD))) % HOLD_OUT == 1
    pairs = np.argwhere(held if part == "test" else ~held)
    of_topic_word, of_work_word = pairs[rng.integers(0, len(pairs), B)].T
    first = NUMBER[GOOD[0]], NUMBER[BAD[0]]
    word = NUMBER
    work_first = rng.integers(0, 2, B)
    # のに・ので の前の「だ」は「な」になります（話題の節が先のとき）
    needs_na = np.isin(connective, [CONNECTIVES.index(w) for w in ("のに、", "ので、")])
    spoken = {
        "私は": np.full(B, word["私は"]),
        "話題": word[TOPICS[0]] + rng.integers(0, len(TOPICS), B),
        "話題の形容": np.where(of_topic == 1, *first) + of_topic_word,
        "だ": np.where(needs_na & (work_first == 0), word["な"], word["だ"]),
        "接続": word[CONNECTIVES[0]] + connective,
        "この作品は": np.full(B, word["この作品は"]),
        "作品の形容": np.where(y == 1, *first) + of_work_word,
        "だった": np.full(B, word["だった"]),
        "。": np.full(B, word["。"]),
    }
    ids = np.empty((B, T), dtype=np.int64)
    by_role = np.stack([spoken[role] for role in ROLES], axis=1)  # (B, 9)
    np.put_along_axis(ids, PLACES[work_first], by_role, axis=1)
    return Reviews(ids, y, connective, work_first)


def hide(rng: np.random.Generator, ids: np.ndarray, share: float) -> np.ndarray:
    """語を、割合 share で HIDDEN に替えた写し。隠した語のある文を、学習に混ぜるためのものです。"""
    return np.where(rng.random(ids.shape) < share, NUMBER[HIDDEN], ids)


def without(reviews: Reviews, role: str) -> np.ndarray:
    """役割 role の語を HIDDEN に替えた番号 (B, 9)。

    例:
        >>> some = batch(np.random.default_rng(0), B=1)
        >>> hidden = some._replace(ids=without(some, "作品の形容"))
        >>> print(some.text(0), "→", hidden.text(0))
        私は映画は素敵だけれども、この作品は平凡だった。 → 私は映画は素敵だけれども、この作品は□だった。
    """
    ids = reviews.ids.copy()
    ids[np.arange(len(ids)), places(reviews, role)] = NUMBER[HIDDEN]
    return ids


def opposite(reviews: Reviews, role: str) -> np.ndarray:
    """役割 role の形容を、反対の向きの形容（同じ順番のもの）に替えた番号 (B, 9)。"""
    require_choice("role", role, ("話題の形容", "作品の形容"))
    ids, rows = reviews.ids.copy(), np.arange(len(reviews.ids))
    at = places(reviews, role)
    good, bad, n = NUMBER[GOOD[0]], NUMBER[BAD[0]], len(GOOD)
    ids[rows, at] += np.where(ids[rows, at] < good + n, bad - good, good - bad)
    return ids


def places(reviews: Reviews, role: str) -> np.ndarray:
    """役割 role の語の位置 (B,)。"""
    require_choice("role", role, ROLES)
    return PLACES[reviews.work_first, ROLES.index(role)]
