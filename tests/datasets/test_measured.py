"""実測の抜粋: 大きさ、単位の範囲、落とし穴が、書いたとおりであること。"""

import numpy as np
import pandas as pd

from rnnbook.data import DATA
from rnnbook.datasets import measured


def test_the_meat_spectra_are_those_of_the_publication():
    meat = measured.load_meat()
    # 215 試料、100 チャンネル、850〜1050 nm、脂肪 0.9〜49.1 %（配布元の説明）
    assert meat.X.shape == (215, 100) and (meat.nm[0], meat.nm[-1]) == (850, 1050)
    assert (meat.fat.min(), meat.fat.max()) == (0.9, 49.1)
    assert meat.supplied_test.sum() == 43
    notice = (DATA / "measured" / "tecator_NOTICE.txt").read_text()
    assert "Tecator" in notice and "this permission\nnote is attached" in notice


def test_the_failed_scan_is_left_out_and_the_target_passes_through_what_was_measured():
    run = measured.load_fermentation()
    table = pd.read_csv(DATA / "measured" / "fermentation.csv")
    assert len(table) == len(run.hour) + 1
    assert (run.X.std(axis=1) > 0).all() and (np.diff(run.hour) > 0).all()
    for hour, value in run.hplc[["hour", "glucose"]].to_numpy():
        near = np.argmin(np.abs(run.hour - hour))
        assert abs(run.glucose[near] - value) < 3
    # 24 時間から先は、測れる下限の値だけです
    assert np.unique(run.hplc["glucose"][run.hplc["hour"] > 23.5]).tolist() == [4.0]


def test_the_machine_series_has_every_hour():
    machine = measured.load_machine()
    hours = np.diff(machine.hour) / np.timedelta64(1, "h")
    assert (hours == 1).all() and np.isfinite(machine.temperature).all()
