"""文字の言語モデル CharacterModel と同じものを、Keras で書きます（第 8 章）。

    keras.layers.Embedding(V, E)
    keras.layers.GRU(H, return_sequences=True, stateful=True)   続けて呼ぶと、状態が引き継がれる
    keras.layers.Dense(E)
    o Eᵀ + b                                                    入り口の表を、出口でも使う

stateful=True の層は、バッチの大きさ B を先に決め、前に読み終えた状態を自分で持ちます。新しい文章を
読む前には、状態を 0 に戻します（reset）。昔の引数 input_length は、Keras 3 では要りません。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_instance, require_positive_int
from rnnbook.models.character_model import CharacterModel
from rnnbook.models.keras_twins import keras

layers, ops = keras.layers, keras.ops


class KerasCharacters(keras.Model):
    """番号 (B, T) から、次の文字の点 (B, T, V)。状態は層が持ち、次の呼び出しに引き継ぎます。

    例:
        >>> twin = KerasCharacters(V=10, E=4, H=6, B=1)
        >>> tuple(twin(np.array([[1, 2, 3]])).shape)
        (1, 3, 10)
    """

    def __init__(self, V: int, E: int, H: int, B: int = 1) -> None:
        super().__init__()
        V, E = require_positive_int("V", V), require_positive_int("E", E)
        H, B = require_positive_int("H", H), require_positive_int("B", B)
        self.embedding = layers.Embedding(V, E)
        self.recurrent = layers.GRU(H, return_sequences=True, stateful=True)
        self.project = layers.Dense(E)
        self.bias = self.add_weight(shape=(V,), initializer="zeros", name="bias")
        self.embedding.build((B, None))
        self.recurrent.build((B, None, E))
        self.project.build((B, None, H))
        self.built = True

    def call(self, x):
        h = self.recurrent(self.embedding(x))  # (B, T, H)
        o = self.project(h)  # (B, T, E)
        # o Eᵀ + b
        return ops.matmul(o, ops.transpose(self.embedding.embeddings)) + self.bias

    def reset(self) -> None:
        """状態を 0 に戻します。"""
        self.recurrent.reset_state()


def keras_twin(model: CharacterModel, B: int = 1) -> KerasCharacters:
    """PyTorch の GRU の model と、同じ重みの Keras のモデル。

    どちらも h_t = z h_{t−1} + (1 − z) h̃_t ですが、ゲートの並びが違います（PyTorch は r, z, h̃、Keras は z, r, h̃）。
    """
    require_instance("model", model, CharacterModel)
    gru, (V, E) = model.recurrent, model.embedding.weight.shape
    if model.recurrent.mode != "GRU":
        raise ValueError(
            "引数 model は GRU の CharacterModel です。"
            f"{model.recurrent.mode} のモデルが渡されました。"
        )

    def gates(weights) -> np.ndarray:
        r, z, new = np.split(weights.detach().numpy(), 3)
        return np.concatenate([z, r, new])

    twin = KerasCharacters(V, E, gru.hidden_size, B)
    twin.embedding.set_weights([model.embedding.weight.detach().numpy()])
    twin.recurrent.set_weights(
        [
            gates(gru.weight_ih_l0).T,  # (E, 3H)
            gates(gru.weight_hh_l0).T,  # (H, 3H)
            np.stack([gates(gru.bias_ih_l0), gates(gru.bias_hh_l0)]),  # (2, 3H)
        ]
    )
    project = model.project
    twin.project.set_weights([w.detach().numpy() for w in _transposed(project)])
    twin.bias.assign(model.bias.detach().numpy())
    return twin


def _transposed(linear) -> tuple:
    return linear.weight.T, linear.bias
