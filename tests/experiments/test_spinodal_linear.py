"""実験 spinodal_linear: 結果は本文の言うとおりで、線形の式は本当に線形であること。"""

import torch

from rnnbook.data import load
from rnnbook.experiments import spinodal_linear as experiment
from rnnbook.models.steppers import roll
from rnnbook.models.straight import Straight

TABLE, STORED = load("spinodal_linear"), load("spinodal")


def linear(study, lags, test):
    rows = TABLE[(TABLE["study"] == study) & (TABLE["lags"] == lags)]
    return rows[rows["test"] == test]["value"].mean()


def stored(study, model, test):
    rows = STORED[(STORED["study"] == study) & (STORED["model"] == model)]
    rows = rows[(rows["test"] == test) & (rows["measure"] == "rmse")]
    return rows["value"].mean()


def test_every_value_was_measured_with_five_seeds():
    assert (TABLE.groupby(experiment.KEYS)["seed"].nunique() == 5).all()
    assert len(TABLE) == 5 * 3 * len(experiment.EXPERIMENT.points)


def test_most_of_the_gap_of_ridge_on_a_step_is_the_way_of_training():
    straight = linear("forecast", 1, "step")
    ridge, mlp = (stored("forecast", m, "step") for m in ("ridge", "mlp"))
    assert ridge - straight > 3 * (straight - mlp) > 0


def test_a_line_with_the_past_is_beside_the_window_network_on_a_step():
    ratio = linear("one", 15, "step") / stored("one", "mlp15", "step")
    assert 0.8 < ratio < 1.1
    assert stored("one", "gru", "step") < 0.9 * linear("one", 15, "step")


def test_the_forecast_of_the_straight_step_is_affine_in_what_it_sees():
    torch.manual_seed(0)
    model = Straight(3, lags=4)
    torch.nn.init.normal_(model.readout.weight, std=0.1)
    z, u = torch.randn(3, 8, 3), torch.randn(3, 20, 1)
    z[2], u[2] = (z[0] + z[1]) / 2, (u[0] + u[1]) / 2
    told = roll(model, z, u)
    torch.testing.assert_close(told[2], (told[0] + told[1]) / 2)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    row = {"seed": 0, "test": "test", "value": 999.0}
    assert not experiment.compare([(point, {"rows": [row]})])["一致"].any()
