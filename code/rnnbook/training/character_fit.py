"""文字の言語モデルの学習: どの大きさにも、どの文章にも同じ手順です（第 8 章）。

AdamW（重みの減衰なし）、学習率 0.004 を余弦で 0 まで、64 本の帯を 32 文字ずつ、状態は引き継ぐ、
勾配のノルムは 1 でクリップします。
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_number
from rnnbook.datasets.essays import Characters
from rnnbook.models.character_model import CharacterModel, Size
from rnnbook.models.few_bits import straight_through
from rnnbook.training.annealed import fit_annealed
from rnnbook.training.carried import CarriedLoss, tracks
from rnnbook.training.seeds import seed_everything

B, T = 64, 32
LEARNING_RATE, ROUNDED_RATE, CLIP = 4e-3, 2e-3, 1.0


def fit_characters(
    text: str,
    table: Characters,
    size: Size,
    cell: str,
    seed: int,
    epochs: float,
    look: Callable[[nn.Module, object], None] | None = None,
    looks: int = 1,
) -> CharacterModel:
    """text を epochs 回読んで学習したモデル。途中で looks 回、look(model, history) を呼びます。

    例:
        >>> table = Characters.most_common("かきくけこ" * 500, V=6)
        >>> size = Size(V=6, E=4, H=8)
        >>> model = fit_characters("かきくけこ" * 500, table, size, "gru", 0, epochs=1)
        >>> model(torch.tensor([[1, 2]]))[0].shape[-1]
        6
    """
    rng = seed_everything(seed)
    ids = torch.from_numpy(table.encode(text))
    counts = torch.bincount(ids, minlength=size.V) + 1.0
    model = CharacterModel(*size, cell=cell, frequencies=counts)
    updates = max(looks, round(require_number("epochs", epochs) * len(ids) / (B * T)))
    every = -(-updates // looks)
    how = {"look": look, "loss": CarriedLoss(), "learning_rate": LEARNING_RATE}
    return _annealed(model, tracks(ids, B, T, rng), updates, every, **how)


def fit_rounded(
    model: CharacterModel,
    text: str,
    table: Characters,
    bits: int,
    seed: int,
    epochs: float,
) -> CharacterModel:
    """学習した model を、行列を bits ビットに丸めたときの損失で、さらに epochs 回学習します。

    学習率は 0.002 から 0 までです。返すモデルの重みは、丸める前のものです。

    例:
        >>> table = Characters.most_common("かきくけこ" * 500, V=6)
        >>> model = CharacterModel(V=6, E=4, H=8)
        >>> model is fit_rounded(model, "かきくけこ" * 500, table, 5, 0, epochs=1)
        True
    """
    rng = seed_everything(seed)
    ids = torch.from_numpy(table.encode(text))
    updates = max(1, round(require_number("epochs", epochs) * len(ids) / (B * T)))
    how = {"loss": RoundedLoss(bits), "learning_rate": ROUNDED_RATE}
    return _annealed(model, tracks(ids, B, T, rng), updates, updates, **how)


class RoundedLoss(CarriedLoss):
    """行列を bits ビットに丸めた重みで読む、CarriedLoss。勾配は、丸めなかったものとして流れます。"""

    def __init__(self, bits: int) -> None:
        super().__init__()
        self.bits = bits

    def __call__(self, model: nn.Module, batch: tuple) -> Tensor:
        rounded = straight_through(model, self.bits)

        def read(x: Tensor, state: object) -> tuple:
            return torch.func.functional_call(model, rounded, (x, state))

        return super().__call__(read, batch)


def _annealed(
    model: CharacterModel, batches: Iterator, updates: int, every: int, **how: object
) -> CharacterModel:
    rule = partial(torch.optim.AdamW, weight_decay=0.0, fused=True)
    fit_annealed(
        model,
        batches,
        updates=updates,
        every=every,
        until=updates,
        optimizer=rule,
        clip=CLIP,
        **how,
    )
    return model
