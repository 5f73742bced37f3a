"""文字の言語モデルの学習: どの大きさにも、どの文章にも同じ手順です（第 8 章）。

AdamW（重みの減衰なし）、学習率 0.004 を余弦で 0 まで、64 本の帯を 32 文字ずつ、状態は引き継ぐ、
勾配のノルムは 1 でクリップします。
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from rnnbook.arguments import require_number
from rnnbook.datasets.essays import Characters
from rnnbook.models.character_model import CharacterModel, Size
from rnnbook.training.annealed import fit_annealed
from rnnbook.training.carried import CarriedLoss, tracks
from rnnbook.training.seeds import seed_everything

B, T = 64, 32
LEARNING_RATE, CLIP = 4e-3, 1.0


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
    fit_annealed(
        model,
        tracks(ids, B, T, rng),
        updates=updates,
        every=-(-updates // looks),
        until=updates,
        look=look,
        loss=CarriedLoss(),
        optimizer=partial(torch.optim.AdamW, weight_decay=0.0, fused=True),
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    return model
