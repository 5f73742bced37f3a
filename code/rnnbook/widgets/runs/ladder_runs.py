"""記憶のはしごの表を、図が読む小さな形にします（第 3 章）。

物差しの値は 1 が満点になるようにそろえ、0.005 刻みの一文字にします。記録は文字列になります。
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rnnbook.reading.intervals import Counted
from rnnbook.tasks.catalogue import TASKS

# 値 v は chr(FIRST + (v − LOWEST) / STEP)。測っていない回は空白
LOWEST, STEP, FIRST = -0.2, 0.005, 0xC0


def score(task: str, T: int, metric: np.ndarray | float) -> np.ndarray:
    """物差しを、1 が満点の値にします。正解率はそのまま、誤差は 1 − 誤差 / 記憶なしの誤差。

    例:
        >>> float(score("adding", 50, 1 / 24))
        0.75
    """
    metric = np.asarray(metric, dtype=float)
    if TASKS[task].OUTPUT == "class":
        return metric
    # 1 − m / m_記憶なし
    return 1 - metric / TASKS[task].baseline(T)


def goals(task: str, lengths: Sequence[int]) -> dict[str, list]:
    """長さごとの、記憶なしの物差し baseline と、解けたとされる境の値 goal（1 が満点）。

    例:
        >>> goals("order", [10, 25])
        {'T': [10, 25], 'baseline': [0.25, 0.25], 'goal': [0.99, 0.99]}
    """
    return {
        "T": list(lengths),
        "baseline": [TASKS[task].baseline(T) for T in lengths],
        "goal": [round(float(score(task, T, _boundary(task, T))), 6) for T in lengths],
    }


def _boundary(task: str, T: int) -> float:
    """解けたとされる物差しの境。is_solved を二分法で調べます。"""
    solved = 1.0 if TASKS[task].OUTPUT == "class" else 0.0
    unsolved = TASKS[task].baseline(T)
    for _ in range(50):
        middle = (solved + unsolved) / 2
        if TASKS[task].is_solved(middle, T):
            solved = middle
        else:
            unsolved = middle
    return solved


def encode(task: str, T: int, metrics: Sequence[float]) -> str:
    """物差しの記録を文字列にします。測っていない回 (NaN) は空白です。

    例:
        >>> [ord(c) - FIRST for c in encode("latch", 10, [0.5, 0.507, 1.0])]
        [140, 141, 240]
    """
    values = np.clip(score(task, T, np.asarray(metrics, dtype=float)), LOWEST, 1.0)
    steps = np.rint((values - LOWEST) / STEP)
    return "".join(" " if np.isnan(k) else chr(FIRST + int(k)) for k in steps).rstrip()


def tally(rows: pd.DataFrame, checkpoints: Sequence[int], updates: int) -> dict:
    """一つの問題、モデル、長さの種ごとの行を、updates 回まで更新したところで数えます。

    数は、種 seeds、解けた種 solved とその割合の 95 % 区間 low と high、発散した種 diverged、解けた
    回数の中央値 at（解けた種があれば）、残った種の物差しの中央値 median（あれば。0.005 刻み）です。
    """
    solved_at = rows["solved_at"][rows["solved_at"] <= updates]
    lost = rows["diverged_at"] <= updates
    found = {"seeds": len(rows), "solved": len(solved_at), "diverged": int(lost.sum())}
    if len(rows):
        found["low"], found["high"] = Counted(len(solved_at), len(rows)).interval
    if len(solved_at):
        found["at"] = float(solved_at.median())
    columns = [str(n) for n in checkpoints if n <= updates]
    # 解けて学習をやめた種は、やめたときの値のまま
    last = rows.loc[~lost, columns].ffill(axis=1).iloc[:, -1].dropna()
    if len(last):
        task, T = rows["task"].iloc[0], int(rows["T"].iloc[0])
        values = np.clip(score(task, T, last), LOWEST, 1.0)
        found["median"] = float(np.median(np.rint(values / STEP) * STEP))
    return found


def pack(table: pd.DataFrame, checkpoints: Sequence[int]) -> dict:
    """問題 → モデル → 長さ → 種ごとの [記録の文字列, 解けた回数か 0, 発散した回数か 0]。"""
    columns = [str(n) for n in checkpoints]
    packed: dict = {}
    ordered = table.sort_values(["T", "seed"])
    for (task, model, T), rows in ordered.groupby(["task", "model", "T"], sort=False):
        ends = rows[["solved_at", "diverged_at"]].fillna(0).astype(int)
        packed.setdefault(task, {}).setdefault(model, {})[str(T)] = [
            [encode(task, int(T), metrics), *end]
            for metrics, end in zip(
                rows[columns].to_numpy(), ends.to_numpy().tolist(), strict=True
            )
        ]
    return packed
