"""日付を書き換える: 打った日付を Seq2Seq に読ませ、一記号ずつ書かせる図（第 5 章）。"""

from __future__ import annotations

import numpy as np
import traitlets

from rnnbook import data
from rnnbook.models.date_writer import load_date_writer
from rnnbook.models.decoding import beam_search, of_model
from rnnbook.tasks import dates
from rnnbook.widgets.dates.calendar import calendar
from rnnbook.widgets.dates.typed import symbols_of, truth_of
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Text, Whole

WIDEST = 8


class DateWriter(Figure):
    """書いた記号、記号ごとの候補、ビームに残った列。

    学習したモデル（rnnbook.models.date_writer）は、カーネルのないページの中でも動きます。

    引数:
        text: 読ませる日付。13 文字まで。全角は半角にして渡します。
        written: 選んだ書きかけ。^ は始まり、$ は終わり。"^" なら、はじめから書きます。
        width: ビームの幅（1 なら貪欲法）。
        u: 候補を見る記号が何番目か。

    使えない文字や範囲の外の値は ValueError です。

    例:
        >>> DateWriter(text="R8.11.21", width=1)
        DateWriter(text='R8.11.21', width=1)
    """

    text = Text(
        "令和八年十一月二十一日",
        dates.SOURCE.letters,
        dates.LONGEST_SOURCE,
        "読ませる日付（13 文字まで）",
    )
    written = Text("^", "^$" + dates.TARGET.letters, 1 + dates.LONGEST_TARGET)
    width = Whole(3, 1, WIDEST, "ビームの幅")
    u = Whole(1, 1, dates.LONGEST_TARGET, "候補を見る記号")
    weights = traitlets.Dict().tag(sync=True)
    calendar = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "日付を書き換える。打った日付を学習した Seq2Seq に読ませ、書いた記号を左から一つずつ並べます。"
        "記号を選ぶと、そのときの候補と確率が並び、候補を選ぶと、そこから続きを書きます。"
        "ビームに残った列と、暦の答えも示します。"
    ).tag(sync=True)
    _height = traitlets.List([790, 1165]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        packed = data.load("dates_weights").to_dict("records")
        super().__init__(weights={"apart": packed}, calendar=calendar(), **values)

    def numbers(self) -> dict[str, float]:
        """図が見せる数: いちばんよい列の確率 probability、その u 番目の記号の確率 p_u。

        rows は終わりまで書けた列の数、correct は、いちばんよい列が暦の答えと同じなら 1 です。モデルに
        渡さない日付では、空です。

        例:
            >>> found = DateWriter(width=1).numbers()
            >>> round(found["probability"], 2), found["correct"]
            (0.94, 1.0)
        """
        truth = truth_of(self.text)
        if truth is None:
            return {}
        (x,), _ = dates.SOURCE.encode([dates.normalise(self.text)])
        log_p = of_model(load_date_writer().double(), x)
        start = symbols_of(self.written)
        found = beam_search(log_p, dates.LONGEST_TARGET, self.width, start=start)
        best = found[0].symbols if found else start
        at = min(self.u, len(best)) - 1
        output = "".join(dates.TARGET.decode([k]) for k in best)
        return {
            "probability": float(np.exp(found[0].log_p)) if found else 0.0,
            "p_u": float(np.exp(log_p(best[:at])[best[at]])) if best else np.nan,
            "rows": float(len(found)),
            "correct": float(output == truth),
        }
