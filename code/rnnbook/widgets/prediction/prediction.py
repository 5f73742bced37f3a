"""予想: 測る前に、読者が選ぶか、数を打つ問い。答えの置き場は answer.py です。"""

from __future__ import annotations

from collections.abc import Sequence

import traitlets

from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.formulas import require_formulas
from rnnbook.widgets.kit.memory import fingerprint, require_memory_name
from rnnbook.widgets.prediction.numbers import read_number

# 名前 → この実行環境で最後に作られた予想
_asked: dict[str, Prediction] = {}


def latest(name: str) -> Prediction | None:
    """名前 name の、この実行環境で最後に作られた予想。"""
    return _asked.get(name)


class Prediction(Figure):
    r"""予想の問い。文の中の `…` はコードに、$h_t$ のような式は、本文と同じ形になります。

    読者の答えは、その端末のブラウザの localStorage だけに残り、「消す」で消えます。組んだページでも、
    JupyterLab と Colab でも同じです。残せない画面では、ページが開いている間だけ覚えます。
    カーネルがあれば、value も同じ答えになります。セルをもう一度実行しても、答えは残ります。

    引数:
        name: "ch01.decay" のような、章と語の名前。同じ名前の Answer が答えを見せます。
        question: 問いの文。
        choices: 選択肢（2 個以上）。省くと、読者は数を打ちます。
        unit: 打つ数の単位。

    属性:
        value: 選ばれた選択肢か、打たれた数の文字（numbers.py が読む形）。まだなら ""。

    引数の誤りは ValueError です。

    例:
        >>> Prediction("ch01.decay", "$0.9^{10}$ は。", ["0.5 より大きい", "0.5 より小さい"])
        Prediction('ch01.decay')
        >>> h_11 = Prediction("ch01.h11", "$h_{11}$ は $h_1$ の何倍ですか。", unit="倍")
        >>> h_11.value = "１／４"
        >>> h_11.value
        '1/4'
        >>> print(h_11.words())
        予想: $h_{11}$ は $h_1$ の何倍ですか。（数を書いてください。単位は倍）
    """

    memory = traitlets.Unicode().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    asked = traitlets.Unicode().tag(sync=True)
    value = traitlets.Any("").tag(sync=True)

    def __init__(
        self, name: str, question: str, choices: Sequence[str] = (), *, unit: str = ""
    ) -> None:
        require_memory_name("name", name)
        require_text("question", question)
        texts = [choices] if isinstance(choices, str) else list(choices)
        for position, text in enumerate(texts, start=1):
            require_text(f"choices の {position} 番目", text)
        if len(texts) == 1 or len(set(texts)) < len(texts):
            raise ValueError(
                f"引数 choices は、違う文の 2 個以上の並びです。{choices!r} が渡されました。"
            )
        if not isinstance(unit, str) or (unit and texts):
            raise ValueError(
                f"引数 unit は、choices を省いたときの単位の文字です。{unit!r} が渡されました。"
            )
        # 選択肢の行数から見積もった高さ
        rows = len(texts) or 2
        super().__init__(
            memory=name,
            question=question,
            choices=texts,
            unit=unit,
            asked=fingerprint(question, *texts, unit),
            _height=[140 + 46 * rows, 160 + 52 * rows],
        )
        self.alt = self.words()
        before = _asked.get(name)
        _asked[name] = self
        if before is not None and before.asked == self.asked:
            # 前のセルの出力と、それを読む Answer も、同じ答えのまま
            traitlets.link((before, "value"), (self, "value"))

    @traitlets.validate("value")
    def _an_answer_to_the_question(self, proposal: traitlets.Bunch) -> str:
        value = proposal["value"]
        if value == "":
            return value
        if not isinstance(value, str):
            raise ValueError(f"value は文字です。{value!r} が渡されました。")
        if not self.choices:
            return read_number(value, self.unit)[0]
        if value not in self.choices:
            listed = "、".join(f"「{choice}」" for choice in self.choices)
            raise ValueError(
                f"value は {listed} のどれかです。{value!r} が渡されました。"
            )
        return value

    def words(self) -> str:
        """問いと選択肢を、動かない文字にしたもの。"""
        unit = f"。単位は{self.unit}" if self.unit else ""
        rest = " / ".join(self.choices) or f"数を書いてください{unit}"
        return f"予想: {self.question}（{rest}）"

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": self.words()}, metadata

    def __repr__(self) -> str:
        return f"Prediction({self.memory!r})"


def require_text(name: str, text: object) -> None:
    """空でない文で、その中の式がどれも描けることを確かめます。"""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"引数 {name} は、空でない文です。{text!r} が渡されました。")
    require_formulas(text, f"引数 {name}")
