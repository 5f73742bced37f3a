"""実験 grain_growth: 格子はそろい、法則は知っている答えを当て、結果は本文の言うとおりであること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import grain_growth as experiment

TABLE = load("grain_growth")


def test_every_model_was_measured_with_five_seeds():
    assert len(TABLE) == len(experiment.EXPERIMENT.points)
    assert (TABLE.groupby("model")["seed"].nunique() == 5).all()


def test_the_law_takes_most_of_the_error_and_the_gru_does_not_win():
    size = TABLE.groupby("model")["rmse"].mean()
    assert size["law"] < 0.3 * size["still"]
    assert size["gru"] > 0.9 * size["ridge"]


def test_the_area_law_forecasts_a_linear_area_exactly():
    area = 50 + 3.0 * np.arange(40)[None] + np.arange(4)[:, None]
    C = np.repeat(np.sqrt(area)[..., None], 3, axis=2)
    T = np.full(area.shape, 0.75)
    law = experiment.AreaLaw().fit(C, T)
    assert law.k == pytest.approx(3.0)
    np.testing.assert_allclose(law.forecast(C[:, :10], T)[..., 0], C[:, 10:, 0])


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"rmse": 99.0})])["一致"].any()
