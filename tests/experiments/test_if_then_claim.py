"""実験 if_then_claim: 語彙の食い違いは教材の測り方どおりで、測り直しは保存した幅に入ります。"""

import random

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import if_then_claim
from rnnbook.training import programs

TABLE = load("if_then_claim")
EPOCHS = [str(e + 1) for e in range(if_then_claim.EPOCHS)]


def rows(cell, vocabulary):
    return TABLE.query("cell == @cell and vocabulary == @vocabulary")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["cell", "vocabulary"])["seed"].nunique()
    assert (counts == if_then_claim.SEEDS).all()
    assert len(counts) == 2 * len(if_then_claim.CELLS)
    assert TABLE.columns[-len(EPOCHS) :].tolist() == EPOCHS
    assert TABLE[EPOCHS].stack().between(0, 1).all()


def test_with_the_hashes_of_this_process_the_numbers_are_those_of_a_plain_set():
    made = programs.sentences(200, seed=random.randrange(1000))
    vocabulary = set()  # 教材の書き方そのまま
    for words, _ in made:
        vocabulary.update(words)
    plain = {word: k + 1 for k, word in enumerate(vocabulary)} | {"<pad>": 0}
    hashes = {word: hash(word) for word in programs.WORDS}
    assert if_then_claim.numbers_by_set(made, hashes) == plain


def test_a_word_is_read_as_the_training_word_with_the_same_number():
    seed = next(s for s in range(50) if if_then_claim.misread(s)[2] != 2)
    rng = np.random.default_rng([seed, 1])
    hashes = {w: int(rng.integers(-(2**62), 2**62)) for w in programs.WORDS}
    train, test = (
        if_then_claim.numbers_by_set(programs.sentences(n, seed + n), hashes)
        for n in (1500, 300)
    )
    for word, read_as in zip(programs.WORDS, if_then_claim.misread(seed), strict=True):
        assert test[word] == train[programs.WORDS[read_as]]


def test_both_ways_agree_where_no_word_changed_its_number():
    same = rows("lstm", "own").query("words == 15")
    assert len(same) > 0
    shared = rows("lstm", "shared").set_index("seed").loc[same["seed"], EPOCHS]
    np.testing.assert_array_equal(same[EPOCHS], shared)


def test_the_lstm_leaves_chance_at_an_epoch_that_the_seed_decides():
    lstm = rows("lstm", "shared")[EPOCHS].to_numpy()
    assert lstm[:, 0].mean() == pytest.approx(1 / 3, abs=0.05)
    assert (lstm > 0.5).any(1).all()
    assert len(set((lstm > 0.5).argmax(1))) > 3


def test_sixty_to_eighty_percent_is_a_second_plateau_at_two_thirds():
    # 三つの条件のうち一つだけを見分け、残る二つから当てずっぽうなら 1/3 + (2/3)(1/2) = 2/3
    at_ten = rows("lstm", "shared")["10"]
    inside = at_ten[at_ten.between(0.6, 0.8)]
    assert len(inside) >= 6 and inside.mean() == pytest.approx(2 / 3, abs=0.04)
    assert (at_ten < 0.5).any() and (at_ten > 0.9).any()


def test_measuring_again_agrees_with_the_stored_spread():
    again = if_then_claim.compare(
        [
            (point, if_then_claim.train(point))
            for point in if_then_claim.EXPERIMENT.quick
        ]
    )
    assert again["一致"].all(), again.to_string()


def test_a_network_that_knows_everything_at_once_is_a_disagreement():
    point = {"cell": "lstm", "seed": 0}
    again = if_then_claim.compare([(point, {"shared": [1.0] * 20})])
    assert not again["一致"].iloc[0]


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(if_then_claim, "EPOCHS", 1)
    point = {"cell": "rnn", "seed": 3}
    torch.manual_seed(9)  # 外の乱数にはよりません
    assert if_then_claim.train(point) == if_then_claim.train(point)
