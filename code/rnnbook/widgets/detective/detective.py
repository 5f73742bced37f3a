"""隠れ状態の探偵: 随筆に印を付け、そこで入っているユニットが、ほかのどこで入るかを調べる図（第 8 章）。"""

from __future__ import annotations

import functools

import traitlets

from rnnbook.datasets.all_essays import works_of
from rnnbook.widgets.characters.characters import page_model
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
