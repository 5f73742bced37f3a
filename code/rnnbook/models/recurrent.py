"""系列を読み、隠れ状態から答えるモデル（第 1 章から）。本書の RNN、LSTM、GRU は、どれもこれです。

h_t = セル(x_t, h_{t-1})   t = 1 … T
ŷ = W_hy h_T + b_y         全時刻で答える問題では ŷ_t = W_hy h_t + b_y
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnbook.arguments import (
    require_choice,
    require_instance,
    require_positive_int,
    require_range,
)
from rnnbook.models.lengths import lengths_of

CELLS = ("rnn", "irnn", "lstm", "gru")
IDS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)


class Recurrent(nn.Module):
    """x から ŷ (B, O) を出します。O = 1 なら、一つの数を当てる回帰になります。

    D を渡すと x は実数の系列 (B, T, D)、V を渡すと x は語の番号 (B, T) で、E 次元に
    埋め込みます。cell は "rnn"（tanh）、"irnn"（Le ら 2015: ReLU、W_hh = I、b_h = 0）、
    "lstm"、"gru" のどれかです。layers は層の数で、bidirectional=True なら後ろからも読み、
    二つの向きの h をつなげます。every_step=True なら、全時刻で答えて ŷ (B, T, O) を出します。

    forget_bias は LSTM の b_f で、省くと PyTorch の初期値です。
    forget_bias="chrono" は、覚える長さ T_max に合わせます（Tallec と Ollivier 2018）:
    b_f = ln u、u は 1 から T_max − 1 の一様乱数、b_i = −b_f。

    例:
        >>> model = Recurrent(H=64, O=3, V=15, cell="lstm", forget_bias=1.0)
        >>> tuple(model(torch.zeros(8, 24, dtype=torch.long)).shape)
        (8, 3)
    """

    def __init__(
        self,
        H: int,
        O: int,
        *,
        D: int | None = None,
        V: int | None = None,
        E: int = 32,
        cell: str = "rnn",
        layers: int = 1,
        bidirectional: bool = False,
        every_step: bool = False,
        forget_bias: float | str | None = None,
        T_max: int | None = None,
    ) -> None:
        super().__init__()
        H, O = require_positive_int("H", H), require_positive_int("O", O)
        self.cell = require_choice("cell", cell, CELLS)
        self.every_step = require_choice("every_step", every_step, (False, True))
        self.bidirectional = require_choice(
            "bidirectional", bidirectional, (False, True)
        )
        if (D is None) == (V is None):
            raise ValueError("引数 D と V は、どちらか一つを渡します。")
        if V is None:
            self.embedding, D = None, require_positive_int("D", D)
        else:
            D = require_positive_int("E", E)
            self.embedding = nn.Embedding(require_positive_int("V", V), D)
        layer = {"lstm": nn.LSTM, "gru": nn.GRU}.get(cell, nn.RNN)
        self.recurrent = layer(
            D,
            H,
            num_layers=require_positive_int("layers", layers),
            bidirectional=bidirectional,
            batch_first=True,
            **({"nonlinearity": "relu"} if cell == "irnn" else {}),
        )
        self.readout = nn.Linear(2 * H if bidirectional else H, O)
        if cell == "irnn":
            start_as_identity(self.recurrent)
        if forget_bias is not None or T_max is not None:
            start_forget_bias(self.recurrent, forget_bias, T_max)

    def forward(self, x: Tensor, lengths: object = None) -> Tensor:
        """x を読んで答えます。長さの違う系列は埋めてそろえ、本当の長さ lengths (B,) を渡します。

        埋めた所は読まれません: 最後の状態は本当の終わりのもので、逆向きもそこから読み始めます。
        x は、重みと同じ精度、同じ場所のテンソルです。NumPy の配列は fit と predict が写します。
        """
        E, like = self.embedding, self.readout.weight
        require_input(
            x, like, self.recurrent.input_size, None if E is None else E.num_embeddings
        )
        x = x if E is None else E(x.long())  # (B, T, D)
        if lengths is None:
            h, _ = self.recurrent(x)  # (B, T, H)、両方向なら (B, T, 2H)
        else:
            T, lengths = x.shape[1], lengths_of(lengths, x).cpu()
            packed = pack_padded_sequence(x, lengths, True, enforce_sorted=False)
            h, _ = pad_packed_sequence(self.recurrent(packed)[0], True, total_length=T)
        # ŷ = W_hy h_T + b_y
        return self.readout(h if self.every_step else self._last(h, lengths))

    def _last(self, h: Tensor, lengths: Tensor | None) -> Tensor:
        """読み終えたときの h (B, H)。両方向なら、前からの h_T と、後ろからの h_1 をつなげます。"""
        last = h[:, -1] if lengths is None else h[torch.arange(len(h)), lengths - 1]
        if not self.bidirectional:
            return last
        H = self.recurrent.hidden_size
        return torch.cat([last[:, :H], h[:, 0, H:]], 1)  # (B, 2H)


def require_input(x: object, like: Tensor, D: int, V: int | None) -> None:
    """x が、重み like のモデルの読める入力であることを確かめます。

    V が None なら実数の系列 (B, T, D)、ほかは 0 以上 V 未満の番号の系列 (B, T) です。

    例:
        >>> require_input(torch.zeros(8, 24).double(), torch.zeros(1), D=2, V=None)
        Traceback (most recent call last):
        ...
        ValueError: 引数 x は形 (B, T, 2) です。形 (8, 24) が渡されました。
    """
    remedy = "torch.tensor(x) で写すか、predict(model, x) を呼びます。"
    require_instance("x", x, Tensor, remedy)
    if 0 in x.shape:
        raise ValueError(
            "引数 x は、どの長さも 1 以上のテンソルです。"
            f"形 {tuple(x.shape)} が渡されました。"
        )
    if V is None:
        if x.dim() != 3 or x.shape[2] != D:
            raise ValueError(
                f"引数 x は形 (B, T, {D}) です。形 {tuple(x.shape)} が渡されました。"
            )
        if (x.dtype, x.device) != (like.dtype, like.device):
            raise ValueError(
                f"引数 x は、重みと同じ {_kind(like)} のテンソルです。{_kind(x)} が渡されました。"
                f"x.to({like.dtype}) のようにそろえます。"
            )
        return
    if x.dim() != 2 or x.dtype not in IDS:
        raise ValueError(
            "引数 x は語の番号（整数）の系列 (B, T) です。"
            f"形 {tuple(x.shape)} の {x.dtype} が渡されました。"
        )
    if x.is_meta:  # 値を持たないテンソルです
        return
    if x.min() < 0 or x.max() >= V:
        wrong = x[(x < 0) | (x >= V)][0].item()
        raise ValueError(
            f"引数 x は 0 以上 V = {V} 未満の番号です。{wrong} が渡されました。"
        )


def _kind(x: Tensor) -> str:
    """精度と場所: float32（cpu）など。"""
    return f"{str(x.dtype).removeprefix('torch.')}（{x.device}）"


@torch.no_grad()
def start_as_identity(recurrent: nn.RNN) -> None:
    """IRNN の初期値にします: どの層も W_hh = I、バイアスは 0。

    論文: Le, Q. V., Jaitly, N. & Hinton, G. E. (2015). arXiv:1504.00941.
    """
    for name, weights in recurrent.named_parameters():
        if name.startswith("weight_hh"):
            weights.copy_(torch.eye(recurrent.hidden_size))
        elif name.startswith("bias"):
            weights.zero_()


@torch.no_grad()
def start_forget_bias(
    recurrent: nn.RNNBase, forget_bias: float | str | None, T_max: int | None = None
) -> None:
    """LSTM のどの層も、忘却ゲートのバイアス b_f を forget_bias から始めます。

    forget_bias="chrono" では b_f = ln u、u ~ U(1, T_max − 1)、b_i = −b_f です。
    論文: Tallec, C. & Ollivier, Y. (2018). Can recurrent neural networks warp time? ICLR 2018.
    """
    if not isinstance(recurrent, nn.LSTM):
        raise ValueError(
            "引数 forget_bias は LSTM のものです。"
            f"{type(recurrent).__name__} のモデルに {forget_bias!r} が渡されました。"
        )
    chrono = isinstance(forget_bias, str) and forget_bias == "chrono"
    if chrono != (T_max is not None):
        raise ValueError(
            '引数 T_max は forget_bias="chrono" と一緒に渡します。'
            f"forget_bias = {forget_bias!r}、T_max = {T_max!r} が渡されました。"
        )
    if chrono:
        longest = require_positive_int("T_max", T_max, 3) - 1
    else:
        b_f = require_range("forget_bias", forget_bias, -1e3, 1e3)
    H, weights = recurrent.hidden_size, dict(recurrent.named_parameters())
    for name, bias in weights.items():
        if not name.startswith("bias_ih"):
            continue
        # b_f は二本のバイアスの和。四つのゲートは i, f, c̃, o の順
        other = weights[name.replace("_ih", "_hh")]
        if chrono:
            # b_f = ln u、u ~ U(1, T_max − 1)、b_i = −b_f
            bias[H : 2 * H] = torch.empty(H).uniform_(1, longest).log()
            bias[:H] = -bias[H : 2 * H]
            other[: 2 * H] = 0.0
        else:
            bias[H : 2 * H], other[H : 2 * H] = b_f, 0.0
