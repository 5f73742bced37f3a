"""Keras で書いた文字の言語モデルは、PyTorch のものと同じ点を出し、状態を引き継ぎます。"""

import numpy as np
import pytest
import torch

from rnnbook.models.character_model import CharacterModel
from rnnbook.models.keras_characters import keras_twin


@pytest.fixture(scope="module")
def pair():
    torch.manual_seed(0)
    model = CharacterModel(V=23, E=7, H=11, frequencies=torch.arange(1.0, 24)).eval()
    return model, keras_twin(model, B=2)


def test_the_scores_are_the_same_with_the_same_weights(pair):
    model, twin = pair
    x = np.random.default_rng(0).integers(23, size=(2, 9))
    twin.reset()
    with torch.no_grad():
        expected, _ = model(torch.from_numpy(x))
    np.testing.assert_allclose(twin(x).numpy(), expected.numpy(), atol=1e-5)


def test_the_state_is_carried_until_it_is_reset(pair):
    _, twin = pair
    x = np.random.default_rng(1).integers(23, size=(2, 8))
    twin.reset()
    whole = twin(x).numpy()
    twin.reset()
    halves = np.concatenate([twin(x[:, :5]).numpy(), twin(x[:, 5:]).numpy()], 1)
    np.testing.assert_allclose(halves, whole, atol=1e-5)
    cold = (twin.reset(), twin(x[:, 5:]).numpy())[1]
    assert np.abs(cold - whole[:, 5:]).max() > 1e-3


def test_a_model_with_another_cell_is_named():
    with pytest.raises(ValueError, match="LSTM のモデル"):
        keras_twin(CharacterModel(V=5, E=3, H=4, cell="lstm"))
