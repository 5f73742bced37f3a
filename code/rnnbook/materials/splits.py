"""分け方: 学習・校正・試験を、何が新しいかで分けます（第 10 章）。

使う場で新しいものを、試験でも新しくします。新しい測定なら無作為に、新しい試料やロットなら試料で、
新しい組成なら目標の値で、将来なら時間で分けます。どの関数も、行の番号の配列を shares の順に返します。

    parts = by_group(specimen, (0.6, 0.2, 0.2), rng)      学習、校正、試験の行
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_positive_int,
    require_range,
)

Parts = tuple[np.ndarray, ...]


def at_random(n: int, shares: Sequence[float], rng: np.random.Generator) -> Parts:
    """n 行を無作為に分けます。同じ試料の測定が、学習と試験の両方に入りえます。

    例:
        >>> train, test = at_random(10, (0.8, 0.2), np.random.default_rng(0))
        >>> len(train), len(test)
        (8, 2)
    """
    n = require_positive_int("n", n)
    require_generator("rng", rng)
    return _cut(rng.permutation(n), shares)


def by_group(
    groups: Sequence[object], shares: Sequence[float], rng: np.random.Generator
) -> Parts:
    """試料（ロット、測定日）groups (N,) ごとに分けます。一つの試料の行は、すべて同じ側に入ります。

    shares は、行ではなく試料の割合です。

    例:
        >>> parts = by_group(list("aabbccdd"), (0.5, 0.5), np.random.default_rng(0))
        >>> [p.tolist() for p in parts]
        [[0, 1, 4, 5], [2, 3, 6, 7]]
    """
    require_generator("rng", rng)
    members = _members(groups)
    chosen = _cut(rng.permutation(len(members)), shares)
    return tuple(_rows(members, part) for part in chosen)


def by_composition(
    y: np.ndarray,
    shares: Sequence[float],
    rng: np.random.Generator,
    groups: Sequence[object] | None = None,
) -> Parts:
    """目標 y (N,) の大きいものから、最後の部分（試験）に入れます。残りは試料ごとに無作為に分けます。

    試験の組成は、学習のどれよりも大きくなります。groups があれば、試料の平均の y で並べます。

    例:
        >>> parts = by_composition([3.0, 9.0, 1.0, 2.0], (0.5, 0.25, 0.25), np.random.default_rng(0))
        >>> [p.tolist() for p in parts]
        [[0, 2], [3], [1]]
    """
    y = require_array("y", y, ("N",))
    require_generator("rng", rng)
    members = _members(np.arange(len(y)) if groups is None else groups, len(y))
    order = np.argsort([y[rows].mean() for rows in members], kind="stable")
    low = _cut(order, shares)  # 試験は、並びの終わり
    rest = rng.permutation(np.concatenate(low[:-1]))
    inner = np.split(rest, np.cumsum([len(part) for part in low[:-2]]))
    return tuple(_rows(members, part) for part in (*inner, low[-1]))


def forward_in_time(
    time: np.ndarray, shares: Sequence[float], gap: float = 0.0
) -> Parts:
    """時刻 time (N,) の古いほうから順に分けます。境から gap までの行は、どこにも入れません。

    窓で切った行では、gap を窓の長さ以上にします。境をまたぐ窓が、両側に入らないようにです。
    単位は time と同じです。

    例:
        >>> train, test = forward_in_time([0.0, 1.0, 2.0, 3.0, 4.0], (0.6, 0.4), gap=1.0)
        >>> train.tolist(), test.tolist()
        ([0, 1, 2], [4])
    """
    time = require_array("time", time, ("N",))
    gap = require_range("gap", gap, 0.0, np.inf)
    parts = _cut(np.argsort(time, kind="stable"), shares)
    kept = [parts[0]]
    for part in parts[1:]:
        last = time[kept[-1]].max()
        after = part[(time[part] > last) & (time[part] - last > gap)]
        if len(after) == 0:
            raise ValueError(
                f"引数 gap = {gap:g} が広すぎて、{len(kept) + 1} 番目の部分に行が残りません。"
            )
        kept.append(after)
    return tuple(kept)


def require_apart(groups: Sequence[object], *parts: np.ndarray) -> None:
    """一つの試料が二つの部分に入っていないことを確かめます。分けたあとに、いつも呼びます。

    例:
        >>> require_apart(["A-1", "A-1", "B-2"], [0], [1, 2])
        Traceback (most recent call last):
        ...
        ValueError: 試料 'A-1' が、1 番目と 2 番目の部分の両方に入っています。by_group で、試料ごとに分けてください。
    """
    names = np.asarray(groups)
    seen: dict[object, int] = {}
    for k, part in enumerate(parts, start=1):
        for name in dict.fromkeys(names[np.asarray(part)].tolist()):
            if seen.setdefault(name, k) != k:
                raise ValueError(
                    f"試料 {name!r} が、{seen[name]} 番目と {k} 番目の部分の"
                    "両方に入っています。"
                    "by_group で、試料ごとに分けてください。"
                )


def group_twins(X: np.ndarray) -> np.ndarray:
    """まったく同じ行に、同じ番号を付けます (N,)。二度入った測定を、by_group で同じ側に置くためです。

    例:
        >>> group_twins([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]]).tolist()
        [0, 1, 0]
    """
    X = require_array("X", X, ("N", "T"))
    _, first, label = np.unique(X, axis=0, return_index=True, return_inverse=True)
    # 番号は、はじめに現れた順
    rank = np.empty(len(first), dtype=int)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[label.ravel()]


def _members(groups: Sequence[object], n: int | None = None) -> list[np.ndarray]:
    """試料ごとの行の番号。試料は、はじめに現れた順です。"""
    names = np.asarray(groups)
    if names.ndim != 1 or len(names) == 0 or (n is not None and len(names) != n):
        length = "N" if n is None else n
        raise ValueError(
            f"引数 groups は長さ {length} の、試料の名前の列です。形 {names.shape} が渡されました。"
        )
    if names.dtype.kind == "f" and np.isnan(names).any():
        row = int(np.argmax(np.isnan(names)))
        raise ValueError(f"引数 groups の {row} 番の試料の名前がありません（NaN）。")
    rows: dict[object, list[int]] = {}
    for row, name in enumerate(names.tolist()):
        rows.setdefault(name, []).append(row)
    return [np.array(part) for part in rows.values()]


def _rows(members: list[np.ndarray], part: np.ndarray) -> np.ndarray:
    return np.sort(np.concatenate([members[k] for k in part]))


def _cut(order: np.ndarray, shares: Sequence[float]) -> Parts:
    """並び order を、割合 shares で前から切ります。どの部分も空になりません。"""
    shares = require_array("shares", shares, ("K",)).astype(float)
    if len(shares) < 2 or (shares <= 0).any() or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(
            f"引数 shares は、足して 1 になる正の数を二つ以上並べます。{shares.tolist()} が渡されました。"
        )
    ends = np.rint(np.cumsum(shares)[:-1] * len(order)).astype(int)
    parts = np.split(order, ends)
    if any(len(part) == 0 for part in parts):
        raise ValueError(
            f"{len(order)} 個の試料（行）を {len(shares)} つに分けると、空の部分ができます。"
            "試料を増やすか、引数 shares の部分を減らします。"
        )
    return tuple(parts)
