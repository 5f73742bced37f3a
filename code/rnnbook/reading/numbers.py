"""測った数の書き方: 7×10⁻⁶⁰、1/3、12,345。章の文と、その限りの値が同じ書き方になります。"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALL = 1e-3  # これより小さい数と、大きな数は、10 のべきで書きます


def rounded(value: float, digits: int = 2, *, power: bool | None = None) -> str:
    """測った値を、有効数字 digits 桁で書きます。整数の部分は、10 万まで丸めません。

    10 のべきで書くかどうかは、値が決めます。範囲の両端を同じ書き方にそろえるには、
    power に as_power(下の端, 上の端) を渡します。

    例:
        >>> rounded(0.16234), rounded(7.2e-60, 1), rounded(1234.5), rounded(856_848, 1)
        ('0.16', '7×10⁻⁶⁰', '1,234', '9×10⁵')
        >>> low, high = 6754, 2e5
        >>> [rounded(end, 1, power=as_power(low, high)) for end in (low, high)]
        ['7×10³', '2×10⁵']
    """
    value = float(value)
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    if as_power(value) if power is None else power:
        return _power(f"{value:.{digits - 1}e}")
    if abs(value) < 1:
        return f"{value:#.{digits}g}"
    whole = int(np.floor(np.log10(abs(value)))) + 1
    decimals = 0 if value.is_integer() else max(digits - whole, 0)
    return f"{value:,.{decimals}f}"


def as_power(*values: float) -> bool:
    """測った値を、10 のべきで書くかどうか。一つでもべきで書く値があれば、すべてをべきで書きます。

    例:
        >>> as_power(6754), as_power(2e5), as_power(6754, 2e5), as_power(0, 0.5)
        (False, True, True, False)
    """
    return any(value != 0 and not _SMALL <= abs(value) < 1e5 for value in values)


def exact(value: float) -> str:
    """決めた値を、丸めずに書きます。小数で書き切れない分数は、分数で書きます。

    例:
        >>> exact(1e-40), exact(0.035), exact(1 / 6), exact(74_000)
        ('10⁻⁴⁰', '0.035', '1/6', '74,000')
    """
    value = float(value)
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    simple = Fraction(value).limit_denominator(12)
    if simple.denominator in (3, 6, 7, 9, 11, 12) and np.isclose(
        float(simple), value, rtol=1e-12, atol=0
    ):
        return f"{simple.numerator}/{simple.denominator}"
    if not _SMALL <= abs(value) < 1e6:
        return _power(np.format_float_scientific(value, trim="-"))
    text = np.format_float_positional(value, trim="-")
    return f"{value:,.0f}" if value.is_integer() else text


def _power(scientific: str) -> str:
    """7e-60 を 7×10⁻⁶⁰ に、1e-40 を 10⁻⁴⁰ に、3e0 を 3 にします。"""
    mantissa, exponent = scientific.split("e")
    if int(exponent) == 0:
        return mantissa
    power = f"10{str(int(exponent)).translate(_RAISED)}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, f"{mantissa}×{power}")
