"""周期ごとの磁気雑音: 異常は言った所だけを変え、ふだんは揺れの大きさが約束どおりであること。"""

import numpy as np
import pytest

from rnnbook.materials import burst_stream as s

SIGNS = {"gain": -1, "hum": 1, "hiss": 1, "clip": -1, "lost": -1}


def pair(kind):
    """同じ乱数の、ふだんの系列と、30 周期めから 12 周期だけ異常のある系列。"""
    n, fault = 60, s.Fault(kind, 30, 12)
    rng = np.random.default_rng
    made = s.stream(rng(1), n), s.stream(rng(1), n, [fault])
    return [x.reshape(n, s.P) for x in made]


@pytest.mark.parametrize("kind", SIGNS)
def test_a_fault_of_the_sensor_moves_its_own_cycles_and_no_others(kind):
    plain, broken = pair(kind)
    moved = (broken - plain)[30:42]
    assert SIGNS[kind] * moved.mean() > 0
    others = np.r_[0:30, 42:60]
    np.testing.assert_array_equal(plain[others], broken[others])


def scaled(kind):
    """異常の 12 周期を、ふだんの周期の、窓ごとの平均と標準偏差で標準化したもの。"""
    plain, broken = pair(kind)
    return ((broken - plain.mean(axis=0)) / plain.std(axis=0))[30:42]


@pytest.mark.parametrize("kind", ["shift", "stress"])
def test_a_fault_of_the_steel_moves_the_mean_of_its_cycles(kind):
    # 48 個の窓の平均のうち最大のもの。ふだんの 12 周期の平均では 0.8 ほどです
    assert np.abs(scaled(kind).mean(axis=0)).max() > 1.0


def test_more_disorder_is_seen_in_the_spread_and_not_in_the_mean():
    z = scaled("disorder")
    assert z.std() > 1.2 and abs(z.mean()) < 0.3


def test_the_gain_wanders_by_the_stated_amount():
    x = s.stream(np.random.default_rng(0), 400).reshape(400, s.P)
    slow = x.mean(axis=1)
    # 感度の揺れ 5 % に、周期ごとの雑音が加わります
    assert 0.9 * s.WANDER < slow.std() < 2.5 * s.WANDER


def test_a_lost_signal_leaves_the_noise_alone():
    x = s.stream(np.random.default_rng(0), 4, [s.Fault("lost", 1, 2)])
    quiet = x.reshape(4, s.P)[1:3]
    assert np.exp(quiet) == pytest.approx(s.NOISE, rel=0.35)


def test_sixteen_faults_stand_apart_in_the_tested_part():
    _, faults = s.with_faults(np.random.default_rng(3))
    kinds = sorted(fault.kind for fault in faults)
    assert kinds == sorted([*s.KINDS, *s.KINDS])
    ends = [fault.start + fault.cycles for fault in faults]
    starts = [fault.start for fault in faults]
    assert starts[0] >= s.TRAIN + s.VALID
    assert ends[-1] < s.TRAIN + s.VALID + s.TEST
    assert min(b - a for a, b in zip(ends, starts[1:], strict=False)) > 2


def test_the_phase_is_taken_out_with_the_training_cycles_alone():
    x = s.stream(np.random.default_rng(0), 30)
    train = slice(0, 20 * s.P)
    later = x.copy()
    later[20 * s.P :] += 5
    z = s.by_phase(x, train)
    np.testing.assert_array_equal(z[train], s.by_phase(later, train)[train])
    assert z[train].reshape(20, s.P).std(axis=0) == pytest.approx(1)


def test_an_unknown_fault_is_named():
    with pytest.raises(ValueError, match="引数 kind は"):
        s.stream(np.random.default_rng(0), 3, [s.Fault("fire", 0, 1)])
