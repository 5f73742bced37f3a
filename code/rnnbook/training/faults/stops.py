"""エラーで止まる誤り（状態、形、値の種類）。"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from rnnbook.training.checks.finding import Finding
from rnnbook.training.checks.running import runs_through


def not_detached(mended: bool) -> Finding:
    """続きの状態を、勾配ごと次へ渡します。"""
    gru, readout = nn.GRU(1, 4, batch_first=True), nn.Linear(4, 1)

    def train():
        h = None
        for part in torch.randn(2, 12, 1).split(4, dim=1):  # 4 時刻ずつ
            out, h = gru(part, h)
            readout(out).square().mean().backward()
            if mended:
                h = h.detach()  # 値だけを渡す

    return runs_through(train)


def graph_retained(mended: bool) -> Finding:
    """止まらないように retain_graph=True を付け、重みを更新します。"""
    gru = nn.GRU(1, 4, batch_first=True)
    optimizer = torch.optim.SGD(gru.parameters(), lr=0.1)

    def train():
        h = None
        for part in torch.randn(2, 12, 1).split(4, dim=1):
            out, h = gru(part, h)
            out.square().mean().backward(retain_graph=not mended)
            optimizer.step()  # 残した計算の途中の重みを書き換える
            if mended:
                h = h.detach()

    return runs_through(train)


def last_batch_is_small(mended: bool) -> Finding:
    """状態を、例の数の違う次のバッチへ渡します。"""
    lstm = nn.LSTM(3, 8, batch_first=True)

    def train():
        state = None
        for x in torch.randn(10, 7, 3).split(4):  # 4、4、2 個
            if mended:
                state = None  # 別の例なので、0 から始める
            _, state = lstm(x, state)

    return runs_through(train)


def no_feature_axis(mended: bool) -> Finding:
    """一つの値の系列 (B, T) を、そのまま読ませます。"""
    gru, x = nn.GRU(1, 4, batch_first=True), torch.randn(8, 7)
    return runs_through(lambda: gru(x[..., None] if mended else x))


def double_input(mended: bool) -> Finding:
    """NumPy の配列（float64）を、そのまま読ませます。"""
    gru, data = nn.GRU(3, 4, batch_first=True), np.zeros((8, 7, 3))
    x = torch.from_numpy(data)
    return runs_through(lambda: gru(x.float() if mended else x))


def float_target(mended: bool) -> Finding:
    """クラスの番号を、実数で渡します。"""
    scores, y = torch.randn(4, 9), torch.tensor([1.0, 2.0, 3.0, 4.0])
    loss = nn.CrossEntropyLoss()
    return runs_through(lambda: loss(scores, y.long() if mended else y))


def class_axis_is_last(mended: bool) -> Finding:
    """全時刻の得点 (B, T, V) を、そのまま交差エントロピーに渡します。"""
    scores = torch.randn(4, 7, 9)  # (B, T, V)
    y = torch.zeros(4, 7, dtype=torch.long)  # (B, T)
    loss = nn.CrossEntropyLoss()
    return runs_through(lambda: loss(scores.mT if mended else scores, y))


def unsorted_lengths(mended: bool) -> Finding:
    """長さの順に並べずに、詰めます。"""
    x, lengths = torch.randn(4, 7, 3), torch.tensor([3, 7, 2, 5])
    return runs_through(
        lambda: pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=not mended
        )
    )


def outside_vocabulary(mended: bool) -> Finding:
    """番号を 1 から振り、語の数だけの埋め込みを用意します。"""
    words = ["石", "紙", "布"]
    ids = torch.tensor([words.index(w) + 1 for w in words])  # 0 は埋め草
    embedding = nn.Embedding(len(words) + (1 if mended else 0), 2, padding_idx=0)
    return runs_through(lambda: embedding(ids))


def tuple_in_sequential(mended: bool) -> Finding:
    """nn.Sequential に、nn.GRU をそのまま並べます。"""

    class Last(nn.Module):
        def forward(self, pair):
            return pair[0][:, -1]  # (全時刻の h, 最後の h) の、最後の時刻

    middle = [Last()] if mended else []
    model = nn.Sequential(nn.GRU(3, 4, batch_first=True), *middle, nn.Linear(4, 1))
    return runs_through(lambda: model(torch.randn(8, 7, 3)))


def tuple_between_layers(mended: bool) -> Finding:
    """nn.Sequential に、LSTM と GRU を続けて並べます。"""

    class States(nn.Module):
        def forward(self, pair):
            return pair[0]  # 全時刻の h (B, T, H)

    lstm, gru = nn.LSTM(3, 4, batch_first=True), nn.GRU(4, 4, batch_first=True)
    model = nn.Sequential(lstm, *([States()] if mended else []), gru)
    return runs_through(lambda: model(torch.randn(8, 7, 3)))
