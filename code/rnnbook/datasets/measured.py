"""実測の小さな抜粋: 肉の近赤外スペクトル、発酵の一回、機械の温度（第 10 章）。"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook.data import verified_path


class Meat(NamedTuple):
    """肉の近赤外スペクトル（Tecator 社の Infratec、透過）。"""

    nm: np.ndarray  # (100,) 波長
    X: np.ndarray  # (215, 100) 吸光度
    fat: np.ndarray  # (215,) 脂肪（%）
    supplied_test: np.ndarray  # (215,) 配布されたときの分け方で、試験の行


class Fermentation(NamedTuple):
    """発酵一回の赤外スペクトル（ATR）と、HPLC の濃度。濃度の単位は g/L です。"""

    hour: np.ndarray  # (N,)
    wave: np.ndarray  # (T,) 波数（cm⁻¹）
    X: np.ndarray  # (N, T) 吸光度
    glucose: np.ndarray  # (N,) HPLC の 34 点を直線で結んだ、グルコース
    hplc: pd.DataFrame  # hour, glucose, ethanol（測った 34 点）
    lab_X: np.ndarray  # (21, T) 実験室で作った試料のスペクトル
    lab_glucose: np.ndarray  # (21,)


class Machine(NamedTuple):
    """機械の温度の、1 時間ごとの平均。もとの資料に単位の記載はありません。"""

    hour: np.ndarray  # (n,) 日時
    temperature: np.ndarray  # (n,)


def load_meat() -> Meat:
    """肉 215 本を読みます。

    例:
        >>> meat = load_meat()
        >>> meat.X.shape, float(meat.fat.max())
        ((215, 100), 49.1)
    """
    table = pd.read_csv(verified_path("measured/tecator.csv"))
    return Meat(
        nm=table.columns[2:].to_numpy(dtype=float),
        X=table.iloc[:, 2:].to_numpy(dtype=float),
        fat=table["fat"].to_numpy(dtype=float),
        supplied_test=(table["part"] == "test").to_numpy(),
    )


def load_fermentation() -> Fermentation:
    """発酵の一回を読みます。終わりの、どのチャンネルも同じ値の 1 本（測定の失敗）は除きます。

    例:
        >>> run = load_fermentation()
        >>> run.X.shape, run.lab_X.shape
        ((271, 205), (21, 205))
    """
    run, lab, hplc = (
        pd.read_csv(verified_path(f"measured/fermentation{part}.csv"))
        for part in ("", "_laboratory", "_hplc")
    )
    X = run.iloc[:, 1:].to_numpy(dtype=float)
    alive = X.std(axis=1) > 0
    hour = run["hour"].to_numpy(dtype=float)[alive]
    return Fermentation(
        hour=hour,
        wave=run.columns[1:].to_numpy(dtype=float),
        X=X[alive],
        glucose=np.interp(hour, hplc["hour"], hplc["glucose"]),
        hplc=hplc,
        lab_X=lab.iloc[:, 1:].to_numpy(dtype=float),
        lab_glucose=lab["glucose"].to_numpy(dtype=float),
    )


def load_machine() -> Machine:
    """機械の温度を読みます。

    例:
        >>> str(load_machine().hour[0]), len(load_machine().temperature)
        ('2013-12-02T21:00:00.000000000', 1891)
    """
    table = pd.read_csv(verified_path("measured/machine.csv"), parse_dates=["hour"])
    return Machine(
        table["hour"].to_numpy().astype("datetime64[ns]"),
        table["temperature"].to_numpy(dtype=float),
    )
