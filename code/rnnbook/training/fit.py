"""モデルを学習し、予測させます（第 1 章）。ループそのものは rnnbook.training.loop にあります。

- fit: 配列を渡し、ミニバッチに分けて epochs 回読みます。
- fit_stream: 新しいバッチを次々に渡し、updates 回更新します。
- predict: 学習したモデルの予測を NumPy の配列で返します。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import signature

import numpy as np
import torch
from torch import nn

from rnnbook.arguments import require_positive_int, require_seed
from rnnbook.models.lengths import lengths_of
from rnnbook.training.batches import (
    Batch,
    batch_of,
    inputs_of,
    read_batch,
    shuffled,
    weight_of,
)
from rnnbook.training.loop import History, learn
from rnnbook.training.threads import one_thread


def fit(
    model: nn.Module,
    x: object,
    y: object,
    *,
    epochs: int,
    batch_size: int = 32,
    lengths: object = None,
    seed: int = 0,
    **how: object,
) -> History:
    """x から y を当てるように、model を学習します。残りの引数 how は learn と同じです。

    x は実数の系列 (N, T, D) か語の番号 (N, T) です。y は、最後に答えるモデルでは (N, O) か番号 (N,)、
    全時刻で答えるモデルでは (N, T, O) か番号 (N, T) です。長さの違う系列は埋めてそろえ、
    本当の長さを lengths (N,) に渡します。seed はミニバッチの並べ方を決めます。
    重みの初期値は、model を作る前の種が決めます。

    例:
        >>> from rnnbook.models.recurrent import Recurrent
        >>> from rnnbook.tasks.sine import sine_wave
        >>> x, y = sine_wave(n=64, T=20, rng=np.random.default_rng(0))
        >>> history = fit(Recurrent(H=8, O=1, D=1), x, y, epochs=3)
        >>> len(history.train_loss), history.best_epoch
        (3, 3)
    """
    data = batch_of(x, y, lengths, like=weight_of(model))
    epochs = require_positive_int("epochs", epochs)
    batch_size = require_positive_int("batch_size", batch_size)
    order = torch.Generator().manual_seed(require_seed("seed", seed))
    _require_known(how)
    return learn(
        model, [shuffled(data, batch_size, order) for _ in range(epochs)], **how
    )


def fit_stream(
    model: nn.Module,
    batches: Iterable[tuple],
    *,
    updates: int,
    every: int = 100,
    **how: object,
) -> History:
    """batches が出す (x, y) か (x, y, lengths) で、model を updates 回更新します。

    every 回の更新を一エポックと数え、そのたびに損失を記録します。残りの引数 how は learn と同じです。

    例:
        >>> from rnnbook.models.recurrent import Recurrent
        >>> from rnnbook.tasks import latch
        >>> rng = np.random.default_rng(0)
        >>> stream = (latch.batch(rng, 32, 10) for _ in range(40))
        >>> model = Recurrent(H=8, O=latch.O, D=latch.D)
        >>> how = {"loss": "cross_entropy", "clip": 1.0}
        >>> len(fit_stream(model, stream, updates=40, every=20, **how).train_loss)
        2
    """
    like = weight_of(model)
    updates = require_positive_int("updates", updates)
    every = require_positive_int("every", every)
    _require_known(how)
    if not isinstance(batches, Iterable):
        raise ValueError(
            "引数 batches は (x, y) か (x, y, lengths) の組を次々に出すものです。"
            f"{type(batches).__name__} が渡されました。"
        )
    source = iter(batches)

    def epoch(first: int) -> Iterator[Batch]:
        for done in range(first, min(first + every, updates)):
            batch = next(source, None)
            if batch is None:
                raise ValueError(
                    f"引数 batches は updates = {updates} 個以上のバッチを出すものです。"
                    f"{done} 個で尽きました。"
                )
            yield read_batch(f"batches の {done + 1} 個目", batch, like)

    return learn(model, [epoch(first) for first in range(0, updates, every)], **how)


def predict(model: nn.Module, x: object, lengths: object = None) -> np.ndarray:
    """学習したモデルの予測 ŷ を NumPy の配列で返します。x と lengths は fit と同じです。

    例:
        >>> from rnnbook.models.recurrent import Recurrent
        >>> predict(Recurrent(H=8, O=1, D=1), np.zeros((4, 20, 1))).shape
        (4, 1)
    """
    x = inputs_of(x, like=weight_of(model))
    model.eval()
    with torch.no_grad(), one_thread():
        if lengths is None:
            return model(x).cpu().numpy()
        return model(x, lengths_of(lengths, x)).cpu().numpy()


def _require_known(how: dict[str, object]) -> None:
    known = [
        p.name for p in signature(learn).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    for name in how:
        if name not in known:
            raise ValueError(
                f"{name} という引数はありません。使えるのは {', '.join(known)} です。"
            )
