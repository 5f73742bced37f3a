"""実験 sine_three: 保存済みの表が、別の実装、解析的な値、いまの測り直しに一致します。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import sine_three
from rnnbook.models.keras_twins import keras
from rnnbook.training import programs

TABLE, CURVES = load("sine_three"), load("sine_three_curves")


def stored(model, epochs):
    return TABLE.query("model == @model and epochs == @epochs")["test"].to_numpy()


def test_the_grid_is_complete():
    counts = TABLE.groupby(["epochs", "model"]).size()
    assert counts.loc[0].to_dict() == {"ar2": 10, "last": 10}
    for epochs in sine_three.EPOCHS:
        assert counts.loc[epochs].to_dict() == dict.fromkeys(sine_three.CELLS, 10)
    assert CURVES.columns[2:].tolist() == [str(e) for e in range(1, 51)]


def test_the_last_value_rows_equal_the_mean_over_all_phases():
    # E[(sin(φ + ω T) − sin(φ + ω (T − 1)))²] = 1 − cos ω  （φ は一様）
    assert stored("last", 0).mean() == pytest.approx(1 - np.cos(0.1), rel=0.05)


def test_two_values_and_a_line_leave_only_rounding():
    assert stored("ar2", 0).max() < sine_three.ROUNDING


def test_four_digits_hide_every_difference_between_the_networks():
    networks = TABLE[TABLE["model"].isin(sine_three.CELLS)]["test"]
    assert {f"{value:.4f}" for value in networks} == {"0.0000"}
    assert networks.max() / networks.min() > 10


def test_the_longer_training_begins_with_the_shorter_one():
    _, valid = programs.sine("rnn", range(0, 5), epochs=2)
    rows = CURVES.query("model == 'rnn' and seed < 5")
    np.testing.assert_allclose(rows[["1", "2"]].T, valid, rtol=0.05)


def test_keras_gives_a_loss_inside_the_stored_spread():
    keras.utils.set_random_seed(0)
    log = np.log10(stored("rnn", 30))
    again = np.log10(programs.sine_in_keras("rnn", seed=0, epochs=30))
    assert abs(again - log.mean()) <= 3 * log.std() + 0.1


def test_measuring_again_agrees_with_the_stored_spread():
    point = sine_three.EXPERIMENT.quick[2]
    again = sine_three.compare([(point, sine_three.train(point))])
    assert again["一致"].all(), again.to_string()


def test_a_loss_of_another_size_is_seen_as_a_disagreement():
    for model, epochs, wrong in (("rnn", 30, 5e-3), ("ar2", 0, 1e-7)):
        point = {"model": model, "epochs": epochs, "seed": 0, "seeds": 1}
        assert not sine_three.compare([(point, {"test": [wrong]})])["一致"].any()


def test_the_ranks_count_each_seed_once():
    rows = [("rnn", 1.0), ("lstm", 2.0), ("gru", 3.0), ("rnn", 9.0), ("lstm", 8.0)]
    table = TABLE.head(6).assign(
        model=[model for model, _ in rows] + ["gru"],
        test=[value for _, value in rows] + [7.0],
        seed=[0, 0, 0, 1, 1, 1],
        epochs=30,
    )
    counts = sine_three.ranks(table)
    assert counts.loc["rnn"].tolist() == [1, 0, 1]
    assert counts.loc["lstm"].tolist() == [0, 2, 0]
    assert counts.loc["gru"].tolist() == [1, 0, 1]
