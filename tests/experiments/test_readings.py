"""実験 readings: 上限と双方向の差、側を替えた試験、公開する重みが、保存した表のとおりです。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import readings as experiment
from rnnbook.models.reader import (
    KINDS,
    WAYS,
    backwards,
    load_reader,
    new_reader,
    scores,
)
from rnnbook.tasks import readings

TABLE = load("readings")
TEST = experiment.unseen_sentences("both")


def stored(model, test, k=-1):
    found = TABLE.query("model == @model and test == @test and k == @k")
    return found["accuracy"].to_numpy()


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "train", "test", "k"]).size()
    assert (counts == len(experiment.SEEDS)).all() and len(experiment.SEEDS) >= 10
    assert len(counts) == 7 * 3 + 1 + 2 * (len(KINDS) - 1)
    assert set(TABLE["model"]) == set(KINDS)


@pytest.mark.parametrize("k", range(7))
def test_the_forward_model_stands_at_the_bound_of_the_same_sentences(k):
    bound = readings.best_accuracy(TEST, k)
    found = stored("forward", "both", k)
    # 10,000 文の正解率の標準誤差。k = 6 では、外した文の数で見ます
    half = 1.96 * np.sqrt(max(bound * (1 - bound), 1e-3) / len(TEST.y))
    assert (found < bound + half).all()
    assert abs(found.mean() - bound) < half


def test_the_model_of_both_directions_passes_the_bound_by_far():
    bound = readings.best_accuracy(TEST, 0)
    found = stored("both", "both")
    half = 1.96 * np.sqrt(bound * (1 - bound) / len(TEST.y))
    assert (found > bound + 10 * half).all()


def test_the_cues_that_changed_sides_are_kept_only_where_everything_is_shared():
    for model in ("both", *WAYS):
        drop = stored(model, "seen") - stored(model, "moved")
        assert (drop < 0.05).all() if model == "mirrored" else (drop > 0.15).all()


@pytest.mark.parametrize("kind", ["forward", "both"])
def test_the_published_weights_are_those_of_the_seed_in_the_middle(kind):
    # float16 に丸めても、保存した正解率から 0.001 より動きません
    found = experiment.right(load_reader(kind), TEST).mean(axis=0)
    runs = TABLE.query("model == @kind and test == 'both'")
    means = runs.groupby("seed")["accuracy"].mean().sort_values(kind="stable")
    middle = means.iloc[(len(means) - 1) // 2]
    assert found.mean() == pytest.approx(middle, abs=1e-3)


def test_every_batch_has_one_length_and_its_own_answers():
    rng = np.random.default_rng(0)
    batches = experiment.stream(rng, "both", 64)
    for _ in range(30):
        ids, answers, lengths = next(batches)
        assert (lengths == ids.shape[1]).all() and (ids > 0).all()
        word = ids[np.arange(len(ids)), answers[:, 1]] - 1
        np.testing.assert_array_equal(word, answers[:, 0] // 2)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answers_do_not_depend_on_the_padding(kind):
    model = new_reader(kind).eval()
    s = readings.batch(np.random.default_rng(1), 40)
    x, lengths, at = (torch.from_numpy(a) for a in s[:3])
    with torch.no_grad():
        short = scores(model, x, lengths, at)
        long = scores(model, torch.nn.functional.pad(x, (0, 9)), lengths, at)
        alone = [
            scores(model, x[k : k + 1, :n], lengths[k : k + 1], at[k : k + 1])
            for k, n in enumerate(lengths)
        ]
    torch.testing.assert_close(short, long, atol=1e-5, rtol=0)
    torch.testing.assert_close(short, torch.cat(alone), atol=1e-5, rtol=0)


def test_where_everything_is_shared_a_turned_sentence_reads_alike():
    # 同じ重みを足すので、文を逆順にしても、語の所の答えは同じ
    model = new_reader("mirrored").eval()
    s = readings.batch(np.random.default_rng(2), 20)
    x, lengths, at = (torch.from_numpy(a) for a in s[:3])
    turned = x.gather(1, backwards(x.shape[1], lengths))
    with torch.no_grad():
        one = scores(model, x, lengths, at)
        two = scores(model, turned, lengths, lengths - 1 - at)
    torch.testing.assert_close(one, two, atol=1e-5, rtol=0)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = {"model": "both", "train": "seen", "seed": 0}
    result = {"accuracy": {"seen": [0.5], "moved": [0.99]}}
    assert not experiment.compare([(point, result)])["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(experiment, "BUDGET", {("both", "seen"): (8, 64)})
    point = {"model": "both", "train": "seen", "seed": 3}
    assert experiment.train(point) == experiment.train(point)
