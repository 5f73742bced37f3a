"""種だけが違う K 個のモデルを、いちどに学習します（第 3 章）。

RNN と GRU は K 個の重みを積み、時刻ごとの行列の積を一回で済ませます（rnnbook.training.many_seeds.scan）。
速さは K = 4〜6 が最もよく、K = 10 では途中の値が CPU のキャッシュからあふれて落ちます。
比は python -m rnnbook.workshop.training_speed が測ります。
各モデルの計算は、一つずつ学習したときと 1e-5 の範囲で同じです。
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, stack_module_state

from rnnbook.arguments import require_instance, require_range
from rnnbook.models.recurrent import Recurrent, require_input
from rnnbook.training.losses import (
    require_classes,
    require_labels,
    require_same_shape,
)
from rnnbook.training.many_seeds.loop import After, fit_many
from rnnbook.training.many_seeds.scan import GRUScan, RNNScan


class Stacked(nn.Module):
    """形の同じ K 個の Recurrent を積んだもの。

    x (K, B, T) または (K, B, T, D) から ŷ (K, B, O) を出します（全時刻で答えるモデルなら
    ŷ (K, B, T, O)）。k 番目のモデルは x[k] だけを読みます。unstack() で、学習した重みを元のモデルに戻します。
    積めるのは、一層、一方向のモデルです。

    例:
        >>> models = [Recurrent(H=8, O=3, D=2) for _ in range(4)]
        >>> tuple(Stacked(models)(torch.zeros(4, 5, 10, 2)).shape)
        (4, 5, 3)
    """

    def __init__(self, models: Sequence[Recurrent], device: str = "cpu") -> None:
        super().__init__()
        if not isinstance(models, Sequence) or not models:
            raise ValueError("引数 models には、一つ以上のモデルのリストを渡します。")
        for k, model in enumerate(models):
            require_instance(f"models[{k}]", model, Recurrent)
        if len({_form(model) for model in models}) > 1:
            raise ValueError("引数 models は、同じ cell と同じ形のモデルに限ります。")
        self.models, self.cell = tuple(models), models[0].cell
        self.every_step = models[0].every_step
        if models[0].bidirectional or models[0].recurrent.num_layers > 1:
            raise ValueError("引数 models は、一層、一方向のモデルに限ります。")
        # 発散したモデル → 最後の有限な重み。unstack は、これを元のモデルに写します
        self.last_finite: dict[Recurrent, dict[str, torch.Tensor]] = {}
        _require_device(device)
        weights, _ = stack_module_state(list(models))  # 名前 → (K, …)
        self.names = tuple(weights)
        for name, w in weights.items():
            self.register_parameter(_key(name), nn.Parameter(w.detach().to(device)))

    @property
    def weights(self) -> dict[str, nn.Parameter]:
        """一つのモデルでの名前 → 積んだ重み (K, …)。"""
        return {name: self.get_parameter(_key(name)) for name in self.names}

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self._require_one_each(x)
        # PyTorch の LSTM は積まないほうが速いので、Adam だけをいちどにします
        return self._one_by_one(x) if self.cell == "lstm" else self._scan(x)

    def backward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """順伝播と逆伝播を行い、重みの勾配を足して、モデルごとの損失 (K,) を返します。

        LSTM は、一つのモデルを逆伝播し終えてから次へ進みます。K 個の順伝播を先に済ませると、
        途中の値が CPU のキャッシュからあふれ、K = 10 では 1.5 倍ほど遅くなるためです。

        例:
            >>> stacked = Stacked([Recurrent(H=8, O=3, D=2) for _ in range(4)])
            >>> x, y = torch.zeros(4, 5, 10, 2), torch.zeros(4, 5, dtype=torch.long)
            >>> tuple(stacked.backward(x, y).shape)
            (4,)
        """
        if self.cell != "lstm":
            losses = losses_of(self(x), y)
            losses.sum().backward()  # 各モデルの勾配は、自分の損失からだけ来ます
            return losses.detach()
        self._require_one_each(x)
        stacked = self.weights
        for w in stacked.values():
            if w.grad is None:
                w.grad = torch.zeros_like(w)
        losses = []
        for k, model in enumerate(self.models):
            own = {name: w.detach()[k].requires_grad_() for name, w in stacked.items()}
            for name, w in stacked.items():
                own[name].grad = w.grad[k]  # 置き場は、積んだ勾配の k 番目そのもの
            loss = losses_of(functional_call(model, own, x[k])[None], y[k : k + 1])
            loss.sum().backward()
            losses.append(loss.detach())
        return torch.cat(losses)

    def _require_one_each(self, x: torch.Tensor) -> None:
        require_instance("x", x, torch.Tensor, "torch.tensor(x) で写します。")
        K, weights = len(self.models), self.weights
        table = weights.get("embedding.weight")
        axes = "(K, B, T, D)" if table is None else "(K, B, T)"
        if x.dim() != axes.count(",") + 1 or len(x) != K:
            raise ValueError(
                f"引数 x は先頭の長さがモデルの数 {K} のテンソル {axes} です。"
                f"形 {tuple(x.shape)} が渡されました。"
            )
        D = weights["recurrent.weight_ih_l0"].shape[2]
        V = None if table is None else table.shape[1]
        require_input(x.flatten(0, 1), weights["readout.weight"], D, V)

    def _scan(self, x: torch.Tensor) -> torch.Tensor:
        weights = self.weights
        w = {name.split(".")[-1]: tensor for name, tensor in weights.items()}
        W_ih, W_hh = w["weight_ih_l0"].transpose(1, 2), w["weight_hh_l0"]
        b_ih, b_hh = w["bias_ih_l0"].unsqueeze(1), w["bias_hh_l0"].unsqueeze(1)
        b = b_ih if self.cell == "gru" else b_ih + b_hh
        K, B, T = x.shape[:3]
        x = x.transpose(1, 2)  # (K, T, B, …)
        if "embedding.weight" in weights:
            # 語ごとに W_xh e + b を先に求め、語の番号で引きます: V 回の積で済みます
            table = torch.baddbmm(b, weights["embedding.weight"], W_ih)
            # 表 (K, V, G) の行
            row = x.long() + table.shape[1] * torch.arange(K, device=x.device).view(
                K, 1, 1
            )
            gi = nn.functional.embedding(row, table.flatten(0, 1))  # (K, T, B, G)
        else:
            gi = torch.baddbmm(b, x.flatten(1, 2), W_ih).view(K, T, B, -1)
        if self.cell == "gru":
            h = GRUScan.apply(gi, W_hh, b_hh)  # (K, T, B, H)
        else:
            h = RNNScan.apply(gi, W_hh, self.cell == "irnn")
        # ŷ = W_hy h_T + b_y
        W_hy = weights["readout.weight"].transpose(1, 2)
        b_y = weights["readout.bias"].unsqueeze(1)
        if self.every_step:
            y_hat = torch.baddbmm(b_y, h.flatten(1, 2), W_hy)
            return y_hat.view(K, T, B, -1).transpose(1, 2)  # (K, B, T, O)
        return torch.baddbmm(b_y, h[:, -1], W_hy)  # (K, B, O)

    def _one_by_one(self, x: torch.Tensor) -> torch.Tensor:
        parts = {name: w.unbind() for name, w in self.weights.items()}
        return torch.stack(
            [
                functional_call(model, {name: w[k] for name, w in parts.items()}, x[k])
                for k, model in enumerate(self.models)
            ]
        )

    def unstack(self, rows: Iterable[int] | None = None) -> None:
        """積んだ重みを、元のモデル（rows 番目、省くと K 個すべて）に写します。

        発散したモデルには、最後の有限な重みを写します。
        """
        weights = self.weights
        with torch.no_grad():
            for k in range(len(self.models)) if rows is None else rows:
                finite = self.last_finite.get(self.models[k])
                for name, parameter in self.models[k].named_parameters():
                    parameter.copy_(finite[name] if finite else weights[name][k])

    def set_aside(self, rows: list[int]) -> None:
        """rows 番目のモデルの、いまの重みを覚えます。勾配は nan にするので、損失はこの先 nan です。"""
        for k in rows:
            if self.models[k] not in self.last_finite:
                self.last_finite[self.models[k]] = {
                    name: w.detach()[k].clone() for name, w in self.weights.items()
                }
            for w in self.weights.values():
                w.grad[k] = torch.nan

    def keep(
        self, rows: list[int], optimizer: torch.optim.Optimizer
    ) -> torch.optim.Optimizer:
        """rows 番目のモデルだけを残し、同じ続きから学習できる optimizer を返します。

        学習の済んだモデルを外すためのものです。外すモデルには、ここまでの重みを写します。
        残るモデルの計算は変わりません。
        """
        self.unstack(set(range(len(self.models))) - set(rows))
        options = {k: v for k, v in optimizer.param_groups[0].items() if k != "params"}
        state = {}
        for name, old in self.weights.items():
            new = nn.Parameter(old.detach()[rows].clone())
            # Adam の二つの平均も、残る行だけにします
            state[new] = {
                key: v[rows] if v.shape == old.shape else v
                for key, v in optimizer.state[old].items()
            }
            self.register_parameter(_key(name), new)
        self.models = tuple(self.models[k] for k in rows)
        following = type(optimizer)(self.parameters(), **options)
        following.state.update(state)
        return following


def _key(name: str) -> str:
    """重みの名前を、点のない名前にします（PyTorch は点のある名前で重みを登録できません）。"""
    return name.replace(".", "_")


def _require_device(device: str) -> None:
    try:
        torch.empty(0, device=device)
    except (RuntimeError, TypeError, AssertionError):
        raise ValueError(
            "引数 device は、PyTorch が使える計算機の名（'cpu'、'cuda' など）です。"
            f"{device!r} は使えません。"
        ) from None


def _form(model: Recurrent) -> tuple:
    return model.cell, model.every_step, *(p.shape for p in model.parameters())


def losses_of(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """モデルごとの損失 (K,)。y が整数なら交差エントロピー、実数なら平均二乗誤差です。

    ŷ (K, B, …) と y の形が合わなければ ValueError です（引き伸ばしはしません）。

    例:
        >>> losses_of(torch.ones(2, 5, 1), torch.zeros(2, 5, 1))
        tensor([1., 1.])
        >>> losses_of(torch.ones(2, 5, 1), torch.zeros(2, 5))
        Traceback (most recent call last):
        ...
        ValueError: 引数 y は予測と同じ形 (2, 5, 1) です。形 (2, 5) が渡されました。
    """
    require_instance("y", y, torch.Tensor, "torch.tensor(y) で写します。")
    if y.is_floating_point():
        require_same_shape(y_hat, y)
        return ((y_hat - y) ** 2).flatten(1).mean(1)
    require_labels(y_hat, y)
    require_classes(y, y_hat.shape[-1])
    loss = nn.functional.cross_entropy(
        y_hat.flatten(0, -2), y.flatten(), reduction="none"
    )
    return loss.view(len(y), -1).mean(1)


def fit_stacked(
    models: Sequence[Recurrent],
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    *,
    learning_rate: float = 0.001,
    clip: float | None = None,
    device: str = "cpu",
    every: int = 1,
    after: After | None = None,
) -> np.ndarray:
    """models を Adam で学習し、各回の損失 (回数, K) を返します。

    batches は x (K, B, T[, D]) と y (K, B) または (K, B, O) の組を順に出します。
    clip、every、after は fit_many と同じです。

    例:
        >>> models = [Recurrent(H=8, O=1, D=1) for _ in range(2)]
        >>> batch = torch.zeros(2, 4, 10, 1), torch.zeros(2, 4, 1)
        >>> fit_stacked(models, [batch] * 3).shape
        (3, 2)
    """
    stacked = Stacked(models, device)
    rate = require_range("learning_rate", learning_rate, 0.0, 1e3)
    optimizer = torch.optim.Adam(stacked.parameters(), lr=rate, fused=True)
    how = {"clip": clip, "every": every, "after": after}
    history = fit_many(stacked, batches, optimizer, **how)
    stacked.unstack()
    return history
