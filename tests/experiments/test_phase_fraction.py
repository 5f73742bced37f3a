"""実験 phase_fraction: 格子はそろい、後を見ない推定は後を見ず、族ごとの判定は本文の言うとおりであること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import phase_fraction as experiment
from rnnbook.materials import phase_fraction as physics

TABLE, SPLIT = load("phase_fraction"), load("phase_fraction_split")
MEAN = TABLE.groupby(["trained", "model", "kinetics"])["mae"].mean()


def test_the_grid_is_complete_with_five_seeds():
    models = {*experiment.TRAINED, *experiment.UNTRAINED}
    assert set(TABLE["model"]) == models
    cells = len(experiment.FAMILIES) * len(models) * len(physics.KINETICS)
    assert len(TABLE) == cells * len(experiment.SEEDS) and len(experiment.SEEDS) >= 5
    assert len(SPLIT) == 2 * 4 * len(experiment.SEEDS)


def test_untrained_estimates_do_not_depend_on_the_family_that_others_learnt():
    for model in ("lcf_fixed", "lcf", "lcf_jmak"):
        for kinetics in physics.KINETICS:
            one, three = (MEAN[t, model, kinetics] for t in experiment.FAMILIES)
            assert one == pytest.approx(three, rel=0.15)


def test_the_causal_gru_wins_only_on_the_law_it_learnt():
    rivals = [m for m in experiment.CAUSAL if m != "gru"]
    best = {k: min(MEAN["jmak", m, k] for m in rivals) for k in physics.KINETICS}
    assert MEAN["jmak", "gru", "jmak"] < best["jmak"]
    for kinetics in ("two_step", "reversal", "jumps"):
        assert MEAN["jmak", "gru", kinetics] > best[kinetics]


def test_the_fit_of_the_law_is_best_where_the_law_holds_and_worst_elsewhere():
    for kinetics in physics.KINETICS:
        each = MEAN["jmak"].xs(kinetics, level="kinetics")
        fits = each[["lcf_jmak", "mlp_jmak"]]
        others = each.drop(["lcf_jmak", "mlp_jmak"])
        if kinetics == "jmak":
            assert fits.max() < others.min()
        else:
            assert fits.min() > others[["lcf", "mlp"]].max()


def test_three_families_bring_back_the_gru_on_the_families_it_has_seen():
    for kinetics in ("two_step", "reversal"):
        assert MEAN["three", "gru", kinetics] < MEAN["jmak", "gru", kinetics]


def test_interpolating_in_time_wins_the_random_split_and_loses_on_new_runs():
    split = SPLIT.groupby(["split", "model"])[["mae", "mae_new"]].mean()
    clock = split.loc[("random", "clock")]
    assert clock["mae"] < split.loc["random"]["mae"].drop("clock").min()
    assert clock["mae_new"] > 5 * clock["mae"]


@pytest.mark.parametrize("name", ["mlp", "gru"])
def test_estimates_without_the_future_do_not_change_when_the_future_does(name):
    X = physics.measure(np.random.default_rng(0).random, "jmak", 2).X
    x = experiment.Scaled(X)(X)
    if name == "gru":
        model = experiment.recurrent(every_step=True, H=4, cell="gru")
        told = experiment.predict(model, x)[:, :30]
        cut = experiment.predict(model, x[:, :30])
    else:
        model = experiment.mlp(8)
        whole = experiment.predict(model, experiment.past(x, 8)).reshape(2, 60)
        cut = experiment.predict(model, experiment.past(x[:, :30], 8)).reshape(2, 30)
        told = whole[:, :30]
    np.testing.assert_allclose(cut, told, atol=1e-6)


def test_the_strength_of_smoothing_is_the_best_on_validation():
    truth = np.linspace(0, 1, 60)[None].repeat(5, axis=0)
    noisy = truth + np.random.default_rng(1).normal(0, 0.05, truth.shape)
    best = experiment.chosen(experiment.ema, experiment.EMA, noisy, truth)
    errors = [experiment.mae(experiment.ema(noisy, a), truth) for a in experiment.EMA]
    assert best == experiment.EMA[int(np.argmin(errors))] < 1


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    result = {name: [0.9, 0.9] for name in ("clock", "lcf", "mlp8", "gru8")}
    assert not experiment.compare([(point, result)])["一致"].any()
