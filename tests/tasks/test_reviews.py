"""感想の問題: 答えは作品の形容だけで決まり、語の数からは逆接の文の半分しか分かりません。"""

import numpy as np
import pytest

from rnnbook.tasks import reviews
from rnnbook.tasks.reviews import AGAINST, BAD, CONNECTIVES, GOOD, NUMBER, ROLES


def some(B=2000, part="train", **how):
    return reviews.batch(np.random.default_rng(0), B, part, **how)


def word(made, role):
    return made.ids[np.arange(len(made.y)), reviews.places(made, role)]


def is_good(ids):
    return np.isin(ids, [NUMBER[w] for w in GOOD])


def test_the_sentence_of_the_chapter_can_be_made():
    made = some(20_000, "test", connectives=("が、",))
    texts = {made.text(row) for row in range(len(made.y))}
    assert "私は映画は好きだが、この作品は退屈だった。" in texts


@pytest.mark.parametrize("part", reviews.PARTS)
def test_the_answer_is_the_word_of_the_work_and_the_connective_ties_the_other(part):
    made = some(part=part)
    np.testing.assert_array_equal(is_good(word(made, "作品の形容")), made.y == 1)
    against = made.connective < len(AGAINST)
    of_topic = is_good(word(made, "話題の形容"))
    np.testing.assert_array_equal(of_topic != (made.y == 1), against)


def test_each_role_stands_at_its_place_in_both_orders():
    made = some()
    for role, words in (
        ("この作品は", ["この作品は"]),
        ("接続", CONNECTIVES),
        ("だった", ["だった"]),
        ("だ", ["だ", "な"]),
    ):
        assert np.isin(word(made, role), [NUMBER[w] for w in words]).all(), role
    assert (np.sort(reviews.PLACES, axis=1) == np.arange(len(ROLES))).all()


def test_na_stands_only_before_noni_and_node():
    made = some(300)
    for row in range(300):
        text = made.text(row)
        assert ("なのに" in text or "なので" in text) == (
            "な" in text.replace("なか", "")
        )
        assert "だのに" not in text and "だので" not in text


def test_a_count_of_words_tells_nothing_in_a_sentence_of_contrast():
    # 同じ語の集まりが、逆接では、どちらの答えも同じくらい持ちます
    made = some(40_000, connectives=("が、",))
    pairs = {}
    for ids, y in zip(np.sort(made.ids, axis=1), made.y, strict=True):
        pairs.setdefault(tuple(ids), []).append(y)
    shares = [np.mean(found) for found in pairs.values() if len(found) >= 20]
    assert len(shares) > 100 and 0.4 < np.mean(shares) < 0.6


def test_no_pair_of_the_test_is_trained_but_every_word_is():
    def pairs(made):
        roles = ("話題の形容", "作品の形容")
        number = [word(made, role) - NUMBER[GOOD[0]] for role in roles]
        return {(a % len(GOOD), b % len(GOOD)) for a, b in zip(*number, strict=True)}

    train, test = some(8000), some(8000, "test")
    assert not pairs(train) & pairs(test)
    assert set(word(train, "作品の形容")) == {NUMBER[w] for w in GOOD + BAD}
    assert set(word(train, "話題の形容")) == {NUMBER[w] for w in GOOD + BAD}


def test_hiding_and_turning_change_one_word_only():
    made = some()
    for changed, role in (
        (reviews.without(made, "接続"), "接続"),
        (reviews.opposite(made, "作品の形容"), "作品の形容"),
    ):
        different = changed != made.ids
        assert (different.sum(axis=1) == 1).all()
        np.testing.assert_array_equal(
            different.argmax(axis=1), reviews.places(made, role)
        )
    turned = made._replace(ids=reviews.opposite(made, "作品の形容"))
    np.testing.assert_array_equal(is_good(word(turned, "作品の形容")), made.y == 0)
    again = reviews.opposite(turned, "作品の形容")
    np.testing.assert_array_equal(again, made.ids)
