"""最小の対: 一か所だけが違う二つの文の、どちらが正しいか（第 7 章）。

    型          合図           終わり
    決して…ない    決して / いつも    見ない / 見たの
    少しも…ない    少しも / 非常に    見ない / 見たの
    到底…ない     到底 / 常に      見ない / 見たの
    しか…ない     しか / だけ      見ない / 見たの
    たとえ…ても    たとえ / もし     見ても、 / 見れば、
    助詞         を / に        見た。 / 似た。

一つの問いは、二つの合図と二つの終わりを組み合わせた四つの文です。合図ごとに、正しい終わりと
誤った終わりの対ができます。二つの終わりは同じ文字数なので、短い終わりの確率が高いことは効きません。
合図を見ないモデルは、どちらの合図でも同じ終わりを選ぶので、二つの対の一方だけが当たります:
正解率はちょうど 1/2 です。

合図と終わりのあいだには、合図と関わりのない句を PHRASE 文字ずつはさみます。終わりは、違う文字の
すぐ後ろで切ります（見たのである、の「見たの」まで）。

どの合図も、その意味で、その終わりと共に、学習の文章に現れなければなりません。support が数えます:
「必ずしも」は「必ず」、「しかし」は「しか」の例ではありません。数の足りない型は
除いてあります: まるで…よう（「まるで違う」のほかに 38、よう が続くのは 17）、必ず…た（20）、なぜ…か（12）。
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import (
    require_choice,
    require_generator,
    require_instance,
    require_positive_int,
)


class Pattern(NamedTuple):
    """一つの型。"""

    heads: tuple[str, ...]  # 合図の前
    cues: tuple[str, str]
    endings: tuple[tuple[str, str], ...]  # 一つめの合図に合うもの、二つめに合うもの
    senses: tuple[str, str]  # 合図がその意味で現れた所（正規表現）
    form: str  # 一つめの合図に合う終わり（正規表現）


_TIMES = ("", "今も", "昔も")
_PEOPLE = ("私は", "人は", "自分は", "彼は", "子供は", "世間は", "われわれは", "学者は")
_HEADS = tuple(time + person for time in _TIMES for person in _PEOPLE)
_OBJECTS = tuple(
    person + noun
    for person in _PEOPLE
    for noun in ("それ", "これ", "花", "石", "絵", "海")
)
_PLACES = ("山", "海", "町", "家", "店", "絵")

_STEMS = (
    *("見", "出", "得", "考え", "忘れ", "認め"),
    *("感じ", "与え", "覚え", "求め", "述べ"),
)
_VERBS = tuple((f"{stem}ない", f"{stem}たの") for stem in _STEMS)
_NEGATED = "な[いかくけ]|ぬ|ず|まい|ません"
# しか の前後にあれば、ほかの語の一部である文字（しかし、しかも、たしか、らしかった、いつしか など）
_SHIKA = (
    r"(?<![たらしなもょかこ])(?<!いつ)しか(?![しもけるたりらつばれくのいみっろぶか」])"
)
_MOSHI = r"(?<!か)もし(?![くろてたなよい])"  # かもしれない、もしくは、ともしび など
_WO, _NI = "見|知っ|聞い|取っ|考え|得", "似|行っ|入っ|立っ|触れ|出"

PATTERNS: dict[str, Pattern] = {
    "決して…ない": Pattern(
        _HEADS, ("決して", "いつも"), _VERBS, ("決して", "いつも"), _NEGATED
    ),
    "少しも…ない": Pattern(
        _HEADS, ("少しも", "非常に"), _VERBS, ("少しも", "非常に"), _NEGATED
    ),
    "到底…ない": Pattern(_HEADS, ("到底", "常に"), _VERBS, ("到底", "常に"), _NEGATED),
    "しか…ない": Pattern(
        _OBJECTS,
        ("しか", "だけ"),
        _VERBS,
        (_SHIKA, "だけ"),
        _NEGATED,
    ),
    "たとえ…ても": Pattern(
        _HEADS,
        ("たとえ", "もし"),
        tuple(
            (f"{stem}ても、", f"{stem}{eba}ば、")
            for stem, eba in (
                *(("見", "れ"), ("来", "れ"), ("出", "れ"), ("得", "れ"), ("い", "れ")),
                *(("考え", "れ"), ("与え", "れ"), ("見え", "れ"), ("覚え", "れ")),
            )
        ),
        ("たとえ(?![ばるたて])", _MOSHI),
        "ても|でも|とも",
    ),
    "助詞": Pattern(
        tuple(person + place for person in _PEOPLE for place in _PLACES),
        ("を", "に"),
        (
            ("見た。", "似た。"),
            ("知った。", "行った。"),
            ("聞いた。", "入った。"),
            ("取った。", "立った。"),
            ("考えた。", "触れた。"),
            ("得た。", "出た。"),
        ),
        tuple(f"{particle}(?=(?:{_WO}|{_NI})た)" for particle in "をに"),
        f"^(?:{_WO})",
    ),
}
PHRASES = (
    *("家の中で", "町の中で", "雨の中で", "空の下で", "森の中で"),
    *("山の上で", "海の上で", "人の前で", "門の前で", "窓の前で"),
)
REACH = 40  # support が終わりを探す、合図の後ろの文字の数
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
        ('。昔も子供は決して森の中で', '。昔も子供はいつも森の中で') ('与えない', '与えたの')
    """
    require_generator("rng", rng)
    heads, cues, endings, *_ = PATTERNS[require_choice("pattern", pattern, PATTERNS)]
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


def support(text: str, pattern: str) -> list[tuple[int, int]]:
    """合図ごとに、文章 text に現れた数と、そのうち、同じ文の REACH 文字までに form が続いた数。

    例:
        >>> support("決して見ない。しかし、決してしない。いつも見る。", "決して…ない")
        [(2, 2), (1, 0)]
        >>> support("しかし、それしかない。うれしかった。", "しか…ない")
        [(1, 1), (0, 0)]
    """
    require_instance("text", text, str)
    found = PATTERNS[require_choice("pattern", pattern, PATTERNS)]
    counts = []
    for sense in found.senses:
        ends = [match.end() for match in re.finditer(sense, text)]
        rest = [text[end : end + REACH].split("。")[0] for end in ends]
        fitting = sum(re.search(found.form, part) is not None for part in rest)
        counts.append((len(ends), fitting))
    return counts


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
