"""注意の重みを測り、一つだけを差し替えて、書くものが変わるかを調べる（第 6 章）。

重みの大きさは、どこを見たかを言いますが、見たものを使ったかは言いません。使ったかは、差し替えて調べます。

    h        読んだ所すべての状態（注意が見るもの）だけを、別の入力のものにする
    last     デコーダのはじめの状態だけを、別の入力のものにする
    context  文脈ベクトル（重みも、見た状態も）だけを、別の入力を書くときのものにする
    y        それまでに書いた記号だけを、別の入力のものにする
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import require_choice
from rnnbook.models.attention import AttentionSeq2Seq
from rnnbook.models.seq2seq import shifted

SWAPS = ("none", "h", "last", "both", "context", "y")  # both は h と last


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
    if what == "context":
        s, _ = model.decoder(model.embed_y(shifted(y)), memory.last)
        h_bar = model.forced(far, other[1])[1] @ far.h  # 相手のもの
        a = model.mix(torch.cat([h_bar, s], dim=2)).tanh()
        return model.readout(a).argmax(2)
    return model.forced(memory, other[1] if what == "y" else y)[0].argmax(2)


@torch.no_grad()
def partly_swapped(
    model: AttentionSeq2Seq, mine: tuple[Tensor, ...], other: tuple, where: Tensor
) -> Tensor:
    """where (B, S) が真の所の状態だけを other のものにしたときの、各時刻の記号 (B, U)。

    例:
        >>> model = AttentionSeq2Seq(V_x=9, V_y=6, H=4)
        >>> one = torch.tensor([[3, 4, 5]]), torch.tensor([[3, 4, 2]]), [3]
        >>> two = torch.tensor([[6, 7, 8]]), torch.tensor([[5, 4, 2]]), [3]
        >>> tuple(partly_swapped(model, one, two, torch.tensor([[True, False, False]])).shape)
        (1, 3)
    """
    x, y, lengths = mine
    memory, far = model.encode(x, lengths), model.encode(other[0], other[2])
    h = torch.where(where[:, :, None], far.h, memory.h)
    return model.forced(memory._replace(h=h), y)[0].argmax(2)


def looked_at(alpha: np.ndarray, parts: list[tuple[str, ...]]) -> np.ndarray:
    """いちばん大きな重みの所の役 (B, U)。parts は、系列ごとの、読む側の一字ごとの役です。

    例:
        >>> looked_at(np.array([[[0.1, 0.9]]]), [("year", "month")])
        array([['month']], dtype=object)
    """
    table = padded(parts, alpha.shape[2])
    return np.take_along_axis(table, alpha.argmax(2), axis=1)


def padded(parts: list[tuple[str, ...]], S: int) -> np.ndarray:
    """長さの違う役の並びを、空の文字列で埋めた表 (B, S)。

    例:
        >>> padded([("year", "month")], 3)
        array([['year', 'month', '']], dtype=object)
    """
    return np.array([[*row, *[""] * (S - len(row))] for row in parts], dtype=object)
