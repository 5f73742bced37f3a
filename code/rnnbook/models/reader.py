"""読みを答えるモデルの、答える場所と、場所を選んだ損失（第 4 章）。モデルは Recurrent です。

前から読む   ŷ = W_hy h_{at+k} + b_y            語の位置 at から、k 語まで待って答えます
両側から読む ŷ = W_hy [→h_at; ←h_at] + b_y      語の位置で答えます
"""

from __future__ import annotations

import base64

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks import readings

# 二つの向きの分け合い方: (LSTM を共通にするか, 状態を足すか)
WAYS = {"added": (False, True), "shared": (True, False), "mirrored": (True, True)}
KINDS = ("forward", "both", *WAYS)
H, E = 32, 24


class TwoDirections(nn.Module):
    """両側から読む LSTM の、二つの向きの分け合い方を選べるもの。

    share: 二つの向きが、同じ LSTM を使う。
    add:   h_t = →h_t + ←h_t。同じ出力の重みが、両方の向きに掛かります。偽なら [→h_t ; ←h_t]。

    share と add の両方が真なら、文を逆順にしても、語の所の答えは変わりません。

    例:
        >>> model = TwoDirections(share=True, add=True)
        >>> tuple(model(torch.ones(2, 9, dtype=torch.long), torch.tensor([9, 4])).shape)
        (2, 9, 12)
    """

    def __init__(self, share: bool, add: bool) -> None:
        super().__init__()
        self.add = add
        self.embedding = nn.Embedding(readings.V, E)
        self.ahead = nn.LSTM(E, H, batch_first=True)
        self.back = self.ahead if share else nn.LSTM(E, H, batch_first=True)
        self.readout = nn.Linear(H if add else 2 * H, readings.O)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x (B, T) と本当の長さ (B,) から、全時刻の ŷ (B, T, O)。"""
        turned = backwards(x.shape[1], lengths)[..., None]  # (B, T, 1)
        e = self.embedding(x)
        h, _ = self.ahead(e)
        g, _ = self.back(e.gather(1, turned.expand_as(e)))  # 本当の終わりから読みます
        g = g.gather(1, turned.expand_as(g))  # もとの順に戻します
        return self.readout(h + g if self.add else torch.cat([h, g], dim=2))


def backwards(T: int, lengths: Tensor) -> Tensor:
    """埋めた所を動かさずに逆順にする番号 (B, T)。二度使うと、もとの順に戻ります。

    例:
        >>> backwards(5, torch.tensor([3, 5]))
        tensor([[2, 1, 0, 3, 4],
                [4, 3, 2, 1, 0]])
    """
    t = torch.arange(T, device=lengths.device)
    return torch.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)


def new_reader(kind: str) -> nn.Module:
    """kind が "forward" なら前から、"both" なら両側から読みます。

    "added"、"shared"、"mirrored" は、両側から読むものの、二つの向きの分け合い方（WAYS）を替えたものです。

    例:
        >>> new_reader("both").readout.in_features
        64
    """
    require_choice("kind", kind, KINDS)
    if kind in WAYS:
        return TwoDirections(*WAYS[kind])
    both = kind == "both"
    return Recurrent(
        H,
        readings.O,
        V=readings.V,
        E=E,
        cell="lstm",
        bidirectional=both,
        every_step=True,
    )


def scores(model: nn.Module, x: Tensor, lengths: Tensor, at: Tensor) -> Tensor:
    """答える場所の ŷ (B, K, O)。両側から読むなら K = 1、前からなら k = 0 … 6 の K = 7 です。

    文が終わっていれば、最後の語で答えます。
    """
    if isinstance(model, Recurrent) and not model.bidirectional:
        k = torch.arange(readings.FARTHEST + 1, device=x.device)
        where = torch.minimum(at[:, None] + k, lengths[:, None] - 1)  # (B, 7)
        return _pick(model(x), where)
    # 長さがそろっていれば、埋めた所はなく、詰めずに済みます
    even = isinstance(model, Recurrent) and bool((lengths == x.shape[1]).all())
    return _pick(model(x) if even else model(x, lengths), at[:, None])


def _pick(y_hat: Tensor, where: Tensor) -> Tensor:
    """時刻 where (B, K) の ŷ (B, K, O)。"""
    return y_hat.gather(1, where[..., None].expand(-1, -1, y_hat.shape[2]))


def packed_readers() -> dict[str, dict[str, list]]:
    """公開している二つの重み。"forward" と "both" → 名前 → [行の数, 列の数, float16 の base64]。

    重みは data/results/readings_weights.csv にあり、python -m rnnbook.experiments run readings が作ります。

    例:
        >>> packed_readers()["both"]["readout.weight"][:2]
        [12, 64]
    """
    packed: dict[str, dict[str, list]] = {}
    for row in data.load("readings_weights").itertuples(index=False):
        packed.setdefault(row.model, {})[row.name] = [
            row.rows,
            row.columns,
            row.float16,
        ]
    return packed


def load_reader(kind: str) -> nn.Module:
    """公開している重みのモデル。kind は "forward" か "both" です。

    例:
        >>> load_reader("both").bidirectional
        True
    """
    require_choice("kind", kind, ("forward", "both"))
    model = new_reader(kind)
    for name, weights in model.state_dict().items():
        rows, columns, code = packed_readers()[kind][name]
        values = np.frombuffer(base64.b64decode(code), "<f2").reshape(rows, columns)
        weights.copy_(torch.tensor(values.astype(np.float32)).reshape(weights.shape))
    return model.eval()
