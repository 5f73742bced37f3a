"""系列長と予測: さかのぼる年数 p を動かし、試験期間の誤差と予測を見る図（第 1 章）。"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.widgets.kit.figure import Checked, Figure

MODELS = ("last", "linear", "rnn")


def _require_models(name: str, value: object) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError(
            f"引数 {name} はモデルの名前の並びです。{value!r} が渡されました。"
        )
    return [
        model
        for model in MODELS
        if model in {require_choice(name, v, MODELS) for v in value}
    ]


def _by_model(
    table: pd.DataFrame, grid: list[int], column: str
) -> dict[str, list[list[float]]]:
    """モデルの名前 → p ごとの、column の値の並び。"""
    groups = table.groupby(["model", "p"], sort=False)[column]
    return {
        model: [groups.get_group((model, p)).tolist() for p in grid] for model in MODELS
    }


class Lookback(Figure):
    """黒点数の一年先の予測で、さかのぼる年数 p と、試験期間の RMSE と予測の関係。

    数は data/results/ の lookback.csv と lookback_forecasts.csv のもので、
    `python -m rnnbook.experiments run lookback` が作ります。

    引数:
        p: さかのぼる年数。実験にある値のどれか。
        models: はじめに見せるモデル。"last"（直前の値）、"linear"（線形自己回帰）、"rnn"。

    例:
        >>> Lookback(p=11)
        Lookback(p=11, models=['last', 'linear', 'rnn'])
    """

    p = Checked(11, lambda name, value: value)
    models = Checked(list(MODELS), _require_models)
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
    _height = traitlets.List([780, 900]).tag(sync=True)
    _shown = ("p", "models")

    def __init__(self, p: int = 11, models: Sequence[str] = MODELS) -> None:
        results = data.load("lookback")
        forecasts = data.load("lookback_forecasts")
        grid = sorted(int(v) for v in results["p"].unique())
        truth = forecasts.query("model == 'truth'").sort_values("year")
        super().__init__(
            grid=grid,
            p=p,
            models=models,
            errors=_by_model(results, grid, "rmse_test"),
            years=truth["year"].tolist(),
            truth=truth["forecast"].tolist(),
            forecasts=_by_model(forecasts.sort_values("year"), grid, "forecast"),
        )

    @traitlets.validate("p")
    def _p_is_in_the_grid(self, proposal: traitlets.Bunch) -> int:
        return require_choice("p", proposal["value"], self.grid)
