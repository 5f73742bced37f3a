"""書く順を探す（第 5 章）。一つずつ選ぶ貪欲法と、いくつかの書きかけを残すビーム探索。

書いた列 y_1 … y_U（最後は終わりの記号）のよさは、対数確率の和を長さの α 乗で割ったものです。

    score(y) = (1 / U^α) Σ_u ln P(y_u | y_1 … y_{u-1}, x)

α = 0 なら確率そのもの、α = 1 なら一記号あたりの平均です。確率は 1 以下なので、和だけで比べると
短い列が有利になります。

探す関数は、モデルの中を知りません。渡すのは、書きかけの列から次の記号の対数確率を返す関数
next_log_p(prefix) → (V,) だけです。of_model が、学習したモデルからそれを作ります。

論文: Sutskever, Vinyals & Le (2014)、Wu, Y. et al. (2016). arXiv:1609.08144（長さの割り方）。
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from rnnbook.arguments import require_callable, require_positive_int, require_range
from rnnbook.models.seq2seq import Seq2Seq, State
from rnnbook.tasks.symbols import END, START

Prefix = tuple[int, ...]
NextLogP = Callable[[Prefix], np.ndarray]


class Hypothesis(NamedTuple):
    """書いた列（終わりの記号で閉じたものも、書きかけも）。"""

    symbols: Prefix
    log_p: float  # Σ ln P

    def score(self, alpha: float) -> float:
        """長さの α 乗で割ったよさ。空の列は 0 です。"""
        return self.log_p / max(len(self.symbols), 1) ** alpha

    @property
    def closed(self) -> bool:
        """終わりの記号まで書いたか。"""
        return bool(self.symbols) and self.symbols[-1] == END


def greedy(next_log_p: NextLogP, longest: int) -> Hypothesis:
    """いちばん確からしい記号を、一つずつ選びます。longest 個で打ち切ります。

    例:
        >>> def next_log_p(prefix):  # 記号 3 のあとは終わり
        ...     return np.log([0.1, 0.1, 0.7, 0.1] if prefix else [0.1, 0.1, 0.2, 0.6])
        >>> greedy(next_log_p, longest=5).symbols
        (3, 2)
    """
    written = Hypothesis((), 0.0)
    for _ in range(_check(next_log_p, longest)):
        log_p = next_log_p(written.symbols)
        best = int(np.argmax(log_p))
        written = _extend(written, best, log_p)
        if written.closed:
            break
    return written


def beam_search(
    next_log_p: NextLogP,
    longest: int,
    width: int,
    alpha: float = 0.0,
    start: Prefix = (),
) -> list[Hypothesis]:
    """書きかけを width 個ずつ残して探し、終わりまで書けた列を、よい順に width 個まで返します。

    一歩ごとに、残した書きかけのすべてを一記号ずつ延ばし、対数確率の和のよい width 個を残します。
    終わりの記号を書いたものは、閉じた列として別に取り置きます。longest 個までに閉じない列は捨てます。
    width が十分に大きければ、すべての列を調べたのと同じ答えになります。
    start を渡すと、その書きかけから続けます。

    例:
        >>> def next_log_p(prefix):  # はじめに 3 を選ぶと、そのあとで損をする
        ...     if prefix == (): return np.log([1e-9, 1e-9, 1e-9, 0.6, 0.4])
        ...     return np.log([1e-9, 0.45, 0.55, 1e-9, 1e-9] if prefix[0] == 3 else [1e-9, 1e-9, 1.0, 1e-9, 1e-9])
        >>> greedy(next_log_p, 3).symbols, beam_search(next_log_p, 3, width=2)[0].symbols
        ((3, 2), (4, 2))
    """
    longest = _check(next_log_p, longest)
    width = require_positive_int("width", width)
    alpha = require_range("alpha", alpha, 0.0, 2.0)
    first = Hypothesis((), 0.0)
    for symbol in start:
        first = _extend(first, symbol, next_log_p(first.symbols))
    if first.closed:
        return [first]
    open_, closed = [first], []
    for _ in range(len(start), longest):
        longer = [
            _extend(each, symbol, log_p)
            for each in open_
            for log_p in [next_log_p(each.symbols)]
            for symbol in range(len(log_p))
        ]
        # 同じ長さどうしなので、α は要りません
        longer.sort(key=lambda each: -each.log_p)
        closed += [each for each in longer[:width] if each.closed]
        open_ = [each for each in longer[:width] if not each.closed]
        if not open_ or _cannot_win(open_[0], closed, longest, width, alpha):
            break
    return sorted(closed, key=lambda each: -each.score(alpha))[:width]


def exhaustive(
    next_log_p: NextLogP, symbols: int, longest: int, alpha: float = 0.0
) -> list[Hypothesis]:
    """長さ longest までの列すべてを、よい順に。小さな問題で、探し方を確かめるためのものです。"""
    found = []
    others = [k for k in range(symbols) if k != END]
    for U in range(1, _check(next_log_p, longest) + 1):
        for head in itertools.product(others, repeat=U - 1):
            each = Hypothesis((), 0.0)
            for symbol in (*head, END):
                each = _extend(each, symbol, next_log_p(each.symbols))
            found.append(each)
    return sorted(found, key=lambda each: -each.score(alpha))


def of_model(model: Seq2Seq, x: np.ndarray) -> NextLogP:
    """学習したモデルが x (S,) を読んだあとの、書きかけ → 次の記号の対数確率。

    書きかけごとの状態を覚えておくので、一つ延ばすたびの計算は一時刻分です。
    """
    model.eval()
    with torch.no_grad():
        memory = model.encode(torch.as_tensor(x)[None])
    known: dict[Prefix, tuple[np.ndarray, State]] = {}

    def after(prefix: Prefix) -> tuple[np.ndarray, State]:
        """書きかけを渡し終えたときの、次の記号の対数確率と状態。"""
        if prefix not in known:
            last = prefix[-1] if prefix else START
            state = after(prefix[:-1])[1] if prefix else memory.last
            with torch.no_grad():
                scores, state = model.step(torch.tensor([last]), state, memory)
            known[prefix] = scores[0].log_softmax(0).numpy(), state
        return known[prefix]

    return lambda prefix: after(prefix)[0]


def _extend(each: Hypothesis, symbol: int, log_p: np.ndarray) -> Hypothesis:
    return Hypothesis((*each.symbols, symbol), each.log_p + float(log_p[symbol]))


def _cannot_win(
    best: Hypothesis, closed: list[Hypothesis], longest: int, width: int, alpha: float
) -> bool:
    """残った書きかけが、この先どう延びても、閉じた列の width 番目に勝てないか。

    対数確率の和は延びるほど小さくなり、長さで割る効きは longest で最も大きくなります。
    """
    if len(closed) < width:
        return False
    worst = sorted(each.score(alpha) for each in closed)[-width]
    return best.log_p / longest**alpha <= worst


def _check(next_log_p: object, longest: object) -> int:
    require_callable("next_log_p", next_log_p, "of_model(model, x)")
    return require_positive_int("longest", longest)
