"""説明されるモデルを、微分できる関数にしたもの: √計数 x (N, T) から空孔の割合（%）(N,)（第 15 章）。

    PLS          ŷ = ȳ + (x − x̄) · b
    ネットワーク   ŷ = ȳ + s_y · f((x − x̄) / s)

標準化も関数の中にあるので、地図はいつも、測った値（√計数）についてのものです。
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook.models.eight_bits import unpack
from rnnbook.models.vacancy_readers import NETWORKS, new_network, stored_tables

Forecast = Callable[[Tensor], Tensor]


def linear_forecast(b: np.ndarray, mean: np.ndarray, level: float) -> Forecast:
    """線形のモデルの関数。

    例:
        >>> read = linear_forecast(np.array([1.0, 2.0]), np.zeros(2), 5.0)
        >>> read(torch.ones(1, 2).double()).tolist()
        [8.0]
    """
    b, mean = (torch.from_numpy(np.array(v, dtype=float)) for v in (b, mean))
    return lambda x: level + (x - mean) @ b


def network_forecast(
    network: nn.Module, mean: np.ndarray, std: np.ndarray, level: float, scale: float
) -> Forecast:
    """ネットワークの関数。network は x (N, T, 1) を読みます（float64 に移します）。

    例:
        >>> zeros, ones = np.zeros(400), np.ones(400)
        >>> read = network_forecast(new_network("cnn"), zeros, ones, 5.0, 3.0)
        >>> tuple(read(torch.zeros(2, 400).double()).shape)
        (2,)
    """
    network = network.double().eval().requires_grad_(False)
    mean, std = (torch.from_numpy(np.array(v, dtype=float)) for v in (mean, std))
    # ŷ = ȳ + s_y f((x − x̄) / s)
    return lambda x: level + scale * network(((x - mean) / std)[:, :, None])[:, 0]


def load_forecasts(train: str = "background") -> dict[str, Forecast]:
    """第 11 章の図が使う、学習済みの三つのモデル。

    例:
        >>> sorted(load_forecasts())
        ['bilstm', 'cnn', 'pls']
    """
    lines, numbers, weights = stored_tables(train)
    mean, std, b = (lines[name].to_numpy() for name in ("mean", "std", "pls"))
    level, scale = (float(numbers[name]) for name in ("level", "scale"))
    found = {"pls": linear_forecast(b, mean, level)}
    for kind in NETWORKS:
        network = new_network(kind)
        unpack(network, weights[weights["model"] == kind])
        found[kind] = network_forecast(network, mean, std, level, scale)
    return found
