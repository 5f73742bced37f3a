"""小さな RNN を速く学習するための、スレッド数の扱い（第 1 章）。"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """この中では PyTorch を 1 スレッドで動かし、出るときに元へ戻します。

    小さな行列を一時刻ずつ掛ける RNN では、分担の手間のほうが高くつくためです。

    例:
        >>> with one_thread():
        ...     torch.get_num_threads()
        1
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
