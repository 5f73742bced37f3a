"""実験 barkhausen_page: 格子はそろい、重みは図が使える大きさで、結果は本文の言うとおりであること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import barkhausen_page as experiment
from rnnbook.materials.stress_noise import make_specimens, record_all
from rnnbook.models.stress_answers import StressAnswers, features

TABLE = load("barkhausen_page")
KEYS = ["model", "bursts", "calibrated"]


def of(model, bursts=1, calibrated=0):
    rows = TABLE[(TABLE["model"] == model) & (TABLE["bursts"] == bursts)]
    return rows[rows["calibrated"] == calibrated].set_index("seed")["mae"]


def test_every_seed_has_every_model_and_way_of_answering():
    counts = TABLE.groupby(KEYS)["seed"].nunique()
    assert (counts == len(experiment.SEEDS)).all() and len(counts) == 3 * 2 * 2


def test_windows_beat_the_rms_and_eight_bursts_with_calibration_beat_one():
    for model in ("ridge", "gru"):
        assert (of(model) < of("rms")).all()
        assert (of(model, 8, 1) < of(model)).all()


def test_errors_are_those_counted_by_hand():
    stress = np.array([-50.0, 0.0, 50.0])
    told = np.array([[[-40.0, -20.0], [10.0, 20.0], [70.0, 80.0]]])
    found = experiment.errors(told, stress)
    assert found[1, False] == pytest.approx((10 + 30 + 10 + 20 + 20 + 30) / 6)
    assert found[2, False] == pytest.approx((20 + 15 + 25) / 3)
    # 同じ回の 0 MPa の答え 10 と 20 を引いて
    assert found[1, True] == pytest.approx((0 + 10 + 10 + 10) / 4)
    assert found[2, True] == pytest.approx((5 + 10) / 2)


def test_the_stored_weights_answer_specimens_nobody_has_seen_as_the_table_says():
    answers = StressAnswers.read(load("barkhausen_page_weights"))
    rng = np.random.default_rng(77)
    bursts = record_all(rng, make_specimens(rng, 12), 2, of=features)
    told = answers.predict(bursts.u.reshape(-1, bursts.u.shape[-1]))
    told = told.reshape(3, *bursts.u.shape[:3])
    for name, values in zip(("rms", "ridge", "gru"), told, strict=True):
        mae = experiment.errors(values, bursts.stress)[1, False]
        assert mae == pytest.approx(of(name).mean(), rel=0.3)


def test_the_weights_are_light():
    assert load("barkhausen_page_weights")["float32"].str.len().sum() < 20_000


def test_the_weights_are_those_of_the_middle_seed():
    def result(mae):
        rows = [{"model": "gru", "bursts": 1, "calibrated": 0, "mae": mae}]
        return ({}, {"rows": rows, "weights": [{"name": str(mae)}]})

    table = experiment.weight_table([result(m) for m in (5.0, 1.0, 9.0, 4.0, 7.0)])
    assert table["name"].tolist() == ["5.0"]


def test_the_same_seed_gives_the_same_weights_twice():
    first, second = (experiment.fit(3, updates=4, learn=4).packed() for _ in range(2))
    assert first == second


def test_a_wrong_result_is_seen_as_a_disagreement():
    row = {"model": "gru", "bursts": 1, "calibrated": 0, "mae": 900.0}
    found = [({"seed": 100}, {"rows": [row], "weights": []})]
    assert not experiment.compare(found)["一致"].any()
