"""日付のどこを見るか: 書いた記号ごとの注意の重みを線で示し、線を切って書かせる図（第 6 章）。"""

from __future__ import annotations

import traitlets

from rnnbook import data
from rnnbook.tasks import dates
from rnnbook.widgets.dates.calendar import calendar
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Text, Whole

PLACES = "123456789abcd"  # 読む字の場所（1 から 13）
WHEN = {"one": "選んだ記号を書くときだけ", "all": "どの記号を書くときも"}


class DateReader(Figure):
    """書いた記号と、それを書くときの、読んだ字ごとの重み。

    学習したモデル（rnnbook.models.date_reader）は、カーネルのないページの中でも動きます。

    引数:
        text: 読ませる日付。13 文字まで。全角は半角にして渡します。
        written: 選んだ書きかけ。^ は始まり、$ は終わり。"^" なら、はじめから書きます。
        u: 見る記号が何番目か。
        cut: 見えなくする字の場所（1 から 9、a から d）。はじめに - を置きます。"-" なら、どこも隠しません。
        when: 見えなくするのが、選んだ記号を書くときだけか、どの記号を書くときもか。

    使えない文字や範囲の外の値は ValueError です。

    例:
        >>> DateReader(text="R8.11.21", u=3)
        DateReader(text='R8.11.21', u=3)
    """

    text = Text(
        "2024年2月29日",
        dates.SOURCE.letters,
        dates.LONGEST_SOURCE,
        "読ませる日付（13 文字まで）",
    )
    written = Text("^", "^$" + dates.TARGET.letters, 1 + dates.LONGEST_TARGET)
    u = Whole(4, 1, dates.LONGEST_TARGET, "見る記号")
    cut = Text("-", "-" + PLACES, 1 + len(PLACES))
    when = Choice("one", WHEN, "見えなくするのは")
    weights = traitlets.Dict().tag(sync=True)
    calendar = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "日付のどこを見るか。上の段が読んだ字、下の段が書いた記号で、選んだ記号を書くときの注意の重みを、"
        "線の太さで示します。読んだ字を選ぶと、そこを見えなくして書き直します。記号の候補を選ぶと、"
        "そこから続きを書きます。"
    ).tag(sync=True)
    _height = traitlets.List([735, 1035]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        packed = data.load("attention_dates_weights").to_dict("records")
        super().__init__(weights={"apart": packed}, calendar=calendar(), **values)
