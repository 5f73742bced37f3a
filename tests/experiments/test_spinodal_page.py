"""実験 spinodal_page: 保存した重みは表の誤差を与え、図の種の組織を学習に使わず、壊れた結果は食い違いになること。"""

import numpy as np
import pandas as pd
import pytest

from rnnbook import data
from rnnbook.experiments import spinodal_page as experiment
from rnnbook.materials import spinodal

TABLE = data.load("spinodal_page")


def test_every_seed_and_model_is_there_and_both_models_beat_no_change():
    assert len(TABLE) == len(experiment.SEEDS) * 3
    wide = TABLE.pivot(index="seed", columns="model", values="rmse")
    assert (wide[["mlp", "gru"]].max(axis=1) < 0.25 * wide["last"]).all()


def test_neither_memory_nor_its_absence_wins_by_far():
    mean = TABLE.groupby("model")["rmse"].mean()
    assert mean["gru"] / mean["mlp"] == pytest.approx(1.0, abs=0.3)


def test_the_fields_of_the_figure_are_not_those_of_training():
    runs = experiment.TRAIN + experiment.TEST
    used = set(range(experiment.FIRST, experiment.FIRST + runs))
    assert not used & set(range(1, 31)) and experiment.FIRST + runs < experiment.NEW


def test_the_programmes_stay_in_the_range_of_temperatures_that_is_told():
    T, C = experiment.family(3, 77)
    assert T.shape == (3, 60) and C.shape == (3, 60, spinodal.LAGS)
    assert T.min() >= spinodal.COLD and T.max() <= spinodal.HOT


def test_the_stored_weights_forecast_new_runs_as_well_as_the_table_says():
    results = [
        (point, experiment.train(point)) for point in experiment.EXPERIMENT.quick
    ]
    compared = experiment.compare(results)
    assert compared["一致"].all() and len(compared) == 3
    worse = {"model": "gru", "rmse": 9.0, "rmse_length": 9.0}
    point = {"seed": -1}
    assert not experiment.compare([(point, {"errors": [worse]})])["一致"].any()


def test_packing_keeps_the_forecasts_to_the_precision_of_the_page(monkeypatch):
    models, pca = experiment.stored()
    columns = ("name", "rows", "columns", "float32")
    rows = [(k, *row) for k, row in experiment.packed(models, pca).items()]
    again = pd.DataFrame(rows, columns=columns)
    monkeypatch.setattr(data, "load", lambda name: again)
    others, basis = experiment.stored()
    T, C = experiment.family(2, 78)
    for name in experiment.MODELS:
        told = experiment.told_by(models[name], C, T, pca)
        np.testing.assert_allclose(
            experiment.told_by(others[name], C, T, basis), told, atol=1e-6
        )
