"""主成分分析を、scikit-learn と比べる試験。"""

import numpy as np
import pytest
from sklearn.decomposition import PCA as Reference

from rnnbook.models.pca import PCA

X = np.random.default_rng(0).normal(size=(40, 6)) @ np.diag([5, 4, 3, 2, 1, 0.5])


def test_the_scores_and_the_share_equal_those_of_scikit_learn():
    pca, other = PCA(3).fit(X), Reference(3, whiten=True).fit(X)
    z, expected = pca.scores(X), other.transform(X)
    signs = np.sign((z * expected).sum(0))
    np.testing.assert_allclose(z * signs, expected, atol=1e-10)
    assert pca.share == pytest.approx(other.explained_variance_ratio_.sum())
    np.testing.assert_allclose(pca.back(z), other.inverse_transform(expected))


def test_frames_of_runs_are_read_as_rows():
    runs = X.reshape(5, 8, 6)
    assert PCA(2).fit(runs).scores(runs).shape == (5, 8, 2)


def test_more_components_than_columns_are_refused():
    with pytest.raises(ValueError, match="K は"):
        PCA(7).fit(X)
    with pytest.raises(ValueError, match="違いがない"):
        PCA(2).fit(np.ones((9, 3)))
