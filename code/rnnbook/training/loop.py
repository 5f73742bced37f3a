"""学習のループ（第 1 章）。損失を求め、勾配を逆伝播し、重みを動かすことを繰り返します。

    L = 損失(ŷ, y)                 順伝播
    g = ∂L/∂w                     時間方向の誤差逆伝播（BPTT）
    g ← g · min(1, clip / ‖g‖)    勾配クリッピング（選べば）
    w ← w − η · (g から作る一歩)    Adam など。η は学習率

どの章のモデルも、この一つのループで学習します。入り口は rnnbook.training.fit にあります。
"""

from __future__ import annotations

import copy
import math
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from rnnbook.arguments import require_callable, require_range
from rnnbook.training.batches import Batch, inside, read_batch, weight_of
from rnnbook.training.losses import named_loss, require_scalar
from rnnbook.training.rules import pace_of, rule_of
from rnnbook.training.threads import one_thread


@dataclass
class History:
    """エポックごとの損失と、重みを選んだエポック（1 から数えます）。

    best_epoch は、検証用のデータがあれば検証の損失が最も小さかったエポック、なければ最後の
    エポックです。発散した学習と、検証の損失が一度も有限でなかった学習では None です。
    diverged は、発散した学習では何が起きたかの文、ほかは空の文字列です。
    """

    train_loss: list[float] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    best_epoch: int | None = None
    diverged: str = ""
    seconds: float = 0.0


Loss = Callable[[nn.Module, Batch], Tensor]
Callback = Callable[[nn.Module, History], object]


class Diverged(ArithmeticError):
    """損失か勾配が、無限大か NaN になったこと。"""


def update(
    model: nn.Module,
    batch: Batch,
    loss_of: Loss,
    optimizer: torch.optim.Optimizer,
    clip: float = math.inf,
) -> float:
    """一回の更新。更新する前の損失を返します。有限でなければ、重みを動かさずに Diverged を投げます。

    例:
        >>> model = nn.Linear(1, 1)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> batch = Batch(torch.ones(4, 1), torch.ones(4, 1))
        >>> first, second = (
        ...     update(model, batch, named_loss("squared_error"), sgd) for _ in range(2)
        ... )
        >>> second < first
        True
    """
    # L = 損失(ŷ, y)
    L = require_scalar(loss_of(model, batch))
    # g = ∂L/∂w
    optimizer.zero_grad()
    L.backward()
    # g ← g · min(1, clip / ‖g‖)
    norm = nn.utils.clip_grad_norm_(model.parameters(), clip)
    if not (torch.isfinite(L) and torch.isfinite(norm)):
        raise Diverged(f"損失が {L.item():g}、勾配のノルムが {norm.item():g}")
    # w ← w − η · (g から作る一歩)
    optimizer.step()
    return L.item()


