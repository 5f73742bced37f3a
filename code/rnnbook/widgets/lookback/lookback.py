"""系列長と予測: さかのぼる年数 p を動かし、試験期間の誤差と予測を見る図（第 1 章）。"""

from __future__ import annotations

import math

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.models.catalogue import MODELS
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Measured, Several

COMPARED = ("last", "linear", "rnn")


def _known(column: pd.Series) -> list[float | None]:
    """読めない値（NaN）を、JSON にある None にした並び。"""
    return [float(v) if math.isfinite(v) else None for v in column]


def _by_model(
    table: pd.DataFrame, grid: list[int], column: str
) -> dict[str, list[list[float]]]:
    """モデルの名前 → p ごとの、column の値の並び。"""
    groups = table.groupby(["model", "p"], sort=False)[column]
    return {
        model: [_known(groups.get_group((model, p))) for p in grid]
        for model in COMPARED
    }


class Lookback(Figure):
    """黒点相対数の一年先の予測で、さかのぼる年数 p と、試験期間の RMSE と予測の関係。

    数は data/results/ の lookback.csv と lookback_forecasts.csv のもので、
    `python -m rnnbook.experiments run lookback` が作ります。

    引数:
        p: さかのぼる年数。実験にある値のどれか。
        models: はじめに見せるモデル。"last"（直前の値）、"linear"（線形自己回帰）、"rnn"。

    例:
        >>> Lookback(p=2, models=["rnn", "linear"])
        Lookback(p=2, models=['linear', 'rnn'])
    """

    p = Measured(11, lambda figure: figure.grid, "さかのぼる年数 $p$", unit="年")
    models = Several(
        COMPARED, {model: MODELS[model].label for model in COMPARED}, "見せるモデル"
    )
    # 実験にある p（小さい順）
    grid = traitlets.List().tag(sync=True)
    # モデルの名前 → p ごとの、種ごとの RMSE
    errors = traitlets.Dict().tag(sync=True)
    years = traitlets.List().tag(sync=True)
    truth = traitlets.List().tag(sync=True)
    # モデルの名前 → p ごとの、年ごとの予測
    forecasts = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "系列長と予測。上は、さかのぼる年数 p と試験期間の RMSE の関係を、直前の値、線形自己回帰、"
        "RNN について示します。下は、選んだ p での試験期間の予測を、観測と並べて示します。"
    ).tag(sync=True)
    _height = traitlets.List([823, 930]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        results = data.load("lookback")
        forecasts = data.load("lookback_forecasts")
        grid = sorted(int(v) for v in results["p"].unique())
        truth = forecasts.query("model == 'truth'").sort_values("year")
        super().__init__(
            grid=grid,
            **values,
            errors=_by_model(results, grid, "rmse_test"),
            years=truth["year"].tolist(),
            truth=_known(truth["forecast"]),
            forecasts=_by_model(forecasts.sort_values("year"), grid, "forecast"),
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 選んだ p での、見せるモデルの RMSE の中央値と、種が多ければ最小と最大。

        例:
            >>> list(Lookback(p=2, models=["last"]).numbers())
            ['rmse_last']
        """
        results = data.load("lookback")
        found = {}
        for model in self.models:
            rows = results[(results["model"] == model) & (results["p"] == self.p)]
            errors, name = rows["rmse_test"], f"rmse_{model}"
            found[name] = float(errors.median())
            if len(errors) > 1:
                found[f"{name}_low"] = float(errors.min())
                found[f"{name}_high"] = float(errors.max())
        return found
