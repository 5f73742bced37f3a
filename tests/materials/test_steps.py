"""前処理の順: 名前の順に施すこと。"""

import numpy as np

from rnnbook.materials import steps
from rnnbook.materials.preprocessing import derivative, snv

X = np.random.default_rng(0).normal(size=(400, 100)).cumsum(axis=1) + 50


def test_the_name_says_the_order():
    np.testing.assert_array_equal(steps.STEPS["d2_snv"](X), snv(derivative(X, 2)))
    np.testing.assert_array_equal(steps.STEPS["snv_d2"](X), derivative(snv(X), 2))
    assert not np.allclose(steps.STEPS["d2_snv"](X), steps.STEPS["snv_d2"](X))
