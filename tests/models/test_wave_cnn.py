"""窓の特徴を読む CNN: 畳み込みは式のとおりで、同じ山はどこにあっても同じ重みで読まれること。"""

import numpy as np
import pytest
import torch

from rnnbook.models.wave_cnn import WaveCNN


def layer(x, conv):
    """a_s = ReLU(Σ_j W_j x_{2s+j−2} + b)。式のまま、NumPy で。"""
    W, b = (p.detach().numpy() for p in (conv.weight, conv.bias))
    padded = np.pad(x, ((2, 2), (0, 0)))
    steps = (len(x) + 1) // 2
    out = [
        sum(W[:, :, j] @ padded[2 * s + j] for j in range(5)) + b for s in range(steps)
    ]
    return np.maximum(out, 0)  # (T/2, C)


@pytest.mark.parametrize("T", [32, 33, 34, 9, 1])
def test_the_answer_is_the_formula(T):
    torch.manual_seed(0)
    model = WaveCNN(T=T, D=3, C=4)
    x = torch.randn(2, T, 3)
    for k in range(2):
        a = layer(layer(x[k].numpy(), model.first), model.second)
        W, b = model.readout.weight[0].detach().numpy(), model.readout.bias.item()
        assert model(x)[k].item() == pytest.approx(W @ a.T.ravel() + b, abs=1e-5)


def test_a_wave_of_another_length_is_named():
    with pytest.raises(ValueError, match="T = 32"):
        WaveCNN(T=32, D=4)(torch.zeros(1, 16, 4))
    with pytest.raises(ValueError, match="引数 x"):
        WaveCNN(T=32, D=4)(torch.zeros(1, 32, 5))
