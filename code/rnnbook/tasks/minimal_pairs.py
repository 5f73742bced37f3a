"""最小の対: 一か所だけが違う二つの文の、どちらが正しいか（第 7 章）。

    合図     終わり
    決して …  ない        必ず …  た
    まるで …  のようである   実際 …  なのである
    しか …   ない        ばかり …  た
    を …    見た        に …   似た

一つの問いは、二つの合図と二つの終わりを組み合わせた四つの文です。合図ごとに、正しい終わりと
誤った終わりの対ができます。合図を見ないモデルは、どちらの合図でも同じ終わりを選ぶので、二つの対の
一方だけが当たります: 正解率はちょうど 1/2 です。終わりの長さや、よく現れるかどうかは、効きません。

合図と終わりのあいだには、合図と関わりのない句を PHRASE 文字ずつはさみます。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int


class Pattern(NamedTuple):
    """一つの型。"""

    heads: tuple[str, ...]  # 合図の前
    cues: tuple[str, str]
    endings: tuple[tuple[str, str], ...]  # 一つめの合図に合うもの、二つめに合うもの


_STEMS = (
    "見",
    "出",
    "得",
    "考え",
    "忘れ",
    "認め",
    "感じ",
    "与え",
    "覚え",
    "求め",
    "述べ",
)
_PEOPLE = ("私は", "人は", "自分は", "彼は", "子供は", "世間は", "われわれは", "学者は")
_TIMES = ("", "今も", "昔も")
_HEADS = tuple(time + person for time in _TIMES for person in _PEOPLE)
_OBJECTS = tuple(
    person + noun
    for person in _PEOPLE
    for noun in ("それ", "これ", "花", "石", "絵", "海")
)
_TOPICS = tuple(
    time + topic
    for time in _TIMES
    for topic in ("それは", "これは", "あれは", "月は", "町は", "山は")
)
_THINGS = (
    "夢",
    "絵",
    "花",
    "星",
    "魚",
    "鳥",
    "雲",
    "石",
    "機械",
    "人間",
    "動物",
    "火山",
)

PATTERNS: dict[str, Pattern] = {
    "決して…ない": Pattern(
        _HEADS, ("決して", "必ず"), tuple((f"{v}ない。", f"{v}た。") for v in _STEMS)
    ),
    "まるで…よう": Pattern(
        _TOPICS,
        ("まるで", "実際"),
        tuple((f"{n}のようである。", f"{n}なのである。") for n in _THINGS),
    ),
    "しか…ない": Pattern(
        _OBJECTS,
        ("しか", "ばかり"),
        tuple(
            (f"{v}ない。", f"{v}た。")
            for v in ("見", "得", "考え", "感じ", "覚え", "求め")
        ),
    ),
    "助詞": Pattern(
        _OBJECTS,
        ("を", "に"),
        (
            ("見た。", "似た。"),
            ("知った。", "会った。"),
            ("考えた。", "触れた。"),
            ("作った。", "向かった。"),
            ("聞いた。", "近づいた。"),
            ("取った。", "立った。"),
        ),
    ),
}
PHRASES = (
    *("家の中で", "町の中で", "山の上で", "海の上で", "冬の朝に", "夏の夜に"),
    *("夜の間に", "人の前で", "雨の日に", "春の日に"),
)
PHRASE = 4  # 一つの句の文字の数
START = "。"  # 前の文の終わり
TIE = 1e-6  # 対数確率の差がこれより小さければ、等しい（足し算の順による丸めです）


class Question(NamedTuple):
    """一つの問い: 合図が二つ、終わりが二つ。cue k に合うのは ending k です。"""

    before: tuple[str, str]  # 合図と、はさんだ句まで
    endings: tuple[str, str]


def questions(
    rng: np.random.Generator, pattern: str, phrases: int, count: int
) -> list[Question]:
    """型 pattern の、句を phrases 個はさんだ問いを、違うものを count 個作ります。

    例:
        >>> for q in questions(np.random.default_rng(0), "決して…ない", phrases=1, count=1):
        ...     print(q.before, q.endings)
        ('。昔も子供は決して冬の朝に', '。昔も子供は必ず冬の朝に') ('与えない。', '与えた。')
    """
    require_generator("rng", rng)
    heads, cues, endings = PATTERNS[require_choice("pattern", pattern, PATTERNS)]
    phrases = require_positive_int("phrases", phrases, 0)
    count, made = require_positive_int("count", count), {}
    most = len(heads) * len(endings) * _arrangements(phrases)
    if count > most:
        raise ValueError(
            f"引数 count は、型 {pattern} に句 {phrases} 個では {most} 以下です。"
            f"{count} が渡されました。"
        )
    while len(made) < count:
        head, ending = (
            heads[rng.integers(len(heads))],
            endings[rng.integers(len(endings))],
        )
        between = "".join(np.array(PHRASES)[rng.permutation(len(PHRASES))[:phrases]])
        before = tuple(f"{START}{head}{cue}{between}" for cue in cues)
        made[before + ending] = Question(before, ending)
    return list(made.values())


def _arrangements(phrases: int) -> int:
    """句を phrases 個並べる並べ方の数。"""
    return int(np.prod(len(PHRASES) - np.arange(phrases)))


def accuracy(scores: np.ndarray) -> float:
    """scores[問い, 合図, 終わり]（終わりの対数確率）から、対の正解率。等しければ半分と数えます。

    例:
        >>> blind = np.array([[[-1.0, -2.0], [-1.0, -2.0]]])  # 合図を見ない
        >>> accuracy(blind), accuracy(np.array([[[-1.0, -2.0], [-3.0, -2.0]]]))
        (0.5, 1.0)
    """
    wins = scores[:, [0, 1], [0, 1]] - scores[:, [0, 1], [1, 0]]
    return float(_half_ties(wins).mean())


def turned(scores: np.ndarray) -> float:
    """合図を替えると、合う終わりのほうへ動いた問いの割合。動かなければ半分と数えます。

    終わりごとの好みは、差を取ると消えます。どちらの終わりを選ぶかより、敏感な物差しです。

    例:
        >>> turned(np.array([[[-1.0, -2.0], [-1.5, -2.0]]]))  # 選ぶ終わりは同じでも、動いた
        1.0
    """
    odds = scores[:, :, 0] - scores[:, :, 1]  # (問い, 合図)
    return float(_half_ties(odds[:, 0] - odds[:, 1]).mean())


def _half_ties(difference: np.ndarray) -> np.ndarray:
    return np.where(np.abs(difference) < TIE, 0.5, difference > 0)
