"""損失が小さすぎる誤り（リーク）と、二度と同じにならない誤り。"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from rnnbook.models.recurrent import Recurrent
from rnnbook.training.checks import data, outputs
from rnnbook.training.checks.finding import Finding


def scaled_on_future(mended: bool) -> Finding:
    """系列の全体の平均と標準偏差で、標準化します。"""
    series = np.cumsum(np.random.default_rng(0).normal(size=200))

    def prepare(series):
        known = series[:100] if mended else series  # 学習の期間だけ
        return (series - known.mean()) / known.std()

    return data.past_is_unchanged(prepare, series, t=150)


def shuffled_time(mended: bool) -> Finding:
    """一本の系列から切った窓を、無作為に学習と試験に分けます。"""
    width, starts = 24, np.arange(200)
    order = starts if mended else np.random.default_rng(0).permutation(starts)
    train, test = order[:150], order[150:]
    if mended:
        test = test[test >= train.max() + width]  # 境の窓は捨てる
    return data.split_follows_time(train, test, width)


def unshifted_target(mended: bool) -> Finding:
    """教師強制の入力を、一つずらさずに渡します。"""
    y = torch.randint(1, 9, (16, 10))  # 書く記号 (B, T)
    start = torch.zeros(16, 1, dtype=torch.long)  # 始まりの記号
    x = torch.cat([start, y[:, :-1]], dim=1) if mended else y
    return data.answer_is_not_in_input(x, y)


def reads_backwards(mended: bool) -> Finding:
    """次の値を当てる問題を、両方向の RNN に解かせます。"""
    model = Recurrent(
        H=8, O=1, D=1, cell="gru", every_step=True, bidirectional=not mended
    )
    return outputs.does_not_look_ahead(model, torch.randn(4, 10, 1))


def gates_in_other_order(mended: bool) -> Finding:
    """PyTorch の GRU の重みを、並べ替えずに Keras へ写します。"""
    from rnnbook.models.keras_twins import keras

    gru = nn.GRU(3, 4, batch_first=True)
    twin = keras.layers.GRU(4, return_sequences=True, reset_after=True)
    twin.build((None, None, 3))
    weights = []
    for kind in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        r, z, n = getattr(gru, kind).detach().chunk(3)  # PyTorch は r, z, h̃ の順
        weights.append(torch.cat([z, r, n] if mended else [r, z, n]).numpy())
    W_x, W_h, b_x, b_h = weights
    twin.set_weights([W_x.T, W_h.T, np.stack([b_x, b_h])])

    def keras_model(x):
        return torch.from_numpy(keras.ops.convert_to_numpy(twin(x.numpy())))

    return outputs.same_answers(lambda x: gru(x)[0], keras_model, torch.randn(5, 7, 3))


class Noisy(Dataset):
    """読むたびに雑音を足すデータ。"""

    def __init__(self, by_index: bool):
        self.rng, self.by_index = np.random.default_rng(0), by_index

    def __len__(self) -> int:
        return 8

    def __getitem__(self, index: int) -> np.ndarray:
        # 乱数発生器は、ワーカーごとに写される
        rng = np.random.default_rng([0, index]) if self.by_index else self.rng
        return rng.normal(size=3)


def same_noise_in_workers(mended: bool) -> Finding:
    """データに持たせた乱数発生器で、二つのワーカーが雑音を作ります。"""
    loader = DataLoader(Noisy(by_index=mended), batch_size=2, num_workers=2)
    return data.workers_differ(torch.cat(list(loader)))
