"""最小の対: 四つの文は合図と終わりだけが違い、終わりは同じ長さで、合図は学習の文章にあります。"""

import numpy as np
import pytest

from rnnbook.datasets.essays import text_of
from rnnbook.tasks import minimal_pairs
from rnnbook.tasks.minimal_pairs import PATTERNS, PHRASE, PHRASES

LENGTHS = (0, 1, 2, 4)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("phrases", LENGTHS)
def test_the_four_sentences_differ_in_the_cue_and_the_ending_only(pattern, phrases):
    made = minimal_pairs.questions(np.random.default_rng(0), pattern, phrases, 200)
    assert len(set(made)) == 200
    for (one, two), (first, second) in made:
        a, b = PATTERNS[pattern].cues
        assert one.count(a) == 1 and one.replace(a, b) == two
        after = one[one.index(a) + len(a) :]
        assert len(after) == PHRASE * phrases
        assert (first, second) in PATTERNS[pattern].endings and first != second
        assert len(first) == len(second)


TEXT = text_of("train")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_cue_is_in_the_essays_in_its_sense_and_calls_for_its_ending(pattern):
    (one, fitting), (two, against) = minimal_pairs.support(TEXT, pattern)
    assert one >= 30 and two >= 30
    assert fitting / one > 0.8 and against / two < 0.4


@pytest.mark.parametrize(
    ("text", "pattern", "counts"),
    [
        ("たしかに見た。しかし、しかも、うれしかった。", "しか…ない", (0, 0)),
        ("山にしか行かない。二つしかなかった。", "しか…ない", (2, 0)),
        ("行くかもしれない。もしくは、もし行けば。", "たとえ…ても", (0, 1)),
        ("たとえばこれでも。たとえ来ても。", "たとえ…ても", (1, 0)),
    ],
)
def test_a_cue_inside_another_word_is_not_counted(text, pattern, counts):
    assert tuple(n for n, _ in minimal_pairs.support(text, pattern)) == counts


def test_every_phrase_has_the_stated_length():
    assert {len(phrase) for phrase in PHRASES} == {PHRASE}


def test_scores_that_do_not_see_the_cue_are_right_in_exactly_half():
    rng = np.random.default_rng(0)
    blind = np.repeat(rng.normal(size=(200, 1, 2)), 2, axis=1)
    assert minimal_pairs.accuracy(blind) == minimal_pairs.turned(blind) == 0.5


def test_a_preference_for_one_ending_changes_the_pairs_but_not_the_turn():
    rng = np.random.default_rng(0)
    found = rng.normal(size=(200, 2, 2))
    leaning = found + np.array([9.0, 0.0])
    assert minimal_pairs.accuracy(leaning) == 0.5
    assert minimal_pairs.turned(leaning) == minimal_pairs.turned(found)


def test_more_questions_than_there_are_is_refused():
    with pytest.raises(
        ValueError, match="引数 count は、型 助詞 に句 0 個では 288 以下"
    ):
        minimal_pairs.questions(np.random.default_rng(0), "助詞", 0, 289)
