"""文字の言語モデルの、一文字あたりのビット数（第 8 章）。

    −log₂ P(次の文字 | その作品のそれまでの文字)   表にない文字は、書き表す 16 ビットを足す

どの作品も、改行を読んだ状態（0 から始めて）から、終わりまで状態を引き継いで読みます。
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from rnnbook.arguments import require_positive_int
from rnnbook.datasets.all_essays import spelled_bits
from rnnbook.datasets.essays import Characters
from rnnbook.training.threads import one_thread

START = "\n"  # 作品のはじめの文字の前に読む文字


def ids_of(table: Characters, text: str) -> np.ndarray:
    """作品の文章 (n,) を、改行から始まる番号 (n + 1,) にします。

    例:
        >>> ids_of(Characters("〓\\nあ"), "あい").tolist()
        [1, 2, 0]
    """
    return table.encode(START + text)


def character_bits(
    model: nn.Module, table: Characters, texts: Sequence[str], chunk: int = 256
) -> list[np.ndarray]:
    """文章 texts の一つ一つについて、各文字のビット数 (n,)。chunk 文字ずつ、まとめて読みます。

    例:
        >>> from rnnbook.models.character_model import CharacterModel
        >>> table = Characters("〓\\nあい")
        >>> model = CharacterModel(V=4, E=3, H=5)
        >>> bits = character_bits(model, table, ["あいい", "あ"])
        >>> [len(of_work) for of_work in bits]
        [3, 1]
    """
    chunk = require_positive_int("chunk", chunk)
    ids = [torch.from_numpy(ids_of(table, text)) for text in texts]
    # 長さをそろえます。埋めた所のビット数は、後で捨てます
    x = nn.utils.rnn.pad_sequence(ids, batch_first=True)  # (N, n + 1)
    found, state = [], None
    model.eval()
    with torch.no_grad(), one_thread():
        for t in range(0, x.shape[1] - 1, chunk):
            y = x[:, t + 1 : t + 1 + chunk]
            logits, state = model(x[:, t : t + y.shape[1]], state)
            log_p = torch.log_softmax(logits, -1).gather(-1, y[..., None])[..., 0]
            found.append(-log_p / np.log(2))
    bits = torch.cat(found, 1).numpy().astype(float)  # (N, n)
    return [
        row[: len(text)] + spelled_bits(text, table)
        for row, text in zip(bits, texts, strict=True)
    ]


def per_character(bits: Sequence[np.ndarray]) -> float:
    """すべての作品の、一文字あたりのビット数。

    例:
        >>> per_character([np.array([1.0, 3.0]), np.array([5.0])])
        3.0
    """
    return float(np.concatenate(list(bits)).mean())
