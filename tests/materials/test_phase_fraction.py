"""その場 X 線回折の模型: 反射、強度、変態の式、計数が、別の求め方と合うこと。"""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from rnnbook.materials import phase_fraction as p
from rnnbook.materials.portable_random import Portable


@pytest.mark.parametrize(
    ("phase", "rule"),
    [
        ("fcc", lambda h: len({v % 2 for v in h}) == 1),  # 偶数だけか、奇数だけ
        ("bcc", lambda h: sum(h) % 2 == 0),
    ],
)
def test_only_allowed_reflections_with_their_multiplicity_scatter(phase, rule):
    atoms = len(p.SITES[phase])
    allowed: dict[int, int] = {}
    for h in product(range(-5, 6), repeat=3):
        if rule(h) and 0 < (square := sum(v * v for v in h)) <= 25:
            allowed[square] = allowed.get(square, 0) + 1
    squared, total = p.reflections(phase)
    assert squared.tolist() == sorted(allowed)
    expected = [atoms**2 * allowed[s] for s in squared]
    np.testing.assert_allclose(total, expected)


@pytest.mark.parametrize(
    ("phase", "hkl"), [("fcc", (2, 0, 0)), ("fcc", (2, 2, 0)), ("bcc", (2, 1, 1))]
)
def test_peaks_stand_where_bragg_puts_them_and_move_with_the_lattice(phase, hkl):
    for strain in (-0.003, 0.0, 0.003):
        a = p.LATTICE[phase] * (1 + strain)
        theta = np.arcsin(p.WAVELENGTH * np.linalg.norm(hkl) / (2 * a))  # λ = 2d sin θ
        q = 4 * np.pi * np.sin(theta) / p.WAVELENGTH
        near = np.abs(p.Q - q) < 0.12
        pattern = p.powder(phase, strain)[near]
        middle = (p.Q[near] * pattern).sum() / pattern.sum()
        assert middle == pytest.approx(q, abs=0.004)


def test_the_ratio_of_two_peaks_is_that_of_the_textbook():
    # I ∝ m |F|² (1 + cos² 2θ) / (sin² θ cos θ) e^(−2B (sin θ/λ)²)、α の 200（m = 6）と 211（m = 24）
    def size(hkl, m):
        s = np.linalg.norm(hkl) / (2 * p.LATTICE["bcc"])  # sin θ / λ
        theta = np.arcsin(s * p.WAVELENGTH)
        f = sum(
            a * np.exp(-b * s**2) for a, b in zip(p.CROMER_A, p.CROMER_B, strict=True)
        )
        lp = (1 + np.cos(2 * theta) ** 2) / (np.sin(theta) ** 2 * np.cos(theta))
        return m * (f + p.CROMER_C) ** 2 * lp * np.exp(-2 * p.B_ISO * s**2)

    pattern = p.powder("bcc")
    areas = [
        pattern[np.abs(p.Q - 2 * np.pi * np.linalg.norm(h) / p.LATTICE["bcc"]) < 0.2]
        for h in ((2, 0, 0), (2, 1, 1))
    ]
    ratio = areas[0].sum() / areas[1].sum()
    assert ratio == pytest.approx(size((2, 0, 0), 6) / size((2, 1, 1), 24), rel=1e-3)


def test_the_scattering_factor_forward_is_the_number_of_electrons():
    assert p.CROMER_A.sum() + p.CROMER_C == pytest.approx(26, abs=0.02)


def test_avrami_is_recovered_from_its_double_logarithm():
    t = np.linspace(0.05, 0.6, 12)
    f = p.jmak(t, 0.3, 2.5)
    # ln(−ln(1 − f)) = n ln t − n ln τ
    slope, intercept = np.polyfit(np.log(t), np.log(-np.log1p(-f)), 1)
    assert slope == pytest.approx(2.5) and np.exp(-intercept / slope) == pytest.approx(
        0.3
    )


@pytest.mark.parametrize("kinetics", p.KINETICS)
def test_fractions_stay_between_zero_and_one_and_follow_their_law(kinetics):
    f = p.fractions(kinetics, np.random.default_rng(0).random((500, 8)))
    assert f.min() >= 0 and f.max() <= 1
    steps = np.diff(f, axis=1)
    rises = (steps >= -1e-12).all(axis=1)
    if kinetics in ("jmak", "two_step"):
        assert rises.all()
    if kinetics == "reversal":
        assert not rises.any()
    if kinetics == "jumps":
        assert ((steps != 0).sum(axis=1) <= 3).all() and rises.mean() < 0.5


def test_an_effect_of_zero_is_a_single_step_and_a_whole_one_goes_all_the_way_back():
    u = np.random.default_rng(1).random((50, 8))
    np.testing.assert_allclose(
        p.fractions("two_step", u, 0.0), p.fractions("reversal", u, 0.0)
    )
    back = p.fractions("reversal", u, 1.0)
    assert (back[:, -1] < back.max(axis=1)).all()


def test_counts_are_the_quantiles_of_a_poisson_distribution():
    rng = np.random.default_rng(2)
    mu = np.concatenate([rng.uniform(0, 5, 3000), rng.uniform(5, 600, 3000)])
    u = rng.random(6000)
    np.testing.assert_array_equal(p.poisson(mu, u), stats.poisson.ppf(u, mu))


def test_the_mean_of_many_frames_is_the_pattern_of_the_mixture():
    runs = p.measure(np.random.default_rng(3).random, "jmak", 400)
    # 測定ごとの強さと背景は、平均すると 1 と、計数の 1 倍になる
    x = (p.Q - p.Q.mean()) / np.ptp(p.Q)
    ground = p.COUNTS * (1 + x**2) / p.CHANNELS
    start, end = runs.X[:, 0].mean(axis=0), runs.X[:, -1].mean(axis=0)
    assert start.sum() == pytest.approx(p.COUNTS + ground.sum(), rel=0.05)
    # はじめは γ だけ: α の 200 の所（q = 4.336）は背景だけ
    alpha = np.abs(p.Q - 4.336) < 0.05
    assert start[alpha].mean() == pytest.approx(ground[alpha].mean(), rel=0.15)
    assert end[alpha].mean() > 3 * start[alpha].mean()


def test_any_source_of_uniform_numbers_will_do():
    draw = Portable(5).uniform
    runs = p.measure(lambda n: [draw() for _ in range(n)], "jumps", 1)
    assert runs.X.shape == (1, 60, 80) and runs.X.sum() > 60 * 150


def test_wrong_arguments_are_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="引数 kinetics"):
        p.measure(rng.random, "linear", 3)
    with pytest.raises(ValueError, match="引数 counts"):
        p.measure(rng.random, "jmak", 3, counts=1e5)
    with pytest.raises(ValueError, match="引数 kinetics"):
        p.measure(rng.random, "jmak", 3, effect=0.2)
