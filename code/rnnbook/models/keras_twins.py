"""PyTorch のモデルと同じものを Keras で書きます。Keras と TensorFlow を読み込むのは、本の中でこのファイルだけです。

TensorFlow は読み込むときと動くときに、記録を標準エラー出力へ書きます。章の頁に載らないように、
読み込む前に止めます。エラーは例外として届くので、失われません。
"""

from __future__ import annotations

import logging
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # 3: 致命的なエラーだけを出す
os.environ.setdefault(
    "TF_ENABLE_ONEDNN_OPTS", "0"
)  # 実行ごとに足す順が変わらないようにする

import keras

from rnnbook.arguments import require_positive_int

logging.getLogger("tensorflow").setLevel(logging.ERROR)


def keras_forecaster(
    T: int,
    H: int,
    learning_rate: float = 0.001,
) -> keras.Model:
    """Recurrent(H, O=1, D=1) と同じ形のモデルを Keras で作り、compile して返します。

    例:
        >>> keras_forecaster(T=50, H=16).count_params()  # 16*1 + 16*16 + 16 + 16 + 1
        305
    """
    T, H = require_positive_int("T", T), require_positive_int("H", H)
    model = keras.Sequential(
        [
            keras.layers.Input((T, 1)),
            keras.layers.SimpleRNN(H),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model
