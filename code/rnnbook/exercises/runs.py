"""読者の関数と正しい関数を、同じ入力で動かして比べます。

違えば、うまくいかなかった入力、返った値、正しい値を見せます。よくある間違いの関数も同じ入力で動かし、
読者の答えと同じ値になれば、どの間違いかを名指しします。
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from rnnbook.exercises import evidence
from rnnbook.exercises.call import call
from rnnbook.exercises.compare import as_array, as_boolean, as_integer, near, spaced
from rnnbook.exercises.exercise import NotYet, Wrong


def compare_runs(
    answer: Callable,
    right: Callable,
    inputs: Iterable[dict[str, object]],
    *,
    wrong: Sequence[Wrong],
    hint: str,
    returns: Sequence[str] = ("戻り値",),
    rtol: float = 0,
) -> None:
    """answer が、すべての inputs（引数の名 → 値）で right と同じ値を返すことを確かめます。

    returns は戻り値の名で、二つ以上なら組を返す関数です。hint は、どの間違いとも合わないときの一文です。
    """
    for given in inputs:
        try:
            got = call(answer, *copied(given))
            try:
                values = _parts(got, right(*copied(given)), returns)
            except NotYet as not_yet:
                not_yet.hint = not_yet.hint or _same(got, given, wrong, rtol)
                raise
            wrong_parts = [part for part in values if not part.same(rtol).all()]
            if wrong_parts:
                fine = [part for part in values if part not in wrong_parts]
                also = f"{_listed(fine)}は合っています。" if fine else ""
                found = _known(values, wrong_parts, given, wrong, rtol)
                raise NotYet(
                    f"{_listed(wrong_parts)}が違います。{also}",
                    found or hint,
                    tuple(line for part in wrong_parts for line in part.lines(rtol)),
                )
        except NotYet as not_yet:
            not_yet.evidence = (evidence.inputs(given), *not_yet.evidence)
            raise


def _listed(parts: list[_Part]) -> str:
    return "と ".join(spaced(part.name) for part in parts)


def copied(given: dict[str, object]) -> list[object]:
    """関数に渡す引数。読者の関数が書き換えても、比べる値は変わりません。"""
    return [copy.deepcopy(value) for value in given.values()]


class _Part:
    """戻り値の一つ: 名、位置、読者の値、正しい値。"""

    def __init__(self, name: str, at: tuple[int, ...], got: object, right: object):
        self.name, self.at, self.right = name, at, right
        if isinstance(right, (bool, np.bool_)):
            self.got = as_boolean(got)
        elif isinstance(right, (int, np.integer)):
            self.got = as_integer(got)
        else:
            self.got = as_array(name, got, tuple(np.shape(right)))

    def same(self, rtol: float) -> np.ndarray:
        return near(np.asarray(self.got), np.asarray(self.right), rtol)

    def lines(self, rtol: float) -> tuple[tuple[str, str], ...]:
        return evidence.difference(self.name, self.got, self.right, self.same(rtol))


def _parts(got: object, right: object, returns: Sequence[str]) -> list[_Part]:
    """組や配列のリストは、一つずつに分けます。"""
    if not isinstance(right, (tuple, list)):
        return [_Part(returns[0], (), got, right)]
    names = (
        list(returns)
        if isinstance(right, tuple)
        else [f"{returns[0]}[{i}]" for i in range(len(right))]
    )
    if not isinstance(got, (tuple, list)) or len(got) != len(right):
        came = (
            f"{len(got)} 個の組"
            if isinstance(got, (tuple, list))
            else type(got).__name__
        )
        remedy = (
            f"`return {', '.join(names)}` で終えます。"
            if isinstance(right, tuple)
            else "引数と同じ順に、同じ形の配列を並べたリストを返します。"
        )
        raise NotYet(
            f"{len(right)} 個の値を返していません（{came} が返されました）。", remedy
        )
    return [
        _Part(name, (i,), *pair)
        for i, (name, *pair) in enumerate(zip(names, got, right, strict=True))
    ]


def _known(
    values: list[_Part],
    wrong_parts: list[_Part],
    given: dict[str, object],
    wrong: Sequence[Wrong],
    rtol: float,
) -> str:
    """読者と同じ値を返す、よくある間違いの文。どれとも違えば空です。

    すべての戻り値が同じもの、違う戻り値がどれも同じもの、はじめに違う戻り値が同じものの順に探します。
    """
    for parts in (values, wrong_parts, wrong_parts[:1]):
        for each in wrong:
            if _agrees(each, parts, given, rtol):
                return each.says
    return ""


def _same(
    got: object, given: dict[str, object], wrong: Sequence[Wrong], rtol: float
) -> str:
    """形の違う値 got と、形も値も同じものを返す、よくある間違いの文。なければ空です。"""
    array = evidence.as_numbers(got)
    if array is None:
        return ""
    whole = [_Part("", (), array, array)]
    return next((w.says for w in wrong if _agrees(w, whole, given, rtol)), "")


def _agrees(
    wrong: Wrong, parts: list[_Part], given: dict[str, object], rtol: float
) -> bool:
    """間違い wrong が、読者の parts と同じ値を返すか。"""
    try:
        with np.errstate(all="ignore"):
            value = wrong.answer(*copied(given))
        pairs = [
            (np.asarray(part.got), np.asarray(value[part.at[0]] if part.at else value))
            for part in parts
        ]
        return all(a.shape == b.shape and near(a, b, rtol).all() for a, b in pairs)
    except Exception:  # この入力では動かない間違いもあります
        return False
