r"""図の字の中の数式（``$h_{t-1}$`` など）を、SVG の文字にします。

使えるのは、一行に並ぶ字、添字、飾り（``\hat``、``\tilde``、``\bar``）、下の表の記号だけです。
ほかは ValueError になります。図を描くときに分かるので、崩れた字がページに出ることはありません。
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

SYMBOLS = {
    "partial": "∂",
    "Vert": "‖",
    "times": "×",
    "odot": "⊙",
    "cdot": "·",
    "pm": "±",
    "le": "≤",
    "ge": "≥",
    "approx": "≈",
    "to": "→",
    "infty": "∞",
    "sum": "∑",
    "prod": "∏",
    "ln": "ln",
    "log": "log",
    "exp": "exp",
    "tanh": "tanh",
    "max": "max",
    "min": "min",
    ",": "\u2009",
    " ": " ",
}
GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "varepsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "lambda": "λ",
    "mu": "μ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "omega": "ω",
}
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304"}
RELATIONS = "=<>≤≥≈→"
SMALL = 0.85  # 添字の大きさ（まわりの字に対して）
_TOKEN = re.compile(r"\\([A-Za-z]+|[, ])|([_^{}])|(\s+)|(.)")


@dataclass
class Run:
    """同じ書き方で続く字。level は上付きが 1、下付きが -1 です。"""

    text: str
    formula: bool
    level: int = 0


def runs(label: str) -> list[Run]:
    r"""字の並びを、書き方の同じ部分に分けます。

    例:
        >>> [(r.text, r.level) for r in runs("時刻 $T - t$")]
        [('時刻 ', 0), ('𝑇 − 𝑡', 0)]
        >>> [(r.text, r.level) for r in runs(r"$h_{t-1}$")]
        [('ℎ', 0), ('𝑡−1', -1)]
    """
    if label.count("$") % 2:
        raise ValueError(f"図の字 {label!r} の $ が対になっていません。")
    found: list[Run] = []
    for index, part in enumerate(label.split("$")):
        if index % 2:
            found += _Formula(part).read()
        elif part:
            found.append(Run(part, formula=False))
    return _joined(found)


def tspans(label: str, size: float) -> str:
    """runs を、size の大きさの ``<text>`` に入る中身にします。

    例:
        >>> tspans("a & b", 12)
        'a &amp; b'
    """
    out, height = "", 0.0
    for run in runs(label):
        # 添字の上下の位置は、直前の字からのずれで書きます
        wanted = {0: 0.0, 1: -0.36, -1: 0.2}[run.level] * size
        attributes = f' dy="{_short(wanted - height)}"' if wanted != height else ""
        height = wanted
        if run.level:
            attributes += f' font-size="{_short(size * SMALL)}"'
        if run.formula:
            attributes += ' class="m"'
        text = escape(run.text, quote=False)
        out += f"<tspan{attributes}>{text}</tspan>" if attributes else text
    return out


class _Formula:
    """``$`` と ``$`` の間を、左から一つずつ読みます。"""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = [match.groups() for match in _TOKEN.finditer(source)]
        self.at = 0

    def read(self) -> list[Run]:
        out = self._row(level=0)
        if self.at < len(self.tokens):
            raise self._wrong("括弧 } が多すぎます")
        return out

    def _row(self, level: int) -> list[Run]:
        out: list[Run] = []
        while self.at < len(self.tokens) and self.tokens[self.at][1] != "}":
            mark = self.tokens[self.at][1]
            if mark in ("_", "^"):
                if level:
                    raise self._wrong("添字の添字は使えません")
                self.at += 1
                out += self._atom(1 if mark == "^" else -1)
            else:
                out += self._atom(level)
        return _spaced(out)

    def _atom(self, level: int) -> list[Run]:
        if self.at >= len(self.tokens):
            raise self._wrong("終わりに字が足りません")
        command, mark, blank, letter = self.tokens[self.at]
        self.at += 1
        if mark == "{":
            out = self._row(level)
            if self.at >= len(self.tokens):
                raise self._wrong("括弧 { が閉じていません")
            self.at += 1
            return out
        if mark:
            raise self._wrong(f"{mark} の前に字がありません")
        if blank:
            return []
        if letter:
            return [Run(_italic(letter), True, level)]
        if command == "mathdefault":  # 目盛りの数。本文の書体のままです
            return [Run(run.text, False, run.level) for run in self._atom(level)]
        if command in ACCENTS:
            base = self._atom(level)
            if len(base) != 1 or len(base[0].text) != 1:
                raise self._wrong(rf"\{command} は一文字にだけ付けられます")
            return [Run(base[0].text + ACCENTS[command], True, level)]
        if command in GREEK:
            return [Run(_italic(GREEK[command]), True, level)]
        if command in SYMBOLS:
            return [Run(SYMBOLS[command], True, level)]
        raise self._wrong(rf"\{command} は図の字に使えません")

    def _wrong(self, reason: str) -> ValueError:
        return ValueError(f"図の字の数式 ${self.source}$: {reason}。")


def _italic(letter: str) -> str:
    """変数の字を、数式用の斜体にします。数字と記号は立体のままです。"""
    if letter == "-":
        return "−"
    if letter == "h":  # Unicode では、ここだけ別の場所にあります
        return "ℎ"
    for first, last, start in (
        ("A", "Z", 0x1D434),
        ("a", "z", 0x1D44E),
        ("α", "ω", 0x1D6FC),
    ):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter


def _spaced(row: list[Run]) -> list[Run]:
    """等号や引き算の両側をあけます。先頭の負号と、添字の中はあけません。"""
    for index, run in enumerate(row):
        between = 0 < index < len(row) - 1 and run.level == 0
        if between and (run.text in RELATIONS or run.text in ("−", "+")):
            run.text = f" {run.text} "
    return row


def _joined(found: list[Run]) -> list[Run]:
    out: list[Run] = []
    for run in found:
        if out and (out[-1].formula, out[-1].level) == (run.formula, run.level):
            out[-1].text += run.text
        else:
            out.append(run)
    return out


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
