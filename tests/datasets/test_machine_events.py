"""機械の温度の 5 分ごとの記録: 落とし穴と異常の区間が、書いたとおりであること。"""

import numpy as np
import pandas as pd

from rnnbook.datasets import machine_events
from rnnbook.datasets.measured import load_machine

RECORD = machine_events.load_machine_minutes()


def test_the_clock_goes_back_once_by_fifty_five_minutes():
    steps = np.diff(RECORD.time) / np.timedelta64(60, "s")
    assert np.unique(steps).tolist() == [-55.0, 5.0] and (steps < 0).sum() == 1


def test_the_windows_are_those_of_the_benchmark():
    for (mark, a, b, _), window, at in zip(
        machine_events.EVENTS, RECORD.windows, RECORD.marks, strict=True
    ):
        assert RECORD.time[window[0]] == np.datetime64(a)
        assert RECORD.time[window[1]] == np.datetime64(b)
        assert RECORD.time[at] == np.datetime64(mark) and window[0] < at < window[1]


def test_its_hourly_means_are_the_series_of_chapter_10():
    hours = pd.Series(RECORD.temperature).groupby(RECORD.time.astype("datetime64[h]"))
    stored = load_machine()
    np.testing.assert_allclose(hours.mean(), stored.temperature, atol=0.006)
