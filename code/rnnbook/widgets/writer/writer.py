"""文章を書く: 書き出しに続けて、学習した GRU に一字ずつ書かせる図（第 8 章）。"""

from __future__ import annotations

import numpy as np
import traitlets

from rnnbook.materials.portable_random import Portable
from rnnbook.models import sampling
from rnnbook.widgets.characters.characters import (
    PageNetwork,
    page_characters,
    page_model,
)
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Measured, Number, Text, Whole

WRITTEN = 80  # 書く字数
LONGEST = 100  # 書き出しの字数の上限
LOOK = 40  # 隠してみるのは、前の何字までか
SHOWN = {"\n": "⏎", "\u3000": "␣"}  # 書き出しの中の、改行と全角の空白
TOP_K = (1, 2, 3, 5, 10, 20, 50, 100, 500, 2048)


class Opening(Text):
    """モデルの表にある字だけの書き出し。改行は ⏎、全角の空白は ␣ と書きます。"""

    def check(self, value: object, figure: traitlets.HasTraits) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST:
            raise ValueError(
                f"引数 {self.name} は 1 文字以上 {LONGEST} 文字以下の文字列です。"
                f"{value!r} が渡されました。"
            )
        for letter in value:
            if letter not in self.letters:
                raise ValueError(
                    f"引数 {self.name} の {letter!r} は、モデルの文字の表にありません。"
                    "表にある字だけの文字列を渡してください。"
                )
        return value


def letters() -> str:
    """書き出しに使える字。番号 0（表にない字の代わり）と、見えない字と、引用符は使えません。"""
    shown = page_characters()[1:].translate(str.maketrans(SHOWN))
    return "".join(each for each in shown if each.isprintable() and each != "'")


class Writer(Figure):
    """書き出しに続けて、学習した GRU が一字ずつ書いた文章と、字ごとの候補、その字を動かした前の字。

    モデル（rnnbook.models.character_model）は、カーネルのないページの中でも動きます。

    引数:
        text: 書き出し。100 字まで。改行は ⏎、全角の空白は ␣ と書きます。
        temperature: 温度（0.1 から 2）。点数をこれで割ってから、確率にします。
        top_k: 候補を上位いくつに限るか（1、2、3、5、10、20、50、100、500、2048）。2048 なら限りません。
        top_p: 候補を、確率の和がここに届くまでに限る（0.1 から 1）。1 なら限りません。
        seed: 乱数の種。
        t: 見る字。書いた字の何番目か。

    例:
        >>> Writer(temperature=0.5, t=3)
        Writer(temperature=0.5, t=3)
    """

    text = Opening(
        "私は子供のころ", letters(), LONGEST, "書き出し（100 字まで。改行は ⏎）"
    )
    temperature = Number(0.8, 0.1, 2.0, "温度", step=0.1)
    top_k = Measured(2048, lambda figure: list(TOP_K), "上位 $k$ 字")
    top_p = Number(1.0, 0.1, 1.0, "確率の和 $p$", step=0.05)
    seed = Whole(1, 1, 999, "乱数の種")
    t = Whole(1, 1, WRITTEN, "見る字")
    # 文字の表と、数ビットの重み
    weights = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "文章を書く。書き出しに続けて、学習した GRU が 80 字を一字ずつ書きます。字を選ぶと、"
        "そのときの候補と確率が並び、前の字のうち、隠すとその字の確率が下がるものに色が付きます。"
        "棒は、一字ごとの、当てにくさ（ビット）です。"
    ).tag(sync=True)
    _height = traitlets.List([870, 1250]).tag(sync=True)

    def __init__(self, text: str = "私は子供のころ", **values: object) -> None:
        super().__init__(text=text, weights=page_model(), **values)

    def _write(self, network: PageNetwork) -> tuple[list[int], np.ndarray]:
        """改行と書き出しに続けて書いた番号 (M + 80,) と、読むたびの隠れ状態 (M + 79, H)。"""
        back = {shown: letter for letter, shown in SHOWN.items()}
        ids = network.encode("\n" + "".join(back.get(c, c) for c in self.text))
        states, draw = list(network.read([ids])[0]), Portable(self.seed)
        how = (self.temperature, self.top_k, self.top_p, (0,))
        for _ in range(WRITTEN):
            z = network.scores(states[-1][None])[0]
            ids.append(sampling.draw(sampling.probabilities(z, *how), draw.uniform()))
            states.append(network.read([ids[-1:]], states[-1][None])[0, 0])
        return ids, np.array(states[:-1])

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 見ている字が選ばれた確率 p、温度 1 の確率 plain とその順位 rank、残った候補 left。

        back はいちばん支えた字が何字前か、hidden はそれを隠したときの確率、bits は 80 字の一字あたりの
        ビット数、repeated は 4 字の並びのくり返しの割合です。

        例:
            >>> found = Writer(top_k=1, t=5).numbers()
            >>> found["p"], found["left"]
            (1.0, 1.0)
        """
        network = PageNetwork()
        ids, states = self._write(network)
        m = len(ids) - WRITTEN
        bits = -np.log2(network.probabilities(states[m - 1 :]))
        bits = bits[np.arange(WRITTEN), ids[m:]]
        at = m + self.t - 1  # 見ている字
        z = network.scores(states[[at - 1]])[0]
        p = sampling.probabilities(z)
        how = (self.temperature, self.top_k, self.top_p, (0,))
        q = sampling.probabilities(z, *how)
        # 前の字を一つずつ、表にない字に替えて読み直す
        places = np.arange(max(0, at - LOOK), at)
        changed = np.tile(ids[:at], (len(places), 1))
        changed[np.arange(len(places)), places] = 0
        after = network.probabilities(network.read(changed)[:, -1])[:, ids[at]]
        fall = np.zeros(at)  # 隠したときの、確率の下がり（ビット）
        fall[places] = np.log2(p[ids[at]] / after)
        most = int(fall.argmax())
        found = {"p": q[ids[at]], "plain": p[ids[at]], "left": (q > 0).sum()}
        found["rank"] = list(np.argsort(-p, kind="stable")).index(ids[at]) + 1
        found |= {"back": at - most, "hidden": p[ids[at]] * 2 ** -fall[most]}
        text = "".join(page_characters()[k] for k in ids[m:])
        found |= {"bits": bits.mean(), "repeated": sampling.repeated(text, 4)}
        return {name: float(value) for name, value in found.items()}
