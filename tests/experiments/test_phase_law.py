"""実験 phase_law: 測定は phase_fraction と同じで、式は、その族の中でだけ強いこと。"""

import pytest

from rnnbook.data import load
from rnnbook.experiments import phase_law as experiment

TABLE = load("phase_law").pivot(
    index=["kinetics", "seed"], columns="model", values="mae"
)
OTHER = load("phase_fraction").query("trained == 'jmak'")
OTHER = OTHER.pivot(index=["kinetics", "seed"], columns="model", values="mae")


def test_the_grid_is_complete_and_the_runs_are_those_of_phase_fraction():
    assert len(TABLE) == 4 * 5 and not TABLE.isna().any().any()
    same = OTHER["lcf_ema"].loc[TABLE.index]
    assert TABLE["lcf_ema"].to_numpy() == pytest.approx(same.to_numpy(), abs=2e-3)


def test_the_law_on_the_spot_beats_the_gru_where_it_holds_and_loses_elsewhere():
    ratio = (TABLE["lcf_law"] / OTHER["gru"]).groupby(level=0).mean()
    assert ratio["jmak"] < 0.7
    assert (ratio.drop("jmak") > 1.4).all()


def test_following_the_slope_is_no_worse_than_the_moving_average():
    mean = TABLE.groupby(level=0).mean()
    assert (mean["lcf_holt"] < mean["lcf_ema"]).all()


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    result = {"lcf_law": {"jmak": 900.0}}
    assert not experiment.compare([(point, result)])["一致"].any()
