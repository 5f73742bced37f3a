"""日付のどこを見るか: 書いた記号ごとの注意の重みを線で示し、線を切って書かせる図（第 6 章）。"""

from __future__ import annotations

import numpy as np
import torch
import traitlets

from rnnbook import data
from rnnbook.models.date_reader import load_date_reader
from rnnbook.models.decoding import beam_search
from rnnbook.tasks import dates
from rnnbook.tasks.symbols import END
from rnnbook.widgets.dates.calendar import calendar
from rnnbook.widgets.dates.typed import symbols_of, truth_of
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
        "線の太さで示します。読んだ字を選ぶと点数の内訳が出て、絵の下のボタンで、その字を見えなくして書き直します。記号の候補を選ぶと、"
        "そこから続きを書きます。"
    ).tag(sync=True)
    _height = traitlets.List([780, 1080]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        packed = data.load("attention_dates_weights").to_dict("records")
        super().__init__(weights={"apart": packed}, calendar=calendar(), **values)

    def _visible(self, u: int, S: int) -> np.ndarray:
        """u 番目（0 から）の記号を書くときに、見てよい字 (S,)。"""
        real = np.ones(S, bool)
        if self.when == "all" or u == self.u - 1:
            hidden = [PLACES.index(letter) for letter in self.cut[1:]]
            real[[s for s in hidden if s < S]] = False
        return real if real.any() else ~real  # すべてなら、隠さない

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 選んだ記号の確率 p_u と、それを書くときの、読んだ字ごとの重み alpha_1、alpha_2、…。

        correct は、書いた列が暦の答えと同じなら 1、changed は、見えなくして書いた列が変わったなら 1 です。
        モデルに渡さない日付では、空です。

        例:
            >>> found = DateReader().numbers()
            >>> round(sum(v for k, v in found.items() if k[:5] == "alpha"), 6)
            1.0
        """
        truth = truth_of(self.text)
        if truth is None:
            return {}
        model = load_date_reader().double()
        x, lengths = dates.SOURCE.encode([dates.normalise(self.text)])
        with torch.no_grad():
            memory = model.encode(torch.tensor(x), lengths)
        S = x.shape[1]

        def step(prefix: tuple, hide: bool) -> tuple[np.ndarray, np.ndarray]:
            """書きかけの次の記号の、対数確率 (V,) と重み (S,)。"""
            places = range(len(prefix) + 1)
            real = [self._visible(u, S) if hide else np.ones(S, bool) for u in places]
            seen = memory._replace(real=torch.tensor(np.array(real))[None])
            with torch.no_grad():
                scores, alpha = model.forced(seen, torch.tensor([[*prefix, END]]))
            return scores[0, -1].log_softmax(0).numpy(), alpha[0, -1].numpy()

        def written(hide: bool) -> tuple:
            start = symbols_of(self.written)
            found = beam_search(
                lambda prefix: step(prefix, hide)[0],
                dates.LONGEST_TARGET,
                width=1,
                start=start,
            )
            return found[0].symbols if found else start

        best, plain = written(True), written(False)
        at = min(self.u, len(best)) - 1
        log_p, alpha = step(best[:at] if best else (), True)
        found = {"p_u": float(np.exp(log_p[best[at]])) if best else np.nan}
        found |= {f"alpha_{s + 1}": float(v) for s, v in enumerate(alpha)}
        outputs = [_letters(each) for each in (best, plain)]
        found["correct"] = float(outputs[0] == truth)
        found["changed"] = float(outputs[0] != outputs[1])
        return found


def _letters(symbols: tuple) -> str:
    return "".join(dates.TARGET.decode([k]) for k in symbols)
