"""小さな LSTM を K 個並べ、一つの大きな LSTM として動かします（第 3 章）。

隠れ次元 2 や 4 の LSTM を一本ずつ学習すると、時間のほとんどは計算の前後の手間です。K 個の重みを
ブロック対角に並べると、一つの nn.LSTM が K 個ぶんを一度に計算します:

W = diag(W_1, …, W_K)。ブロックの外は 0 で、勾配も 0 にするので、K 個は混ざりません。
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from rnnbook.arguments import require_choice, require_instance
from rnnbook.training.losses import require_same_shape

OPEN = 40.0  # σ(40) は float32 でちょうど 1


class SideBySide(nn.Module):
    """形の同じ K 個の nn.LSTM と出力層（H → 1）。ŷ = σ(W_hy h_T + b_y)。

    x (K, B, T, D) から ŷ (K, B) を出します。k 番目のモデルは x[k] だけを読みます。
    自分で逆伝播したときは、mask_gradients() を呼んでから更新します。

    例:
        >>> models = [(nn.LSTM(2, 4), nn.Linear(4, 1)) for _ in range(3)]
        >>> tuple(SideBySide(models)(torch.zeros(3, 5, 10, 2)).shape)
        (3, 5)
    """

    def __init__(self, models: Sequence[tuple[nn.LSTM, nn.Linear]]) -> None:
        super().__init__()
        if not isinstance(models, Sequence) or not models:
            raise ValueError("引数 models には、一つ以上のモデルのリストを渡します。")
        for k, pair in enumerate(models):
            _require_pair(f"models[{k}]", pair)
        shapes = {(m.input_size, m.hidden_size, m.num_layers) for m, _ in models}
        if len(shapes) > 1:
            raise ValueError("引数 models は、同じ形のモデルに限ります。")
        (self.D, self.H, layers), self.K = shapes.pop(), len(models)
        self.lstm = nn.LSTM(self.K * self.D, self.K * self.H, num_layers=layers)
        self.masks: list[torch.Tensor] = []
        with torch.no_grad():
            for name, big in self.lstm.named_parameters():
                big.zero_()
                mask = torch.zeros_like(big)
                for k, (small, _) in enumerate(models):
                    part = small.get_parameter(name)
                    self._block(big, k, part).copy_(part.view(4, self.H, -1))
                    self._block(mask, k, part).fill_(1.0)
                self.masks.append(mask)
        self.W_hy = nn.Parameter(
            torch.stack([readout.weight.detach()[0] for _, readout in models])
        )  # (K, H)
        self.b_y = nn.Parameter(
            torch.cat([readout.bias.detach() for _, readout in models])
        )

    def _block(self, big: torch.Tensor, k: int, part: torch.Tensor) -> torch.Tensor:
        """big の中の、k 番目のモデルの置き場 (4, H, 列)。四つのゲートは i, f, c̃, o の順。"""
        columns = 1 if part.dim() == 1 else part.shape[1]
        start = 0 if part.dim() == 1 else k * columns
        gates = big.view(4, self.K, self.H, -1)
        return gates[:, k, :, start : start + columns]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        require_instance("x", x, torch.Tensor, "torch.tensor(x) で写します。")
        if x.dim() != 4 or (x.shape[0], x.shape[3]) != (self.K, self.D):
            raise ValueError(
                f"引数 x は形 ({self.K}, B, T, {self.D}) のテンソルです。"
                f"形 {tuple(x.shape)} が渡されました。"
            )
        wide = x.permute(2, 1, 0, 3).flatten(2)  # (T, B, K D)
        h = self.lstm(wide)[0][-1].view(-1, self.K, self.H)  # (B, K, H)
        return torch.sigmoid((h * self.W_hy).sum(2) + self.b_y).T  # (K, B)

    def backward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """½ (ŷ − y)² を逆伝播して、モデルごとの損失 (K,) を返します。誤差 ŷ − y は error に残ります。"""
        y_hat = self(x)  # (K, B)
        require_same_shape(y_hat, y)
        error = y_hat - y
        losses = (0.5 * error**2).mean(1)
        losses.sum().backward()
        self.mask_gradients()
        self.error = error.detach()
        return losses.detach()

    def without_forget_gate(self, k: int) -> None:
        """k 番目のモデルの f を 1 に固定します（忘却ゲートのない、1997 年の形）。"""
        with torch.no_grad():
            for name, weights, learned in self._parts(k):
                weights[1] = OPEN if name.startswith("bias_ih") else 0.0
                learned[1] = 0.0

    def with_one_bias(self, k: int) -> None:
        """k 番目のモデルのバイアスを、ゲートごとに一本だけ（b_hh = 0）にします。

        PyTorch の二本のバイアスは和でしか効かないので、SGD では学習率が 2 倍になったのと同じです。
        """
        with torch.no_grad():
            for name, weights, learned in self._parts(k):
                if name.startswith("bias_hh"):
                    weights.zero_()
                    learned.zero_()

    def _parts(self, k: int):
        """k 番目のモデルの行（(4, H, 列) の重みと、その勾配の覆い）。"""
        require_choice("k", k, range(self.K))
        for (name, big), mask in zip(
            self.lstm.named_parameters(), self.masks, strict=True
        ):
            yield name, *(p.view(4, self.K, self.H, -1)[:, k] for p in (big, mask))

    def mask_gradients(self) -> None:
        """ブロックの外と、固定した重みの勾配を 0 にします。"""
        gradients = [parameter.grad for parameter in self.lstm.parameters()]
        torch._foreach_mul_(gradients, self.masks)


def _require_pair(name: str, pair: object) -> None:
    fits = (
        isinstance(pair, tuple)
        and len(pair) == 2
        and isinstance(pair[0], nn.LSTM)
        and isinstance(pair[1], nn.Linear)
    )
    if not fits:
        raise ValueError(
            f"引数 {name} は (nn.LSTM, nn.Linear) の組です。{pair!r} が渡されました。"
        )
    lstm, readout = pair
    if lstm.bidirectional or not lstm.bias or lstm.proj_size:
        raise ValueError(
            f"引数 {name} の LSTM は、一方向、バイアスありのものです。{lstm} が渡されました。"
        )
    if readout.weight.shape != (1, lstm.hidden_size) or readout.bias is None:
        raise ValueError(
            f"引数 {name} の出力層は nn.Linear({lstm.hidden_size}, 1) です。"
            f"{readout} が渡されました。"
        )
