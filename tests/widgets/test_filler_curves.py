"""系列長・学習回数と正解率の図: 言う数は表から数えた数で、測っていない条件はそう言います。"""

import pytest

from rnnbook.data import load
from rnnbook.reading.solved import solved_counts
from rnnbook.widgets.filler_curves import FillerCurves

TABLE = load("limits_distance")
COUNTS = solved_counts(TABLE, by=["variant", "model", "fillers"])


def said(call, figure, model, updates=2000):
    runs = figure.runs[figure.variant].get(model, {}).get(str(figure.fillers), [])
    where = "filler_curves/filler_curves.js", "describeModel"
    return call(*where, model, runs, figure.checkpoints, updates)


@pytest.mark.parametrize("fillers", [10, 80])
@pytest.mark.parametrize("model", ["rnn", "lstm_b3", "gru", "transformer", "bag"])
def test_the_sentence_counts_the_seeds_of_the_table(call, model, fillers):
    figure, counted = FillerCurves(fillers=fillers), COUNTS["plain", model, fillers]
    words = said(call, figure, model)
    if counted.k == 0:
        assert f"{counted.n} 個の種のうち、解けたものはありません" in words
    elif counted.k == counted.n:
        assert f"{counted.n} 個の種がすべて解けました" in words
    else:
        assert f"{counted.n} 個の種のうち {counted.k} 個が解け" in words


def test_only_the_seeds_that_solved_by_then_are_counted(call):
    rows = TABLE.query("variant == 'plain' and model == 'bag' and fillers == 20")
    figure = FillerCurves()
    for updates in (100, int(rows["solved_at"].median())):
        k = int((rows["solved_at"] <= updates).sum())
        words = said(call, figure, "bag", updates)
        assert ("ありません" in words) if k == 0 else (f" {k} 個が" in words)


def test_a_condition_that_was_not_measured_is_named(call):
    figure = FillerCurves(variant="decoys", fillers=80)
    assert "測っていません" in said(call, figure, "rnn")


def test_a_length_that_the_variant_lacks_is_named():
    with pytest.raises(ValueError, match="引数 fillers"):
        FillerCurves(variant="decoys", fillers=40)
