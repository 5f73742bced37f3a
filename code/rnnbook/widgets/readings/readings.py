"""読みの確率: 文を一語ずつ見せ、前から読む LSTM と両側から読む LSTM の答えを並べる図（第 4 章）。"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import traitlets

from rnnbook.models.reader import load_reader, packed_readers, scores
from rnnbook.tasks.reading_words import VOCABULARY, WORDS
from rnnbook.tasks.readings import FARTHEST, encode
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Whole, Words

LONGEST = 16
FIRST = "紙に 辛い という 字は たぶん カレー の話 です"


class Readings(Figure):
    """文をはじめの shown 語だけ見せたときの、二つのモデルが答える読みの確率。

    学習した二つの LSTM（rnnbook.experiments.readings）は、カーネルのないページの中でも動きます。

    引数:
        words: 文。語彙にある語の並びか、つなげて書いた文字列。16 語まで。
        shown: 見せる語の数（1 から文の語数）。

    語彙にない語、空の文、長すぎる文、範囲の外の値は ValueError です。

    例:
        >>> Readings("題は生ビールの話です", shown=2)
        Readings(words=['題は', '生', 'ビール', 'の話', 'です'], shown=2)
    """

    words = Words(FIRST.split(), VOCABULARY[1:], LONGEST, "文（語彙にある語だけ）")
    shown = Whole(4, 1, LONGEST, "見せる語の数", most="words")
    # (語, 二つの読み) の並び。順がモデルの出力の順で、辞書だとページに書かれるときに崩れます
    choices = traitlets.List().tag(sync=True)
    # モデル → 重みの名前 → [行の数, 列の数, float16 の base64]
    weights = traitlets.Dict().tag(sync=True)
    farthest = traitlets.Int(FARTHEST).tag(sync=True)

    alt = traitlets.Unicode(
        "読みの確率。文を一語ずつ見せ、前から読む LSTM と両側から読む LSTM が、漢字の読みに付ける確率を"
        "棒と数で示します。折れ線は、見せる語の数を横に、一つめの読みの確率を縦に取ります。"
    ).tag(sync=True)
    _height = traitlets.List([640, 860]).tag(sync=True)

    def __init__(self, words: str | Sequence[str] = FIRST, **values: object) -> None:
        if isinstance(words, str):
            words = [VOCABULARY[k] for k in encode(words)]
        values.setdefault("shown", min(4, len(words)) if len(words) else 1)
        choices = [[word, list(pair)] for word, pair in WORDS.items()]
        super().__init__(
            words=words, choices=choices, weights=packed_readers(), **values
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 前から読む lstm と両側から読む bilstm の、二つの読み first、second の確率。

        読みを答える語が、見せた所になければ、空です。

        例:
            >>> found = Readings("題は生ビールの話です", shown=3).numbers()
            >>> found["lstm_first"] > 0.5, Readings(shown=1).numbers()
            (True, {})
        """
        asked = [word in WORDS for word in self.words]
        at = asked.index(True) if True in asked else self.shown
        if at >= self.shown:
            return {}
        ids = [[VOCABULARY.index(word) for word in self.words[: self.shown]]]
        k = 2 * list(WORDS).index(self.words[at])  # 一つめの読みの番号
        found = {}
        for name, kind in {"lstm": "forward", "bilstm": "both"}.items():
            model = load_reader(kind).double()
            given = torch.tensor(ids), torch.tensor([self.shown]), torch.tensor([at])
            with torch.no_grad():
                p = scores(model, *given)[0, -1].softmax(0)
            found[f"{name}_first"], found[f"{name}_second"] = p[k : k + 2].tolist()
        return found
