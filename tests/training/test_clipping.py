"""手で書いたクリッピングが、PyTorch のものと同じで、言ったとおりの性質を持つこと。"""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.training.clipping import clip_by_norm, clip_by_value, total_norm

any_gradients = given(
    seed=st.integers(0, 2**32 - 1),
    size=st.sampled_from([1e-3, 1.0, 1e3]),
    limit=st.floats(0.01, 10.0),
)


def gradients(seed, size):
    rng = np.random.default_rng(seed)
    return [size * rng.normal(size=shape) for shape in ((4, 3), (4, 4), (4,))]


def by_torch(grads, function, limit):
    parameters = [torch.nn.Parameter(torch.zeros(g.shape).double()) for g in grads]
    for parameter, g in zip(parameters, grads, strict=True):
        parameter.grad = torch.from_numpy(g.copy())
    function(parameters, limit)
    return [parameter.grad.numpy() for parameter in parameters]


@any_gradients
def test_clipping_by_norm_equals_torch(seed, size, limit):
    grads = gradients(seed, size)
    theirs = by_torch(grads, torch.nn.utils.clip_grad_norm_, limit)
    for a, b in zip(clip_by_norm(grads, limit), theirs, strict=True):
        # PyTorch は割る前にノルムへ 1e-6 を足します
        np.testing.assert_allclose(a, b, rtol=2e-6 / min(limit, 1) + 1e-12)


@any_gradients
def test_clipping_by_value_equals_torch(seed, size, limit):
    grads = gradients(seed, size)
    theirs = by_torch(grads, torch.nn.utils.clip_grad_value_, limit)
    for a, b in zip(clip_by_value(grads, limit), theirs, strict=True):
        np.testing.assert_array_equal(a, b)


@any_gradients
def test_clipping_by_norm_keeps_the_direction_and_never_exceeds_the_limit(
    seed, size, limit
):
    grads = gradients(seed, size)
    clipped = clip_by_norm(grads, limit)
    assert total_norm(clipped) <= limit * (1 + 1e-12)
    before, after = (np.concatenate([g.ravel() for g in s]) for s in (grads, clipped))
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    assert cosine == pytest.approx(1.0, abs=1e-12)


def test_a_gradient_within_the_limit_is_left_as_it_is():
    grads = gradients(0, 1e-3)
    for clip in (clip_by_norm, clip_by_value):
        assert all(map(np.array_equal, clip(grads, 1.0), grads))


def test_clipping_by_value_turns_the_gradient():
    (clipped,) = clip_by_value([np.array([100.0, 1.0])], limit=1.0)
    assert clipped.tolist() == [1.0, 1.0]  # 45 度の向きになります


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
def test_nan_and_a_negative_limit_are_refused_by_name(clip):
    with pytest.raises(ValueError, match=r"引数 grads\[1\] は有限の数"):
        clip([np.ones(2), np.array([np.nan])], 1.0)
    with pytest.raises(ValueError, match=r"引数 (max_norm|limit) は 0\.0 以上"):
        clip([np.ones(2)], -1.0)
