"""打ち切った BPTT: 長い文章を T 文字ずつ読み、隠れ状態を次の T 文字に引き継ぐ学習（第 8 章）。

文章を B 本の帯に切り、どの帯も、はじめから順に T 文字ずつ読みます。状態は引き継ぎますが、勾配は引き継ぎ
ません（detach）。逆伝播は T 文字の中だけで済み、覚えたことはその先へ届きます。
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook.arguments import require_positive_int


def tracks(
    ids: Tensor, B: int, T: int, rng: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """文章 ids (n,) を B 本の帯で読む、x (B, T) と、一文字ずらした y (B, T)。終わりません。

    帯の終わりまで読むと、始まりをずらして、また読みます。文章は輪のようにつながっているとみなします。

    例:
        >>> batches = tracks(torch.arange(20), B=2, T=3, rng=np.random.default_rng(0))
        >>> (first, y), (second, _) = next(batches), next(batches)
        >>> bool((y[:, -1] == second[:, 0]).all()), bool((y[:, :-1] == first[:, 1:]).all())
        (True, True)
    """
    B, T = require_positive_int("B", B), require_positive_int("T", T)
    if len(ids) < B * (T + 1):
        raise ValueError(
            f"引数 ids は B (T + 1) = {B * (T + 1)} 文字以上の文章です。"
            f"{len(ids)} 文字が渡されました。"
        )
    length = len(ids) // B
    while True:
        text = torch.roll(ids, -int(rng.integers(len(ids))))[: B * length + 1]
        starts = length * torch.arange(B)[:, None]  # (B, 1)
        for t in range(0, length - T, T):
            rows = starts + t + torch.arange(T)  # (B, T)
            yield text[rows], text[(rows + 1) % len(text)]


class CarriedLoss:
    """次の文字の交差エントロピー（自然対数）。前のバッチを読み終えた状態から、読み続けます。

    例:
        >>> from rnnbook.models.character_model import CharacterModel
        >>> loss, x = CarriedLoss(), torch.tensor([[1, 2, 3]])
        >>> L = loss(CharacterModel(V=5, E=3, H=4), (x, x))
        >>> L.requires_grad, loss.state.requires_grad
        (True, False)
    """

    def __init__(self) -> None:
        self.state = None

    def __call__(self, model: nn.Module, batch: tuple) -> Tensor:
        x, y = batch[:2]
        logits, state = model(x, self.state)
        # 値だけを引き継ぎます。勾配の道は、ここで切れます
        self.state = (
            tuple(s.detach() for s in state)
            if isinstance(state, tuple)
            else state.detach()
        )
        return nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
