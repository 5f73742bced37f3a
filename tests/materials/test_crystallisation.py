"""軌跡の 8 列: 同じ種は同じ軌跡になり、8 ビットで失うのは刻みの半分までであること。"""

import numpy as np
import pytest

from rnnbook.materials import crystallisation as c
from rnnbook.materials.crystal_order import order
from rnnbook.materials.lennard_jones import fcc

NAMES = list(c.COLUMNS)


@pytest.fixture(scope="module")
def short():
    return c.trajectory(0.6, seed=3, frames=3)


def test_the_same_seed_gives_the_same_trajectory_and_another_seed_another(short):
    np.testing.assert_array_equal(c.trajectory(0.6, 3, frames=3), short)
    assert abs(c.trajectory(0.6, 4, frames=3) - short).max() > 0.01


def test_the_lattice_is_molten_when_the_record_begins(short):
    assert (short[:, NAMES.index("Q6")] < 0.15).all()
    assert (short[:, NAMES.index("cluster")] < 20).all()


def test_a_column_is_what_its_name_says():
    x, box = next(c.positions(0.6, seed=3))
    row = dict(zip(NAMES, c.describe(x, box, 0.6), strict=True))
    o = order(x, box, c.REACH)
    assert row["Q6"] == o.Q6 and row["cluster"] == o.cluster
    assert row["q6_mean"] == o.q6_mean.mean() < row["q6_top"]
    perfect = dict(zip(NAMES, c.describe(*fcc(4, 0.95), 0.6), strict=True))
    assert perfect["Q6"] == pytest.approx(0.57452, abs=1e-4)
    assert perfect["links"] == 12 and perfect["energy"] < row["energy"]


def test_packing_loses_at_most_half_a_step(short):
    again, step = c.unpack(c.pack(short)), np.array(list(c.COLUMNS.values()))[:, 1]
    assert (abs(again - short) <= step / 2 + 1e-9).all()
    np.testing.assert_array_equal(c.pack(again), c.pack(short))


def test_a_value_outside_the_steps_is_named(short):
    broken = short.copy()
    broken[1, NAMES.index("energy")] = 3.0
    with pytest.raises(ValueError, match="1 番のコマの energy = 3"):
        c.pack(broken)
