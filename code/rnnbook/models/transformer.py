"""小さな Transformer: 埋め込み、位置の波、自己注意、語ごとの全結合層（第 7 章）。

x_t = e_t + p_t                                   語のベクトルに、位置のベクトルを足す
x ← x + Attention(Norm(x))                        どの語も、どの語でも一歩で見る
x ← x + W_2 GELU(W_1 Norm(x) + b_1) + b_2         語ごとに、同じ計算
ŷ = W_hy Norm(x_T) + b_y                          全時刻で答える問題では、各 x_t から

自己注意は、問い q、鍵 k、値 v を、同じ系列 x から作る注意です（第 6 章）:

α_{t,s} = softmax_s(q_t · k_s / √d),   出力_t = Σ_s α_{t,s} v_s

論文: Vaswani ほか (2017)。正規化を前に置く形は Xiong ほか (2020)。
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.lengths import lengths_of, real_steps
from rnnbook.models.recurrent import require_input

Past = tuple[Tensor, Tensor]  # 読んだ語の鍵と値。どちらも (B, heads, 語数, E / heads)


def sinusoids(T: int, E: int) -> Tensor:
    """位置のベクトル p (T, E)。波長の違う正弦と余弦の値です。

    p_{t,2i} = sin(t / 10000^{2i/E}),   p_{t,2i+1} = cos(t / 10000^{2i/E})

    例:
        >>> p = sinusoids(T=3, E=4)
        >>> p[0].tolist(), round(p[1, 0].item(), 4)
        ([0.0, 1.0, 0.0, 1.0], 0.8415)
    """
    T, E = require_positive_int("T", T), require_positive_int("E", E, 2)
    t = torch.arange(T, dtype=torch.float32)[:, None]
    rate = torch.exp(torch.arange(0, E, 2) * (-math.log(10_000) / E))
    p = torch.zeros(T, E)
    p[:, 0::2], p[:, 1::2] = torch.sin(t * rate), torch.cos(t * rate)[:, : E // 2]
    return p


class SelfAttention(nn.Module):
    """自己注意。見方の違う heads 組の注意を並べ、つないでから混ぜます。

    causal が真なら、時刻 t は t より後ろを見ません（次の語を当てる問題のためです）。

    例:
        >>> tuple(SelfAttention(E=8, heads=2)(torch.zeros(4, 5, 8)).shape)
        (4, 5, 8)
    """

    def __init__(self, E: int, heads: int, causal: bool = False) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.query_key_value = nn.Linear(E, 3 * E)
        self.mix = nn.Linear(E, E)

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        """x (B, T, E) から (B, T, E)。seen (B, T) が偽の所（埋めた所）は、だれも見ません。"""
        B, T, E = x.shape
        parts = self.query_key_value(x).view(B, T, 3, self.heads, E // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # どれも (B, heads, T, E / heads)
        mask = None if seen is None else seen[:, None, None, :]
        if mask is not None and self.causal:
            mask = mask & torch.ones(T, T, dtype=torch.bool, device=x.device).tril()
        # 出力_t = Σ_s softmax_s(q_t · k_s / √d) v_s
        found = scaled_dot_product_attention(
            q, k, v, attn_mask=mask, is_causal=self.causal and mask is None
        )
        return self.mix(found.transpose(1, 2).reshape(B, T, E))

    def step(self, x_t: Tensor, past: Past | None = None) -> tuple[Tensor, Past]:
        """一語 x_t (B, 1, E) だけを読みます。前の語の鍵と値 past は、計算し直さずに使います。

        一語ずつ書くときの計算です（前だけを見る causal の注意と同じ値になります）。返す past は、
        一語ぶん長くなっています。RNN の状態と違い、覚えておく量は読んだ語の数に比例します。

        例:
            >>> attention = SelfAttention(E=8, heads=2, causal=True).eval()
            >>> x, past, found = torch.randn(1, 5, 8), None, []
            >>> for t in range(5):
            ...     y_t, past = attention.step(x[:, t : t + 1], past)
            ...     found.append(y_t)
            >>> bool(torch.allclose(torch.cat(found, 1), attention(x), atol=1e-6))
            True
        """
        B, _, E = x_t.shape
        parts = self.query_key_value(x_t).view(B, 1, 3, self.heads, E // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # どれも (B, heads, 1, E / heads)
        if past is not None:
            # 鍵と値を、時刻の軸で後ろにつなぐ
            k, v = (torch.cat(pair, dim=2) for pair in zip(past, (k, v), strict=True))
        found = scaled_dot_product_attention(q, k, v)
        return self.mix(found.transpose(1, 2).reshape(B, 1, E)), (k, v)


class Block(nn.Module):
    """一つの層: 自己注意と、語ごとの二層の全結合。どちらも、入力に足します。

    例:
        >>> tuple(Block(E=8, heads=2)(torch.zeros(4, 5, 8)).shape)
        (4, 5, 8)
    """

    def __init__(self, E: int, heads: int, causal: bool = False) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(E), nn.LayerNorm(E)
        self.attention = SelfAttention(E, heads, causal)
        self.widen, self.narrow = nn.Linear(E, 4 * E), nn.Linear(4 * E, E)

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        # x ← x + Attention(Norm(x))
        x = x + self.attention(self.norm_1(x), seen)
        # x ← x + W_2 GELU(W_1 Norm(x) + b_1) + b_2
        return x + self.narrow(gelu(self.widen(self.norm_2(x))))


class Transformer(nn.Module):
    """語の番号 x (B, T) から ŷ (B, O)。最後の語の所のベクトルで答えます。

    V は語彙の大きさ、E はベクトルの次元、heads は注意の組の数（E を割り切ります）、layers は層の数です。
    positions を偽にすると位置を足さず、語順の分からないモデルになります。
    every_step を真にすると、全時刻で答えて ŷ (B, T, O) を出します。
    causal を真にすると、前だけを見ます。

    例:
        >>> model = Transformer(O=3, V=14, E=32, layers=1, heads=4)
        >>> tuple(model(torch.zeros(8, 24, dtype=torch.long)).shape)
        (8, 3)
    """

    def __init__(
        self,
        O: int,
        *,
        V: int,
        E: int = 32,
        layers: int = 1,
        heads: int = 4,
        positions: bool = True,
        causal: bool = False,
        every_step: bool = False,
    ) -> None:
        super().__init__()
        O, V = require_positive_int("O", O), require_positive_int("V", V)
        E, heads = require_positive_int("E", E, 2), require_positive_int("heads", heads)
        if E % heads:
            raise ValueError(
                f"引数 heads は E = {E} を割り切る整数です。{heads} が渡されました。"
            )
        for name, value in (
            ("positions", positions),
            ("causal", causal),
            ("every_step", every_step),
        ):
            require_choice(name, value, (False, True))
        self.positions, self.every_step = positions, every_step
        self.embedding = nn.Embedding(V, E)
        self.blocks = nn.ModuleList(
            Block(E, heads, causal)
            for _ in range(require_positive_int("layers", layers))
        )
        self.norm, self.readout = nn.LayerNorm(E), nn.Linear(E, O)

    def forward(self, x: Tensor, lengths: object = None) -> Tensor:
        """x を読んで答えます。埋めた系列では、本当の長さ lengths (B,) を渡します。"""
        V, E = self.embedding.weight.shape
        require_input(x, self.readout.weight, E, V)
        T = x.shape[1]
        found = None if lengths is None else lengths_of(lengths, x)
        seen = None if found is None else real_steps(found, T)
        h = self.embedding(x.long())  # (B, T, E)
        if self.positions:
            h = h + sinusoids(T, E).to(h)
        for block in self.blocks:
            h = block(h, seen)
        h = self.norm(h)
        if not self.every_step:
            h = h[:, -1] if found is None else h[torch.arange(len(h)), found - 1]
        return self.readout(h)
