"""予想の答え: 測った値を、読者の予想と並べて見せます。"""

from __future__ import annotations

from numbers import Real

import numpy as np
import traitlets

from rnnbook.reading.numbers import rounded
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.memory import require_memory_name
from rnnbook.widgets.prediction.prediction import Prediction, latest, require_text


class Answer(Figure):
    r"""予想 Prediction(name, …) の答え。「あなたの予想」と「測った答え」を並べ、文を添えます。

    読者の予想は、ブラウザの localStorage から読みます。読者が戻って予想を替えると、同じページでも、
    ほかのタブでも、すぐに替わります。出力ごとに画面が分かれ、localStorage を読めないところ（Colab の
    設定によります）では、カーネルにある同じ名前の Prediction の value を読みます。

    引数:
        name: 予想の名前。
        measured: 測った答え。選択肢の一つか、数です。数は有効数字 3 桁で見せます。
        sentence: 添える文。

    引数の誤りは ValueError です。予想が先に作られていれば、選択肢にない答えも誤りです。

    例:
        >>> Answer("ch01.h12", 0.16922, r"$\tanh$ が、どの時刻でも値を縮めます。")
        Answer('ch01.h12')
        >>> print(Answer("ch01.h12", 0.16922, r"$\tanh$ が、値を縮めます。").words())
        予想の答え: 0.169。$\tanh$ が、値を縮めます。
    """

    # 問いと同じモジュール
    _esm, _css = Prediction._esm, Prediction._css

    about = traitlets.Unicode().tag(sync=True)
    # 選択肢か、数の文字。数ならば number も持つ
    measured = traitlets.Unicode().tag(sync=True)
    number_measured = traitlets.Float(None, allow_none=True).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    # 問いの印。予想を知らなければ ""
    asked = traitlets.Unicode().tag(sync=True)
    # カーネルの知る予想
    predicted = traitlets.Unicode().tag(sync=True)

    def __init__(self, name: str, measured: str | float, sentence: str) -> None:
        require_memory_name("name", name)
        prediction = latest(name)
        is_number = isinstance(measured, Real) and not isinstance(measured, bool)
        if is_number and not np.isfinite(measured):
            raise ValueError(
                f"引数 measured は有限の数です。{measured!r} が渡されました。"
            )
        if not is_number and not (isinstance(measured, str) and measured.strip()):
            raise ValueError(
                f"引数 measured は、選択肢の一つか数です。{measured!r} が渡されました。"
            )
        require_text("sentence", sentence)
        if prediction is not None:
            _require_an_answer(prediction, measured)
        super().__init__(
            about=name,
            measured=rounded(float(measured), 3) if is_number else measured,
            number_measured=float(measured) if is_number else None,
            unit=prediction.unit if prediction else "",
            sentence=sentence,
            asked=prediction.asked if prediction else "",
            _height=[180, 260],
        )
        self.alt = self.words()
        if prediction is not None:
            traitlets.dlink((prediction, "value"), (self, "predicted"))

    def words(self) -> str:
        """答えと文を、動かない文字にしたもの。"""
        unit = f" {self.unit}" if self.unit else ""
        return f"予想の答え: {self.measured}{unit}。{self.sentence}"

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": self.words()}, metadata

    def __repr__(self) -> str:
        return f"Answer({self.about!r})"


def _require_an_answer(prediction: Prediction, measured: str | float) -> None:
    """答えが、予想の選択肢の一つか、数であることを確かめます。"""
    if prediction.choices and measured not in prediction.choices:
        listed = "、".join(f"「{choice}」" for choice in prediction.choices)
        raise ValueError(
            f"引数 measured は、予想 {prediction.memory} の選択肢 {listed} のどれかです。"
            f"{measured!r} が渡されました。"
        )
    if not prediction.choices and isinstance(measured, str):
        raise ValueError(
            f"引数 measured は数です（予想 {prediction.memory} は数を聞いています）。{measured!r} が渡されました。"
        )
