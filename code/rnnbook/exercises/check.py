"""演習の答え合わせの土台。読者の関数を動かし、合っているか、どこが違うかを日本語で返します。

演習の中身は、章ごとのフォルダー（ch01 など）の EXERCISES にあります。
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass


class NotYet(Exception):
    """答えがまだ正しくないことを、理由とヒントを添えて伝えます。演習の検査が投げます。"""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


@dataclass(frozen=True)
class Exercise:
    """一つの演習。stub と solution は章に載せるコードそのもので、試験が両方を動かします。"""

    title: str
    stub: str
    solution: str
    examine: Callable[[Callable], str]  # 正しければ一言を返し、違えば NotYet を投げます


@dataclass(frozen=True)
class Result:
    """答え合わせの結果。ノートブックでは文として表示されます。"""

    ok: bool
    reason: str
    hint: str = ""

    def __repr__(self) -> str:
        text = f"{'正解です。' if self.ok else 'まだです。'}{self.reason}"
        return text + (f"\nヒント: {self.hint}" if self.hint else "")

    def _repr_markdown_(self) -> str:
        text = f"**{'正解です。' if self.ok else 'まだです。'}** {self.reason}"
        return text + (f"\n\nヒント: {self.hint}" if self.hint else "")


def exercises() -> dict[str, Exercise]:
    """すべての章の演習を、名前から引けるように集めます。

    例:
        >>> sorted(exercises())[0]
        'ch01.backward'
    """
    import rnnbook.exercises as room

    found: dict[str, Exercise] = {}
    for module in pkgutil.iter_modules(room.__path__):
        if re.fullmatch(r"ch\d\d", module.name):
            chapter = importlib.import_module(f"rnnbook.exercises.{module.name}")
            found |= {
                f"{module.name}.{key}": each for key, each in chapter.EXERCISES.items()
            }
    return found


def find(name: str) -> Exercise:
    """名前から演習を一つ探します。ほかの章の演習は読み込みません。"""
    chapter, _, key = str(name).partition(".")
    try:
        return importlib.import_module(f"rnnbook.exercises.{chapter}").EXERCISES[key]
    except (AttributeError, ImportError, KeyError, ValueError):
        raise ValueError(_unknown(name)) from None


def _unknown(name: object) -> str:
    listed = ", ".join(repr(each) for each in sorted(exercises()))
    return f"引数 name は {listed} のどれかです。{name!r} が渡されました。"


def check(name: str, answer: object) -> Result:
    """演習 name（"ch01.step" など）の答え answer（関数）を調べます。答えの中で起きたエラーも、結果として返します。

    例:
        >>> check("ch01.count", lambda D, H, O: H * D + H * H + O * H)
        まだです。D=3, H=4, O=2 で 36 になりました。正しくは 42 です。
        ヒント: バイアス b_h（H 個）と b_y（O 個）も学習される数です。
    """
    exercise = find(name)
    if not callable(answer):
        return Result(
            False,
            f"関数が要りますが、{type(answer).__name__} が渡されました。",
            f'`check("{name}", 関数の名前)` のように、括弧を付けずに渡します。',
        )
    try:
        return Result(True, exercise.examine(answer))
    except NotYet as not_yet:
        return Result(False, not_yet.reason, not_yet.hint)


def call(answer: Callable, *arguments: object) -> object:
    """読者の関数を呼びます。書かれていない、またはエラーが起きたときは NotYet にします。"""
    try:
        value = answer(*arguments)
    except NotImplementedError:
        raise NotYet("まだ書かれていません。") from None
    except (Exception, SystemExit) as error:
        raise NotYet(_explain(error), _hint_of(error)) from None
    if value is None:
        raise NotYet(
            "まだ書かれていません。",
            "書いてあるのにこう出るときは、`return` で答えを返しているかを確かめます。",
        )
    if value is Ellipsis:
        raise NotYet("まだ書かれていません。")
    return value


def _explain(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[1:]  # [0] は call の中
    line = (
        f"関数の中の `{_plain(frames[0].line)}` で" if frames and frames[0].line else ""
    )
    return f"{line}エラー {type(error).__name__} が起きました: `{_plain(str(error)) or '説明なし'}`"


def _hint_of(error: BaseException) -> str:
    message = str(error)
    if "matmul" in message or "not aligned" in message:
        return "行列の積 `A @ B` では、A の最後の長さと B の最初の長さが同じです。転置 `.T` が要るかを形から確かめます。"
    if "broadcast" in message:
        return "`*` や `+` は要素ごとの計算です。行列の積は `@` です。足す配列どうしの形も確かめます。"
    if isinstance(error, NameError):
        return "使っている名前が、引数か import した名前と一致しているかを確かめます。"
    if isinstance(error, TypeError) and "positional argument" in message:
        return "関数の引数の数と順番を、問題文のとおりにします。"
    return ""


def _plain(text: str) -> str:
    """表示が崩れないように、一行の文字にします。"""
    return " ".join(text.replace("`", "'").split())[:200]
