"""Keras での注意機構（第 6 章）: 加法の注意の層と、それを使う、写しのモデル。"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.keras_twins import keras
from rnnbook.tasks.symbols import START

layers, ops = keras.layers, keras.ops


class SimpleAttention(layers.Layer):
    """加法の注意。書く側のすべての時刻から、読む側のすべての時刻を見ます。

    encoder_output (B, S, H) と decoder_output (B, U, H) から、文脈のベクトル (B, U, H) と重み (B, U, S)。

    例:
        >>> h, s = np.ones((2, 5, 4), "float32"), np.ones((2, 3, 4), "float32")
        >>> context, weights = SimpleAttention(8)(h, s)
        >>> tuple(context.shape), tuple(weights.shape)
        ((2, 3, 4), (2, 3, 5))
    """

    def __init__(self, units: int) -> None:
        super().__init__()
        units = require_positive_int("units", units)
        self.W1 = layers.Dense(units)
        self.W2 = layers.Dense(units, use_bias=False)
        self.V = layers.Dense(1, use_bias=False)

    def call(self, encoder_output, decoder_output):
        from_h = ops.expand_dims(self.W1(encoder_output), 1)  # (B, 1, S, A)
        from_s = ops.expand_dims(self.W2(decoder_output), 2)  # (B, U, 1, A)
        score = self.V(ops.tanh(from_h + from_s))  # (B, U, S, 1)
        # 和を 1 にするのは、読む側の軸 S
        weights = ops.softmax(score, axis=2)
        context = ops.sum(weights * ops.expand_dims(encoder_output, 1), axis=2)
        return context, weights[..., 0]


def keras_copier(V: int, H: int, learning_rate: float = 0.01) -> keras.Model:
    """読んだ列と、一つ前の記号の列から、次の記号の確率 (B, U, V) と重み (B, U, S) を出すモデル。

    例:
        >>> model = keras_copier(V=11, H=8)
        >>> [tuple(shape) for shape in model.output_shape]
        [(None, None, 11), (None, None, None)]
    """
    V, H = require_positive_int("V", V), require_positive_int("H", H)
    read, given = (keras.Input((None,), dtype="int32") for _ in range(2))
    encoder = layers.LSTM(H, return_sequences=True, return_state=True)
    encoder_output, *last = encoder(layers.Embedding(V, H)(read))
    decoder = layers.LSTM(H, return_sequences=True)
    decoder_output = decoder(layers.Embedding(V, H)(given), initial_state=last)
    context, weights = SimpleAttention(H)(encoder_output, decoder_output)
    both = layers.Concatenate()([context, decoder_output])
    p = layers.Dense(V, activation="softmax")(layers.Dense(H, activation="tanh")(both))
    model = keras.Model([read, given], [p, weights])
    rule = keras.optimizers.Adam(learning_rate)
    # 学習の答えは記号だけで、重みの答えは与えません
    model.compile(rule, loss=["sparse_categorical_crossentropy", None])
    return model


def keras_write(model: keras.Model, x: np.ndarray, U: int) -> np.ndarray:
    """自分の書いた記号を渡しながら、U 個の記号 (B, U) を書きます。

    例:
        >>> keras_write(keras_copier(V=11, H=8), np.array([[3, 4, 5]]), 2).shape
        (1, 2)
    """
    x = require_array("x", x, ("B", "S"))
    given = np.full((len(x), require_positive_int("U", U)), START)
    for u in range(U):
        p, _ = model.predict_on_batch([x, given])
        written = p[:, u].argmax(axis=1)
        if u + 1 < U:
            given[:, u + 1] = written
    return np.column_stack([given[:, 1:], written])
