"""学習率を余弦で 0 まで下げる学習（第 5・6 章の実験）。途中で止めても、下げ方は終わりまでのものです。"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR

from rnnbook.training.fit import fit_stream
from rnnbook.training.loop import Diverged, History


def fit_annealed(
    model: nn.Module,
    batches: Iterable[tuple],
    *,
    updates: int,
    every: int,
    until: int,
    look: Callable[[nn.Module, History], None] | None = None,
    **how: object,
) -> History:
    """updates 回で 0 になる学習率で、until 回まで更新します。発散すれば Diverged です。

    every 回ごとに look を呼びます。残りの引数 how は fit_stream と同じです。

    例:
        >>> import numpy as np
        >>> from rnnbook.models.recurrent import Recurrent
        >>> from rnnbook.tasks import latch
        >>> rng = np.random.default_rng(0)
        >>> stream = (latch.batch(rng, 32, 10) for _ in range(40))
        >>> model = Recurrent(H=8, O=latch.O, D=latch.D)
        >>> how = {"loss": "cross_entropy", "learning_rate": 0.01}
        >>> len(fit_annealed(model, stream, updates=40, every=10, until=20, **how).train_loss)
        2
    """

    def stop(_: nn.Module, history: History) -> bool:
        return every * len(history.train_loss) >= until

    history = fit_stream(
        model,
        batches,
        updates=updates,
        every=every,
        schedule=lambda rule: CosineAnnealingLR(rule, updates),
        callbacks=[look, stop] if look else [stop],
        **how,
    )
    if history.diverged:
        raise Diverged(history.diverged)
    return history
