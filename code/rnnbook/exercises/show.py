"""演習をノートブックに出します: 題、目安、問題文、一つずつ開くヒント、畳んだ解答例。"""

from __future__ import annotations

from rnnbook.exercises.exercise import DIFFICULTY, IMPORTANCE, KINDS, Exercise
from rnnbook.exercises.find import find


class Card:
    """一つの演習の表示。サイト、Colab、GitHub のどれでも、CommonMark と details だけで同じに見えます。"""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise

    def __repr__(self) -> str:
        return f"演習: {self.exercise.title}（{self._guide()}）"

    def _repr_markdown_(self) -> str:
        each = self.exercise
        return "\n\n".join(
            [
                f"**{each.title}**",
                self._guide(),
                each.text.strip(),
                _nested(each.hints),
                _fold("解答例", f"```python\n{each.solution.rstrip()}\n```"),
            ]
        )

    def _guide(self) -> str:
        each = self.exercise
        return (
            f"{KINDS[each.kind]}。難しさ: {DIFFICULTY[each.difficulty]}、"
            f"大切さ: {IMPORTANCE[each.importance]}、目安: {each.minutes} 分"
        )


def exercise(name: str) -> Card:
    """演習 name（"ch02.clip" など）の表示。

    例:
        >>> exercise("ch02.clip")
        演習: ノルムによるクリッピング（書く演習。難しさ: ふつう、大切さ: ぜひ、目安: 15 分）
    """
    return Card(find(name))


def _nested(hints: tuple[str, ...]) -> str:
    """ヒント 1 を開くとヒント 2 の見出しが、2 を開くと 3 の見出しが現れます。"""
    folded = ""
    for k in reversed(range(len(hints))):
        inside = f"{hints[k].strip()}\n\n{folded}".rstrip()
        folded = _fold(f"ヒント {k + 1}/{len(hints)}", inside)
    return folded


def _fold(summary: str, inside: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{inside}\n\n</details>"
