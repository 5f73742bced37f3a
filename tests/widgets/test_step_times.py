"""順に・まとめて計算する時間の図: 言う数と比は、表の中央値です。"""

import pytest

from rnnbook.data import load
from rnnbook.widgets.step_times import StepTimes

KEYS = ["way", "model", "T"]


def middle_of(on):
    """表の中央値。図を通さずに、保存した CSV から求めます。"""
    if on == "cpu":
        table = load("limits_parallel")
    else:
        table = load("limits_parallel_gpu").query("setting == @on")
    return table.groupby(KEYS)["milliseconds"].median()


@pytest.mark.parametrize(
    ("on", "way", "per", "T"),
    [
        ("cpu", "whole", "sequence", 16),
        ("cpu", "steps", "token", 1024),
        ("small", "train", "sequence", 256),
        ("half", "steps", "token", 64),
    ],
)
def test_the_sentence_says_the_medians_and_their_ratios(call, on, way, per, T):
    figure, measured = StepTimes(on=on, way=way, per=per, T=T), middle_of(on)
    at, shown = figure.lengths.index(T), figure.times[on][way]
    middle = {model: shown[model][at][0] for model in shown}
    said = call("step_times/step_times.js", "describeTimes", on, T, way, per, middle)
    scale, digits = 1000 / T if per == "token" else 1, 2 if on == "cpu" else 3
    lstm, unit = measured[way, "lstm", T], "µs" if per == "token" else "ms"
    assert said.startswith("CPU" if on == "cpu" else "GPU")
    assert f"LSTM {lstm * scale:.{digits}f} {unit}、" in said
    for model in ("gru", "attention"):
        value = measured[way, model, T]
        assert f"{value * scale:.{digits}f}" in said
        assert f"{value / lstm:.2f} 倍" in said


def test_every_length_has_its_spread():
    figure = StepTimes()
    for ways in figure.times.values():
        for rows in (rows for models in ways.values() for rows in models.values()):
            assert len(rows) == len(figure.lengths)
            assert all(low <= middle <= high for middle, low, high in rows)


def test_a_length_that_was_not_measured_is_named():
    with pytest.raises(ValueError, match="引数 T"):
        StepTimes(T=100)
