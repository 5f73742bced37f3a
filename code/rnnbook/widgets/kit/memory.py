"""読者の答えを残す名前。答えは読者の端末の localStorage に残ります（ページの側は memory.js）。"""

from __future__ import annotations

import hashlib
import re


def require_memory_name(name: str, value: object) -> str:
    """答えを残す名前（"ch01.decay" の形）であることを確かめて、返します。

    例:
        >>> require_memory_name("name", "decay")
        Traceback (most recent call last):
        ...
        ValueError: 引数 name は "ch01.decay" のような、章と語の名前です。'decay' が渡されました。
    """
    if not isinstance(value, str) or not re.fullmatch(
        r"ch\d\d\.[a-z][a-z0-9_]*", value, re.ASCII
    ):
        raise ValueError(
            f'引数 {name} は "ch01.decay" のような、章と語の名前です。{value!r} が渡されました。'
        )
    return value


def fingerprint(*texts: str) -> str:
    """問いの文と選択肢の印。文が変わると印も変わるので、前の問いへの答えと見分けられます。

    例:
        >>> fingerprint("問い", "a", "b") == fingerprint("問い", "a", "c")
        False
    """
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
