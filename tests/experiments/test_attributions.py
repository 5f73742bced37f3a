"""実験 attributions: 格子はそろい、一歩への応えは床を見分け、変わる所との一致は見分けないこと。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import attributions as experiment
from rnnbook.materials import attribution, powder, yardsticks
from rnnbook.materials.diffraction import expected

SCORES = load("attributions")
MAPS = load("attributions_maps")
LINES = load("attributions_seeds")
TRAINED = SCORES[SCORES["state"] == "trained"]
FLOOR = SCORES[SCORES["state"].isin(["untrained", "shuffled"])]


def test_the_grid_is_complete_with_five_seeds():
    assert len(SCORES) == len(experiment.EXPERIMENT.points)
    assert (SCORES.groupby(["model", "state"]).size() == 5).all()
    assert (MAPS.groupby(["model", "state", "method"]).size() == 5).all()
    assert LINES.shape == (400, 15)


def test_no_model_beats_the_bound():
    # 600 試料の二乗平均の標準誤差は、およそ 1/√1200
    slack = 1 - 4 / np.sqrt(2 * experiment.TEST)
    assert (SCORES["rmse"] > slack * SCORES["bound"]).all()


def test_the_step_separates_the_trained_from_the_blind_without_overlap():
    assert TRAINED["step_c"].min() > FLOOR["step_c"].abs().max() + 0.3


def test_the_optimal_weights_answer_the_steps_as_the_theory_says():
    middle = np.array([[5.0, 0, 0, 0, 0, 0]])
    J, mu = powder.jacobian(middle)[0], expected(*powder.values(middle))[0]
    told = yardsticks.optimal_responses(J, mu, powder.PRIOR)
    best = SCORES[SCORES["model"] == "optimal"].mean(numeric_only=True)
    found = [best[f"step_{name}"] for name in experiment.QUANTITIES]
    # 試験の θ のまわりでの平均なので、真ん中の試料での値とは少し違う
    np.testing.assert_allclose(found, told, atol=0.1)


def test_the_overlap_with_the_change_does_not_separate_them():
    one = MAPS[MAPS["method"] == "saliency_std"].set_index(["model", "state", "seed"])
    rho = one["rho_jac"].sort_index()
    assert (rho["pls", "shuffled"] > rho["pls", "trained"]).all()
    assert rho["cnn", "trained"].mean() < rho["cnn", "untrained"].mean() + 0.1


def test_a_linear_model_has_no_rescaled_saliency_in_the_table():
    rescaled = MAPS[(MAPS["method"] == "rescaled") & (MAPS["model"] == "pls")]
    assert rescaled["rho_jac"].isna().all()


def test_a_step_leaves_the_noise_as_it_was():
    scans = powder.measure(np.random.default_rng(0), 5)
    ahead = experiment.moved(scans, 0) ** 2 - scans.counts
    slope = powder.jacobian(scans.theta)[:, 0]  # 1 % あたり
    np.testing.assert_allclose(ahead, slope, atol=0.02 * np.abs(slope).max())


def test_the_best_reader_has_the_optimal_weights():
    middle = np.array([[5.0, 0, 0, 0, 0, 0]])
    J, mu = powder.jacobian(middle)[0], expected(*powder.values(middle))[0]
    w = yardsticks.optimal_weights(J, mu, powder.PRIOR)
    x = np.sqrt(mu)[None]
    slope = attribution.saliency(experiment.best_reader(middle), x, 1 / (2 * x))
    np.testing.assert_allclose(slope[0], w, rtol=1e-6)


def test_the_same_point_gives_the_same_result_twice():
    point = {"model": "pls", "state": "shuffled", "seed": 3}
    first, second = (experiment.train(point) for _ in range(2))
    assert str(first) == str(second)


@pytest.mark.parametrize("name", ["pls", "cnn"])
def test_every_state_of_a_model_is_a_function_of_the_pattern(name):
    known = powder.measure(np.random.default_rng(0), 64)
    point = {"model": name, "state": "shuffled", "seed": 0, "updates": 2}
    forecast = experiment.make(point, known)
    assert attribution.answers(forecast, np.sqrt(known.counts)).shape == (64,)
