"""演習を名前から探します。探した演習のファイルだけを読み込みます。"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from rnnbook.exercises.exercise import Exercise

ROOM = Path(__file__).parent


def names() -> list[str]:
    """すべての演習の名前。

    例:
        >>> "ch02.clip" in names()
        True
    """
    files = sorted(ROOM.glob("ch[0-9][0-9]/[!_]*.py"))
    return [f"{file.parent.name}.{file.stem}" for file in files]


def exercises() -> dict[str, Exercise]:
    """すべての章の演習を、名前から引けるように集めます。"""
    return {name: find(name) for name in names()}


def find(name: str) -> Exercise:
    """名前から演習を一つ探します。

    例:
        >>> find("ch02.clip").title
        'ノルムによるクリッピング'
    """
    if name not in names():
        raise ValueError(_unknown(name))
    return importlib.import_module(f"rnnbook.exercises.{name}").EXERCISE


def _unknown(name: object) -> str:
    chapter = re.match(r"ch(\d\d)\.", str(name))
    known = [each for each in names() if not chapter or each.startswith(chapter[0])]
    listed = ", ".join(map(repr, known or names()))
    where = f"第 {int(chapter[1])} 章には " if chapter and known else ""
    return f"引数 name は演習の名前です。{where}{listed} があります。{name!r} が渡されました。"
