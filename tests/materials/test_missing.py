"""欠けた値: 欠けは 2 割かひと続きで、見えた値は動かず、低ランクは scikit-learn の主成分のとおりに埋めること。"""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from rnnbook.materials import missing

X = np.random.default_rng(0).normal(size=(400, 100)).cumsum(axis=1) + 50


def spectra(n=5, seed=0):
    rng = np.random.default_rng(seed)
    axis, center = np.linspace(100.0, 200.0, 60), rng.uniform(130, 170, (n, 1))
    return 3 + np.exp(-(((axis - center) / 8) ** 2)) + 0.01 * rng.normal(size=(n, 60))


def test_low_rank_filling_is_exact_for_rows_of_that_rank_where_lines_are_not():
    rng = np.random.default_rng(0)
    parts = rng.normal(size=(3, 60)).cumsum(axis=1)
    train, X = rng.normal(size=(30, 3)) @ parts, rng.normal(size=(4, 3)) @ parts
    holes = X.copy()
    holes[:, 20:35] = np.nan
    np.testing.assert_allclose(missing.fill_low_rank(holes, train, 3), X, atol=1e-8)
    assert np.abs(missing.fill_linear(holes) - X).max() > 0.1
    # 欠けがなければ、どちらもそのまま返します
    np.testing.assert_array_equal(missing.fill_low_rank(X, train, 2), X)
    np.testing.assert_array_equal(missing.fill_linear(X), X)


def test_low_rank_filling_uses_the_components_that_scikit_learn_finds():
    train, X = spectra(40, seed=1), spectra(3, seed=2)
    pca = PCA(n_components=4).fit(train)
    holes = X.copy()
    holes[:, 10:20] = np.nan
    seen = np.isfinite(holes[0])
    t, *_ = np.linalg.lstsq(
        pca.components_[:, seen].T, (X - pca.mean_)[:, seen].T, rcond=None
    )
    expected = pca.mean_ + t.T @ pca.components_
    filled = missing.fill_low_rank(holes, train, 4)
    np.testing.assert_allclose(filled[:, ~seen], expected[:, ~seen], atol=1e-8)


@pytest.mark.parametrize(("kind", "share"), [("scattered", 0.2), ("block20", 0.2)])
def test_a_fifth_of_the_channels_is_missing(kind, share):
    gone = missing.holes(X.shape, kind, np.random.default_rng(0))
    assert gone.mean() == pytest.approx(share, abs=0.01)
    if kind == "block20":
        assert (np.abs(np.diff(gone.astype(int), axis=1)).sum(axis=1) <= 2).all()


@pytest.mark.parametrize("how", missing.FILLS)
def test_what_was_seen_stays(how):
    gone = missing.holes(X.shape, "block10", np.random.default_rng(1))
    whole = missing.filled(X, gone, how, train=X[:50])
    np.testing.assert_array_equal(whole[~gone], X[~gone])
    assert np.isfinite(whole).all()


def test_a_wrong_name_is_named():
    with pytest.raises(ValueError, match="kind"):
        missing.holes((2, 50), "block30", np.random.default_rng(0))
    with pytest.raises(ValueError, match="how"):
        missing.filled(X, X > 0, "zero", train=X)


HOLES = np.full((1, 60), np.nan)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: missing.fill_linear(HOLES), "0 番の行"),
        (lambda: missing.fill_low_rank(spectra(), spectra(3), 3), "train"),
        (lambda: missing.fill_low_rank(HOLES, spectra(9), 2), "2 個以上"),
    ],
)
def test_too_little_to_fill_from_is_said(call, named):
    with pytest.raises(ValueError, match=named):
        call()
