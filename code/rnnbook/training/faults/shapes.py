"""止まらずに、例や時刻が混ざる誤り。"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from rnnbook.training.checks import data, outputs
from rnnbook.training.checks.finding import Finding


def batch_first(mended: bool) -> Finding:
    """(B, T, D) の入力を、(T, B, D) と読む層に渡します。"""
    gru = nn.GRU(3, 8, batch_first=mended)
    x = torch.randn(5, 7, 3)  # (B, T, D)
    return outputs.examples_are_independent(lambda x: gru(x)[0][:, -1], x)


def reshaped(mended: bool) -> Finding:
    """全時刻の h (B, T, H) を、reshape で (T, B, H) にして、最後を取ります。"""
    gru = nn.GRU(3, 8, batch_first=True)

    def model(x):
        h = gru(x)[0]  # (B, T, H)
        B, T, H = h.shape
        if mended:
            return h.transpose(0, 1)[-1]  # 軸を入れ替える
        return h.reshape(T, B, H)[-1]  # 並びはそのまま、切る所だけ変わる

    return outputs.examples_are_independent(model, torch.randn(5, 7, 3))


def two_directions(mended: bool) -> Finding:
    """両方向の最後の状態 (2, B, H) を、reshape でつなげます。"""
    gru = nn.GRU(3, 8, batch_first=True, bidirectional=True)

    def model(x):
        h = gru(x)[1]  # (2, B, H)
        if mended:
            return torch.cat([h[0], h[1]], dim=1)  # (B, 2H)
        return h.reshape(len(x), -1)

    return outputs.examples_are_independent(model, torch.randn(5, 7, 3))


def broadcast(mended: bool) -> Finding:
    """予測 (B, 1) と正解 (B,) の差を取ります。"""
    prediction, y = torch.randn(8, 1), torch.randn(8)
    return data.shapes_match(prediction[:, 0] if mended else prediction, y)


def reads_padding(mended: bool) -> Finding:
    """長さの違う系列を埋めて、最後の列の状態で答えます。"""
    gru = nn.GRU(3, 8, batch_first=True)

    def model(x, lengths):
        if mended:  # 本当の終わりまでを詰めて読む
            x = pack_padded_sequence(x, lengths, True, enforce_sorted=False)
            return gru(x)[1][0]
        return gru(x)[0][:, -1]

    return outputs.padding_is_ignored(
        model, torch.randn(4, 7, 3), torch.tensor([7, 5, 3, 2])
    )


def keras_without_mask(mended: bool) -> Finding:
    """Keras の層に、0 で埋めた系列を、そのまま読ませます。"""
    from rnnbook.models.keras_twins import keras

    keras.utils.set_random_seed(0)
    gru = keras.layers.GRU(8)
    mask = keras.layers.Masking(mask_value=0.0)  # どの特徴も 0 の時刻を飛ばす

    def model(x):
        x = x.numpy()
        h = gru(x, mask=mask.compute_mask(x)) if mended else gru(x)
        return torch.from_numpy(keras.ops.convert_to_numpy(h))

    x = torch.randn(4, 5, 3)
    return outputs.padding_adds_nothing(model, x, nn.functional.pad(x, (0, 0, 0, 3)))


def dropout_left_on(mended: bool) -> Finding:
    """学習を終えて、model.eval() を呼ばずに答えさせます。"""
    model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    model.train()  # 学習のループが呼ぶ
    if mended:
        model.eval()
    return outputs.answers_repeat(model, torch.randn(5, 3))
