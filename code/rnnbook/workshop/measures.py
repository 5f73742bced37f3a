"""章の大きさを測り、一つの表にします (``make measures``)。

数え方:

- 本文: 読まれる字数。Markdown のセルの文、見出し、表と、セルが表示する文 (主張、図の説明、演習の問い
  など、保存された Markdown の出力) です。文の中の式は、見える字を数えます
  (:func:`~rnnbook.workshop.prose.signs_of`)。空白、別行の式、コードの囲み、畳んだ所
  (``<details>``)、リンクの行き先、予想と理解度チェックの問いは数えません。
- コード: ページで見えるコードの字数。畳んだセルは入らず、``show_source`` が見せるソースは入ります。
- 列: 見えるコードのいちばん広い行。全角の字は 2 列です。
- 主張: 保存された出力の「✓」の行。図: ``picture`` の図と、番号の付いた動く図。
- 演習: ``check("chNN.…")``。問: 理解度チェックの ``Question``。
- 分: 読むのにかかる時間。:func:`minutes` の式です。演習を解く時間は入りません。
"""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import astuple, dataclass
from pathlib import Path

import pandas as pd

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters
from rnnbook.workshop.prose import Piece, called, calls, pieces, sources

PROSE_LIMITS = (8_000, 13_000)
CODE_LIMIT = 9_000
WIDTH_LIMIT = 80
# 本文に数える断片
READ = ("text", "heading", "table", "output")
# 読む速さ
PROSE_A_MINUTE = 500  # 字
CODE_A_MINUTE = 15  # 行。4 秒に一行です
FORMULA, PICTURE, FIGURE, QUESTION = 0.5, 0.5, 2.0, 0.5  # 一つにかける分
COLUMNS = {
    "prose": "本文",
    "code": "コード",
    "width": "列",
    "claims": "主張",
    "pictures": "図",
    "figures": "動く図",
    "exercises": "演習",
    "questions": "問",
    "minutes": "分",
    "stated": "章の言う分",
}


@dataclass(frozen=True)
class Measures:
    """一つの章の大きさ。``stated`` は、章が「読むだけなら」と言う分です。"""

    prose: int
    code: int
    width: int
    claims: int
    pictures: int
    figures: int
    exercises: int
    questions: int
    minutes: int
    stated: int | None


def width(line: str) -> int:
    """等幅の書体での幅。

    例:
        >>> width("h = 0  # 隠れ状態")
        17
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def minutes(
    prose: int, lines: int, formulas: int, pictures: int, figures: int, questions: int
) -> float:
    """読むのにかかる分。

    本文 500 字に 1 分、コード 15 行に 1 分、式に 30 秒、図に 30 秒、動く図に 2 分、
    理解度チェックの一問に 30 秒、を足したものです。

    例:
        >>> minutes(10_000, lines=150, formulas=20, pictures=4, figures=2, questions=4)
        48.0
    """
    return (
        prose / PROSE_A_MINUTE
        + lines / CODE_A_MINUTE
        + formulas * FORMULA
        + pictures * PICTURE
        + figures * FIGURE
        + questions * QUESTION
    )


def visible_code(chapter: Path) -> list[Piece]:
    """ページで見えるコード。畳んだ解答例は入りません。"""
    return [p for p in pieces(chapter) if p.kind == "code" and not p.folded]


def measure(chapter: Path) -> Measures:
    """章を測ります。"""
    found = [piece for piece in pieces(chapter) if not piece.folded]
    prose = sum(p.length for p in found if p.kind in READ)
    code = [piece.text for piece in visible_code(chapter)]
    lines = [line for text in code for line in text.splitlines()]
    made = [call for source in sources(chapter) for call in calls(source)]
    names = [called(call) for call in made]
    pictures, questions = names.count("picture"), names.count("Question")
    figures = sum(any(k.arg == "number" for k in call.keywords) for call in made)
    exercises = {ast.unparse(call.args[0]) for call in made if called(call) == "check"}
    formulas = sum(piece.kind == "formula" for piece in found)
    filled = sum(bool(line.strip()) for line in lines)
    total = minutes(prose, filled, formulas, pictures, figures, questions)
    said = next(
        (m for p in found if (m := re.search(r"読むだけなら (\d+) 分", p.text))), None
    )
    return Measures(
        prose=prose,
        code=sum(map(len, code)),
        width=max(map(width, lines), default=0),
        claims=sum(p.kind == "output" and p.text.startswith("✓") for p in found),
        pictures=pictures,
        figures=figures,
        exercises=len(exercises),
        questions=questions,
        minutes=round(total),
        stated=int(said[1]) if said else None,
    )


def table(measured: dict[str, Measures]) -> str:
    """章ごとの大きさを、一つの表の文にします。

    例:
        >>> print(table({"01_a": Measures(8000, 900, 79, 3, 1, 1, 3, 4, 40, None)}))
              本文  コード  列  主張  図  動く図  演習  問  分 章の言う分
        01_a  8000     900  79     3   1       1     3   4  40       なし
    """
    rows = {
        name: ["なし" if value is None else value for value in astuple(sizes)]
        for name, sizes in measured.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS.values())
    with pd.option_context("display.unicode.east_asian_width", True):
        return frame.to_string()


def main() -> int:
    print(table({chapter.stem: measure(chapter) for chapter in chapters(ROOT)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
