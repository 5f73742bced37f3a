"""図の引数の表。一つの引数を、図のクラスに一度だけ書きます。

名前、種類、取れる値、刻み、見える名、はじめの値がここで決まり、Python の検査、ページのつまみ、
「はじめに戻す」、住所（#unrolled.w_hh=0.9）、「この条件をコードで」は、みなこの表から作られます。
ページの側は properties.js です。
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import traitlets

from rnnbook.arguments import (
    require_array,
    require_choice,
    require_positive_int,
    require_range,
)


class Property(traitlets.TraitType):
    """図の引数。誤った値は、日本語の ValueError です。

    引数:
        default: 省いたときの値。
        label: つまみに添える名。$…$ は式になります。
        when: ("cell", "lstm") なら、cell が "lstm" のときだけ効きます。効かないあいだは、
            住所にもコードにも出しません。
    """

    kind = ""

    def __init__(
        self, default: object, label: str = "", when: tuple[str, object] | None = None
    ):
        super().__init__(default_value=default)
        self.label, self.when = label, when
        self.tag(sync=True)

    def check(self, value: object, figure: traitlets.HasTraits) -> object:
        """正しい値を返すか、ValueError を上げます。"""
        raise NotImplementedError

    def validate(self, obj: traitlets.HasTraits, value: object) -> object:
        return self.check(value, obj)

    def matters(self, figure: traitlets.HasTraits) -> bool:
        """いま効く引数か。"""
        return self.when is None or getattr(figure, self.when[0]) == self.when[1]

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        """ページに渡す一行。start は、この図のはじめの値です。"""
        row = {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "default": figure.trait_defaults(self.name),
            "start": getattr(figure, self.name),
        }
        return row | ({} if self.when is None else {"when": list(self.when)})


class Number(Property):
    """low 以上 high 以下の数。

    例:
        >>> w_hh = Number(0.9, -1.5, 1.5, "再帰の重み $w_{hh}$", step=0.05)
    """

    kind = "number"

    def __init__(
        self,
        default: float,
        low: float,
        high: float,
        label: str = "",
        *,
        step: float,
        when: tuple[str, object] | None = None,
    ):
        super().__init__(float(default), label, when)
        self.low, self.high, self.step = float(low), float(high), step

    def check(self, value: object, figure: traitlets.HasTraits) -> float:
        return require_range(self.name, value, self.low, self.high)

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        limits = {"low": self.low, "high": self.high, "step": self.step}
        return super().describe(figure) | limits


class Whole(Property):
    """整数。

    引数:
        low, high: 端。high は、図から求める関数でもかまいません。
        stops: つまみが止まる値。ほかの整数も取れます。
        most: 上の端になる、もう一つの引数の名前（文字列や語の並びなら、その長さ）。
        unit: 値に添える単位。

    例:
        >>> t = Whole(1, 1, 30, "時刻 $t$", most="T")
    """

    kind = "whole"

    def __init__(
        self,
        default: int,
        low: int,
        high: int | Callable[[traitlets.HasTraits], int],
        label: str = "",
        *,
        stops: Sequence[int] | None = None,
        most: str | None = None,
        unit: str = "",
    ):
        super().__init__(default, label)
        self.low, self.high = low, high
        self.stops, self.most, self.unit = stops, most, unit

    def _high(self, figure: traitlets.HasTraits) -> int:
        return self.high(figure) if callable(self.high) else self.high

    def check(self, value: object, figure: traitlets.HasTraits) -> int:
        whole = require_positive_int(self.name, value, self.low)
        if callable(self.high) and not figure.ready:
            return whole
        high = self._high(figure)
        if self.most and figure.ready:
            top = getattr(figure, self.most)
            high = len(top) if isinstance(top, (str, list)) else top
        return int(require_range(self.name, whole, self.low, high))

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        row = super().describe(figure)
        row |= {"low": self.low, "high": self._high(figure), "unit": self.unit}
        row |= {"most": self.most} if self.most else {}
        return row | ({"stops": list(self.stops)} if self.stops else {})


class Measured(Property):
    """実験にある値のどれか。

    引数:
        values: 取れる値（小さい順）を、図から求める関数。by があれば、by の値ごとの表を返します。
        by: 取れる値を決める、もう一つの引数の名前。
        unit: 値に添える単位。
    """

    kind = "measured"

    def __init__(
        self,
        default: int,
        values: Callable[[traitlets.HasTraits], Sequence[int] | Mapping],
        label: str = "",
        *,
        by: str | None = None,
        unit: str = "",
    ):
        super().__init__(default, label)
        self.values, self.by, self.unit = values, by, unit

    def check(self, value: object, figure: traitlets.HasTraits) -> int:
        if not figure.ready:
            return value
        values = self.values(figure)
        if self.by:
            values = values[getattr(figure, self.by)]
        return require_choice(self.name, value, values)

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        row = super().describe(figure) | {"unit": self.unit}
        row |= {"values": self.values(figure)}
        return row | ({"by": self.by} if self.by else {})


class Choice(Property):
    """一つを選ぶ引数。

    例:
        >>> cell = Choice("rnn", {"rnn": "RNN", "lstm": "LSTM"}, "セル")
    """

    kind = "choice"

    def __init__(
        self,
        default: str,
        choices: Mapping[str, str],
        label: str = "",
        *,
        when: tuple[str, object] | None = None,
    ):
        super().__init__(default, label, when)
        self.choices = dict(choices)

    def check(self, value: object, figure: traitlets.HasTraits) -> object:
        return require_choice(self.name, value, self.choices)

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        return super().describe(figure) | {"choices": list(self.choices.items())}


class Several(Choice):
    """いくつでも選べる引数。choices の順に並べ直します。"""

    kind = "several"

    def __init__(self, default: Sequence[str], choices: Mapping[str, str], label=""):
        super().__init__(list(default), choices, label)

    def check(self, value: object, figure: traitlets.HasTraits) -> list[str]:
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise ValueError(
                f"引数 {self.name} は名前の並びです。{value!r} が渡されました。"
            )
        chosen = {require_choice(self.name, each, self.choices) for each in value}
        return [each for each in self.choices if each in chosen]


class Series(Property):
    """low 以上 high 以下の数の並び。length より短ければ、残りは 0 です。"""

    kind = "series"

    def __init__(
        self,
        length: int,
        low: float,
        high: float,
        *,
        when: tuple[str, object] | None = None,
    ):
        super().__init__([0.0] * length, "", when)
        self.length, self.low, self.high = length, low, high

    def check(self, value: object, figure: traitlets.HasTraits) -> list[float]:
        given = require_array(self.name, value, ("T",))
        require_range(f"{self.name} の長さ", len(given), 0, self.length)
        checked = [
            require_range(self.name, float(v), self.low, self.high) for v in given
        ]
        return checked + [0.0] * (self.length - len(checked))

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        limits = {"length": self.length, "low": self.low, "high": self.high}
        return super().describe(figure) | limits

    @staticmethod
    def short(value: Sequence[float]) -> list[float]:
        """終わりの 0 を除いた並び。

        例:
            >>> Series.short([0.0, 0.5, 0.0, 0.0])
            [0.0, 0.5]
        """
        used = np.flatnonzero(value)
        return list(value[: used[-1] + 1]) if len(used) else []


class Text(Property):
    """letters の文字だけの、1 文字以上 longest 文字以下の文字列。"""

    kind = "text"

    def __init__(self, default: str, letters: str, longest: int, label: str = ""):
        super().__init__(default, label)
        self.letters, self.longest = letters, longest

    def check(self, value: object, figure: traitlets.HasTraits) -> str:
        expected = f"{' '.join(self.letters)} の 1 文字以上 {self.longest} 文字以下"
        fits = isinstance(value, str) and 1 <= len(value) <= self.longest
        if not fits or not set(value) <= set(self.letters):
            raise ValueError(
                f"引数 {self.name} は {expected}の文字列です。{value!r} が渡されました。"
            )
        return value

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        limits = {"letters": self.letters, "longest": self.longest}
        return super().describe(figure) | limits


class Words(Property):
    """vocabulary の語だけの、1 語以上 longest 語以下の並び。

    例:
        >>> words = Words(["題は", "生"], ("題は", "生", "です"), 8, "文")
    """

    kind = "words"

    def __init__(
        self,
        default: Sequence[str],
        vocabulary: Sequence[str],
        longest: int,
        label: str = "",
    ):
        super().__init__(list(default), label)
        self.vocabulary, self.longest = tuple(vocabulary), longest

    def check(self, value: object, figure: traitlets.HasTraits) -> list[str]:
        expected = f"語彙にある語の、1 語以上 {self.longest} 語以下の並び"
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise ValueError(
                f"引数 {self.name} は {expected}です。{value!r} が渡されました。"
            )
        for word in value:
            if word not in self.vocabulary:
                raise ValueError(
                    f"引数 {self.name} は {expected}です。{word!r} は語彙にありません。"
                )
        if not 1 <= len(value) <= self.longest:
            raise ValueError(
                f"引数 {self.name} は {expected}です。{len(value)} 語が渡されました。"
            )
        return list(value)

    def describe(self, figure: traitlets.HasTraits) -> dict[str, object]:
        limits = {"vocabulary": list(self.vocabulary), "longest": self.longest}
        return super().describe(figure) | limits
