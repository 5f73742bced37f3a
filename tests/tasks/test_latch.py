import numpy as np
import pytest

from rnnbook.tasks import latch


def test_the_answer_is_the_sign_of_the_first_value_and_the_rest_is_noise():
    x, y = latch.batch(np.random.default_rng(0), 4000, 30)
    np.testing.assert_array_equal(np.where(x[:, 0, 0] > 0, 1, 0), y)
    np.testing.assert_array_equal(abs(x[:, 0, 0]), 1)
    noise = x[:, 1:, 0]
    assert abs(noise.mean()) < 0.003
    assert noise.std() == pytest.approx(latch.NOISE, rel=0.02)
    correlation = (noise * (2 * y - 1)[:, np.newaxis]).mean(axis=0) / latch.NOISE
    assert abs(correlation).max() < 5 / np.sqrt(4000)  # 雑音は答えを漏らしません


def test_the_best_answer_from_the_last_value_alone_is_the_baseline():
    rng, T = np.random.default_rng(1), 20
    x, y = latch.batch(rng, 20000, T)
    bins = np.digitize(x[:, -1, 0], np.linspace(-0.5, 0.5, 9))
    best = sum(np.bincount(y[bins == b], minlength=2).max() for b in np.unique(bins))
    assert best / 20000 == pytest.approx(latch.baseline(T), abs=0.02)


def test_a_running_sum_drowns_in_noise_as_the_docstring_says():
    x, y = latch.batch(np.random.default_rng(0), 4000, 100)
    total = x[:, :, 0].sum(axis=1)
    spread = (total - x[:, 0, 0]).std()
    assert spread == pytest.approx(latch.NOISE * np.sqrt(99), rel=0.05)  # 約 2
    assert 0.6 < ((total > 0) == y).mean() < 0.8