def learn(
    model: nn.Module,
    epochs: Iterable[Iterable[Batch]],
    *,
    loss: str | Loss = "squared_error",
    learning_rate: float = 0.001,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
    clip: float | None = None,
    schedule: Callable | None = None,
    valid: tuple | None = None,
    callbacks: Sequence[Callback] = (),
    progress: bool = False,
) -> History:
    """epochs の一つ一つ（バッチの列）で、順に学習します。fit と fit_stream の中身です。

    - loss: "squared_error"、"cross_entropy"、または loss(model, batch) → 損失 の関数。
    - optimizer: optimizer(重み, lr=learning_rate) で作ります。clip は勾配のノルムの上限です。
    - schedule: schedule(optimizer) が返すものの step() を、更新のたびに呼びます（学習率を変えます）。
    - valid: (x, y) か (x, y, lengths)。検証の損失が最も小さかったエポックの重みに戻します。
    - callbacks: エポックごとに callback(model, history) を呼び、真が返れば、そこで終えます。
    - progress: 進み具合を表示します。

    損失か勾配が無限大か NaN になったら学習を止め、最後の有限な重みを残して警告します。
    """
    loss_of = loss if callable(loss) else named_loss(loss)
    rate = require_range("learning_rate", learning_rate, 0.0, 1e3)
    limit = math.inf if clip is None else require_range("clip", clip, 0.0, 1e12)
    rule = rule_of(optimizer, model, rate)
    pace = None if schedule is None else pace_of(schedule, rule)
    if not isinstance(callbacks, Sequence):
        raise ValueError(
            f"引数 callbacks は関数のリストです。{callbacks!r} が渡されました。"
        )
    for k, callback in enumerate(callbacks):
        require_callable(f"callbacks[{k}]", callback, "callback(model, history)")
    history, best, start = History(), Best(model, loss_of, valid), time.perf_counter()
    with one_thread():
        try:
            for batches in tqdm(epochs) if progress else epochs:
                model.train()
                losses, sizes = [], []
                for batch in batches:
                    losses.append(update(model, batch, loss_of, rule, limit))
                    sizes.append(len(batch.x))
                    if pace is not None:
                        pace.step()
                history.train_loss.append(weighted_mean(losses, sizes))
                best.look(history)
                if any([callback(model, history) for callback in callbacks]):
                    break
        except Diverged as what:
            history.diverged = _explain(what, history, rate, limit)
    best.restore(history)
    model.eval()
    history.seconds = time.perf_counter() - start
    return history


class Best:
    """検証の損失が最も小さかった重みを覚えておき、終わりに戻します。"""

    def __init__(self, model: nn.Module, loss_of: Loss, valid: tuple | None) -> None:
        self.model, self.loss_of = model, loss_of
        like = weight_of(model)
        self.valid = None if valid is None else read_batch("valid", valid, like)
        self.loss, self.weights = math.inf, None
        if self.valid is not None:  # 形の合わないデータは、学習を始める前に断ります
            few = (None if part is None else part[:2] for part in self.valid)
            self._loss_on(Batch(*few))

    def _loss_on(self, batch: Batch) -> float:
        self.model.eval()
        with torch.no_grad(), inside("valid"):
            return self.loss_of(self.model, batch).item()

    def look(self, history: History) -> None:
        """検証の損失を測り、最も小さければ重みを写します。"""
        if self.valid is None:
            history.best_epoch = len(history.train_loss)
            return
        loss = self._loss_on(self.valid)
        history.valid_loss.append(loss)
        if loss < self.loss:
            self.loss, history.best_epoch = loss, len(history.train_loss)
            self.weights = copy.deepcopy(self.model.state_dict())

    def restore(self, history: History) -> None:
        """選んだ重みに戻します。発散していれば、最後の有限な重みのままにして警告します。"""
        if history.diverged:
            history.best_epoch = None
            warnings.warn(history.diverged, RuntimeWarning, stacklevel=4)
        elif self.weights is not None:
            self.model.load_state_dict(self.weights)
        elif self.valid is not None:
            warnings.warn(
                "検証の損失が一度も有限になりませんでした。重みは最後のエポックのものです。"
                "検証用のデータと、学習率を確かめてください。",
                RuntimeWarning,
                stacklevel=4,
            )


def weighted_mean(values: list[float], sizes: list[int]) -> float:
    """バッチごとの損失を、バッチの大きさで重み付けした平均。

    例:
        >>> weighted_mean([1.0, 4.0], sizes=[2, 1])
        2.0
    """
    return sum(v * n for v, n in zip(values, sizes, strict=True)) / sum(sizes)


def _explain(what: Diverged, history: History, rate: float, limit: float) -> str:
    clip = "clip=1.0 で勾配をクリップ" if limit == math.inf else "clip を小さく"
    return (
        f"学習が {len(history.train_loss) + 1} エポック目で発散しました（{what}）。"
        "学習を止め、最後の有限な重みを残しました。"
        f"学習率 {rate:g} を小さくするか、{clip}するか、入力の大きさをそろえてください。"
    )
