"""点数から警報へ、警報から成績へ: しきい値、始まりで数える警報、見つけた異常、遅れ、誤報（第 9 章）。

警報の時刻   点数がしきい値を越え、その直前の quiet 点では一度も越えていない時刻
見つけた     異常の区間の中で始まった警報がある（区間の前から鳴り続けているものは数えません）
誤報         どの異常の区間の中でもない所で始まった警報
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_number, require_positive_int

Window = tuple[int, int]  # 異常の区間。はじめと終わりの番号（どちらも含む）


def onsets(score: np.ndarray, threshold: float, quiet: int) -> np.ndarray:
    """警報の始まりの番号。quiet 点続けて静かだったあとの、はじめの越えた時刻です。

    例:
        >>> onsets([0, 5, 0, 5, 0, 0, 5], 1, quiet=2).tolist()
        [1, 6]
    """
    score = require_array("score", score, ("n",))
    threshold = require_number("threshold", threshold)
    quiet = require_positive_int("quiet", quiet)
    loud = np.flatnonzero(score > threshold)
    # 前の越えた時刻から quiet 点より多く離れているもの
    gap = np.diff(loud, prepend=-quiet - 1)
    return loud[gap > quiet]


class Outcome(NamedTuple):
    """試験の区間での成績。"""

    alarms: int  # 警報の数
    inside: int  # そのうち、異常の区間の中で始まったもの
    found: int  # 見つけた異常の数
    events: int  # 異常の数
    delays: tuple[
        float | None, ...
    ]  # 異常ごとの、印の時刻からの遅れ（点。負なら前、なければ None）

    @property
    def false(self) -> int:
        """誤報の数。"""
        return self.alarms - self.inside

    @property
    def precision(self) -> float:
        """警報のうち、異常の区間の中で始まった割合。警報がなければ NaN です。"""
        return self.inside / self.alarms if self.alarms else float("nan")

    @property
    def recall(self) -> float:
        """見つけた異常の割合。"""
        return self.found / self.events if self.events else float("nan")


def outcome(
    starts: np.ndarray,
    windows: Sequence[Window],
    test: slice,
    marks: Sequence[int] = (),
) -> Outcome:
    """警報の始まり starts を、試験の区間 test の中の異常の区間 windows と比べます。

    marks は、区間ごとの、異常の印の時刻です。なければ、区間のはじめとします。

    例:
        >>> outcome(np.array([3, 12, 30]), [(10, 15), (20, 25)], slice(5, 40))
        Outcome(alarms=2, inside=1, found=1, events=2, delays=(2.0, None))
    """
    starts = np.asarray(starts, dtype=int)
    starts = starts[(starts >= test.start) & (starts < test.stop)]
    marks = [a for a, _ in windows] if len(marks) == 0 else list(marks)
    if len(marks) != len(windows):
        raise ValueError(
            f"引数 marks は、windows と同じ {len(windows)} 個の番号です。{len(marks)} 個が渡されました。"
        )
    inside, delays = np.zeros(len(starts), bool), []
    for (a, b), mark in zip(windows, marks, strict=True):
        hit = (starts >= a) & (starts <= b)
        inside |= hit
        delays.append(float(starts[hit][0] - mark) if hit.any() else None)
    found = sum(delay is not None for delay in delays)
    return Outcome(len(starts), int(inside.sum()), found, len(windows), tuple(delays))


def ringing(score: np.ndarray, threshold: float, windows: Sequence[Window]) -> list:
    """区間の中に、しきい値を越えた時刻が一つでもあるか。始まりが前でも真です。

    例:
        >>> ringing([0, 5, 5, 0, 0], 1, [(2, 3), (3, 4)])
        [True, False]
    """
    score = require_array("score", score, ("n",))
    return [bool((score[a : b + 1] > threshold).any()) for a, b in windows]


def f1_points(loud: np.ndarray, truth: np.ndarray) -> float:
    """時刻ごとの F1 = 2 TP / (2 TP + FP + FN)。loud と truth は (n,) の真偽です。

    例:
        >>> round(f1_points([1, 1, 0, 0], [1, 0, 1, 0]), 3)
        0.5
    """
    loud, truth = np.asarray(loud, bool), np.asarray(truth, bool)
    both = int((loud & truth).sum())
    wrong = int((loud != truth).sum())
    return 2 * both / (2 * both + wrong) if both + wrong else 0.0


def point_adjusted(loud: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """点の調整: 異常の区間の 1 点でも越えていれば、その区間の全部を越えたことにした loud (n,)。

    例:
        >>> point_adjusted([0, 0, 1, 0, 1], [0, 1, 1, 1, 0]).astype(int).tolist()
        [0, 1, 1, 1, 1]
    """
    loud, truth = np.array(loud, bool), np.asarray(truth, bool)
    step = np.diff(np.concatenate([[0], truth.astype(int), [0]]))
    starts, ends = np.flatnonzero(step == 1), np.flatnonzero(step == -1)
    for a, b in zip(starts, ends, strict=True):
        if loud[a:b].any():
            loud[a:b] = True
    return loud
