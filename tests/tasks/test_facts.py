"""事実の問題: 文は書いたとおりの値を持ち、問いは読み終えてから、どの事実にも及びます。"""

import numpy as np
import pytest

from rnnbook.tasks import facts


def some(B=200, S=4, seed=0):
    return facts.batch(np.random.default_rng(seed), B, S)


def test_the_words_of_a_sentence_say_its_values():
    story = some(B=20)
    for row in range(20):
        for s, (person, values) in enumerate(
            zip(story.people[row], story.values[row], strict=True)
        ):
            spoken = story.text(row).split("。")[s].split()
            day, thing, deed, future, negated = values
            assert spoken == [
                f"{facts.PEOPLE[person]}は",
                f"{facts.DAYS[day]}に",
                f"{facts.THINGS[thing]}を",
                facts.DEEDS[deed],
                facts.ENDINGS[2 * future + negated],
            ]
            assert ("ない" in spoken[4] or "なかった" in spoken[4]) == negated


def test_nobody_appears_twice_in_a_story():
    people = some(S=facts.LARGEST).people
    assert (np.sort(people, axis=1) == np.arange(facts.LARGEST)).all()


def test_the_values_are_uniform_and_independent():
    values = some(B=20_000, S=1).values[:, 0]
    for kind, size in enumerate(facts.SIZES):
        share = np.bincount(values[:, kind], minlength=size) / len(values)
        np.testing.assert_allclose(share, 1 / size, atol=5 * np.sqrt(0.25 / 20_000))
    assert np.abs(np.corrcoef(values.T) - np.eye(5)).max() < 0.04


def test_a_question_is_answered_by_the_sentence_of_that_person():
    story = some(B=50)
    rows = np.random.default_rng(1).integers(0, 4, (50, 3))
    asked, answers = facts.questions(story, rows)
    person, kind = asked // 5, asked % 5
    for b in range(50):
        for n in range(15):
            s = list(story.people[b]).index(person[b, n])
            assert (
                answers[b, n]
                == facts.FIRST[kind[b, n]] + story.values[b, s, kind[b, n]]
            )


def test_remembering_the_values_but_not_whose_is_worth_one_sentence_of_two():
    # 文が二つなら、値を覚えても、だれのかは二つに一つ: 1/2 + 1/2 · 1/n
    accuracy = 1 / 2 + 1 / 2 / facts.SIZES
    assert facts.kept(accuracy, 2) == pytest.approx(5)
    assert facts.best_without_names(some(B=20_000, S=2)) == pytest.approx(5, abs=0.1)


def test_the_best_answer_without_names_is_the_commonest_value():
    # 手で数えた話: 「いつ」は 3, 3, 1、ほかはすべて同じ値
    story = some(B=1, S=3)
    values = np.zeros((1, 3, 5), dtype=int)
    values[0, :, 0] = 3, 3, 1
    expected = facts.kept(np.array([2 / 3, 1, 1, 1, 1]), 3)
    assert facts.best_without_names(story._replace(values=values)) == expected


def test_too_many_sentences_are_refused():
    with pytest.raises(ValueError, match="引数 S は、人の数 8 以下"):
        some(S=9)
