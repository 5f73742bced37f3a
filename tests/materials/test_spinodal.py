"""スピノーダル分解の模型を、理論と比べる試験。"""

import numpy as np
import pytest

from rnnbook.materials.spinodal import (
    advance,
    autocovariance,
    depth,
    free_energy,
    growth_rate,
    initial,
    length,
    programme,
    simulate,
)


def test_the_mean_concentration_is_conserved_while_the_temperature_changes():
    c = initial([3]) + 0.1
    T = programme([0.6, 0.9, 0.7])[None]
    end = simulate(c, T)[:, -1]
    assert abs(end.mean() - 0.1) < 1e-12
    assert end.std() > 0.4  # 分かれている


@pytest.mark.parametrize("T", [0.6, 0.75, 0.9])
@pytest.mark.parametrize("wave", [3, 5, 7, 10])
def test_a_small_wave_grows_or_decays_at_the_rate_of_linear_theory(T, wave):
    k, steps, dt = 2 * np.pi * wave / 64, 500, 0.002
    c = 1e-6 * np.tile(np.cos(k * np.arange(64)), (64, 1))[None]
    ratio = advance(c, T, steps, dt).std() / c.std()
    assert np.log(ratio) / (steps * dt) == pytest.approx(
        growth_rate(k, T), rel=5e-3, abs=1e-5
    )


def test_the_interface_is_the_hyperbolic_tangent_of_theory():
    c = np.sign(np.sin(2 * np.pi * (np.arange(64) + 0.5) / 64))
    c = advance(np.tile(c, (64, 1))[None], 0.8, steps=4000)[0, 0]
    a = depth(0.8)
    x = np.arange(64) - 31.5  # 二つ目の界面からの距離
    near = abs(x) < 12
    expected = -np.sqrt(a) * np.tanh(x * np.sqrt(a / 2))
    assert c[near] == pytest.approx(expected[near], abs=2e-3)


def test_the_free_energy_never_rises_at_a_constant_temperature():
    c, energy = initial([1]), []
    for _ in range(60):
        energy.append(free_energy(c, 0.7).item())
        c = advance(c, 0.7)
    assert np.diff(energy).max() < 1e-12


def test_late_coarsening_follows_the_one_third_power_of_time():
    c = advance(initial([0, 1, 2], n=128), 0.75, steps=400)
    times, sizes = [200, 400, 800, 1600], []
    for before, after in zip([200, *times], times, strict=False):
        c = advance(c, 0.75, steps=int((after - before) / 0.5))
        sizes.append(length(autocovariance(c, lags=64)).mean())
    slope = np.polyfit(np.log(times), np.log(sizes), 1)[0]
    assert 0.26 < slope < 0.37


def test_the_autocovariance_equals_the_direct_sum_over_shifts():
    c = np.random.default_rng(0).standard_normal((12, 12))
    got = autocovariance(c, lags=6)
    d = c - c.mean()
    sums = {r: [] for r in range(6)}
    for y in range(12):
        for x in range(12):
            r = int(np.floor(np.hypot(min(y, 12 - y), min(x, 12 - x)) + 0.5))
            if r < 6:
                sums[r].append((d * np.roll(d, (y, x), (0, 1))).mean())
    assert got == pytest.approx([np.mean(sums[r]) for r in range(6)])


def test_the_length_of_stripes_is_a_quarter_of_their_period():
    period = 16
    r = np.arange(32)
    assert length(np.cos(2 * np.pi * r / period)) == pytest.approx(period / 4)


def test_a_batch_gives_the_same_runs_as_one_by_one():
    T = np.stack([programme([0.6, 0.9], 5), programme([0.8, 0.7], 5)])
    together = simulate(initial([5, 6]), T)
    alone = simulate(initial([6]), T[1:])
    np.testing.assert_allclose(together[1], alone[0], atol=1e-13)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: programme([0.6, 1.2]), r"knots\[1\]"),
        (lambda: simulate(initial([0]), np.full((2, 3), 0.7)), "組織は 1 個"),
        (lambda: simulate(initial([0]), [[0.7, np.nan]]), "0 行 1 枚目は nan"),
        (lambda: autocovariance(np.zeros((8, 8)), lags=5), "4 以下"),
        (lambda: initial([-1]), "seed"),
        (lambda: initial([0], n=4), "8 以上"),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_seeds_do_not_share_their_noise():
    a, b = initial([0, 1])
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.05
    assert initial([0])[0] == pytest.approx(a)
