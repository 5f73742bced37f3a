"""結晶粒の成長の模型を、理論と比べる試験。"""

import numpy as np
import pytest

from rnnbook.materials.grain_growth import (
    grow,
    mean_area,
    simulate,
    start,
    statistics,
    voronoi,
)


def disc(n: int, R: float) -> np.ndarray:
    y, x = np.mgrid[:n, :n] - n / 2 + 0.5
    return (np.hypot(y, x) < R).astype(int)


@pytest.mark.parametrize("sigma", [3.0, 4.0, 5.0])
def test_a_round_grain_loses_the_area_of_theory_at_every_step(sigma):
    labels = disc(96, 18 if sigma > 3 else 12)
    area = [labels.sum()]
    while area[-1] > 4 * np.pi * sigma**2:
        labels = grow(labels, sigma)
        area.append(labels.sum())
    slope = np.polyfit(np.arange(len(area)), area, 1)[0]
    assert len(area) > 3
    assert slope == pytest.approx(-np.pi * sigma**2, rel=0.25)


def test_a_grain_larger_than_the_square_of_the_kernel_is_pinned():
    assert (grow(disc(96, 24), 2.0) == disc(96, 24)).mean() > 0.995
    pinned = simulate(disc(96, 24), 20, 2.0)
    assert pinned[-1].sum() > 0.9 * pinned[0].sum()
    moving = simulate(disc(96, 24), 5, 5.0)
    assert moving[-1].sum() < 0.85 * moving[0].sum()


def test_the_mean_area_grows_linearly_in_time():
    # 粒が少なくなると数の揺れが大きいので、三つの組織の平均で見ます
    runs = [
        mean_area(simulate(start(150, np.random.default_rng(seed)), 30))
        for seed in range(3)
    ]
    area, t = np.mean(runs, axis=0)[3:], np.arange(3, 31)
    line = np.polyval(np.polyfit(t, area, 1), t)
    assert 1 - ((area - line) ** 2).sum() / ((area - area.mean()) ** 2).sum() > 0.97


def test_grains_with_more_neighbours_grow_and_with_fewer_shrink():
    # von Neumann–Mullins の法則の傾き π σ² / 6
    sigma, gains = 4.0, []
    for seed in range(2):
        before = simulate(start(60, np.random.default_rng(seed)), 4, sigma)[-1]
        after = grow(before, sigma)
        for g in np.unique(before):
            edge = np.zeros_like(before, dtype=bool)
            for axis in (0, 1):
                for shift in (-1, 1):
                    edge |= np.roll(before == g, shift, axis)
            sides = len(set(before[edge].tolist()) - {g})
            gains.append((sides, (after == g).sum() - (before == g).sum()))
    sides, gain = np.array(gains, dtype=float).T
    slope, at_zero = np.polyfit(sides, gain, 1)
    assert slope == pytest.approx(np.pi * sigma**2 / 6, rel=0.25)
    assert -at_zero / slope == pytest.approx(6, abs=0.4)


def test_the_tiles_are_the_nearest_points_across_the_edges():
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 16, (5, 2))
    images = [points + 16 * np.array([i, j]) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    y, x = np.mgrid[:16, :16]
    nearest = np.min(
        [np.hypot(y[..., None] - p[:, 0], x[..., None] - p[:, 1]) for p in images], 0
    )
    assert (voronoi(points, 16) == nearest.argmin(-1)).all()


def test_the_statistics_of_a_checkerboard_are_exact():
    board = np.kron(np.arange(16).reshape(4, 4), np.ones((4, 4), dtype=int))
    root, spread, edge = statistics(board)
    assert (root, spread, edge) == (4.0, 0.0, 7 / 16)


def test_a_kernel_wider_than_the_picture_is_refused():
    with pytest.raises(ValueError, match="sigma"):
        grow(np.zeros((16, 16), dtype=int), 8.0)
