"""実験 lj_crystals: 160 本はそろい、熱力学として正しく、小さなファイルに入ること。"""

import numpy as np
import pytest

from rnnbook.data import load, verified_path
from rnnbook.experiments import lj_crystals as experiment
from rnnbook.materials.crystallisation import COLUMNS, DENSITY, FRAMES
from rnnbook.materials.precursor import NEVER, events

TABLE = load("lj_crystals")
T = TABLE["temperature"].to_numpy()
SERIES = experiment.read(TABLE)
EVENT = events(SERIES, T)
NAMES = list(COLUMNS)


def column(name):
    return SERIES[:, :, NAMES.index(name)]


def test_thirty_two_runs_stand_for_every_temperature():
    assert SERIES.shape == (160, FRAMES, len(COLUMNS))
    assert (TABLE.groupby("temperature").size() == experiment.BOXES).all()
    assert len({row.tobytes() for row in SERIES}) == 160


def test_the_file_is_small():
    assert verified_path("results/lj_crystals.csv").stat().st_size < 370_000


def test_no_column_ran_into_the_end_of_its_steps():
    for name, (low, step) in COLUMNS.items():
        assert column(name).max() < low + 254.5 * step
        if low != 0:
            assert column(name).min() > low


def test_every_run_begins_as_a_liquid_and_many_end_as_crystals():
    assert (column("Q6")[:, :5] < 0.22).all()
    done = EVENT < NEVER
    assert 40 <= done.sum() <= 150
    grown = column("cluster")[done & (EVENT < FRAMES - 40), -1]
    assert np.median(grown) > 128


def test_energy_tells_the_same_event_at_nearly_the_same_time():
    by_energy = events(SERIES, T, by="energy")
    both = (EVENT < NEVER) & (by_energy < NEVER)
    assert both.sum() > 0.8 * (EVENT < NEVER).sum()
    assert np.median(abs(EVENT - by_energy)[both]) <= 10


def test_hotter_liquids_have_more_energy_and_pressure():
    for name in ("energy", "pressure"):
        means = [column(name)[t == T, :10].mean() for t in experiment.TEMPERATURES]
        assert (np.diff(means) > 0).all()


def test_the_heat_capacity_is_that_of_the_fluctuations():
    """dU/dT と、揺らぎの式 N ⟨δU²⟩ / T² が合います（液体の間だけ、本の中の揺らぎ）。"""
    liquid = EVENT > 60
    U = column("energy")[:, :40]
    each = [U[liquid & (t == T)] for t in experiment.TEMPERATURES]
    slope = np.polyfit(experiment.TEMPERATURES, [u.mean() for u in each], 1)[0]
    inside = [
        256 * u.var(axis=1).mean() / t**2
        for u, t in zip(each, experiment.TEMPERATURES, strict=True)
    ]
    # 遅い揺らぎは 20 τ に入りきらないので、揺らぎの値は小さめに出ます
    assert 0.4 < np.mean(inside) / slope < 1.3
    assert 1.0 < slope < 3.0  # 調和振動子なら 1.5
    assert DENSITY == 0.95


def test_the_numbers_can_be_read_back_exactly():
    point = {"temperature": 0.6, "seed": 5, "frames": 2}
    result = experiment.train(point)
    again = experiment.read(experiment.table([(point, result)]))
    assert again.shape == (1, 2, len(COLUMNS))


def test_a_short_run_agrees_with_the_stored_ones_and_a_hot_one_does_not():
    point = experiment.EXPERIMENT.quick[0]
    result = experiment.train(point)
    assert experiment.compare([(point, result)])["一致"].all()
    hot = experiment.train(point | {"temperature": 0.9})
    assert not experiment.compare([(point, hot)])["一致"].all()


def test_the_points_have_seeds_of_their_own():
    seeds = [point["seed"] for point in experiment.EXPERIMENT.points]
    assert len(set(seeds)) == len(experiment.TEMPERATURES)
    assert pytest.approx(experiment.TEMPERATURES) == sorted(set(T))
