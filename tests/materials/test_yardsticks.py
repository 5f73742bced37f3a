"""物差し: 最適な重みは Σ⁻¹ J_c と同じ向きで、どの線形の重みより誤差が小さいこと。"""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from rnnbook.materials import powder, yardsticks
from rnnbook.materials.diffraction import expected

THETA = np.array([[5.0, 0, 0, 0, 0, 0]])
J = powder.jacobian(THETA)[0]
MU = expected(*powder.values(THETA))[0]


def test_the_optimal_weights_point_along_the_inverse_covariance():
    w = yardsticks.optimal_weights(J, MU, powder.PRIOR)
    others = J[1:].T @ np.linalg.inv(powder.PRIOR[1:, 1:]) @ J[1:]
    direction = np.linalg.solve(np.diag(MU) + others, J[0])  # Σ⁻¹ dμ/dc
    cosine = w @ direction / np.linalg.norm(w) / np.linalg.norm(direction)
    assert cosine > 1 - 1e-9


def test_no_weights_have_a_smaller_error():
    w = yardsticks.optimal_weights(J, MU, powder.PRIOR)
    prior = np.linalg.inv(powder.PRIOR)

    def error(w):  # 答え w·(n − μ) の誤差の分散: 事前と雑音についての平均
        off = np.eye(6)[0] - J @ w
        return off @ prior @ off + w @ (MU * w)

    best = np.linalg.inv(powder.information(THETA)[0] + powder.PRIOR)[0, 0]
    assert error(w) == pytest.approx(best, rel=1e-6)
    rng = np.random.default_rng(0)
    near = [error(w * (1 + 0.1 * rng.normal(size=400))) for _ in range(20)]
    assert min(near) > best


def test_the_optimal_response_is_one_less_the_share_of_the_prior():
    told = yardsticks.optimal_responses(J, MU, powder.PRIOR)
    V = np.linalg.inv(powder.information(THETA)[0] + powder.PRIOR)
    np.testing.assert_allclose(told, np.eye(6)[0] - V[0] @ powder.PRIOR, atol=1e-9)
    assert 0.7 < told[0] < 1


def test_the_response_of_a_linear_model_is_its_weights_times_the_step():
    b = torch.arange(4.0, dtype=torch.float64)
    x, step = np.ones((2, 4)), np.array([0.0, 1.0, 0.0, 2.0])
    told = yardsticks.response(lambda x: x @ b, x, x + step, size=2.0)
    np.testing.assert_allclose(told, [3.5, 3.5])


def test_the_rank_correlation_is_that_of_scipy_with_ties():
    rng = np.random.default_rng(0)
    for _ in range(20):
        a, b = rng.integers(0, 9, size=(2, 30)).astype(float)
        assert yardsticks.spearman(a, b) == pytest.approx(spearmanr(a, b).statistic)


def test_random_maps_overlap_by_the_share_itself():
    rng = np.random.default_rng(0)
    pairs = rng.normal(size=(400, 2, 100))
    told = np.mean([yardsticks.top_overlap(a, b) for a, b in pairs])
    assert told == pytest.approx(0.1, abs=0.02)


def test_the_sign_of_a_map_does_not_count_in_the_agreement():
    maps = np.array([[1.0, -3.0, 2.0], [3.0, 2.0, 1.0]])
    assert yardsticks.agreement(maps, -maps) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: yardsticks.optimal_weights(J, 0 * MU, powder.PRIOR), "引数 mu"),
        (lambda: yardsticks.optimal_weights(J, MU, np.eye(3)), "引数 prior"),
        (lambda: yardsticks.spearman([1.0, 1.0], [1.0, 2.0]), "順位の相関"),
        (lambda: yardsticks.top_overlap([1.0, 2.0], [1.0]), "引数 b"),
        (
            lambda: yardsticks.response(lambda x: x[:, 0], [[1.0]], [[1.0]], 0),
            "引数 size",
        ),
    ],
)
def test_a_wrong_argument_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
