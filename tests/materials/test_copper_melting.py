"""銅: 力と温度は ASE のもので、格子から始まり、ASE がなければ一文で言うこと。"""

import numpy as np
import pytest

from rnnbook.materials import copper_melting as cu
from rnnbook.materials.crystal_order import order


def test_without_ase_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(cu, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install ase.*copper_melting"):
        next(cu.melt(2000, 1))


def test_the_first_frame_is_the_perfect_lattice():
    pytest.importorskip("ase")
    x, box = next(cu.melt(2000, frames=1))
    found = order(x, box, cu.REACH)
    np.testing.assert_allclose(found.Q6, 0.57452, atol=1e-4)
    assert (found.links == 12).all()
    # 密度 8.0 g/cm³（融けた銅）。1 amu/Å³ = 1.66054 g/cm³
    assert 108 * 63.546 / box**3 * 1.66054 == pytest.approx(8.0, abs=0.05)


def test_the_same_seed_moves_the_same_way_and_nothing_drifts():
    pytest.importorskip("ase")
    first, second = ([x for x, _ in cu.melt(800, 2, seed=1)] for _ in range(2))
    np.testing.assert_array_equal(first[1], second[1])
    step = first[1] - first[0]
    assert abs(step).max() > 0.05 and abs(step.mean(axis=0)).max() < 1e-8


def test_a_temperature_in_the_wrong_unit_is_an_error():
    pytest.importorskip("ase")
    with pytest.raises(ValueError, match="T は"):
        next(cu.melt(-273.0, 1))
