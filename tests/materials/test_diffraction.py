"""デバイの散乱式: ブラッグの角度、対を一つずつ数えた値、ASE と合うこと。"""

import numpy as np
import pytest

from rnnbook.materials import diffraction as d


def test_peaks_stand_at_the_bragg_angles():
    pattern = d.intensity(0.0, 0.6)
    for index in ((1, 1, 1), (2, 2, 0), (3, 1, 1)):
        angle = d.bragg_angle(*index)
        near = np.abs(d.TWO_THETA - angle) < 2
        top = d.TWO_THETA[near][pattern[near].argmax()]
        assert top == pytest.approx(angle, abs=0.4)  # 小さい結晶では、少しずれます


def test_the_peaks_of_a_larger_crystal_come_nearer_to_bragg():
    off = []
    for radius in (10.0, 20.0):
        Q = np.linspace(2.8, 3.2, 4001)
        crystal = d.shells(radius=radius)
        I = d.form_factor(Q) ** 2 * (crystal.N + d.interference(Q, crystal))
        off.append(abs(Q[I.argmax()] - 2 * np.pi * np.sqrt(3) / d.LATTICE))
    assert off[1] < off[0] / 2


def test_shells_agree_with_every_pair_counted_one_by_one():
    points = d.sites(radius=6.0)
    Q = np.array([1.0, 2.9, 5.0])
    brute = np.zeros(3)
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            if i != j:
                r = np.linalg.norm(a - b)
                brute += np.sin(Q * r) / (Q * r)
    np.testing.assert_allclose(d.interference(Q, d.shells(radius=6.0)), brute)


def test_the_powder_is_the_mean_of_crystals_with_random_vacancies():
    rng, radius = np.random.default_rng(0), 9.0
    N = d.shells(radius=radius).N
    empty = np.zeros(N, dtype=bool)
    empty[: N // 10] = True
    many = np.array(
        [d.one_crystal(rng.permutation(empty), 0.7, radius=radius) for _ in range(400)]
    )
    told = d.intensity(empty.mean(), 0.7, radius=radius)
    z = (many.mean(axis=0) - told) / (many.std(axis=0) / 20 + 1e-12)
    assert np.abs(z).max() < 5
    assert many.mean(axis=0) == pytest.approx(told, rel=0.02)


def test_slopes_are_the_differences():
    c, B, e = 0.04, 0.8, 1e-6
    by_c = (d.intensity(c + e, B) - d.intensity(c - e, B)) / (2 * e)
    by_B = (d.intensity(c, B + e) - d.intensity(c, B - e)) / (2 * e)
    np.testing.assert_allclose(d.slope_c(c, B), by_c, atol=1e-8)
    np.testing.assert_allclose(d.slope_B(c, B), by_B, atol=1e-8)


def test_ase_gives_the_same_pattern():
    ase = pytest.importorskip("ase")
    xrdebye = pytest.importorskip("ase.utils.xrdebye")
    points = d.sites(radius=8.0)
    other = xrdebye.XrDebye(
        ase.Atoms(f"Cu{len(points)}", positions=points),
        wavelength=d.WAVELENGTH,
        damping=0.0,
        method=None,
    )
    Q = d.momentum()[::40]
    # method=None では、ASE の散乱因子は電子の数（29）です
    ours = d.shells(radius=8.0).N + d.interference(Q, d.shells(radius=8.0))
    theirs = [other.get(q / 2 / np.pi) / 29**2 for q in Q]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    # 散乱因子の落ち方は、別の表（Waasmaier–Kirfel、s は Q / 4π）と同じです
    f = np.array([other.get_waasmaier("Cu", q / 4 / np.pi) for q in Q])
    fall = d.form_factor(np.zeros(1)) - d.form_factor(Q)
    np.testing.assert_allclose(fall, other.get_waasmaier("Cu", 0.0) - f, rtol=0.02)


@pytest.mark.parametrize("wrong", ["a", np.nan])
def test_a_wrong_radius_is_named(wrong):
    with pytest.raises(ValueError, match="radius"):
        d.sites(radius=wrong)


@pytest.mark.parametrize(
    ("name", "c", "B"), [("c", 5, 0.6), ("c", np.nan, 0.6), ("B", 0.05, -1.0)]
)
def test_a_percent_or_a_negative_factor_is_refused(name, c, B):
    for compute in (d.intensity, d.slope_c, d.slope_B):
        with pytest.raises(ValueError, match=f"引数 {name} "):
            compute(c, B)
