"""理解度チェック: ページの中で採点され、どの選択肢にも理由がつく問い。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import traitlets

from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.formulas import require_formulas
from rnnbook.widgets.kit.memory import fingerprint, require_memory_name


@dataclass(frozen=True)
class Choice:
    """選択肢。reason は、それが正しい、または、ちがう理由です。"""

    text: str
    reason: str
    correct: bool = False


@dataclass(frozen=True)
class Question:
    """問いと選択肢。正しい選択肢はちょうど一つです。"""

    text: str
    choices: Sequence[Choice]


def _require_question(number: int, question: object) -> dict[str, object]:
    """一つの問いを確かめ、図に渡す形にします。"""
    name = f"questions の {number} 問目"
    if not isinstance(question, Question):
        raise ValueError(f"{name}は Question です。{question!r} が渡されました。")
    choices = list(question.choices)
    for position, choice in enumerate(choices, start=1):
        if not isinstance(choice, Choice):
            raise ValueError(
                f"{name}の {position} 番の選択肢は Choice です。{choice!r} が渡されました。"
            )
        for part in ("text", "reason"):
            value = getattr(choice, part)
            if not isinstance(value, str) or not value.strip():
                raise ValueError(
                    f"{name}の {position} 番の選択肢に {part} がありません。"
                )
            require_formulas(value, f"{name}の {position} 番の選択肢")
    if not isinstance(question.text, str) or not question.text.strip():
        raise ValueError(f"{name}に text がありません。")
    require_formulas(question.text, name)
    if len(choices) < 2:
        raise ValueError(
            f"{name}の選択肢は 2 個以上です。{len(choices)} 個が渡されました。"
        )
    correct = sum(choice.correct for choice in choices)
    if correct != 1:
        raise ValueError(
            f"{name}の正しい選択肢はちょうど 1 個です。{correct} 個あります。"
        )
    return {
        "text": question.text,
        "choices": [asdict(choice) for choice in choices],
        "id": fingerprint(question.text, *(choice.text for choice in choices)),
    }


class Quiz(Figure):
    """理解度チェック。文の中の `…` はコードに、$h_t$ のような式は、本文と同じ形になります。

    引数:
        questions: 1 個以上の問い。
        name: "ch01.quiz" のような、章と語の名前。付けると、答えと採点が読者の端末の localStorage
            だけに残り、「消す」で消えます。文の変わった問いには、前の答えは戻りません。

    例:
        >>> Quiz([Question("$h_0$ の値は。", [
        ...     Choice("0", "約束で 0 から始めます。", correct=True),
        ...     Choice("1", "1 にすると、見ていない入力があったことになります。"),
        ... ])])
        Quiz(1 問)
    """

    memory = traitlets.Unicode("").tag(sync=True)
    questions = traitlets.List().tag(sync=True)
    # 問いごとに、選ばれている選択肢と、採点した選択肢（まだなら −1）
    chosen = traitlets.List(traitlets.Int()).tag(sync=True)
    graded = traitlets.List(traitlets.Int()).tag(sync=True)
    alt = traitlets.Unicode("理解度チェック").tag(sync=True)
    _height = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, questions: Sequence[Question], name: str = "") -> None:
        if not isinstance(questions, Sequence) or not questions:
            raise ValueError(
                f"引数 questions は 1 個以上の Question の並びです。{questions!r} が渡されました。"
            )
        if name != "":
            require_memory_name("name", name)
        asked = [
            _require_question(n, question)
            for n, question in enumerate(questions, start=1)
        ]
        blank = [-1] * len(asked)
        # 選択肢の行数と問いの数から見積もった高さ
        rows = sum(len(question["choices"]) for question in asked)
        height = [40 + 105 * len(asked) + 46 * rows, 40 + 130 * len(asked) + 50 * rows]
        super().__init__(
            memory=name, questions=asked, chosen=blank, graded=blank, _height=height
        )

    def __repr__(self) -> str:
        return f"Quiz({len(self.questions)} 問)"
