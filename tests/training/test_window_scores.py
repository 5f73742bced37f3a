"""窓を読む点数: 学習の区間だけを読み、先の値を見ず、ふだんと違う窓で大きくなること。"""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from rnnbook.training import window_scores as w

RNG = np.random.default_rng(0)
Z = np.sin(np.arange(600) / 4) + 0.1 * RNG.normal(size=600)
BAD = Z.copy()
BAD[400:430] = 0.3  # 止まった値
MODELS = {
    "pca": lambda: w.PCAScore(T=24, K=2),
    "gru": lambda: w.GRUScore(T=24, ahead=3, H=8, updates=120),
    "autoencoder": lambda: w.AutoencoderScore(T=24, H=12, K=3, updates=200),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_stuck_value_scores_higher_than_usual(name):
    score = MODELS[name]().fit(BAD, slice(0, 300)).score(BAD)
    assert score.shape == Z.shape and (score >= 0).all()
    assert score[400:450].max() > score[300:400].max()


@pytest.mark.parametrize("name", MODELS)
def test_neither_fitting_nor_scoring_sees_what_comes_later(name):
    later = Z.copy()
    later[450:] = 5.0
    train = slice(0, 300)
    a, b = (MODELS[name]().fit(z, train).score(z)[:450] for z in (Z, later))
    np.testing.assert_array_equal(a, b)


def test_the_pca_score_is_that_of_scikit_learn():
    x = w.windows(Z[:300], 24)
    other = PCA(2).fit(x)
    every = w.windows(Z, 24)
    told = every - other.inverse_transform(other.transform(every))
    score = MODELS["pca"]().fit(Z, slice(0, 300)).score(Z)
    np.testing.assert_allclose(score[23:], (told**2).mean(axis=1), atol=1e-10)
    assert (score[:23] == 0).all()


def test_the_forecast_is_compared_with_the_value_it_was_for():
    """48 点の窓の 12 点先: 時刻 t の点数は、z_t と、t − 12 までの値だけで決まります。"""
    model = MODELS["gru"]().fit(Z, slice(0, 300))
    changed = Z.copy()
    changed[498:500] += 3.0  # t − 2 と t − 1 は、t = 500 の予測に使われません
    assert model.score(Z)[500] == pytest.approx(model.score(changed)[500])


def test_a_series_shorter_than_the_window_is_named():
    with pytest.raises(ValueError, match=r"窓の長さ 24 点以上.*10 点"):
        w.windows(np.zeros(10), 24)
