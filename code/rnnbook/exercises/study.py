"""「調べる」演習: 予想し、測り、理由を選びます。

測った数は、演習が自分で測った数と比べます。合わない理由には、それと食い違う測定を見せます。
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnbook.exercises.compare import close, numbers
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import NotWritten, NotYet


@dataclass(frozen=True)
class Reason:
    """選べる理由一つ。refute は、それと食い違う測定の文を返します（正しい理由では None）。"""

    text: str
    refute: Callable[[], str] | None = None


def listed(reasons: dict[str, Reason]) -> str:
    """問題文に並べる理由（Markdown）。"""
    return "\n".join(f"- **{key}** {each.text}" for key, each in reasons.items())


def examine_study(
    prediction: object,
    measurement: object,
    reason: object,
    *,
    measure: Callable[[], float],
    reasons: dict[str, Reason],
    what: str,
    rtol: float = 0.01,
) -> str:
    """予想、測った数、理由を順に調べます。what は測るもの（証拠に書く名）です。

    rtol は、測った数に許す相対の差です。
    """
    if prediction is Ellipsis or prediction is None:
        raise NotWritten("はじめに、走らせる前の予想を一つの数で書きます。")
    guess = _number("予想", prediction)
    if measurement is Ellipsis or measurement is None:
        raise NotYet(f"予想は {shown(guess)} ですね。次に測ります。")
    measured, right = _number("測った数", measurement), np.asarray(float(measure()))
    if not close(measured, right, rtol):
        raise NotYet(
            f"{what}が違います。",
            "問題文の条件（行列、はじめの値、数え方）と、測ったプログラムを見比べます。",
            (("渡された値", shown(measured)), ("ここで測った値", shown(right))),
        )
    if reason is Ellipsis or reason is None:
        raise NotYet("測った数は合っています。次に、理由を選びます。")
    if reason not in list(reasons):
        keys = "、".join(f'"{key}"' for key in reasons)
        raise NotYet(
            f"理由は {keys} のどれかです。{shown(reason)} が渡されました。",
            "引用符で囲んだ一文字を、`my_reason` に入れます。",
            (("渡された理由", shown(reason)), ("選べる理由", keys)),
        )
    refute = reasons[reason].refute
    if refute:
        raise NotYet(
            f"測った数は合っていますが、{reason} は次の測定と食い違います。",
            "",
            (("測定", refute()),),
        )
    return f"{what}は、予想 {shown(guess)}、測定 {shown(measured)} でした。"


def _number(name: str, value: object) -> np.ndarray:
    array = numbers(name, value)
    if array.ndim or not np.isfinite(array):
        raise NotYet(f"{name}は有限の数一つです。{shown(array)} が渡されました。")
    return array
