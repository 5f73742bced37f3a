"""BAOAB 法: 熱浴がなければエネルギーが、あれば温度が保たれ、全体は流れないこと。"""

import numpy as np
import pytest

from rnnbook.materials import langevin as md
from rnnbook.materials import lennard_jones as lj


def liquid(T=1.2, steps=200):
    x, box = lj.fcc(4, 0.95)
    rng = np.random.default_rng(0)
    forces = lj.Forces(len(x), box)
    v = md.velocities(x.shape, 2 * T, rng)
    x, v = md.move(x, v, forces, steps, dt=0.005, T=T, friction=2.0, rng=rng)
    return x, v, forces, box


def total(x, v, box):
    return lj.energy_and_pressure(x, box, 0.0)[0] + (v**2).sum() / (2 * len(x))


def test_without_a_bath_the_energy_stays():
    x, v, forces, box = liquid()
    E = [total(x, v, box)]
    for _ in range(10):
        x, v = md.move(x, v, forces, 40, dt=0.005)
        E.append(total(x, v, box))
    # 温度 1.2 の運動エネルギー 1.8 の 0.1 % より小さい
    assert np.ptp(E) < 0.002


def test_half_the_step_leaves_a_quarter_of_the_error():
    """調和振動子。速度ベルレ法の誤差は Δt の二乗です。"""

    def error(dt):
        x, v = np.full((2, 3), 1.0), np.zeros((2, 3))
        x, _ = md.move(x, v, lambda x: -x, round(4 / dt), dt=dt)
        return abs(x[0, 0] - np.cos(4.0))

    assert error(0.04) / error(0.02) == pytest.approx(4, rel=0.02)


def test_the_motion_can_be_run_backwards():
    x, v, forces, _ = liquid()
    y, w = md.move(x, v, forces, 20, dt=0.005)
    back, _ = md.move(y, -w, forces, 20, dt=0.005)
    np.testing.assert_allclose(back, x, atol=1e-4)


def test_the_bath_gives_a_spring_the_spread_of_boltzmann():
    """⟨x²⟩ = T / k。BAOAB 法では、調和振動子の位置は、歩幅によらずちょうどこの値です。"""
    rng = np.random.default_rng(1)
    T, k, N = 0.7, 4.0, 4000
    x, v = np.zeros((N, 3)), md.velocities((N, 3), T, rng)
    spread = []
    for _ in range(10):
        x, v = md.move(x, v, lambda x: -k * x, 60, dt=0.05, T=T, friction=1.0, rng=rng)
        spread.append((x**2).mean())
    # 12000 成分 × ほぼ独立な 8 回。標準誤差は 0.5 % ほど
    assert np.mean(spread[2:]) == pytest.approx(T / k, rel=0.02)


def test_the_bath_holds_the_temperature_and_nothing_drifts():
    x, v, forces, _ = liquid(T=0.7, steps=500)
    rng, found = np.random.default_rng(2), []
    for _ in range(20):
        x, v = md.move(x, v, forces, 20, dt=0.01, T=0.7, friction=2.0, rng=rng)
        found.append(md.temperature(v))
    assert abs(v.mean(axis=0)).max() < 1e-5
    # 一コマの標準偏差は T√(2 / 765) = 0.036。20 コマの平均は、重なりを入れても 0.02 より小さい
    assert np.mean(found) == pytest.approx(0.7, abs=0.04)


def test_a_bath_without_a_generator_is_an_error():
    with pytest.raises(ValueError, match="rng は Generator"):
        md.move(np.zeros((2, 3)), np.zeros((2, 3)), lambda x: x, 1, friction=1.0)
    with pytest.raises(ValueError, match="dt は"):
        md.move(np.zeros((2, 3)), np.zeros((2, 3)), lambda x: x, 1, dt=1.0)
