"""隠れ状態の探偵: 随筆に印を付け、そこで入っているユニットが、ほかのどこで入るかを調べる図（第 8 章）。"""

from __future__ import annotations

import functools

import numpy as np
import traitlets

from rnnbook.datasets.all_essays import works_of
from rnnbook.widgets.characters.characters import PageNetwork, page_model
from rnnbook.widgets.detective import traces
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Whole

# 試験の作品と、そのはじめの何字か。一つめは見せて、印とユニットを選ぶため。あとは見せずに、採点するため
SHOWN = (("夏目漱石先生の追憶", 4000),)
HIDDEN = (("変った話", 2500), ("随筆難", 2500))
SPAN, UNITS = 12, 6

CLUES = {
    "quote": "「」の中",
    "start": "文の始め",
    "comma": "読点",
    "kanji": "漢字",
    "katakana": "カタカナ",
    "long": "40 字以上の文",
}
BY = {"span": "印の所で入るもの", "clue": "手がかりに合うもの"}
VIEWS = {"places": "ほかの所", "scores": "採点", "cut": "切ってみる"}


class Detective(Figure):
    """印の所で入っているユニット、同じユニットが入るほかの所、手がかりの採点、ユニットを切ったときの続き。

    文章は、学習に使っていない随筆です。モデルはページの中で動きます。

    引数:
        start: 印の始め（何字めか）。
        span: 印の長さ（1 から 12 字）。
        threshold: 入っているとみなす |h|（0.1 から 0.95）。
        units: 使うユニットの数（1 から 6）。入ることの少ない順です。
        clue: 手がかり。quote、start、comma、kanji、katakana、long。
        by: ユニットの選び方。span は印の所で入っているもの、clue は手がかりにいちばん合うもの。
        view: 下に見せるもの。places、scores、cut。

    例:
        >>> Detective(start=30, view="cut")
        Detective(start=30, view='cut')
    """

    start = Whole(397, 1, SHOWN[0][1] - SPAN, "印の始め")
    span = Whole(3, 1, SPAN, "印の長さ", unit="字")
    threshold = Number(0.5, 0.1, 0.95, "しきい値", step=0.05)
    units = Whole(1, 1, UNITS, "ユニット", unit="個")
    clue = Choice("quote", CLUES, "手がかり（字の上の点線）")
    by = Choice("span", BY, "ユニットの選び方")
    view = Choice("places", VIEWS, "下に見せるもの")
    # 文字の表と、数ビットの重み
    weights = traitlets.Dict().tag(sync=True)
    # 見せる文章と、見せない文章
    extracts = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "隠れ状態の探偵。学習に使っていない随筆を GRU に読ませ、印を付けた所で入っているユニットの値を、"
        "字の色で示します。帯は、同じユニットが入る所と、手がかりが成り立つ所です。下に、ほかの所の一覧か、"
        "見せていない文章での採点か、ユニットを切ったときの続きを示します。"
    ).tag(sync=True)
    _height = traitlets.List([920, 1365]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(weights=page_model(), extracts=extracts(), **values)

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 使う一つめのユニット unit、それらが入る字の割合 share、ほかに入る所の数 others。

        印からユニットを選ぶなら、入っているユニットの数 many、手がかりから選ぶなら F1 の f1 が付きます。
        続けて、手がかりの適合率 precision、再現率 recall（_low と _high が 95 % 区間）、もとの割合 base か、
        view="cut" なら、切ると確率がいちばん変わる字の、切らないときの確率 p と切ったときの確率 q です。

        例:
            >>> Detective(threshold=0.95, span=12).numbers()
            {'many': 0.0}
        """
        network, text = PageNetwork(), extracts()["apart"]
        shown, hidden = (text[name]["text"] for name in ("shown", "hidden"))
        states = self._states(network, shown)
        start, stop = self.start - 1, self.start - 1 + self.span
        if self.by == "clue":
            truth = traces.clues_of(shown)[self.clue]
            unit, f1 = traces.best_unit(states, truth, self.threshold)
            units, found = [unit], {"f1": f1}
        else:
            every = traces.units_on(states, start, stop, self.threshold)
            units, found = every[: self.units], {"many": float(len(every))}
        if not units:
            return found
        on = traces.all_on(states, units, self.threshold)
        first, last = traces.runs_of(on).T
        found |= {"unit": units[0][0] + 1.0, "share": float(on.mean())}
        found["others"] = float(((last <= start) | (first >= stop)).sum())
        if self.view == "cut":
            before = states[start - 1] if start else None
            cells = [cell for cell, _ in units]
            return found | self._cut(network, shown[start:stop], before, cells)
        on = traces.all_on(self._states(network, hidden), units, self.threshold)
        return found | self._score(on, hidden)

    @staticmethod
    def _states(network: PageNetwork, text: str) -> np.ndarray:
        """改行のあとから読んだ、字ごとの隠れ状態 (N, H)。ページと同じく、32 ビットで覚えます。"""
        ids = network.encode("\n" + text)
        return network.read([ids])[0, 1:].astype(np.float32).astype(float)

    def _score(self, on: np.ndarray, text: str) -> dict[str, float]:
        """「入っていれば、手がかりが成り立つ」という推測の、見せていない文章での採点。"""
        truth = traces.clues_of(text)[self.clue]
        breaks = np.array(list(text)) == "\n"
        blocks = np.cumsum(breaks) - breaks  # 字ごとの段落
        found = {"base": float(truth.mean())}
        for name, counted in {"precision": on, "recall": truth}.items():
            n = counted.sum()
            found[name] = float((on & truth).sum() / n) if n else np.nan
            low, high = traces.clustered(on & truth, counted, blocks)
            found |= {f"{name}_low": low, f"{name}_high": high}
        return found

    @staticmethod
    def _cut(network: PageNetwork, mark: str, before: np.ndarray | None, cells: list):
        """印を、ユニットを 0 にしながら読むと、次の字の確率がどう変わるか。"""
        start = network.read([network.encode("\n")])[0, 0] if before is None else before
        p = []
        for off in ([], cells):
            h = start
            for k in network.encode(mark):
                h = network.read([[k]], h[None])[0, 0].copy()
                h[off] = 0
            p.append(network.probabilities(h[None])[0])
        most = np.abs(p[0] - p[1]).argmax()
        return {"p": float(p[0][most]), "q": float(p[1][most])}


@functools.cache
def extracts() -> dict[str, dict]:
    """見せる文章と、採点のために見せない文章。どちらも試験の作品です。"""
    text = {work.title: work.text for work in works_of("test")}
    shown, hidden = (
        {
            "title": "」「".join(title for title, _ in part),
            "text": "\n".join(text[title][:n] for title, n in part),
        }
        for part in (SHOWN, HIDDEN)
    )
    return {"apart": {"shown": shown, "hidden": hidden}}
