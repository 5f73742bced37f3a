"""実験 limits_facts: 残る事実は H と更新の回数で増え、はじめの事実も終わりの事実も残ります。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import limits_facts as experiment
from rnnbook.tasks import facts

TABLE = load("limits_facts")
KEPT = experiment.kept_table(TABLE)
SHORT, LONG = experiment.UPDATES


def stored(model, updates, S=8):
    rows = KEPT.query("model == @model and updates == @updates and S == @S")
    return rows.sort_values("seed")["kept"].to_numpy()


def test_the_grid_is_complete():
    counts = KEPT.groupby(["model", "updates", "S"]).size()
    assert (counts == len(experiment.SEEDS)).all() and len(experiment.SEEDS) >= 5
    assert len(counts) == (2 * len(experiment.MODELS) - 1) * len(experiment.TESTED)
    at = TABLE.groupby(["model", "updates", "seed", "S"])["at"]
    assert (at.max() == at.size()).all()


def test_a_wider_vector_and_a_longer_training_keep_more():
    for updates in experiment.UPDATES:
        means = [stored(f"h{H}", updates).mean() for H in (8, 16, 32, 64, 128)]
        assert (np.diff(means) > 0).all(), updates
    for H in (32, 64, 128):
        assert stored(f"h{H}", LONG).min() > stored(f"h{H}", SHORT).max()


def test_attention_keeps_what_one_vector_does_not():
    total = len(facts.KINDS) * 8
    assert (stored("attention", LONG) > 0.95 * total).all()
    assert stored("h128", LONG).max() < stored("attention", LONG).min()


def test_the_stored_table_is_what_the_kept_facts_are_made_of():
    rows = TABLE.query("model == 'h32' and updates == @LONG and S == 4 and seed == 0")
    accuracy = rows[list(facts.KINDS)].mean().to_numpy()
    chance = 1 / facts.SIZES
    expected = 4 * ((accuracy - chance) / (1 - chance)).sum()
    assert stored("h32", LONG, 4)[0] == pytest.approx(expected)


def test_a_batch_asks_whole_sentences_and_holds_their_answers():
    ids, y = next(experiment.stream(np.random.default_rng(0)))
    assert y.shape == (experiment.BATCH, 2, 5 * experiment.ASKED)
    assert ids.shape[1] % facts.WORDS == 0
    assert (y[:, 0] % 5 == np.tile(np.arange(5), experiment.ASKED)).all()


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = {"model": "h16", "updates": SHORT, "seed": 0}
    result = {S: [[1.0] * 5] * int(S) for S in ("4", "8")}
    assert not experiment.compare([(point, result)])["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(experiment, "STORIES", 20)
    point = {"model": "attention", "updates": 5, "seed": 3}
    assert experiment.train(point) == experiment.train(point)


def test_the_loss_is_the_cross_entropy_of_the_asked_kind_alone():
    model = experiment.FactReader(H=8)
    with torch.no_grad():
        for p in model.answer.parameters():
            p.zero_()  # どの答えの点も 0: 種類ごとに一様
    ids, y = next(experiment.stream(np.random.default_rng(0)))
    batch = experiment.Batch(torch.from_numpy(ids), torch.from_numpy(y))
    uniform = np.log(facts.SIZES).mean()
    assert experiment.loss_of(model, batch).item() == pytest.approx(uniform, abs=1e-5)
