"""注意の重みを測り、見る所を替えて、書くものが変わるかを調べる（第 6 章）。

重みの大きさは、どこを見たかを言いますが、見たものを使ったかは言いません。使ったかは、差し替えて調べます。

    h     読んだ所すべての状態（注意が見るもの）だけを、別の入力のものにする
    last  デコーダのはじめの状態だけを、別の入力のものにする
    y     それまでに書いた記号だけを、別の入力のものにする
    real  いくつかの所を見えなくする（重みを 0 にして、残りの和を 1 にする）
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import require_choice
from rnnbook.models.attention import AttentionSeq2Seq

SWAPS = ("none", "h", "last", "both", "y")  # both は h と last


@torch.no_grad()
def swapped(
    model: AttentionSeq2Seq, mine: tuple[Tensor, ...], other: tuple, what: str
) -> Tensor:
    """mine を書かせながら、what だけを other のものにしたときの、各時刻の記号 (B, U)。

    mine と other は、どちらも (x, y, lengths) です。組ごとに、x の長さは同じものとします。

    例:
        >>> model = AttentionSeq2Seq(V_x=9, V_y=6, H=4)
        >>> one = torch.tensor([[3, 4, 5]]), torch.tensor([[3, 4, 2]]), [3]
        >>> two = torch.tensor([[6, 7, 8]]), torch.tensor([[5, 4, 2]]), [3]
        >>> tuple(swapped(model, one, two, "h").shape)
        (1, 3)
    """
    require_choice("what", what, SWAPS)
    x, y, lengths = mine
    memory, far = model.encode(x, lengths), model.encode(other[0], other[2])
    if what in ("h", "both"):
        memory = memory._replace(h=far.h)
    if what in ("last", "both"):
        memory = memory._replace(last=far.last)
    return model.forced(memory, other[1] if what == "y" else y)[0].argmax(2)


@torch.no_grad()
def hidden(model: AttentionSeq2Seq, mine: tuple[Tensor, ...], cut: Tensor) -> Tensor:
    """cut (B, U, S) が真の所を見えなくして書かせたときの、各時刻の記号 (B, U)。

    一つも見えなくなる行は、隠さずにおきます。

    例:
        >>> model = AttentionSeq2Seq(V_x=9, V_y=6, H=4)
        >>> mine = torch.tensor([[3, 4, 5]]), torch.tensor([[3, 2]]), [3]
        >>> tuple(hidden(model, mine, torch.zeros(1, 2, 3, dtype=torch.bool)).shape)
        (1, 2)
    """
    x, y, lengths = mine
    memory = model.encode(x, lengths)
    real = memory.real[:, None] & ~cut
    real = torch.where(real.any(2, keepdim=True), real, memory.real[:, None])
    return model.forced(memory._replace(real=real), y)[0].argmax(2)


def looked_at(alpha: np.ndarray, parts: list[tuple[str, ...]]) -> np.ndarray:
    """いちばん大きな重みの所の役 (B, U)。parts は、系列ごとの、読む側の一字ごとの役です。

    例:
        >>> looked_at(np.array([[[0.1, 0.9]]]), [("year", "month")])
        array([['month']], dtype=object)
    """
    widest = alpha.shape[2]
    table = np.array(
        [list(row) + [""] * (widest - len(row)) for row in parts], dtype=object
    )
    return np.take_along_axis(table, alpha.argmax(2), axis=1)
