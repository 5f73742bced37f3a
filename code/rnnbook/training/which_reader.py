"""自分の系列では、どれで読むか: いまの値、線形の式、GRU、minGRU を、時間で分けて比べます（第 16 章）。

系列 v から、直前の window 点で、ahead 点あとの値を当てます。学習に使うのは系列の前の部分だけで、平均と
標準偏差も、そこから決めます。境を替えて何度か測り、順位が替わらないかを見ます。
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import torch
from torch import nn

from rnnbook.arguments import require_array, require_choice, require_positive_int
from rnnbook.models.baselines import Last, Ridge
from rnnbook.models.mixers import MIXERS, Mixed
from rnnbook.training.fit import fit, predict
from rnnbook.training.metrics import rmse
from rnnbook.training.seeds import seed_everything


class MixerForecast:
    """窓 (N, T) から一つの数を当てる、一段の Mixed。mixer は models.mixers の MIXERS の名です。

    例:
        >>> X = np.random.default_rng(0).normal(size=(64, 6))
        >>> MixerForecast("mingru", epochs=2).fit(X, X[:, -1]).predict(X).shape
        (64,)
    """

    def __init__(self, mixer: str, epochs: int = 10, seed: int = 0) -> None:
        self.mixer = require_choice("mixer", mixer, tuple(MIXERS))
        self.epochs, self.seed = require_positive_int("epochs", epochs), seed

    def fit(self, X: np.ndarray, y: np.ndarray) -> MixerForecast:
        # 学習の行の平均と標準偏差。答えも同じ単位で量る
        self.level, self.scale = X.mean(), X.std() + 1e-12
        seed_everything(self.seed)
        self.model = _LastAnswer(self.mixer)
        how = {"epochs": self.epochs, "learning_rate": 0.003, "clip": 1.0}
        fit(self.model, self._in(X)[..., None], self._in(y)[:, None], **how)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        told = predict(self.model, self._in(X)[..., None])[:, 0]
        return self.level + self.scale * told.astype(float)

    def _in(self, values: np.ndarray) -> np.ndarray:
        return (values - self.level) / self.scale


class _LastAnswer(nn.Module):
    def __init__(self, mixer: str) -> None:
        super().__init__()
        self.mixed = Mixed(mixer, D=1, O=1, E=16, layers=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.mixed(x)[:, -1]  # (B, 1)


READERS = {
    "いまの値": lambda seed: Last(),
    "線形の式（リッジ）": lambda seed: Ridge(),
    "GRU": lambda seed: MixerForecast("gru", seed=seed),
    "minGRU": lambda seed: MixerForecast("mingru", seed=seed),
}


def compare_readers(
    values: np.ndarray,
    window: int = 24,
    ahead: int = 6,
    starts: Sequence[float] = (0.5, 0.65, 0.8),
    seeds: Sequence[int] = (0,),
    readers: Sequence[str] = tuple(READERS),
) -> pd.DataFrame:
    """境ごとの、試験の RMSE。starts は、試験の始まり（系列の長さに対する割合）です。

    試験は、境から次の境（最後の境では系列の終わり）までです。種が二つ以上なら、平均です。

    例:
        >>> wave = np.sin(np.arange(400) / 5)
        >>> table = compare_readers(wave, readers=["いまの値", "線形の式（リッジ）"])
        >>> bool((table.loc["線形の式（リッジ）"] < table.loc["いまの値"]).all())
        True
    """
    values = require_array("values", values, ("n",)).astype(float)
    window = require_positive_int("window", window)
    ahead = require_positive_int("ahead", ahead)
    for name in readers:
        require_choice("readers", name, tuple(READERS))
    n = len(values) - window - ahead + 1
    if n < 100:
        raise ValueError(
            f"引数 values から {n} 組の窓しか作れません。100 組以上要ります。"
            f"長さは {len(values)}、window = {window}、ahead = {ahead} です。"
        )
    X = np.lib.stride_tricks.sliding_window_view(values, window)[:n].copy()
    y = values[window + ahead - 1 :]
    cuts = [*(int(start * n) for start in starts), n]
    if min(np.diff([window + ahead, *cuts])) < 10:
        raise ValueError(
            "引数 starts は、小さい順に並んだ割合です。境の間には 10 組以上要ります。"
            f"{tuple(starts)} が渡されました。"
        )
    found: dict[str, dict[str, float]] = {}
    for begin, end in pairwise(cuts):
        # 学習の答えが、試験の窓より前に終わるように、間を空ける
        train, test = slice(0, begin - window - ahead + 1), slice(begin, end)
        for name in readers:
            errors = [
                rmse(
                    READERS[name](seed).fit(X[train], y[train]).predict(X[test]),
                    y[test],
                )
                for seed in seeds
            ]
            where = f"{100 * begin / n:.0f} % から"
            found.setdefault(where, {})[name] = float(np.mean(errors))
    return pd.DataFrame(found)
