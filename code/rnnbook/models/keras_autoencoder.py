"""よく見る LSTM オートエンコーダを、Keras で書いたもの（第 9 章）。"""

from __future__ import annotations

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.keras_twins import keras

layers = keras.layers


def keras_autoencoder(T: int, activation: str) -> keras.Model:
    """窓 (B, T, 1) を 16 個の数に縮め、(B, T, 1) に戻すモデル。activation は "relu" か "tanh" です。

    例:
        >>> keras_autoencoder(T=50, activation="relu").count_params()
        15905
    """
    T = require_positive_int("T", T)
    require_choice("activation", activation, ("relu", "tanh"))
    act = {"activation": activation}
    model = keras.Sequential(
        [
            layers.Input((T, 1)),
            # 符号化器: 終わりの h（16 個の数）だけを渡します
            layers.LSTM(32, return_sequences=True, **act),
            layers.LSTM(16, **act),
            # 復号器: 同じ 16 個の数を、T 回読みます
            layers.RepeatVector(T),
            layers.LSTM(16, return_sequences=True, **act),
            layers.LSTM(32, return_sequences=True, **act),
            layers.TimeDistributed(layers.Dense(1)),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    return model
