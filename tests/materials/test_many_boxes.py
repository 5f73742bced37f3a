"""たくさんの箱の力は、一つずつ求めた力と同じで、箱どうしは混ざらないこと。"""

import numpy as np
import pytest

from rnnbook.materials import crystallisation as c
from rnnbook.materials.lennard_jones import Forces, fcc
from rnnbook.materials.many_boxes import ManyForces


def test_every_box_gets_the_forces_of_its_own():
    x, box = fcc(4, 0.95)
    rng = np.random.default_rng(0)
    many = x + rng.normal(0, 0.06, (3, *x.shape))
    expected = np.stack([Forces(len(x), box)(one) for one in many])
    found = ManyForces(box, compiled=False)(many)
    np.testing.assert_allclose(found, expected, atol=2e-6 * abs(expected).max())


def test_boxes_at_one_temperature_are_different_liquids(monkeypatch):
    """コンパイルせず、二箱を 2 コマだけ。どちらも融けていて、同じではありません。"""
    monkeypatch.setattr(c, "ManyForces", lambda box: ManyForces(box, compiled=False))
    monkeypatch.setattr(c, "STEPS", 5)
    found = c.trajectories(0.6, seed=0, boxes=2, frames=2)
    assert found.shape == (2, 2, len(c.COLUMNS))
    assert (found[:, :, 0] < 0.15).all() and abs(found[0] - found[1]).max() > 0.01


def test_one_box_without_its_axis_is_an_error():
    x, box = fcc(4, 0.95)
    with pytest.raises(ValueError, match="x は形"):
        ManyForces(box, compiled=False)(x)
