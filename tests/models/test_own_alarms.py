"""読者の記録の見張り: しきい値は検証だけから決まり、抜けは跳び、正常でも鳴る確率は理論どおりであること。"""

import numpy as np
import pytest
from scipy.stats import poisson

from rnnbook.materials.own_log import Log, read_log
from rnnbook.materials.own_log_example import write_example
from rnnbook.models.own_alarms import poisson_interval, watch


def log_of(value: np.ndarray, gaps=()) -> Log:
    return Log(np.arange(len(value)) / 6, np.asarray(value, float), 1 / 6, None, gaps)


def normal_log(seed: int, n: int = 1200) -> np.ndarray:
    return np.random.default_rng(seed).normal(850, 1.5, size=n)


def test_the_example_shift_is_found_by_ewma_and_cusum_within_the_first_hour(tmp_path):
    log = read_log(write_example(tmp_path), time="日時", value="炉の温度")
    days = [f"2026-04-0{k} 00:00" for k in (1, 6, 9)]
    found = watch(log, normal=days[:2], held=days[1:]).alarms
    first = found.groupby("方法")["はじめ"].min()
    for name in ("EWMA", "CUSUM"):
        assert "2026-04-10 08:00" <= first[name] < "2026-04-10 09:00"


def test_values_after_the_held_part_move_neither_the_threshold_nor_earlier_alarms():
    value = normal_log(0)
    before = watch(log_of(value), (0, 50), (50, 100))
    value[1100:] += 30
    after = watch(log_of(value), (0, 50), (50, 100))
    assert after.summary["しきい値"].tolist() == before.summary["しきい値"].tolist()
    early = after.alarms[after.alarms["はじめ"].str.split().str[0].astype(float) < 183]
    assert early["はじめ"].tolist() == before.alarms["はじめ"].tolist()[: len(early)]
    assert (after.summary["警報"] >= before.summary["警報"]).all()


def test_a_shift_of_either_direction_is_found():
    for sign in (1, -1):
        value = normal_log(1)
        value[900:960] += sign * 6
        found = watch(log_of(value), (0, 50), (50, 100)).alarms
        starts = found[found["方法"] == "CUSUM"]["はじめ"]
        assert any(150 <= float(s.split()[0]) < 152 for s in starts)


def test_a_missing_hour_raises_no_alarm_and_is_told():
    value = normal_log(2)
    value[700:706] = np.nan
    found = watch(log_of(value, ((700 / 6, 1.0),)), (0, 50), (50, 100))
    assert "6 個に値がありません（いちばん長い抜けは 1 時間）" in found.notes[0]
    hours = found.alarms["はじめ"].str.split().str[0].astype(float)
    assert not ((hours >= 700 / 6) & (hours < 706 / 6)).any()


def test_a_normal_record_is_silent_as_often_as_theory_says():
    # 交換できる点数なら、m 倍の試験が一度も鳴らない確率は 1/(m + 1)。ここでは m = 2
    silent = 0
    for seed in range(150):
        found = watch(log_of(normal_log(seed, 900)), (0, 50), (50, 83.4))
        silent += found.summary["警報"].iloc[0] == 0
    low, high = 1 / 3 - 4 * np.sqrt(2 / 9 / 150), 1 / 3 + 4 * np.sqrt(2 / 9 / 150)
    assert low < silent / 150 < high
    assert "確率 0.6" in found.notes[-1]


@pytest.mark.parametrize("count", [0, 1, 3, 10])
def test_the_interval_of_a_count_holds_it_with_two_tails_of_a_fortieth(count):
    low, high = poisson_interval(count)
    np.testing.assert_allclose(poisson.cdf(count, high), 0.025, rtol=1e-6)
    if count:
        np.testing.assert_allclose(poisson.sf(count - 1, low), 0.025, rtol=1e-6)


@pytest.mark.parametrize(
    ("normal", "held", "words"),
    [
        ((0, 50), (40, 100), "引数 held は、normal より後"),
        ((0, 50), (50, 52), "引数 held の区間には、値のある時刻が 12 個のうち 12 個"),
        ((50, 0), (60, 100), "引数 normal の終わり 0 は"),
        (50, (60, 100), "引数 normal は、はじめと終わりの二つ"),
        ((0, 50), (50, 200), "引数 held のあとに、見張る値がありません"),
        ((0, 50), (50, 500), "引数 time の 500 は、記録"),
    ],
)
def test_a_part_that_cannot_be_used_is_named(normal, held, words):
    with pytest.raises(ValueError, match=words):
        watch(log_of(normal_log(0)), normal, held)


def test_a_constant_record_is_refused():
    value = np.full(1200, 850.0)
    with pytest.raises(ValueError, match="一定の区間"):
        watch(log_of(value), (0, 50), (50, 100))
