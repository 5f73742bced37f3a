"""実験 lookback: 保存済みの表が、別の実装と、いまの測り直しに一致します。"""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from statsmodels.datasets import sunspots

from rnnbook.data import load
from rnnbook.experiments import lookback

TABLE = load("lookback")
FORECASTS = load("lookback_forecasts")


@pytest.fixture(scope="module")
def number():
    table = sunspots.load_pandas().data
    return table.set_index(table["YEAR"].astype(int))["SUNACTIVITY"]


def stored(model, p, column="rmse_test"):
    return TABLE.query("model == @model and p == @p")[column].to_numpy()


@pytest.mark.parametrize("p", lookback.LOOKBACKS)
def test_the_linear_rows_equal_scikit_learn_on_the_raw_series(p, number):
    s = number.to_numpy()
    x = np.array([s[k : k + p] for k in range(len(s) - p)])
    y, year = s[p:], number.index.to_numpy()[p:]
    train, test = year <= 1920, year >= 1956
    y_hat = LinearRegression().fit(x[train], y[train]).predict(x[test])
    expected = np.sqrt(np.mean((y_hat - y[test]) ** 2))
    assert stored("linear", p) == pytest.approx(expected, abs=1e-3)


def test_the_last_value_rows_equal_the_differences_of_the_series(number):
    difference = number.diff().loc[1956:2008]
    expected = np.sqrt((difference**2).mean())
    assert stored("last", 11) == pytest.approx(expected, abs=1e-3)


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "p"]).size().unstack()
    assert list(counts.columns) == list(lookback.LOOKBACKS)
    assert (counts.loc[["last", "linear"]] == 1).all(axis=None)
    assert (counts.loc["rnn"] == 10).all()


def test_the_stored_forecasts_are_of_the_test_years_and_of_the_median_seed(number):
    truth = FORECASTS.query("model == 'truth'").set_index("year")["forecast"]
    np.testing.assert_allclose(truth, number.loc[1956:2008], atol=0.005)
    for (model, p), group in FORECASTS.query("model != 'truth'").groupby(
        ["model", "p"]
    ):
        error = np.sqrt(np.mean((group["forecast"].to_numpy() - truth.to_numpy()) ** 2))
        values = np.sort(stored(model, p))
        assert error == pytest.approx(values[(len(values) - 1) // 2], abs=0.01), (
            model,
            p,
        )


def test_measuring_again_agrees_with_the_stored_spread():
    again = lookback.compare(
        [(point, lookback.train(point)) for point in lookback.EXPERIMENT.quick]
    )
    assert again["一致"].all(), again.to_string()


def test_a_wrong_result_is_seen_as_a_disagreement():
    results = [({"model": "rnn", "p": 11, "seed": 0}, {"rmse_test": 33.4})]
    assert not lookback.compare(results)["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(lookback, "EPOCHS", 5)
    point = {"model": "rnn", "p": 4, "seed": 3}
    assert lookback.train(point) == lookback.train(point)


def test_the_test_years_never_reach_the_training(monkeypatch):
    monkeypatch.setattr(lookback, "EPOCHS", 5)
    point = {"model": "rnn", "p": 4, "seed": 3}
    before = lookback.train(point)
    real = lookback.load_sunspots()
    changed = real._replace(number=np.where(real.year > 1955, 0.0, real.number))
    monkeypatch.setattr(lookback, "load_sunspots", lambda: changed)
    after = lookback.train(point)
    assert before["rmse_train"] == after["rmse_train"]
    assert before["rmse_valid"] == after["rmse_valid"]
    assert before["rmse_test"] != after["rmse_test"]


def test_the_forecast_kept_is_that_of_the_seed_in_the_middle():
    # 試験の誤差が 5, 1, 4, 2, 3 の五つの種なら、残るのは 3 の種（番号 4）です
    results = [
        (
            {"model": "rnn", "p": 2, "seed": seed},
            {
                "rmse_train": 0.0,
                "rmse_valid": 0.0,
                "rmse_test": error,
                "year": [1956, 1957],
                "forecast": [float(seed), float(seed)],
            },
        )
        for seed, error in enumerate([5.0, 1.0, 4.0, 2.0, 3.0])
    ]
    kept = lookback.forecasts(results)
    assert kept.query("model == 'rnn'")["forecast"].tolist() == [4.0, 4.0]
    assert kept.query("model == 'truth'")["forecast"].tolist() == [141.7, 190.2]
