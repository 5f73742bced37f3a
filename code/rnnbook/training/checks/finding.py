"""確かめの答え: 通ったか、通らなかったか、確かめる相手がないか。"""

from __future__ import annotations

from dataclasses import dataclass

MARKS = {True: "✓", False: "✗", None: "–"}


@dataclass(frozen=True)
class Finding:
    """一つの確かめの答え。

    check は確かめの名、sentence は見たこと、measured はその大きさです。passed が None なら、
    このモデルには確かめる相手がありません。

    例:
        >>> Finding("同じ入力に同じ答え", True, "二度の答えの差は許す範囲です", "0")
        ✓ 同じ入力に同じ答え: 二度の答えの差は許す範囲です（測定 0）
        >>> Finding("止まらずに走る", False, "ValueError: 形が違います")
        ✗ 止まらずに走る: ValueError: 形が違います
    """

    check: str
    passed: bool | None
    sentence: str
    measured: str = ""

    def __repr__(self) -> str:
        tail = f"（測定 {self.measured}）" if self.measured else ""
        return f"{MARKS[self.passed]} {self.check}: {self.sentence}{tail}"


def of_size(size: float) -> str:
    """大きさを一桁で書きます。計算機が替わっても変わらないためです。

    例:
        >>> of_size(0.0), of_size(0.3141), of_size(1.4e6)
        ('0', '0.3', '1e+06')
    """
    return f"{size:.1g}"


def said_by(error: Exception) -> str:
    """エラーの種類と、その文の一行め（120 字まで）。

    例:
        >>> said_by(ValueError("形が違います"))
        'ValueError: 形が違います'
    """
    first = (str(error).strip() or "（文なし）").splitlines()[0]
    shown = first if len(first) <= 120 else first[:120] + "…"
    return f"{type(error).__name__}: {shown}"
