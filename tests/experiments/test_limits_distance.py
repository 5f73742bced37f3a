"""実験 limits_distance: 語順の要る問題と要らない問題、種ごとの記録、始まりの値が、表のとおりです。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import limits_distance as experiment
from rnnbook.models.catalogue import MODELS
from rnnbook.reading.solved import solved_counts
from rnnbook.tasks import if_then

TABLE = load("limits_distance")
COUNTS = solved_counts(TABLE, by=experiment.WHERE)


def test_the_grid_is_complete():
    wanted = {
        tuple(p[key] for key in experiment.WHERE) for p in experiment.EXPERIMENT.points
    }
    assert set(COUNTS.index) == wanted
    for counted in COUNTS:
        mixed = 0 < counted.k < counted.n
        assert counted.n == (experiment.ALL if mixed else experiment.SEEDS)
    assert {model for _, model, _ in wanted} <= set(MODELS)


def test_a_solved_seed_was_measured_until_then_and_no_longer():
    steps = [column for column in TABLE if column.isdigit()]
    for _, row in TABLE.iterrows():
        curve = row[steps].dropna()
        if np.isnan(row["solved_at"]):
            assert (curve < 0.99).all() and int(curve.index[-1]) >= experiment.BLIND
        else:
            assert int(curve.index[-1]) == row["solved_at"]
            assert curve.iloc[-1] >= 0.99 and (curve.iloc[:-1] < 0.99).all()


def test_without_decoys_the_bag_solves_and_with_them_it_stops_at_the_bound():
    steps = [column for column in TABLE if column.isdigit()]
    for fillers in experiment.FILLERS:
        assert COUNTS["plain", "bag", fillers].interval[0] > 0.5
    for fillers in experiment.DECOY_FILLERS:
        rng = np.random.default_rng(9)
        ids, _ = if_then.batch_ids(rng, 10_000, fillers + 4, 0.3)
        rows = TABLE.query(
            "variant == 'decoys' and model == 'bag' and fillers == @fillers"
        )
        last = rows[steps[experiment.BLIND // experiment.EVERY - 1]]
        # 500 文の正解率の標準誤差は 0.022 です
        assert abs(last.mean() - if_then.best_without_order(ids)) < 0.03
        assert rows["solved_at"].isna().all()


def test_models_of_one_name_start_alike_and_of_one_width():
    for name in (*experiment.MODELS, "unordered"):
        one, two = (experiment.new_model(name, seed=4, T=24) for _ in range(2))
        assert one.embedding.embedding_dim == experiment.H
        for p, q in zip(one.parameters(), two.parameters(), strict=True):
            assert torch.equal(p, q), name


@pytest.mark.parametrize("variant", ["plain", "decoys"])
def test_the_held_out_sentences_are_not_those_of_the_training(variant):
    first = next(experiment.sentences(variant, 20, 0, 0, 200))[0]
    held_out = next(experiment.sentences(variant, 20, 0, 1, 200))[0]
    seen = {tuple(row) for row in first.tolist()}
    assert not seen & {tuple(row) for row in held_out.tolist()}


@pytest.mark.parametrize("model", ["lstm_b3", "transformer"])
def test_the_same_point_gives_the_same_result_twice(model):
    point = experiment.point_of("plain", model, 10, seeds=2) | {"updates": 25}
    assert experiment.train(point) == experiment.train(point)


def test_a_result_far_from_the_stored_one_is_seen_as_a_disagreement():
    point = experiment.point_of("plain", "transformer", 20, seeds=3)
    records = [{"curve": [0.3], "solved_at": None, "diverged_at": None}] * 3
    assert not experiment.compare([(point, {"seeds": records})])["範囲の中"].any()
