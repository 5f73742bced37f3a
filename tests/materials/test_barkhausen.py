"""ABBM の雑音: 平均、分散、相関、定常分布、雪崩の指数が、理論と合うこと。"""

import numpy as np
import pytest
from scipy import stats

from rnnbook.materials import barkhausen as b
from rnnbook.materials.portable_random import Portable


@pytest.mark.parametrize("dt", [0.05, 0.5])
@pytest.mark.parametrize("c, k, D", [(0.3, 1.0, 1.0), (2.0, 0.5, 0.7)])
def test_mean_variance_and_memory_are_the_theory_at_any_step(c, k, D, dt):
    v = b.abbm(np.random.default_rng(0), np.full(4000, c), k=k, D=D, dt=dt, T=60)
    mean, variance = b.stationary(c, k, D)
    last = v[:, -1]  # 行は独立なので、平均の標準誤差は √(分散 / 4000)
    assert last.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / 4000))
    assert last.var() == pytest.approx(variance, rel=0.25)
    # v_t と v_{t+n} の相関は e^(−k n dt)
    n = 4
    correlation = np.corrcoef(v[:, -1 - n], last)[0, 1]
    assert correlation == pytest.approx(np.exp(-k * n * dt), abs=0.06)


def test_the_whole_distribution_is_the_gamma_law():
    c, k, D = 0.4, 1.5, 0.8
    v = b.abbm(np.random.default_rng(1), np.full(3000, c), k=k, D=D, T=40)[:, -1]
    assert stats.kstest(v, stats.gamma(c / D, scale=D / k).cdf).pvalue > 0.01


def test_one_step_is_the_noncentral_chi_square_of_scipy():
    """v の一歩は、自由度 2c/D の非心カイ二乗分布に、q/2 を掛けたもの（Cox–Ingersoll–Ross）。"""
    c, k, D, dt, start = 0.6, 0.9, 0.7, 0.3, 1.4

    class From(type(np.random.default_rng())):
        first = True

        def standard_gamma(self, shape):
            if self.first:
                self.first = False
                return np.full(np.shape(shape), start * k / D)
            return super().standard_gamma(shape)

    rng = From(np.random.PCG64(2))
    v = b.abbm(rng, np.full(4000, c), k=k, D=D, dt=dt, T=1)[:, 0]
    q = D * (1 - np.exp(-k * dt)) / k
    law = stats.ncx2(2 * c / D, 2 * start * np.exp(-k * dt) / q, scale=q / 2)
    assert stats.kstest(v, law.cdf).pvalue > 0.01


@pytest.mark.parametrize("c", [0.1, 0.3, 0.5, 0.7])
def test_the_avalanche_exponent_is_three_halves_minus_half_the_drive(c):
    v = b.abbm(np.random.default_rng(3), np.full(200, c), k=0.1, dt=0.01, T=8000)
    found = b.fit_exponent(b.avalanches(v, 0.005, 0.01).size, 0.03, 10.0)
    assert found == pytest.approx(b.size_exponent(c), abs=0.06)


def test_the_portable_numbers_give_the_same_law():
    v = np.concatenate([b.abbm(Portable(s), 0.8, dt=1.0, T=400)[0] for s in range(5)])
    assert v.mean() == pytest.approx(0.8, abs=0.12)
    assert v.var() == pytest.approx(0.8, rel=0.25)


def test_an_avalanche_cut_by_the_end_is_not_counted():
    found = b.avalanches([[5, 0, 2, 3, 0, 9]], 1.0, 0.5)
    assert found.size.tolist() == [2.5] and found.duration.tolist() == [1.0]


@pytest.mark.parametrize("tau", [1.15, 1.5, 2.0])
def test_the_fitted_exponent_is_the_one_that_made_the_sizes(tau):
    u = np.random.default_rng(4).random(40_000)
    g = 1 - tau
    S = 0.1 * (1 + u * (100**g - 1)) ** (1 / g)
    assert b.fit_exponent(S, 0.1, 10.0) == pytest.approx(tau, abs=0.02)


@pytest.mark.parametrize(
    "call, named",
    [
        (lambda: b.abbm(0, 0.3, T=5), "draws"),
        (lambda: b.abbm(np.random.default_rng(0), 0.0, T=5), "引数 c は正の数"),
        (lambda: b.abbm(np.random.default_rng(0), 0.3), "T を渡す"),
        (lambda: b.abbm(np.random.default_rng(0), 0.3, D=-1.0, T=5), "引数 D"),
        (lambda: b.abbm(np.random.default_rng(0), np.nan, T=5), "有限"),
        (lambda: b.size_exponent(2.0), "引数 c"),
        (lambda: b.fit_exponent([1.0], 0.1, 10.0), "10 個以上"),
        (lambda: b.fit_exponent([1.0], 1.0, 0.5), "low"),
    ],
)
def test_a_wrong_argument_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
