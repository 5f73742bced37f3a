"""応力から ABBM への写像: 式のとおりで、張力で山が高く、狭く、低い磁場に寄ること。"""

import numpy as np
import pytest

from rnnbook.materials import stress_noise as s


def test_the_drive_is_the_formula_of_the_docstring():
    one = s.Specimens(*(np.array([v]) for v in (1.1, 0.9, 0.12, 0.28, 1.3)))
    c = s.drive(one, [50.0])[0]
    for k in (0, 1700, 2300, 4095):
        h = -1 + 2 * k / 4095
        w = 0.28 * np.exp(-0.06 * 0.5)
        peak = np.exp(-((h - 0.12 + 0.05 * 0.5) ** 2) / (2 * w**2))
        assert c[k] == pytest.approx(1.1 * np.exp(0.1) * (0.05 + peak), rel=1e-9)


def test_tension_makes_the_peak_higher_narrower_and_earlier():
    one = s.make_specimens(np.random.default_rng(0), 1).take([0, 0])
    push, pull = s.drive(one, [-150.0, 150.0])
    assert pull.max() > 1.3 * push.max()
    assert pull.argmax() < push.argmax()
    assert (pull > pull.max() / 2).sum() < (push > push.max() / 2).sum()


def test_the_mean_voltage_follows_the_gain_and_the_drive():
    """v は c を 1/k = 20 点ほど遅れて追うだけなので、記録の平均は G c の平均です。"""
    one = s.make_specimens(np.random.default_rng(1), 1)
    u = s.record(np.random.default_rng(2), one.take(np.zeros(300, int)), np.zeros(300))
    expected = one.G[0] * s.drive(one, [0.0]).mean()
    assert u.mean() == pytest.approx(expected, rel=0.03)


def test_specimens_spread_as_written():
    many = s.make_specimens(np.random.default_rng(3), 4000)
    for name, values in many._asdict().items():
        z = values - s.MIDDLE[name] if name == "H" else np.log(values / s.MIDDLE[name])
        assert z.std() == pytest.approx(s.SPREAD[name], rel=0.05)
        assert abs(z.mean()) < 4 * s.SPREAD[name] / np.sqrt(4000)


def test_every_specimen_stands_in_its_own_row():
    same = s.make_specimens(np.random.default_rng(4), 1).take([0, 0, 0])
    loud = same._replace(G=np.array([1.0, 5.0, 25.0]))
    bursts = s.record_all(
        np.random.default_rng(5), loud, 2, of=lambda u: u.std(axis=1), levels=(-50, 50)
    )
    assert bursts.u.shape == (3, 2, 2)
    assert (bursts.u[1:] > 2 * bursts.u[:-1]).all()


def test_a_stress_in_pascal_is_refused_with_its_unit():
    one = s.make_specimens(np.random.default_rng(0), 1)
    with pytest.raises(ValueError, match="MPa"):
        s.drive(one, [1.0e8])
    with pytest.raises(ValueError, match="stress"):
        s.drive(one, [0.0, 1.0])
