"""語は、使う前に説明します。章の文と用語の表を比べ、順序の違うところを見つけます。

用語の表 (付録) の「章」の列が、語を説明する章です。その章で太字になったところが説明です。
そこより前の文で使えば、読者は知らない語に出会います。ただし、次のところは数えません。

- 見出し、コード、式、参考文献。
- 説明する章を、同じ段落か表の同じ行で案内しているところ (「勾配クリッピング（第2章）」)。
- 「この章で分かること」で、その章が説明する語。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rnnbook.book import glossary
from rnnbook.workshop.prose import INLINE, Piece

KANJI, KATAKANA, LATIN = "一-龥々", "ァ-ヶー", "A-Za-z0-9_"
READ = ("text", "table", "output", "asked")
ANNOUNCED, CITED = "この章で分かること", "参考文献"
# 漢字、カタカナ、英字だけの太字は、新しい語とみなします。
NOUN = re.compile(rf"[{KANJI}{KATAKANA}{LATIN} %-]{{2,20}}")
ENGLISH = re.compile(r"[ ]?（[A-Za-z]")
NAMED = re.compile(rf"[ {INLINE}]*と(呼|いい|言い|名付)")


@dataclass(frozen=True)
class Word:
    """用語の表の一語。``chapter`` は、それを説明する章です。"""

    names: tuple[str, ...]
    chapter: int


@dataclass(frozen=True)
class Place:
    """章の中で語のあるところ。``order`` は、読まれる順の (断片の番号, その中の場所) です。"""

    cell: str
    word: Word
    order: tuple[int, int]
    text: str

    @property
    def sentence(self) -> str:
        """語のある文。式とコードは □ です。"""
        start = self.order[1]
        before = re.split(r"[。\n]", self.text[:start])[-1]
        after = re.match(r"[^。\n]*。?", self.text[start:])[0]
        return (before + after).strip().replace(INLINE, "□")


def words(page: str) -> list[Word]:
    """用語の表のすべての語。

    例:
        >>> head = "| 用語 | 読み | 英語 | 意味 | 章 | 使わない語 |\\n|---|---|---|---|---|---|\\n"
        >>> words(head + "| 再帰（RNN） | さいき | loop | 戻る | [1](01_a.ipynb) | — |")
        [Word(names=('再帰', 'RNN'), chapter=1)]
    """
    return as_words(glossary.rows(page))


def as_words(rows: list[list[str]]) -> list[Word]:
    """表の行を語にします。"""
    return [
        Word(tuple(glossary.names_of(row[0])), int(re.search(r"\d+", row[4])[0]))
        for row in rows
    ]


def pattern(known: list[Word]) -> re.Pattern:
    """語を探す正規表現。長い語を先に見つけ、別の語の一部は語とみなしません。

    例:
        >>> found = pattern([Word(("系列",), 1), Word(("系列長",), 1), Word(("種",), 1)])
        >>> found.findall("時系列の系列長は、この種類の系列で、種 5 個です。")
        ['系列長', '系列', '種']
    """
    names = sorted((n for word in known for n in word.names), key=len, reverse=True)
    return re.compile("|".join(_bounded(name) for name in names))


def _bounded(name: str) -> str:
    before = next((c for c in (KANJI, KATAKANA, LATIN) if re.match(f"[{c}]", name)), "")
    after = next(
        (c for c in (KANJI, KATAKANA, LATIN) if re.search(f"[{c}]$", name)), ""
    )
    start = f"(?<![{before}])" if before else ""
    end = f"(?![{after}])" if after else ""
    return start + re.escape(name) + end


def places(found: list[Piece], known: list[Word]) -> Iterator[Place]:
    """章の文にある語。見出し、コード、式、参考文献は除きます。"""
    word_of = {name: word for word in known for name in word.names}
    find = pattern(known)
    for number, piece in _read(found):
        for match in find.finditer(piece.text):
            order = (number, match.start())
            yield Place(piece.cell, word_of[match[0]], order, piece.text)


def _read(found: list[Piece], skip: str = CITED) -> Iterator[tuple[int, Piece]]:
    """読まれる断片に、順の番号を付けます。見出し ``skip`` の下は除きます。"""
    heading = ""
    for number, piece in enumerate(found):
        if piece.kind == "heading":
            heading = piece.text
        elif piece.kind in READ and skip not in heading:
            yield number, piece


def explanations(found: list[Piece], known: list[Word]) -> dict[Word, tuple[int, int]]:
    """章で太字になった語と、はじめのその場所。畳んだ所の太字は、説明とみなしません。"""
    first: dict[Word, tuple[int, int]] = {}
    for number, piece in _read(found):
        for start, end in () if piece.folded else piece.bold:
            names = set(glossary.names_of(_plain(piece.text[start:end])))
            for word in known:
                if names & set(word.names):
                    first.setdefault(word, (number, start))
    return first


def used_early(found: list[Piece], known: list[Word], here: int) -> list[Place]:
    """第 ``here`` 章で、説明より前に使われた語の、はじめの場所。

    例:
        >>> from rnnbook.workshop.prose import pieces_of
        >>> known = [Word(("系列",), 1), Word(("勾配消失",), 2)]
        >>> text = "系列を読みます。**系列**は値の列です。\\n\\n勾配消失は起きますか。"
        >>> for place in used_early(list(pieces_of(text)), known, here=1):
        ...     print(place.word.names[0], "：", place.sentence)
        系列 ： 系列を読みます。
        勾配消失 ： 勾配消失は起きますか。
    """
    explained = explanations(found, known)
    unannounced = {number for number, _ in _read(found, ANNOUNCED)}
    first: dict[Word, Place] = {}
    for place in places(found, known):
        later = place.word.chapter > here and not points_to(
            place.word.chapter, here, place.text
        )
        before = (
            place.word.chapter == here
            and place.order < explained.get(place.word, (0, 0))
            and place.order[0] in unannounced
        )
        if later or before:
            first.setdefault(place.word, place)
    return list(first.values())


def points_to(chapter: int, here: int, text: str) -> bool:
    """段落か表の行が、その章を案内しているか。

    例:
        >>> points_to(2, 1, "学習率を下げ、勾配クリッピング（第2章）を使います。")
        True
        >>> points_to(6, 1, "単語の埋め込みは第5〜8章で使います。")
        True
        >>> points_to(3, 2, "次の章で LSTM を作ります。")
        True
    """
    pointed = [
        int(first) <= chapter <= int(last or first)
        for first, last in re.findall(r"第 ?(\d+)(?:[〜、・](\d+))?章", text)
    ]
    return any(pointed) or (chapter == here + 1 and "次の章" in text)


def without_entry(found: list[Piece], known: list[Word]) -> list[tuple[str, str]]:
    """新しい語の形をした太字のうち、用語の表にないもの。(セル, 太字) の並びです。"""
    names = {name for word in known for name in word.names}
    return [
        (piece.cell, piece.text[start:end])
        for _, piece in _read(found)
        if piece.kind == "text"
        for start, end in piece.bold
        if is_term(piece.text, start, end)
        and not names & set(glossary.names_of(_plain(piece.text[start:end])))
    ]


def is_term(text: str, start: int, end: int) -> bool:
    """太字が新しい語の形をしているか。

    英語の括弧があるか、「と呼びます」が続くか、名詞だけでできているものです。
    段落や箇条の頭に立ち、句点やコロンで終わる太字は、小さな見出しです。

    例:
        >>> is_term("これを展開と呼びます。", 3, 5), is_term("これは必ず消えます。", 3, 8)
        (True, False)
        >>> is_term("幅広さ。種を替えます。", 0, 3)
        False
    """
    bold, rest = text[start:end], text[end:]
    if start == 0 and (bold.endswith("。") or rest[:1] in ("。", "：", ":")):
        return False
    return bool(
        ENGLISH.search(bold)
        or ENGLISH.match(rest)
        or NAMED.match(rest)
        or NOUN.fullmatch(_plain(bold))
    )


def _plain(bold: str) -> str:
    return re.sub(rf"\s*{INLINE}\s*", "", bold).strip()
