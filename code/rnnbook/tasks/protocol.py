"""系列問題の約束。tasks のどのモジュールも、同じ名前で同じことを答えます。

約束は一つです: 記憶なしの値（baseline）が分かっていること。学習した結果は、それと比べて読みます。
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

OUTPUTS = ("value", "class", "sequence")
METRICS = ("squared_error", "cross_entropy", "accuracy")


class Task(Protocol):
    """一つの問題（モジュール）が持つもの。

    例:
        >>> from rnnbook.tasks import latch
        >>> task: Task = latch
        >>> x, y = task.batch(np.random.default_rng(0), B=3, T=50)
        >>> x.shape == (3, 50, task.D), task.OUTPUT, task.METRIC, task.baseline(50)
        (True, 'class', 'accuracy', 0.5)
    """

    D: int  # 入力の次元
    O: int  # 出力の次元
    OUTPUT: str  # "value": 最後に一つの数、"class": 最後に一つの番号、"sequence": 全時刻に番号
    METRIC: str  # 物差し。"accuracy" は大きいほど、ほかは小さいほどよい
    MIN_T: int  # 問題になる、いちばん短い T

    def batch(
        self, rng: np.random.Generator, B: int, T: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """新しい系列 B 本の入力 x (B, 長さ, D) と答え y。

        y は "value" なら実数 (B, O)、"class" なら番号 (B,)、"sequence" なら番号 (B, 長さ) です。
        """

    def baseline(self, T: int) -> float:
        """いま見えるものだけで答えたときの、最もよい METRIC の値。"""

    def is_solved(self, metric: float, T: int) -> bool:
        """METRIC の値 metric なら、解けたとするか。"""
