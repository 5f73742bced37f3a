"""一つの演習の形。文章、ひな型、ヒント、解答、よくある間違い、答え合わせが、一つのファイルに並びます。

演習 ch02.clip は ch02/clip.py の EXERCISE です。読者が見る文も、試験が動かす間違いも、そこにあります。
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from rnnbook.arguments import require_choice

KINDS = {  # 種類 → 読者に見せる名
    "書く": "書く演習",
    "誤りを探す": "誤りを探す演習",
    "調べる": "調べる演習",
    "材料": "材料と単位の演習",
}
DIFFICULTY = {1: "やさしい", 2: "ふつう", 3: "むずかしい"}
IMPORTANCE = {1: "余力があれば", 2: "できれば", 3: "ぜひ"}


class NotYet(Exception):
    """答えがまだ正しくないことを、理由、証拠、ヒントを添えて伝えます。

    evidence は（名, 値）の組で、うまくいかなかった入力、返った値、正しい値などです。
    """

    def __init__(
        self, reason: str, hint: str = "", evidence: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(reason)
        self.reason, self.hint, self.evidence = reason, hint, tuple(evidence)


class NotWritten(NotYet):
    """まだ何も書かれていないこと。"""

    def __init__(self, hint: str = "") -> None:
        super().__init__("まだ書かれていません。", hint)


@dataclass(frozen=True)
class Wrong:
    """よくある間違い一つ。answer は間違った答え（関数、または値の組）、says はそれに返す文です。"""

    answer: Callable | tuple
    says: str


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """一つの演習。stub と solution は、読者がセルに書くプログラムそのものです。

    読者が書く名前は my_ で始めます。check には、その名前がひな型の順に渡されます。
    """

    title: str
    kind: str  # KINDS のどれか
    difficulty: int  # 1 から 3
    importance: int  # 1 から 3
    minutes: int
    text: str  # 問題文（Markdown）
    stub: str
    hints: tuple[str, str, str]  # ぼんやりしたものから、答えの一歩手前まで
    solution: str
    compare: str  # 正解のあとに、自分の書き方と解答例のどこを見比べるか
    examine: Callable[..., str]  # 正しければ一言を返し、違えば NotYet を投げます
    wrong: tuple[Wrong, ...]
    symptom: str = ""  # 「誤りを探す」のひな型を、直さずに渡したときに返る文

    def __post_init__(self) -> None:
        require_choice("kind", self.kind, KINDS)
        require_choice("difficulty", self.difficulty, DIFFICULTY)
        require_choice("importance", self.importance, IMPORTANCE)

    @property
    def asks(self) -> tuple[str, ...]:
        """check に渡す名前。ひな型が定める、my_ で始まる関数か変数です。"""
        return tuple(_mine(self.stub))

    @property
    def wants_function(self) -> bool:
        """答えが関数か（そうでなければ、値です）。"""
        return any(
            isinstance(node, ast.FunctionDef) for node in _mine(self.stub).values()
        )


def _mine(program: str) -> dict[str, ast.stmt]:
    """プログラムの、my_ で始まる名前と、それを定める文。"""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(program).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {t.id: node for t in node.targets if isinstance(t, ast.Name)}
    return {name: node for name, node in found.items() if name.startswith("my_")}
