"""主張: 文と、測った値と、限り。限りを外れた値はエラーになるので、章は言えないことを言えません。

ノートブックでは、一行の静かな文になります。

    ✓ 299 時刻遡った勾配は、10⁻⁴⁰ より小さい（種 5 個、測定 2×10⁻⁷²〜7×10⁻⁶⁰）

保存された出力には、測った値だけが「…」として残ります。計算機が替わると変わるからです。
文、限り、個数は保存され、nbval が比べます。
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from IPython.display import display

from rnnbook.arguments import require_instance, require_number, require_numbers
from rnnbook.reading.numbers import as_power, exact, rounded

MARK = "✓"
# 主張の一行の、測った値だけを指します。それより前と後は (1) と (2) です。
MEASURED = rf"(?m)^((?:<span[^>]*>)?{MARK}.*（(?:[^（]*、)?測定 ).*(）)$"


class ClaimFailed(AssertionError):
    """測った値が、文の言う限りを外れたこと。"""


@dataclass(frozen=True)
class Claim:
    """成り立った主張。claim が作り、ノートブックに表示します。"""

    sentence: str
    measured: str

    def __repr__(self) -> str:
        return f"{MARK} {self.sentence}（{self.measured}）"

    def _repr_markdown_(self) -> str:
        # 印は飾りではなく文字なので、色が見えなくても、読み上げでも伝わります。
        return f'<span class="claim">{MARK}</span> {self.sentence}（{self.measured}）'


@dataclass(frozen=True)
class _Bound:
    """限り: それを述べる言葉と、値が収まっているかどうか。"""

    words: str
    holds: Callable[[np.ndarray], np.ndarray]


def claim(
    sentence: str,
    measured: object,
    *,
    below: float | None = None,
    above: float | None = None,
    between: tuple[float, float] | None = None,
    equals: float | None = None,
    within: float | None = None,
    unit: str = "",
    each: str = "",
) -> None:
    """文 sentence の言うことを測った値 measured で確かめ、値とともに一行で表示します。

    文の {} には、限りが言葉で入ります。限りは、次のどれか一つです。

    - below: これより小さい。above: これより大きい。
    - between: 二つの値の間（両端を含みます）。
    - equals: この値に等しい。within を添えれば、差がそれ以内。

    measured が配列なら、どの要素も限りの中になければなりません。表示は最小〜最大です。
    each は、配列のいちばん外側が何の並びかです（"種" なら「種 5 個」）。unit は単位です。

    外れた値は ClaimFailed、誤った引数は ValueError です。

    例:
        >>> claim("$0.9^{10}$ は{}", 0.9**10, below=0.5)
        ✓ $0.9^{10}$ は 0.5 より小さい（測定 0.35）
        >>> claim("どの種の差も{}", [26, 34, 29], above=3, unit="桁", each="種")
        ✓ どの種の差も 3 桁より大きい（種 3 個、測定 26〜34 桁）
        >>> claim("残る割合は{}", 0.35, above=0.5)
        Traceback (most recent call last):
        ...
        rnnbook.reading.claims.ClaimFailed: 主張が成り立ちません。
          文  : 残る割合は 0.5 より大きい
          測定: 0.35
    """
    for name, text in (("sentence", sentence), ("unit", unit), ("each", each)):
        require_instance(name, text, str)
    bound = _bound(below, above, between, equals, within, unit)
    values = _values(measured)
    if sentence.count("{}") != 1:
        raise ValueError(
            f"引数 sentence は、限りの入る所 {{}} を一つ持つ文です。{sentence!r} が渡されました。"
        )
    if each and np.ndim(values) == 0:
        raise ValueError(
            f"引数 each は、measured が配列のときに使います。{each!r} と一つの数が渡されました。"
        )
    before, after = sentence.split("{}")
    # 日本語のあとの数の前は、一字ぶん空けます
    space = (
        " "
        if re.search(r"[^\s、「（]$", before) and re.match("[!-~−]", bound.words)
        else ""
    )
    stated = f"{before}{space}{bound.words}{after}"
    if not np.all(bound.holds(values)):
        raise ClaimFailed(
            f"主張が成り立ちません。\n  文  : {stated}\n  測定: {_written(values, None, unit)}"
        )
    count = f"{each} {len(values)} 個、" if each else ""
    display(Claim(stated, f"{count}測定 {_written(values, bound, unit)}"))


def without_measured(text: str) -> str:
    """主張の一行から、測った値を除きます。ほかの文はそのままです。

    例:
        >>> without_measured("✓ 差は 10⁻¹² より小さい（測定 4×10⁻¹⁶）")
        '✓ 差は 10⁻¹² より小さい（測定 …）'
    """
    return re.sub(MEASURED, r"\1…\2", text)


def _bound(below, above, between, equals, within, unit) -> _Bound:
    given = {
        "below": below,
        "above": above,
        "between": between,
        "equals": equals,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if len(given) != 1:
        raise ValueError(
            f"引数 below、above、between、equals のどれか一つが要ります。{', '.join(given) or 'どれも'}"
            f"{'が渡されました。' if given else '渡されていません。'}"
        )
    ((kind, value),) = given.items()
    if within is not None and kind != "equals":
        raise ValueError(
            f"引数 within は equals と使います。{kind} とともに渡されました。"
        )
    if kind == "between":
        if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
            raise ValueError(
                f"引数 between は二つの数の組です。{value!r} が渡されました。"
            )
        low, high = (require_number("between", end) for end in value)
        if not low < high:
            raise ValueError(
                f"引数 between は小さい数と大きい数の組です。{value!r} が渡されました。"
            )
    else:
        value = require_number(kind, value)
    if within is not None and (within := require_number("within", within)) < 0:
        raise ValueError(f"引数 within は 0 以上の数です。{within!r} が渡されました。")
    unit = f" {unit}" if unit else ""
    if kind == "below":
        word = unit if unit else " "
        return _Bound(f"{_minus(exact(value))}{word}より小さい", lambda v: v < value)
    if kind == "above":
        word = unit if unit else " "
        return _Bound(f"{_minus(exact(value))}{word}より大きい", lambda v: v > value)
    if kind == "between":
        return _Bound(
            f"{_minus(exact(low))} から {_minus(exact(high))}{unit or ' '}の間",
            lambda v: (low <= v) & (v <= high),
        )
    if not within:
        return _Bound(f"ちょうど {_minus(exact(value))}{unit}", lambda v: v == value)
    return _Bound(
        f"{_minus(exact(value))}{unit} との差が {exact(within)}{unit or ' '}以内",
        lambda v: np.abs(v - value) <= within,
    )


def _values(measured: object) -> np.ndarray:
    array = require_numbers("measured", measured)
    if array.dtype.kind not in "iuf" or array.size == 0:
        raise ValueError(
            "引数 measured は、測った大きさ（数、またはその配列）です。"
            f"{measured!r} が渡されました。真偽ではなく、比べた値そのものを渡します。"
        )
    return array.astype(float)


def _written(values: np.ndarray, bound: _Bound | None, unit: str) -> str:
    """測った値。丸めても限りの中に見え、1 でない値が 1 に見えなくなるまで、桁を増やします。

    bound が None なら、丸めません。
    """
    ends = sorted({float(values.min()), float(values.max())})
    if np.isnan(values).any():
        ends = [float("nan")]
    texts = [_digits(end, bound, as_power(*ends)) for end in ends]
    # 丸めて同じになった両端（1.0 と 1 など）は、一つにします
    shown = {re.sub(r"\.0+$", "", text): text for text in texts}
    return _minus("〜".join(shown.values())) + (f" {unit}" if unit else "")


def _minus(text: str) -> str:
    """負の数の印を、範囲や英語の - と紛れない − にします。

    >>> _minus("-0.77〜-0.36"), _minus("1e-05")
    ('−0.77〜−0.36', '1e-05')
    """
    return re.sub(r"(?<!\w)-(?=[\d.])", "−", text)


def _digits(value: float, bound: _Bound | None, power: bool) -> str:
    if bound is None:
        return exact(value)
    for digits in range(1 if power else 2, 16):
        shown = float(np.format_float_scientific(value, precision=digits - 1))
        # 0.9995 を 1 に見せません
        if bound.holds(np.asarray(shown)) and not shown == 1 != value:
            return rounded(value, digits, power=power)
    return rounded(value, 16, power=power)
