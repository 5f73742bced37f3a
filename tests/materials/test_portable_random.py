"""ページと同じ乱数: 並びは mulberry_normals と同じで、分布は SciPy のものであること。"""

import numpy as np
import pytest
from scipy import stats

from rnnbook.materials.portable_random import Portable
from rnnbook.materials.specimens import mulberry_normals


def test_the_normals_are_those_of_chapter_ten():
    np.testing.assert_allclose(
        Portable(7).standard_normal(500), mulberry_normals(7)(500), rtol=1e-12
    )


@pytest.mark.parametrize("shape", [0.05, 0.3, 1.0, 7.5])
def test_gamma_numbers_follow_the_gamma_law(shape):
    x = Portable(1).standard_gamma(np.full(3000, shape))
    assert stats.kstest(x, stats.gamma(shape).cdf).pvalue > 0.01


@pytest.mark.parametrize("lam", [0.0, 0.4, 6.0, 80.0, 1200.0])
def test_poisson_numbers_have_the_mean_and_variance_of_the_law(lam):
    n = 2000 if lam < 500 else 300
    x = Portable(2).poisson(np.full(n, lam))
    assert x.mean() == pytest.approx(lam, abs=4 * np.sqrt(lam / n) + 1e-12)
    assert x.var() == pytest.approx(lam, rel=0.3)
    if 0 < lam < 100:
        assert (x == 0).mean() == pytest.approx(np.exp(-lam), abs=0.04)


def test_a_negative_mean_is_named():
    with pytest.raises(ValueError, match="lam"):
        Portable(0).poisson([-1.0])
    with pytest.raises(ValueError, match="shape"):
        Portable(0).standard_gamma(0.0)
    with pytest.raises(ValueError, match="seed"):
        Portable(-1)
