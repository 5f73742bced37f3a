"""ページと同じ乱数: 分布は SciPy のポアソン分布と同じであること。"""

import math

import numpy as np
import pytest
from scipy.stats import chisquare, poisson

from rnnbook.materials import portable_counts as portable


@pytest.mark.parametrize("mean", [0.5, 9.9, 10.1, 40.0, 3000.0])
def test_counts_follow_the_poisson_law(mean):
    drawn = portable.mulberry_poisson(3)(np.full(20_000, mean))
    # 確率がおよそ等しい十の組に分けて、SciPy の確率と比べます
    edges = np.unique(poisson.ppf(np.linspace(0.1, 0.9, 9), mean))
    law = np.diff(np.concatenate([[0.0], poisson.cdf(edges, mean), [1.0]]))
    seen = np.bincount(np.searchsorted(edges, drawn), minlength=len(law))
    assert chisquare(seen, law * len(drawn)).pvalue > 1e-4


def test_log_factorial_agrees_with_the_gamma_function():
    for k in (0, 1, 9, 10, 11, 100, 5000):
        assert portable.log_factorial(k) == pytest.approx(math.lgamma(k + 1), abs=1e-9)
