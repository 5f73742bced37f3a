"""空孔の割合を答える、学習済みの三つのモデル: PLS、畳み込み、双方向 LSTM（第 11 章の図）。

実験 vacancies_page が、背景なし（clean）と背景あり（background）で学習しました。どれも √計数 x (400,) を、
学習の平均と標準偏差で標準化して読み、空孔の割合（%）を答えます。

    PLS          ŷ = ȳ + (x − x̄) · b
    ネットワーク   ŷ = ȳ + s_y · f((x − x̄) / s)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.arguments import require_array, require_choice
from rnnbook.models.eight_bits import unpack
from rnnbook.models.spectrum_networks import spectrum_network

CONDITIONS = ("clean", "background")
NETWORKS = ("cnn", "bilstm")
READERS = ("pls", *NETWORKS)
T, AXES = 400, 6  # チャンネルと、印に使う主成分の数

Reader = Callable[[np.ndarray], np.ndarray]


def new_network(kind: str) -> nn.Module:
    """学習する前のネットワーク。"""
    return spectrum_network(kind, T=T, O=1)


def readers_of(
    lines: pd.DataFrame, numbers: Mapping, weights: pd.DataFrame
) -> dict[str, Reader]:
    """表から、計数 (N, 400) を読んで空孔の割合 (N,)（%）を答える関数を作ります。"""
    mean, std, b = (lines[name].to_numpy() for name in ("mean", "std", "pls"))
    level, scale = float(numbers["level"]), float(numbers["scale"])

    def prepare(counts: np.ndarray) -> np.ndarray:
        return np.sqrt(require_array("counts", counts, ("N", T))) - mean

    def network(kind: str) -> Reader:
        model = new_network(kind)
        unpack(model, weights[weights["model"] == kind])
        model.double().eval()

        def read(counts: np.ndarray) -> np.ndarray:
            x = torch.from_numpy(prepare(counts) / std)[:, :, None]  # (N, T, 1)
            with torch.no_grad():
                return level + scale * model(x)[:, 0].numpy()

        return read

    readers = {"pls": lambda counts: level + prepare(counts) @ b}
    return readers | {kind: network(kind) for kind in NETWORKS}


def stored_tables(train: str) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """data/ にある、条件 train の三つの表: チャンネルごとの数、一つずつの数、重み。

    例:
        >>> lines, numbers, weights = stored_tables("clean")
        >>> len(lines), sorted(set(weights["model"]))
        (400, ['bilstm', 'cnn'])
    """
    train = require_choice("train", train, CONDITIONS)
    tables = (
        data.load("vacancies_page_lines"),
        data.load("vacancies_page_numbers"),
        data.load("vacancies_page_weights"),
    )
    lines, numbers, weights = (table[table["train"] == train] for table in tables)
    return lines, numbers.iloc[0], weights


def load_vacancy_readers(train: str) -> dict[str, Reader]:
    """公開している重みを data/ から読みます。train は、学習した条件です。

    例:
        >>> from rnnbook.materials.diffraction import expected
        >>> readers = load_vacancy_readers("background")
        >>> counts = expected(0.05, 0.6, levels=(60, 320, 160))[None]
        >>> bool(abs(readers["pls"](counts)[0] - 5) < 3)
        True
    """
    return readers_of(*stored_tables(train))
