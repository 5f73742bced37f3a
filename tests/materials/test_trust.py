"""予測の区間と印: 区間は約束した割合で当たり、印は約束した割合でだけ誤ること。"""

import numpy as np
import pytest

from rnnbook.materials.trust import BORDER, INSIDE, OUTSIDE, Trusted, group_quantile
from rnnbook.training.conformal import conformal_half_width


def specimens(rng, n, repeats=1, amount=None):
    """中身 c の違う n 個の試料を、repeats 回ずつ測ったスペクトル（30 チャンネル）と c、試料の番号。"""
    axis = np.linspace(-1, 1, 30)
    c = rng.uniform(0, 10, n) if amount is None else np.full(n, amount)
    slope = rng.normal(size=n)
    X = c[:, None] * np.exp(-((axis / 0.2) ** 2)) + slope[:, None] * axis
    X = np.repeat(X, repeats, axis=0) + 0.1 * rng.normal(size=(n * repeats, 30))
    return X, np.repeat(c, repeats), np.repeat(np.arange(n), repeats)


def forecast(X):
    return X[:, 14:16].mean(axis=1)


def trusted(rng, n=300):
    X, y, _ = specimens(rng, 100)
    X_cal, y_cal, _ = specimens(rng, n)
    return Trusted(forecast, components=2).fit(X, y).calibrate(X_cal, y_cal)


def test_single_measurements_give_the_radius_of_chapter_one():
    residuals = np.random.default_rng(0).exponential(size=37)
    expected = conformal_half_width(residuals, 0.9)
    assert group_quantile(residuals, 0.9) == expected
    assert group_quantile(residuals, 0.9, np.arange(37)[::-1]) == expected


def test_a_specimen_measured_more_often_does_not_count_more():
    values, groups = [1.0, 2.0, 3.0, 4.0], list("abcd")
    more = values + [4.0] * 20
    assert group_quantile(more, 0.6, groups + ["d"] * 20) == group_quantile(values, 0.6)
    assert group_quantile(more, 0.6) == 4.0


def test_new_specimens_are_covered_when_the_calibration_counts_specimens():
    """試料ごとの偏りがあると、測定を数えた区間は足りず、試料を数えた区間は足ります。"""
    rng = np.random.default_rng(1)
    covered = {"試料": [], "測定": []}
    for _ in range(300):
        bias = rng.normal(size=20) * (1 + 2 * (np.arange(20) < 3))
        repeats = np.where(np.arange(20) < 3, 2, 30)  # 大きくずれる試料は、測定が少ない
        names = np.repeat(np.arange(20), repeats)
        residuals = np.abs(bias[names] + 0.1 * rng.normal(size=len(names)))
        new = np.abs(rng.normal(size=200) * np.where(rng.random(200) < 0.15, 3, 1))
        for how, groups in (("試料", names), ("測定", None)):
            covered[how].append((new <= group_quantile(residuals, 0.9, groups)).mean())
    assert np.mean(covered["試料"]) >= 0.895
    assert np.mean(covered["測定"]) < 0.89


def test_the_coverage_over_many_calibration_sets_follows_the_beta_law():
    """一組の校正での被覆は Beta(k, n + 1 − k) に従います（n = 40、k = 37）。"""
    rng = np.random.default_rng(2)
    radii = [group_quantile(np.abs(rng.normal(size=40)), 0.9) for _ in range(2000)]
    from scipy.stats import beta, norm

    coverage = 2 * norm.cdf(radii) - 1
    expected = beta(37, 4).ppf([0.1, 0.5, 0.9])
    np.testing.assert_allclose(
        np.quantile(coverage, [0.1, 0.5, 0.9]), expected, atol=0.01
    )


def test_marks_are_false_for_about_three_in_a_hundred():
    rng = np.random.default_rng(3)
    rates = []
    for _ in range(20):
        marks = trusted(rng).predict(specimens(rng, 400)[0])
        rates.append((marks["mark"] == OUTSIDE).mean())
    assert 0.015 < np.mean(rates) < 0.045


def test_a_strange_row_is_marked_whichever_way_it_is_strange():
    rng = np.random.default_rng(4)
    model = trusted(rng)
    X, _, _ = specimens(rng, 200)
    bump = X + 0.8 * (np.arange(30) == 4)
    smooth = X - 0.1 * rng.normal(size=X.shape)
    smooth = np.stack([forecast(X), np.zeros(200)]).T @ np.stack(
        [np.exp(-((np.linspace(-1, 1, 30) / 0.2) ** 2)), np.zeros(30)]
    )
    far = X + 8 * np.linspace(-1, 1, 30)
    for strange, why in (
        (bump, "残差が大きい"),
        (smooth, "残差が小さい"),
        (far, "中心から遠い"),
    ):
        table = model.predict(strange)
        assert (table["mark"] == OUTSIDE).mean() > 0.95
        assert table["why"].mode()[0] == why


def test_a_prediction_beyond_all_learned_targets_is_marked():
    rng = np.random.default_rng(5)
    model = trusted(rng)
    assert (model.predict(specimens(rng, 50, amount=14)[0])["mark"] == OUTSIDE).all()
    edge = model.predict(specimens(rng, 200, amount=10.05)[0])
    assert set(edge["mark"][edge["value"] > model.high]) <= {BORDER, OUTSIDE}
    assert (model.predict(specimens(rng, 200, amount=5)[0])["mark"] == INSIDE).any()


def test_the_interval_stands_around_the_value_with_the_calibrated_radius():
    rng = np.random.default_rng(6)
    model = trusted(rng)
    X, y, _ = specimens(rng, 1000)
    table = model.predict(X)
    np.testing.assert_allclose(table["high"] - table["value"], model.radius)
    inside = (table["low"] <= y) & (y <= table["high"])
    assert 0.85 < inside.mean() < 0.95


def test_series_of_several_channels_are_taken_as_they_are():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(200, 5, 2))
    y = X[:, -1, 0]
    model = Trusted(lambda X: X[:, -1, :1], components=3).fit(X[:100], y[:100])
    table = model.calibrate(X[100:], y[100:]).predict(X[:3])
    np.testing.assert_allclose(table["value"], y[:3])


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: Trusted("pls", components=2), "forecast"),
        (lambda: Trusted(forecast, components=0), "components"),
        (lambda: Trusted(forecast, components=2, coverage=90), "coverage"),
        (lambda: Trusted(forecast, components=40).fit(np.eye(5), np.ones(5)), "5 個"),
        (lambda: Trusted(forecast, 2).fit(np.ones((9, 5)), np.ones(9)), "components"),
        (lambda: Trusted(forecast, 2).predict(np.ones((1, 5))), "calibrate"),
        (lambda: trusted(np.random.default_rng(0), n=8), "試料が 9 個以上"),
        (lambda: trusted(np.random.default_rng(0), n=20), "試料が 33 個以上"),
        (lambda: trusted(np.random.default_rng(0)).predict(np.ones((1, 29))), "30 個"),
        (lambda: group_quantile([1.0, 2.0], 0.5, groups=["a"]), "groups"),
    ],
)
def test_a_wrong_argument_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
