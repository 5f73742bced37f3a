"""順に・まとめて計算する時間の図: 言う数と比は、表の中央値です。"""

import pytest

from rnnbook.data import load
from rnnbook.widgets.step_times import StepTimes

MIDDLE = load("limits_parallel").groupby(["way", "model", "T"])["milliseconds"].median()


@pytest.mark.parametrize(
    ("way", "per", "T"), [("whole", "sequence", 16), ("steps", "token", 1024)]
)
def test_the_sentence_says_the_medians_and_their_ratios(call, way, per, T):
    figure = StepTimes(way=way, per=per, T=T)
    at = figure.lengths.index(T)
    middle = {model: figure.times[way][model][at][0] for model in figure.times[way]}
    said = call("step_times/step_times.js", "describeTimes", T, way, per, middle)
    scale = 1000 / T if per == "token" else 1
    lstm = MIDDLE[way, "lstm", T]
    assert f"LSTM {lstm * scale:.2f} {'µs' if per == 'token' else 'ms'}、" in said
    for model in ("gru", "attention"):
        value = MIDDLE[way, model, T]
        assert f"{value * scale:.2f}" in said and f"{value / lstm:.2f} 倍" in said


def test_every_length_has_its_spread():
    figure = StepTimes()
    for models in figure.times.values():
        for rows in models.values():
            assert len(rows) == len(figure.lengths)
            assert all(low <= middle <= high for middle, low, high in rows)


def test_a_length_that_was_not_measured_is_named():
    with pytest.raises(ValueError, match="引数 T"):
        StepTimes(T=100)
