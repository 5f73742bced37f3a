"""読者の関数を呼びます。書かれていないことも、中で起きたエラーも、日本語の NotYet になります。"""

from __future__ import annotations

import traceback
from collections.abc import Callable

from rnnbook.exercises.exercise import NotWritten, NotYet

NO_RETURN = "書いてあるのにこう出るときは、`return` で答えを返しているかを確かめます。"


def call(answer: Callable, *arguments: object) -> object:
    """answer(*arguments)。書かれていない、またはエラーが起きたときは NotYet にします。"""
    try:
        value = answer(*arguments)
    except NotImplementedError:
        raise NotWritten from None
    except (Exception, SystemExit) as error:
        raise NotYet(_explain(error), _hint_of(error)) from None
    if value is None:
        raise NotWritten(NO_RETURN)
    if value is Ellipsis:
        raise NotWritten
    return value


def _explain(error: BaseException) -> str:
    # はじめの枠は call の中、終わりのほうは使われたライブラリの中のこともあります
    frames = traceback.extract_tb(error.__traceback__)[1:]
    line = (
        f"関数の中の `{plain(frames[0].line)}` で" if frames and frames[0].line else ""
    )
    return f"{line}エラー {type(error).__name__} が起きました: `{plain(str(error))[:200] or '説明なし'}`"


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


def plain(text: str) -> str:
    """表示が崩れないように、一行の文字にします。"""
    return " ".join(text.replace("`", "'").split())[:300]
