"""書かせる抽選: 温度、top-k、top-p は理論どおりで、抽選の割合は確率に合います。"""

import numpy as np
import pytest
import torch

from rnnbook.models.sampling import (
    draw,
    keep_top_k,
    keep_top_p,
    probabilities,
    repeated,
    write,
)

Z = np.random.default_rng(0).normal(size=30) * 3


@pytest.mark.parametrize("tau", [0.3, 1.0, 2.5])
def test_the_temperature_divides_the_scores_as_pytorch_does(tau):
    expected = torch.softmax(torch.from_numpy(Z) / tau, 0).numpy()
    np.testing.assert_allclose(probabilities(Z, tau), expected, atol=1e-12)


def test_a_low_temperature_is_the_greedy_choice_and_a_high_one_is_uniform():
    assert probabilities(Z, 0.01).max() > 0.999
    np.testing.assert_allclose(probabilities(Z, 100), 1 / 30, rtol=0.2)


def test_scores_too_large_for_exp_still_give_probabilities():
    p = probabilities(np.array([5000.0, 4999.0, -5000.0]), 0.5)
    np.testing.assert_allclose(p, [1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2)), 0])


@pytest.mark.parametrize("k", [1, 4, 30, 99])
def test_top_k_keeps_the_k_largest_and_their_ratios(k):
    p = probabilities(Z)
    kept = keep_top_k(p, k)
    best = set(np.argsort(p)[::-1][:k])
    assert set(np.flatnonzero(kept)) == best
    ratio = kept[list(best)] / p[list(best)]
    np.testing.assert_allclose(ratio, ratio[0])
    assert kept.sum() == pytest.approx(1)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 1.0])
def test_top_p_keeps_the_fewest_that_reach_the_share(share):
    p = probabilities(Z)
    kept = keep_top_p(p, share) > 0
    assert p[kept].sum() >= share - 1e-12
    if kept.sum() > 1 and share < 1:
        assert p[kept].sum() - p[kept].min() < share


def test_a_banned_number_is_never_written():
    assert probabilities(Z, banned=(0, 3))[[0, 3]].tolist() == [0, 0]


def test_the_share_of_each_draw_is_its_probability():
    p = probabilities(Z, 2.0)
    rng = np.random.default_rng(1)
    found = np.bincount([draw(p, rng.random()) for _ in range(20_000)], minlength=30)
    # 二項分布の標準偏差の 5 倍まで
    limit = 5 * np.sqrt(20_000 * p * (1 - p))
    assert (np.abs(found - 20_000 * p) < limit).all()


def test_a_draw_at_the_very_end_has_a_probability():
    assert draw(np.array([0.5, 0.5, 0.0]), 1.0) == 1


def test_writing_carries_the_state_and_feeds_back_what_was_written():
    def step(k, state):
        """状態は、読んだ番号の和を 4 で割った余り。次は必ずその番号です。"""
        state = ((0 if state is None else state) + k) % 4
        return np.where(np.arange(4) == state, 0.0, -1e6), state

    # 1 + 2 = 3 → 3、3 + 3 = 6 → 2、2 + 2 = 4 → 0、0、0
    written = write(step, np.array([1, 2]), 5, np.random.default_rng(0))
    assert written.tolist() == [3, 2, 0, 0, 0]


def test_the_same_seed_writes_the_same_text():
    def step(k, state):
        return Z, state

    one, two = (
        write(step, np.array([0]), 40, np.random.default_rng(7), top_k=9).tolist()
        for _ in range(2)
    )
    assert one == two


def test_repeats_are_counted_against_everything_before():
    assert repeated("ああああ", 2) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: probabilities(np.zeros((2, 3))), "引数 z"),
        (lambda: probabilities(Z, -1.0), "引数 temperature"),
        (lambda: probabilities(Z, top_k=0), "引数 k"),
        (lambda: probabilities(Z, top_p=1.5), "引数 share"),
        (lambda: probabilities(Z, banned=(99,)), "引数 banned"),
        (lambda: draw(np.ones(3) / 3, 2.0), "引数 u"),
        (lambda: write(None, np.array([0]), 3, np.random.default_rng(0)), "引数 step"),
        (lambda: repeated("あ", 2), "引数 text"),
    ],
)
def test_a_wrong_argument_is_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()
