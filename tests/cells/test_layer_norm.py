"""手で書いた層正規化が、PyTorch に一致します（値も勾配も）。"""

import numpy as np
import pytest
import torch

from rnnbook.cells.layer_norm import NormParams, layer_norm, layer_norm_backward


def test_layer_norm_equals_that_of_pytorch_in_values_and_gradients():
    rng = np.random.default_rng(1)
    x, dy = rng.normal(size=(2, 4, 3, 5))
    params = NormParams(rng.normal(size=5), rng.normal(size=5))
    leaf, g, b = (torch.tensor(v, requires_grad=True) for v in (x, params.g, params.b))
    y = torch.nn.functional.layer_norm(leaf, (5,), g, b)
    y.backward(torch.tensor(dy))
    trace = layer_norm(x, params)
    grads, dx = layer_norm_backward(trace, params, dy)
    for name, ours, theirs in (
        ("y", trace.y, y.detach()),
        ("x", dx, leaf.grad),
        ("g", grads.g, g.grad),
        ("b", grads.b, b.grad),
    ):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12, err_msg=name)


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match=r"引数 b は形 \(3,\)"):
        NormParams(np.ones(3), np.zeros(2))
    with pytest.raises(ValueError, match=r"引数 x は形 \(…, 3\)"):
        layer_norm(np.ones((2, 4)), NormParams.fresh(3))
