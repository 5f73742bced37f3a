"""実験 adding_1997: 問題は論文の定義どおりで、測り直しは保存した幅に入ります。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import adding_1997

TABLE = load("adding_1997")
SUMMARY = adding_1997.summary(TABLE)


def test_the_sequences_are_those_of_the_paper():
    rng = np.random.default_rng(0)
    lengths = set()
    for _ in range(60):
        x, y = adding_1997.batch(rng, K=2, B=20)
        x, y = x.flatten(0, 1).numpy(), y.flatten().numpy()
        lengths.add(x.shape[1])
        assert (x[:, -1, 1] == -1).all() and np.isin(x[:, 0, 1], (-1, 1)).all()
        assert (x[:, 1:-1, 1] >= 0).all()
        for x_k, y_k in zip(x, y, strict=True):
            places = np.flatnonzero(x_k[:, 1] == 1)
            assert len(places) == 2 and places[0] < 10 and places[1] < 50
            assert y_k == pytest.approx(0.5 + x_k[places, 0].sum() / 4)
            assert 0 not in places or x_k[0, 0] == 0
    assert lengths == set(range(100, 111))


def test_a_network_that_remembers_nothing_has_an_error_of_about_004():
    rng = np.random.default_rng(1)
    y = torch.cat([adding_1997.batch(rng, 1, 2000)[1] for _ in range(10)])
    # 最初の時刻が選ばれるのは、初めの印で 1/10、二つめの印で 0.9/49
    expected = (1 - 1 / 10 + 1 - 0.9 / 49) / 3 / 16
    assert (y - 0.5).square().mean().item() == pytest.approx(expected, rel=0.02)


def test_the_start_of_1997_holds_what_comes_in():
    lstm, readout = adding_1997.new_model("1x4", "1997", seed=0)
    # f = 1 に固定すると学習するのは三つのゲート: 3 · 4 · (2 + 4 + 1) + 出力層 5
    weights = 3 * 4 * (2 + 4 + 1) + 4 + 1
    assert weights == 89 and adding_1997.PAPER["weights"] == 93
    assert lstm.weight_hh_l0.abs().max() <= 0.1 and readout.weight.abs().max() <= 0.1
    chrono, _ = adding_1997.new_model("3x2", "chrono", seed=0)
    for layer in range(3):
        b = getattr(chrono, f"bias_ih_l{layer}")
        assert (b[:2] == -b[2:4]).all() and (b[2:4] > 0).all()


def test_the_stop_counts_sequences_and_the_wrong_ones_of_the_test(monkeypatch):
    # 誤差が 2 未満なら成功、としておくと、はじめの 2000 本で止まります
    monkeypatch.setattr(adding_1997, "TOLERANCE", 2.0)
    (record,) = adding_1997.train_side_by_side("1x4", "adam", ["chrono"], range(1))
    assert (record["solved_at"], record["wrong"]) == (2000, 0)
    # 決して成功しなければ、止まらず、試験の 2560 本はすべて間違いです
    monkeypatch.setattr(adding_1997, "TOLERANCE", 0.0)
    (record,) = adding_1997.train_side_by_side(
        "1x4", "adam", ["chrono"], range(1), limit=100
    )
    assert (record["solved_at"], record["wrong"]) == (None, 2560)


def test_the_grid_is_complete():
    assert (SUMMARY["seeds"] == 10).all()
    conditions = {
        (point["shape"], point["optimizer"], start)
        for point in adding_1997.EXPERIMENT.points
        for start in point["starts"].split("+")
    }
    assert set(SUMMARY.index) == conditions


def test_the_public_reproduction_stays_where_nothing_is_remembered():
    mse = TABLE.query("shape == '3x2' and optimizer == 'sgd' and start == 'pytorch'")
    assert mse["solved_at"].isna().all()
    assert mse["mse"].between(0.036, 0.06).all()


def test_no_single_change_mends_the_reproduction():
    for condition in (
        ("1x4", "sgd", "pytorch"),
        ("3x2", "adam", "pytorch"),
        ("3x2", "sgd", "1997"),
    ):
        assert SUMMARY.loc[condition, "learned"] == 0, condition


def test_what_every_success_shares_is_a_start_that_holds_what_comes_in():
    learned = SUMMARY[SUMMARY["learned"] > 0].index.get_level_values("start")
    assert set(learned) == {"1997", "chrono"}
    for shape in adding_1997.SHAPES:  # そこへ Adam を足せば、どちらの形も覚えます
        assert SUMMARY.loc[(shape, "adam", "1997"), "learned"] == 10
        assert SUMMARY.loc[(shape, "adam", "chrono"), "learned"] == 10


def test_the_recipe_of_1997_needs_both_the_open_cell_and_the_closed_input():
    assert SUMMARY.loc[("1x4", "sgd", "1997"), "learned"] == 10
    assert SUMMARY.loc[("1x4", "sgd", "1997_forget"), "learned"] == 0
    assert SUMMARY.loc[("1x4", "sgd", "1997_input"), "learned"] == 0


def test_measuring_again_agrees_with_the_stored_spread():
    point = adding_1997.EXPERIMENT.quick[0]
    again = adding_1997.compare([(point, adding_1997.train(point))])
    assert again["一致"].all(), again.to_string()


def test_a_much_later_stop_is_seen_as_a_disagreement():
    point = adding_1997.EXPERIMENT.quick[0]
    for solved_at in (3_000, None):
        record = {"start": "chrono", "seed": 0, "solved_at": solved_at, "wrong": 1}
        again = adding_1997.compare([(point, {"records": [record]})])
        assert not again["一致"].any()
