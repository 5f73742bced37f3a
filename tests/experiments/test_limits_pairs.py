"""実験 limits_pairs: 型の語は学習の文章にあり、採点は文の対数確率で、5 グラムは届かない合図を見ません。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import limits_pairs as experiment
from rnnbook.experiments import limits_scale
from rnnbook.tasks import minimal_pairs
from rnnbook.tasks.minimal_pairs import PATTERNS, PHRASES

TABLE = load("limits_pairs")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "pattern", "distance"]).size()
    assert len(counts) == 4 * len(PATTERNS) * len(experiment.BETWEEN)
    assert set(counts["lstm"]) == set(counts["transformer"]) == {len(experiment.SEEDS)}
    assert experiment.COUNT >= 200


def test_every_character_of_the_questions_is_in_the_vocabulary():
    known = set(limits_scale.texts()[0].characters)
    for pattern in PATTERNS.values():
        parts = (*pattern.heads, *pattern.cues, *PHRASES)
        parts += tuple(ending for pair in pattern.endings for ending in pair)
        assert set("".join(parts)) <= known


def test_five_characters_do_not_reach_over_a_phrase():
    far = TABLE.query("model == 'ngram' and distance > 0")
    assert (far[["accuracy", "turned"]] == 0.5).all(axis=None)


def test_the_score_is_the_log_probability_of_the_ending():
    torch.manual_seed(0)
    model = limits_scale.new_model("lstm", "small", 0).eval()
    (question,) = experiment.asked("助詞", 1, 1)
    found = experiment.scores(model, [question])[0]
    table, _, _ = limits_scale.texts()
    for k, before in enumerate(question.before):
        for e, ending in enumerate(question.endings):
            ids = torch.from_numpy(table.encode(before + ending))[None]
            with torch.no_grad():
                logs = torch.log_softmax(model(ids), dim=2)[0]
            expected = sum(
                logs[t - 1, ids[0, t]].item()
                for t in range(len(before), len(before + ending))
            )
            assert found[k, e] == pytest.approx(expected, abs=1e-4)


def test_the_shuffled_windows_hold_the_same_characters_in_another_order():
    ids = limits_scale.texts()[1][:5000]
    (x, y), (u, v) = (next(experiment.stream(ids, 0, s)) for s in (False, True))
    whole, mixed = (torch.cat([a, b[:, -1:]], 1) for a, b in ((x, y), (u, v)))
    torch.testing.assert_close(whole.sort(1).values, mixed.sort(1).values)
    assert (whole != mixed).float().mean() > 0.5
    torch.testing.assert_close(u[:, 1:], v[:, :-1])


def test_the_questions_are_the_same_for_every_model():
    assert experiment.asked("しか…ない", 2) == experiment.asked("しか…ない", 2)


def test_a_wrong_result_is_seen_as_a_disagreement():
    rows = [{"pattern": "助詞", "distance": 0, "accuracy": 0.1, "turned": 0.0}]
    again = experiment.compare([({"model": "ngram", "seed": 0}, {"rows": rows})])
    assert not again["一致"].any()


def test_an_untrained_model_prefers_one_ending_and_is_right_in_about_half():
    torch.manual_seed(0)
    model = limits_scale.new_model("transformer", "small", 0)
    found = experiment.scores(model, experiment.asked("決して…ない", 4, 50))
    assert abs(minimal_pairs.accuracy(found) - 0.5) < 0.1
    assert np.isfinite(found).all()
