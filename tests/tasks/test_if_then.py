import numpy as np
import pytest

from rnnbook.tasks import if_then


@pytest.mark.parametrize("T", [4, 5, 24])
def test_the_sentence_reads_as_written_and_its_condition_is_the_answer(T):
    ids, y = if_then.batch_ids(np.random.default_rng(0), 300, T)
    for sentence, answer in zip(ids, y, strict=True):
        first, condition, *fillers, then, target = if_then.words(sentence).split()
        assert (first, then, target) == ("if", "then", "TARGET")
        assert ("sports", "politics", "food")[answer] == condition
        assert len(fillers) == T - 4 and set(fillers) <= set(if_then.FILLERS)


def test_the_one_hot_input_is_the_same_sentence():
    ids, y = if_then.batch_ids(np.random.default_rng(0), 50, 24)
    x, y_again = if_then.batch(np.random.default_rng(0), 50, 24)
    np.testing.assert_array_equal(x.argmax(axis=2), ids)
    assert (x.sum(axis=2) == 1).all()
    np.testing.assert_array_equal(y, y_again)


def test_every_word_has_one_number_in_every_batch():
    assert len(set(if_then.VOCABULARY)) == if_then.D == 14
    for seed in range(5):
        ids, y = if_then.batch_ids(np.random.default_rng(seed), 40, 24)
        assert set(zip(ids[:, 1].tolist(), y.tolist(), strict=True)) <= {
            (1, 0),
            (2, 1),
            (3, 2),
        }


def test_nothing_after_the_condition_tells_the_answer():
    ids, y = if_then.batch_ids(np.random.default_rng(0), 30000, 8)
    assert len(np.unique(ids[:, -2:], axis=0)) == 1
    assert np.bincount(y).max() / 30000 == pytest.approx(if_then.baseline(8), abs=0.01)
    for place in range(2, 6):  # 一語を見て最も多い答えを選んでも、1/3 のまま
        best = sum(np.bincount(y[ids[:, place] == word]).max() for word in range(4, 12))
        assert best / 30000 == pytest.approx(if_then.baseline(8), abs=0.02)


def test_decoys_take_their_share_of_the_fillers_and_never_the_condition():
    ids, y = if_then.batch_ids(np.random.default_rng(0), 2000, 24, decoys=0.3)
    conditions = [if_then.VOCABULARY.index(c) for c in if_then.CONDITIONS]
    share = np.isin(ids[:, 2:-2], conditions).mean()
    assert share == pytest.approx(0.3, abs=0.01)
    np.testing.assert_array_equal(ids[:, 1] - conditions[0], y)


def test_the_bound_without_order_is_the_best_answer_counted_from_many_sentences():
    # 参照: 条件の語の数 (n_0, n_1, n_2) ごとに、いちばん多かった答えを答えたときの正解率
    ids, y = if_then.batch_ids(np.random.default_rng(0), 200_000, 8, decoys=0.5)
    first = if_then.VOCABULARY.index(if_then.CONDITIONS[0])
    n = (ids[..., None] == first + np.arange(3)).sum(axis=1)  # (B, 3)
    _, group = np.unique(n, axis=0, return_inverse=True)
    counts = np.zeros((group.max() + 1, 3))
    np.add.at(counts, (group.ravel(), y), 1)
    expected = counts.max(axis=1).sum() / len(y)
    assert if_then.best_without_order(ids) == pytest.approx(expected, abs=3e-3)


def test_the_share_of_decoys_is_checked():
    with pytest.raises(ValueError, match="引数 decoys"):
        if_then.batch_ids(np.random.default_rng(0), 3, 24, decoys=1.5)
