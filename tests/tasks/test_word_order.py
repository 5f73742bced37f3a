"""語順の問題: 同じ語の集まりが二つの答えを持ち、試験の名詞の組は学習に現れません。"""

from collections import defaultdict

import numpy as np
import pytest

from rnnbook.tasks import word_order
from rnnbook.tasks.word_order import GA, NOUNS, VERBS, WO


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("犬が人を噛んだ", "犬"),
        ("人が犬を噛んだ", "人"),
        ("人を犬が噛んだ", "犬"),
        ("犬を人が噛んだ", "人"),
    ],
)
def test_the_four_sentences_of_the_chapter_are_in_the_test(text, doer):
    test = word_order.every_sentence("test")
    rows = [row for row in range(len(test.y)) if test.text(row) == text]
    assert [NOUNS[test.y[row]] for row in rows] == [doer]


@pytest.mark.parametrize("part", word_order.PARTS)
def test_the_doer_is_the_noun_before_the_particle_ga(part):
    for some in (
        word_order.batch(np.random.default_rng(0), 500, part),
        word_order.every_sentence(part),
    ):
        at = (some.ids == GA).argmax(axis=1)
        rows = np.arange(len(some.y))
        np.testing.assert_array_equal(some.ids[rows, at - 1], some.y)
        np.testing.assert_array_equal((some.ids[:, 1] == WO), some.scrambled)


def test_every_set_of_words_has_both_answers_equally_often():
    # 語の数だけから答えるときの最良の正解率が、ちょうど 1/2 であることです
    test, answers = word_order.every_sentence("test"), defaultdict(list)
    for ids, y in zip(test.ids, test.y, strict=True):
        answers[tuple(sorted(ids))].append(y)
    assert len(answers) == len(word_order.PAIRS["test"]) * len(VERBS)
    for found in answers.values():
        assert sorted(np.unique(found, return_counts=True)[1]) == [2, 2]


def test_the_first_noun_is_the_doer_in_half_of_the_sentences():
    test = word_order.every_sentence("test")
    assert (test.ids[:, 0] == test.y).mean() == 0.5


def test_no_pair_of_the_test_is_trained_but_every_noun_is():
    train, test = (
        {tuple(pair) for pair in word_order.PAIRS[part]} for part in ("train", "test")
    )
    assert not train & test and len(train | test) == 20 * 19 / 2
    some = word_order.batch(np.random.default_rng(0), 3000)
    assert set(some.y) == set(range(len(NOUNS)))
    assert set(some.ids[:, [0, 2]].ravel()) == set(range(len(NOUNS)))
    assert {tuple(sorted(ids[[0, 2]])) for ids in some.ids} <= train
