"""実験 characters_ngrams: 格子はそろい、平滑化と切り詰めの結果は本文の言うとおりであること。"""

import pytest

from rnnbook.data import load
from rnnbook.experiments import characters_ngrams as experiment

TABLE = load("characters_ngrams")
OVERALL = experiment.overall(TABLE).query("part == 'test'")


def bits(model, order=None, share=1.0, size=0, V=experiment.V):
    rows = OVERALL[(OVERALL["model"] == model) & (OVERALL["size"] == size)]
    rows = rows[(rows["share"] == share) & (rows["V"] == V)]
    rows = rows if order is None else rows[rows["order"] == order]
    return rows["bits"].min()


def test_the_grid_is_complete():
    keys = ["model", "order", "share", "V", "size"]
    found = {tuple(row) for row in TABLE[keys].itertuples(index=False)}
    assert found == {tuple(p[k] for k in keys) for p in experiment.EXPERIMENT.points}


def test_kneser_ney_is_better_than_witten_bell_from_two_characters_on():
    for order in experiment.ORDERS[1:]:
        assert bits("kneser_ney", order) < bits("witten_bell", order)


def test_witten_bell_gets_worse_with_long_grams_and_kneser_ney_does_not():
    assert bits("witten_bell", 7) > bits("witten_bell", 4) + 0.2
    assert bits("kneser_ney", 7) < bits("kneser_ney", 4)


def test_more_text_is_better_at_every_step():
    curve = [bits("kneser_ney", share=share) for share in (*experiment.SHARES, 1.0)]
    assert curve == sorted(curve, reverse=True)


@pytest.mark.parametrize("model", experiment.MODELS)
def test_more_bytes_are_better_and_none_is_beyond_its_size(model):
    name = f"pruned_{model}"
    found = [bits(name, size=size) for size in experiment.SIZES]
    assert found[0] > found[1] > found[2]
    rows = OVERALL[OVERALL["model"] == name]
    assert (rows["bytes"] <= rows["size"]).all()
    assert (rows["bytes"] > 0.9 * rows["size"]).all()


def test_ppmd_is_better_than_the_compressors_that_copy():
    assert bits("ppmd") < min(bits("xz"), bits("bz2")) - 0.5


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    stored = TABLE.query("model == 'kneser_ney' and order == 3 and share == 0.0625")
    result = {"rows": [{"bits": 9.0}] * len(stored), "kept": 0, "bytes": 0}
    assert not experiment.compare([(point, result)])["一致"].any()
