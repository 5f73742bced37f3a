"""演習の答え合わせ。合っていれば解答例と並べ、違えば、どの入力で何が返り、何が正しいかを日本語で返します。"""

from __future__ import annotations

import html
import inspect
import textwrap
from dataclasses import dataclass

from rnnbook.exercises.call import plain
from rnnbook.exercises.exercise import Exercise, NotWritten, NotYet
from rnnbook.exercises.find import find

COLUMNS = (
    "display: grid; gap: 0 1rem; "
    "grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr))"
)
CODE = (
    "white-space: pre-wrap; line-height: 1.5; padding: 0.5em; border: 1px solid #8888"
)


@dataclass(frozen=True)
class Result:
    """答え合わせの結果。ノートブックでは文として表示され、正解なら、自分の答えと解答例が並びます。"""

    ok: bool
    reason: str
    hint: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    heading: str = "まだです。"
    own: str = ""  # 読者のプログラム（読めないときは空）
    model: str = ""
    compare: str = ""

    def __repr__(self) -> str:
        lines = [f"{self.heading}{self.reason}"]
        lines += [f"  {name}: {value}" for name, value in self.evidence]
        lines += [f"ヒント: {self.hint}"] if self.hint else []
        if self.ok:
            lines += [f"見比べるところ: {self.compare}"]
            for name, code in self._programs():
                lines += [f"--- {name} ---", code]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        heading = f"**{self.heading}** " if self.heading else ""
        text = f"{heading}{self.reason}"
        if self.evidence:
            text += "\n\n" + "\n".join(
                f"- {name}: `{plain(value)}`" for name, value in self.evidence
            )
        text += f"\n\nヒント: {self.hint}" if self.hint else ""
        return text + (f"\n\n見比べるところ: {self.compare}" if self.ok else "")

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(
            {"text/plain": repr(self), "text/markdown": self._repr_markdown_()},
            raw=True,
        )
        if self.ok:
            display({"text/plain": "", "text/html": self.side_by_side()}, raw=True)

    def side_by_side(self) -> str:
        """自分の答えと解答例。広い画面では横に、狭い画面では縦に並びます。"""
        columns = "".join(
            f'<div style="min-width: 0"><strong>{name}</strong>'
            f'<pre style="{CODE}">{html.escape(code)}</pre></div>'
            for name, code in self._programs()
        )
        return f'<div style="{COLUMNS}">{columns}</div>'

    def _programs(self) -> list[tuple[str, str]]:
        own = [("あなたの答え", self.own)] if self.own else []
        return [*own, ("解答例", self.model)]


def check(name: str, *answer: object) -> Result:
    """演習 name（"ch01.step" など）の答えを調べます。答えの中で起きたエラーも、結果として返します。

    例:
        >>> check("ch01.count", lambda D, H, O: H * D + H * H + O * H)
        まだです。戻り値が違います。
          入力: D = 3、H = 4、O = 2
          返った値: 36
          正しい値: 42
        ヒント: バイアス b_h（H 個）と b_y（O 個）も学習される数です。
    """
    exercise = find(name)
    unfit = _unfit(name, exercise, answer)
    if unfit:
        return unfit
    try:
        praise = exercise.examine(*answer)
    except NotWritten as not_yet:
        return Result(False, not_yet.reason, not_yet.hint, heading="")
    except NotYet as not_yet:
        return Result(False, not_yet.reason, not_yet.hint, not_yet.evidence)
    return Result(
        True,
        praise,
        heading="正解です。",
        own=_source(answer[0]),
        model=exercise.solution.rstrip(),
        compare=exercise.compare,
    )


def _unfit(name: str, exercise: Exercise, answer: tuple) -> Result | None:
    """渡し方が違うときの結果。"""
    line = f'`check("{name}", {", ".join(exercise.asks)})`'
    if len(answer) != len(exercise.asks):
        return Result(
            False,
            f"答えは {len(exercise.asks)} つですが、{len(answer)} つ渡されました。",
            f"{line} のように渡します。",
        )
    if exercise.wants_function and not callable(answer[0]):
        return Result(
            False,
            f"関数が要りますが、{type(answer[0]).__name__} が渡されました。",
            f"{line} のように、括弧を付けずに渡します。",
        )
    return None


def _source(answer: object) -> str:
    """読者の関数のプログラム。読めないもの（組み込みの関数など）では空です。"""
    try:
        return textwrap.dedent(inspect.getsource(answer)).rstrip()
    except (TypeError, OSError):
        return ""
