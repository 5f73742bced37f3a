"""読みの問題: 手がかりが読みを決め、見えないうちは割合しか分からず、試験の型と組は学習に現れません。"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.tasks import readings
from rnnbook.tasks.reading_words import (
    CUES,
    NEIGHBOURS,
    NUMBER,
    PRIORS,
    READINGS,
    VOCABULARY,
    WORDS,
)

MANY = {
    part: readings.batch(np.random.default_rng(7), 40_000, part)
    for part in readings.PARTS
}
CUE_OF = {NUMBER[cue]: k for k, reading in enumerate(READINGS) for cue in CUES[reading]}


def own_cues(s, row):
    """その語のものである手がかりの位置。"""
    word = s.ids[row, s.at[row]] - 1
    return [
        t for t, k in enumerate(s.ids[row]) if k in CUE_OF and CUE_OF[k] // 2 == word
    ]


def test_every_word_has_one_meaning():
    assert len(set(VOCABULARY)) == len(VOCABULARY) == readings.V
    assert len(CUE_OF) == 120 and len(READINGS) == readings.O == 12


@pytest.mark.parametrize("part", readings.PARTS)
def test_the_only_cue_of_the_word_decides_its_reading(part):
    s = MANY[part]
    for row in range(500):
        (t,) = own_cues(s, row)
        assert t == s.cue_at[row] and CUE_OF[s.ids[row, t]] == s.y[row]
        assert VOCABULARY[s.ids[row, s.at[row]]] in WORDS
        assert (s.ids[row, : s.lengths[row]] > 0).all()
        assert (s.ids[row, s.lengths[row] :] == 0).all()


def test_readings_sides_and_distances_have_the_stated_shares():
    s = MANY["train"]
    word = s.y // 2
    for k, prior in enumerate(PRIORS):
        assert (s.y[word == k] % 2 == 0).mean() == pytest.approx(prior, abs=0.02)
    d = s.cue_at - s.at
    assert (d < 0).mean() == pytest.approx(0.5, abs=0.01)
    for far in range(1, 7):
        assert (d == far).mean() == pytest.approx(0.5 / 6, abs=0.01)


def pattern(s, row):
    """語の種類だけを残した型。"""
    kinds = {NUMBER[n]: "N" for n in NEIGHBOURS} | dict.fromkeys(CUE_OF, "C")
    kinds |= {NUMBER[w]: "W" for w in WORDS}
    return tuple(kinds.get(k, VOCABULARY[k]) for k in s.ids[row, : s.lengths[row]])


def without_adverbs(s, row):
    first = NUMBER["たぶん"]
    ids = [k for k in s.ids[row, : s.lengths[row]] if not first <= k < first + 20]
    adverbs = len(s.ids[row, : s.lengths[row]]) - len(ids)
    return pattern(s._replace(ids=np.array([ids]), lengths=[len(ids)]), 0), adverbs


def test_no_pattern_and_no_pair_of_the_test_is_in_the_training():
    patterns, pairs = {}, {}
    for part, s in MANY.items():
        rows = range(8000)
        patterns[part] = {(*without_adverbs(s, r), s.cue_at[r] > s.at[r]) for r in rows}
        pairs[part] = {
            (s.ids[r, t], s.ids[r, t + 1])
            for r in range(len(s.ids))
            for t in range(s.lengths[r] - 1)
            if s.ids[r, t] in CUE_OF and VOCABULARY[s.ids[r, t + 1]] in NEIGHBOURS
        }
    assert len(pairs["train"]) == 960 and len(pairs["test"]) == 240
    assert not pairs["train"] & pairs["test"]
    assert not patterns["train"] & patterns["test"]


def test_every_word_of_the_test_is_in_the_training():
    seen = {part: set(np.unique(s.ids)) for part, s in MANY.items()}
    assert seen["test"] <= seen["train"] and len(seen["train"]) == readings.V


@pytest.mark.parametrize("k", [0, 2, 5])
def test_nothing_seen_before_the_cue_tells_the_reading(k):
    # 語のまわりの一か所の語を見て答えても、多いほうの読みを選ぶより当たらない（表は半分で作り、残りで試す）
    s = MANY["test"]
    rows = np.flatnonzero(~readings.visible(s, k))
    word, second = s.y[rows] // 2, s.y[rows] % 2
    fair = np.maximum(PRIORS, 1 - np.array(PRIORS))[word].mean()
    half = len(rows) // 2
    for place in range(-6, k + 1):
        t = np.clip(s.at[rows] + place, 0, s.ids.shape[1] - 1)
        key = s.ids[rows, t] * len(PRIORS) + word
        table = np.zeros((readings.V * len(PRIORS), 2))
        np.add.at(table, (key[:half], second[:half]), 1)
        answer = table[key[half:]].argmax(axis=1)
        assert (answer == second[half:]).mean() < fair + 0.01, place


@pytest.mark.parametrize("k", range(7))
def test_the_bound_of_the_sentences_is_the_bound_of_the_formula(k):
    theory = readings.best_accuracy_in_theory(k)
    assert readings.best_accuracy(MANY["test"], k) == pytest.approx(theory, abs=0.006)


def test_the_bound_is_what_the_best_rule_scores():
    # 見えていれば正解、見えていなければ多いほうの読み
    s = MANY["test"]
    likely = 2 * (s.y // 2) + (np.array(PRIORS)[s.y // 2] < 0.5)
    for k in (0, 3, 6):
        answer = np.where(readings.visible(s, k), s.y, likely)
        scored = (answer == s.y).mean()
        assert scored == pytest.approx(readings.best_accuracy(s, k), abs=0.005)


@pytest.mark.parametrize("placement", ["seen", "moved"])
def test_a_cue_stands_on_one_side_only(placement):
    s = readings.batch(np.random.default_rng(1), 3000, "train", placement)
    right = s.cue_at > s.at
    number = np.array(
        [
            CUES[READINGS[y]].index(VOCABULARY[s.ids[row, s.cue_at[row]]])
            for row, y in enumerate(s.y)
        ]
    )
    expected = right if placement == "seen" else ~right
    np.testing.assert_array_equal(number % 2 == 1, expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(readings.PARTS))
def test_a_sentence_written_without_spaces_is_split_as_it_was_made(seed, part):
    s = readings.batch(np.random.default_rng(seed), 1, part)
    text = s.text(0).replace(" ", "")
    np.testing.assert_array_equal(readings.encode(text), s.ids[0, : s.lengths[0]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: readings.batch(0, 3), "引数 rng は Generator です。"),
        (lambda: readings.batch(np.random.default_rng(), 0), "引数 B は 1 以上の整数"),
        (
            lambda: readings.batch(np.random.default_rng(), 1, "valid"),
            "引数 part は 'train', 'test' のどれか",
        ),
        (
            lambda: readings.batch(np.random.default_rng(), 1, "train", "left"),
            "引数 placement は 'both', 'seen', 'moved' のどれか",
        ),
        (lambda: readings.best_accuracy_in_theory(-1), "引数 k は 0 以上の整数"),
        (lambda: readings.encode("題は甘い"), "「甘い」の所が読めません。"),
        (lambda: readings.encode(" "), "引数 text は"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(call, message):
    with pytest.raises(ValueError, match=message):
        call()
