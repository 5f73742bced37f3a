"""data/measured/ の小さな抜粋を、公開されたもとのファイルから作ります（第 10 章）。

    python -m rnnbook.datasets.extracts FOLDER

FOLDER には、sktime 1.2.0 と chemotools 0.5.0 の wheel を開いたものと、NAB の
machine_temperature_system_failure.csv を置きます。抜粋は、点を間引くだけで、値を作り変えません
（機械の温度は 1 時間の平均にします）。
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from rnnbook.data import DATA

EVERY = 6  # 発酵のスペクトルは 6 本に 1 本（7.5 分ごと）
BAND = (950.0, 1500.0)  # 発酵のスペクトルの範囲（cm⁻¹）


def tecator(folder: Path) -> pd.DataFrame:
    """肉の NIR 吸光度 215 本（850〜1050 nm の 100 チャンネル）と脂肪（%）。"""
    rows = []
    for part in ("TRAIN", "TEST"):
        text = (folder / f"sktime/datasets/data/Tecator/Tecator_{part}.ts").read_text()
        for line in text.split("@data\n")[1].splitlines():
            values, fat = line.strip().split(":")
            rows.append([part.lower(), float(fat), *map(float, values.split(","))])
    names = [f"{nm:.2f}" for nm in np.linspace(850, 1050, 100)]
    return pd.DataFrame(rows, columns=["part", "fat", *names])


def fermentation(folder: Path) -> dict[str, pd.DataFrame]:
    """発酵一回の ATR-MIR スペクトル（時間ごと）、実験室の 21 本、HPLC の 34 点。"""
    data = folder / "chemotools/datasets/data"
    spectra = pd.read_csv(data / "fermentation_spectra.csv")
    hours = 1.25 / 60 * np.arange(len(spectra))
    lab = pd.read_csv(data / "train_spectra.csv")
    wave = spectra.columns.astype(float)
    inside = np.flatnonzero((BAND[0] <= wave) & (wave <= BAND[1]))[::2]
    run = spectra.iloc[::EVERY, inside]
    run.insert(0, "hour", hours[::EVERY])
    lab = lab.iloc[:, inside]
    lab.insert(0, "glucose", pd.read_csv(data / "train_hplc.csv")["glucose"])
    hplc = pd.read_csv(data / "fermentation_hplc.csv").rename(columns={"time": "hour"})
    return {
        "fermentation": run,
        "fermentation_laboratory": lab,
        "fermentation_hplc": hplc[["hour", "glucose", "ethanol"]],
    }


def machine(folder: Path) -> pd.DataFrame:
    """機械の温度（華氏とされるが、もとの資料に単位の記載はない）の 1 時間ごとの平均と、点の数。"""
    table = pd.read_csv(folder / "machine_temperature_system_failure.csv")
    hour = pd.to_datetime(table["timestamp"]).dt.floor("h")
    mean = table.groupby(hour)["value"].agg(["mean", "size"])
    mean.columns = ["temperature", "points"]
    return mean.rename_axis("hour").reset_index()


def main(folder: str) -> None:
    """四つの抜粋を data/measured/ に書きます。"""
    source, target = Path(folder), DATA / "measured"
    tables = {
        "tecator": (tecator(source), "%.6g"),
        "machine": (machine(source), "%.4f"),
    }
    tables |= {
        name: (table, "%.5g" if name != "fermentation_hplc" else "%.6g")
        for name, table in fermentation(source).items()
    }
    for name, (table, digits) in tables.items():
        table.to_csv(
            target / f"{name}.csv",
            index=False,
            float_format=digits,
            lineterminator="\n",
        )


if __name__ == "__main__":
    main(sys.argv[1])
