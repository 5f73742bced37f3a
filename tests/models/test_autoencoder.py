"""LSTM オートエンコーダ: 窓は K 個の数だけを通り、Keras のものは、解説の形と同じ大きさであること。"""

import numpy as np
import pytest
import torch

from rnnbook.models.autoencoder import Autoencoder


def test_the_window_passes_through_k_numbers_and_no_more():
    torch.manual_seed(0)
    model = Autoencoder(H=8, K=3).double()
    x = torch.randn(1, 20, 1, dtype=torch.float64)
    J = torch.autograd.functional.jacobian(model, x).reshape(20, 20)
    assert int(torch.linalg.matrix_rank(J, rtol=1e-8)) == 3


def test_each_window_is_read_by_itself():
    torch.manual_seed(0)
    model, x = Autoencoder(H=8, K=3), torch.randn(4, 20, 1)
    alone = torch.cat([model(one[None]) for one in x])
    torch.testing.assert_close(model(x), alone)


def test_sizes_that_are_no_whole_numbers_are_named():
    with pytest.raises(ValueError, match="引数 K は 1 以上の整数"):
        Autoencoder(H=8, K=0)


def test_the_keras_model_has_the_weights_its_layers_say():
    keras_autoencoder = pytest.importorskip(
        "rnnbook.models.keras_autoencoder"
    ).keras_autoencoder
    model = keras_autoencoder(50, "tanh")

    def lstm(D, H):
        return 4 * (D * H + H * H + H)

    whole = lstm(1, 32) + lstm(32, 16) + lstm(16, 16) + lstm(16, 32) + 32 + 1
    assert model.count_params() == whole
    assert model.predict(np.zeros((2, 50, 1)), verbose=0).shape == (2, 50, 1)
    with pytest.raises(ValueError, match="'relu', 'tanh' のどれか"):
        keras_autoencoder(50, "gelu")
