"""レナード–ジョーンズ粒子: 力はエネルギーの傾き、圧力は体積での傾きで、底は 2^(1/6) にあること。"""

import numpy as np
import pytest

from rnnbook.materials import lennard_jones as lj


def shaken(seed=0, spread=0.06):
    x, box = lj.fcc(4, 0.95)
    return x + np.random.default_rng(seed).normal(0, spread, x.shape), box


def direct(x, box):
    """対を一つずつ、float64 で足したエネルギーと力。"""
    U, F = 0.0, np.zeros_like(x)
    for i in range(len(x)):
        d = x[i] - np.delete(x, i, axis=0)
        d -= box * np.round(d / box)
        r = np.sqrt((d**2).sum(axis=1))
        near = r < lj.CUT
        U += lj.pair_energy(r[near]).sum() / 2
        push = 48 * r[near] ** -14 - 24 * r[near] ** -8 - lj.G_CUT
        F[i] = (push[:, None] * d[near]).sum(axis=0)
    return U, F


def test_the_bottom_of_the_well_is_at_the_sixth_root_of_two():
    r = np.linspace(1.0, 1.4, 40_001)
    u = lj.pair_energy(r)
    # 切り口の直しで動くのは、r も深さも 0.1 より小さい
    assert r[u.argmin()] == pytest.approx(2 ** (1 / 6), abs=1e-3)
    assert u.min() == pytest.approx(-1, abs=0.06)


def test_energy_and_force_go_to_zero_at_the_cut():
    r, h = lj.CUT, 1e-5
    assert lj.pair_energy(r - h) == pytest.approx(0, abs=1e-8)
    slope = (lj.pair_energy(r - h) - lj.pair_energy(r - 2 * h)) / h
    assert slope == pytest.approx(0, abs=1e-4) and lj.pair_energy(r + 1) == 0


def test_forces_agree_with_a_sum_over_pairs_one_by_one():
    x, box = shaken()
    U, F = direct(x, box)
    found = lj.Forces(len(x), box)(x)
    np.testing.assert_allclose(found, F, atol=2e-5 * abs(F).max())
    assert lj.energy_and_pressure(x, box, 0.6)[0] == pytest.approx(U / len(x))


def test_forces_are_the_slope_of_the_energy():
    x, box = shaken(1)
    F, h = lj.Forces(len(x), box)(x), 1e-5
    for place in ((0, 0), (100, 1), (255, 2)):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        U = [len(x) * lj.energy_and_pressure(y, box, 0.0)[0] for y in (up, down)]
        assert F[place] == pytest.approx(-(U[0] - U[1]) / (2 * h), abs=2e-3)


def test_the_pressure_is_minus_the_slope_of_the_energy_with_volume():
    x, box = shaken(2)
    h, N = 1e-5, len(x)
    U = [N * lj.energy_and_pressure(x * s, box * s, 0.0)[0] for s in (1 + h, 1 - h)]
    slope = (U[0] - U[1]) / (box**3 * ((1 + h) ** 3 - (1 - h) ** 3))
    cold, warm = (lj.energy_and_pressure(x, box, T)[1] for T in (0.0, 0.6))
    assert cold == pytest.approx(-slope, rel=1e-5)
    assert warm - cold == pytest.approx(0.95 * 0.6)  # 理想気体の ρT


def test_every_push_has_an_equal_push_back():
    x, box = shaken(3)
    F = lj.Forces(len(x), box)(x)
    assert abs(F.sum(axis=0)).max() < 1e-5 * abs(F).sum()


def test_a_box_to_the_side_changes_nothing():
    x, box = shaken(4)
    F = lj.Forces(len(x), box)
    moved = x.copy()
    moved[10] += [box, -2 * box, 0]
    np.testing.assert_allclose(F(moved), F(x), atol=1e-3)


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match=r"box は 5\.0 以上"):
        lj.Forces(256, 4.0)
    with pytest.raises(ValueError, match="N は偶数"):
        lj.Forces(255, 6.5)
    with pytest.raises(ValueError, match="density"):
        lj.fcc(4, -1.0)
