"""教師強制と、その外し方（第 5 章）。デコーダに渡す一つ前の記号を、答えから取るか、自分で書いたものから取るか。

どちらも fit と fit_stream の loss に渡す関数で、埋めた所（番号 0）を除いた、一記号あたりの
交差エントロピー（ナット）を返します。

論文: Williams, R. J. & Zipser, D. (1989). Neural Computation 1, 270-280（教師強制）。
      Bengio, S., Vinyals, O., Jaitly, N. & Shazeer, N. (2015). NIPS 2015（scheduled sampling）。
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_positive_int, require_range
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks.symbols import PAD, START
from rnnbook.training.batches import Batch


def teacher_forcing(model: Seq2Seq, batch: Batch) -> Tensor:
    """いつも正しい一つ前の記号を渡したときの損失。

    例:
        >>> model = Seq2Seq(V_x=6, V_y=6, H=8)
        >>> x = torch.tensor([[3, 4], [5, 5]])
        >>> bool(teacher_forcing(model, Batch(x, x)) > 0)
        True
    """
    return symbol_loss(model(batch.x, batch.y, batch.lengths), batch.y)


def symbol_loss(scores: Tensor, y: Tensor) -> Tensor:
    """値 (B, U, V) と答え y (B, U) から、埋めた所を除いた交差エントロピー。

    例:
        >>> y = torch.tensor([[3, 2, 0]])
        >>> symbol_loss(torch.zeros(1, 3, 4), y).exp()  # 四択を当てずっぽう
        tensor(4.)
    """
    # L = −(1/N) Σ ln P(y_u)
    return nn.functional.cross_entropy(
        scores.flatten(0, 1), y.flatten(), ignore_index=PAD
    )


def scheduled_sampling(most: float, updates: int) -> Callable[[Seq2Seq, Batch], Tensor]:
    """自分で選んだ記号を渡す確率を、0 から most まで updates 回かけて上げる損失。

    一記号ごとに、確率 ε で一つ前に自分が選んだ記号を、ほかは正しい記号を渡します。
    選んだ記号を通る勾配はありません。

    例:
        >>> loss = scheduled_sampling(most=0.5, updates=1000)
        >>> x = torch.tensor([[3, 4], [5, 5]])
        >>> bool(loss(Seq2Seq(V_x=6, V_y=6, H=8), Batch(x, x)) > 0)
        True
    """
    most = require_range("most", most, 0.0, 1.0)
    updates, done = require_positive_int("updates", updates), 0

    def loss(model: Seq2Seq, batch: Batch) -> Tensor:
        nonlocal done
        epsilon = most * min(done / updates, 1.0)
        done += 1
        memory = model.encode(batch.x, batch.lengths)
        state, scores = memory.last, []
        given = torch.full_like(batch.y[:, 0], START)
        for u in range(batch.y.shape[1]):
            score, state = model.step(given, state, memory)
            scores.append(score)
            own = torch.rand(len(given)) < epsilon  # 記号ごとに賽を振る
            given = torch.where(own, score.detach().argmax(1), batch.y[:, u])
        return symbol_loss(torch.stack(scores, 1), batch.y)

    return loss
