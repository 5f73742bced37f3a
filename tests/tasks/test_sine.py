import numpy as np
import pytest

from rnnbook.tasks import sine
from rnnbook.tasks.sine import sine_wave


def test_the_next_value_obeys_the_two_term_recurrence():
    x, y = sine_wave(n=20, T=10, rng=np.random.default_rng(0), step=0.3)
    series = np.concatenate([x[:, :, 0], y], axis=1)
    expected = 2 * np.cos(0.3) * series[:, 1:-1] - series[:, :-2]
    np.testing.assert_allclose(series[:, 2:], expected, atol=1e-12)


def test_phases_differ_and_cover_the_circle():
    x, _ = sine_wave(n=2000, T=1, rng=np.random.default_rng(0))
    assert abs(x.mean()) < 0.05
    assert x.std() == pytest.approx(
        np.sqrt(0.5), rel=0.05
    )  # 一様な位相の正弦の標準偏差


@pytest.mark.parametrize(
    ("arguments", "name"), [((0, 5), "n"), ((5, 0), "T"), ((5, 2.5), "T")]
)
def test_a_wrong_size_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"引数 {name} は 1 以上の整数"):
        sine_wave(*arguments, rng=np.random.default_rng(0))


def test_the_best_answer_from_the_last_point_alone_has_the_error_of_the_baseline():
    x, y = sine.batch(np.random.default_rng(0), 200_000, 2)
    now = x[:, -1]
    slope = (now * y).mean() / (now**2).mean()  # 最小二乗の ŷ = slope x_T
    assert slope == pytest.approx(np.cos(sine.STEP), abs=1e-3)
    error = np.mean((slope * now - y) ** 2)
    assert error == pytest.approx(sine.baseline(2), rel=0.02)
