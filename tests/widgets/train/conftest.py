"""学習の計算（nn/train）の試験の備品: ページの中の学習と、同じ重みの PyTorch のモデル。"""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from rnnbook.models.min_gru import MinGRU

GATES = {"rnn": "h", "relu": "h", "lstm": "ifco", "gru": "rzh", "min_gru": "zh"}

# run と、配列を number[] にする plain を用意し、本文を実行する。
# run.made は kernels.alloc と reserve に渡された数
PROGRAM = """async ([config, given, fast]) => {{
  const {{ createRun }} = await import("/nn/train/run.js");
  const {{ makeKernels }} = await import("/nn/train/kernels.js");
  const {{ createWasmKernels }} = await import("/nn/train/wasm_kernels.js");
  const plain = (v) => ArrayBuffer.isView(v) ? [...v] : Array.isArray(v) ? v.map(plain)
    : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, plain(w)])) : v;
  const kernels = fast ? createWasmKernels() : makeKernels();
  const made = {{ alloc: [], reserve: [] }};
  const {{ alloc, reserve }} = kernels;
  kernels.alloc = (n) => {{ made.alloc.push(n); return alloc(n); }};
  kernels.reserve = (n) => {{ made.reserve.push(n); return reserve(n); }};
  const run = createRun(config, kernels);
  const batch = () => ({{ x: run.network.x, y: run.network.y }});
  return plain((() => {{ {body} }})());
}}"""


@pytest.fixture
def train(bench):
    """train(設定, 本文, 値) は、ページの中で学習 run を作り、JavaScript の本文が返す値を返します。

    核は読者と同じ WebAssembly です。fast=False なら、読むための JavaScript です。
    """

    def go(settings: dict, body: str, given: object = None, fast: bool = True):
        return bench.evaluate(PROGRAM.format(body=body), [settings, given, fast])

    return go


class Twin:
    """ページの学習と同じ重みから始める、float32 の PyTorch のモデル。重みは名前ごとの葉です。"""

    def __init__(self, settings: dict, weights: dict, sizes: dict) -> None:
        self.cell, self.H, self.output = (
            settings["cell"],
            settings["H"],
            sizes["output"],
        )
        self.D, self.O = sizes["D"], sizes["O"]
        self.attends = settings.get("readout") == "attention"
        self.leaves = {}
        for name, values in weights.items():
            rows = self.O if name in ("W_hy", "W_y", "b_y") else self.H
            w = torch.tensor(values, dtype=torch.float32)
            w = w.view(rows, -1) if name[0] == "W" else w
            self.leaves[name] = w.requires_grad_()

    def _stacked(self, kind: str, sign: bool = False) -> torch.Tensor:
        """ゲートごとの重みを縦に並べたもの。PyTorch の GRU の z は逆向きなので、符号を替えます。"""
        parts = []
        for gate in GATES[self.cell]:
            part = self.leaves[f"{kind}{gate}"]
            parts.append(-part if self.cell == "gru" and gate == "z" else part)
        return torch.cat(parts)

    def _parameters(self) -> dict:
        bias = self._stacked("b_")
        zeros = torch.zeros(self.H)
        other = (
            torch.cat([zeros, zeros, self.leaves["b_hh"]])
            if self.cell == "gru"
            else torch.zeros_like(bias)
        )
        return dict(
            weight_ih=self._stacked("W_x"),
            weight_hh=self._stacked("W_h"),
            bias_ih=bias,
            bias_hh=other,
        )

    def layer(self, x: torch.Tensor) -> torch.Tensor:
        """PyTorch の層で、x (T, B, D) から h (T, B, H)。"""
        if self.cell == "min_gru":
            project = {
                "project.weight": self._stacked("W_x"),
                "project.bias": self._stacked("b_"),
            }
            layer = MinGRU(self.D, self.H)
            return torch.func.functional_call(
                layer, project, x.transpose(0, 1)
            ).transpose(0, 1)
        kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(self.cell, torch.nn.RNN)
        options = {"nonlinearity": "relu"} if self.cell == "relu" else {}
        parameters = {f"{k}_l0": w for k, w in self._parameters().items()}
        return torch.func.functional_call(
            kind(self.D, self.H, **options), parameters, x
        )[0]

    def steps(self, x: torch.Tensor) -> list[torch.Tensor]:
        """一時刻のセルを順に呼び、勾配を残した h_1, …, h_T を返します。"""
        h = torch.zeros(x.shape[1], self.H, requires_grad=True)
        state, found = h, []
        if self.cell == "lstm":
            state = (h, torch.zeros_like(h))
        kind = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}.get(
            self.cell, torch.nn.RNNCell
        )
        options = {"nonlinearity": "relu"} if self.cell == "relu" else {}
        for x_t in x:
            if self.cell == "min_gru":
                k, u = F.linear(x_t, self._stacked("W_x"), self._stacked("b_")).chunk(
                    2, -1
                )
                state = h + torch.sigmoid(k) * (u - h)
            else:
                cell = kind(self.D, self.H, **options)
                state = torch.func.functional_call(
                    cell, self._parameters(), (x_t, state)
                )
            h = state[0] if self.cell == "lstm" else state
            h.retain_grad()
            found.append(h)
        return found

    def weights(self, h: torch.Tensor) -> torch.Tensor:
        """注意の重み α (B, T, T)。行は答える時刻、列は見る時刻で、自分と先の列は 0 です。"""
        h = h.transpose(0, 1)
        e = h @ h.mT
        alpha = torch.zeros_like(e)
        for t in range(1, e.shape[1]):
            alpha[:, t, :t] = e[:, t, :t].softmax(-1)
        return alpha

    def answers(self, h: torch.Tensor) -> torch.Tensor:
        """h (T, B, H) から、すべての時刻の ŷ (T, B, O)。"""
        if not self.attends:
            return F.linear(h, self.leaves["W_hy"], self.leaves["b_y"])
        h_bar = (self.weights(h) @ h.transpose(0, 1)).transpose(0, 1)
        both = torch.cat([h_bar, h], -1)
        m = F.linear(both, self.leaves["W_m"], self.leaves["b_m"]).tanh()
        return F.linear(m, self.leaves["W_y"], self.leaves["b_y"])

    def loss(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """h (T, B, H) と答えから、損失。"""
        y_hat = self.answers(h)
        y_hat = y_hat if self.output == "sequence" else y_hat[-1]
        if self.output == "value":
            return F.mse_loss(y_hat.flatten(), y)
        return F.cross_entropy(y_hat.flatten(0, -2), y.long().flatten())

    def batch(self, pair: dict, B: int) -> tuple[torch.Tensor, torch.Tensor]:
        """ページのバッチを、x (T, B, D) と y に。"""
        x = torch.tensor(pair["x"], dtype=torch.float32).view(-1, B, self.D)
        return x, torch.tensor(pair["y"], dtype=torch.float32)

    def fit(self, batches: list[dict], settings: dict, optimizer=None) -> list[dict]:
        """batches で一回ずつ更新し、損失とクリップ前の勾配のノルムを返します。"""
        leaves = list(self.leaves.values())
        optimizer = optimizer or self.optimizer(settings)
        rows = []
        for pair in batches:
            x, y = self.batch(pair, settings["B"])
            optimizer.zero_grad()
            loss = self.loss(self.layer(x), y)
            loss.backward()
            most = settings["clip"] or np.inf
            norm = torch.nn.utils.clip_grad_norm_(leaves, most)
            optimizer.step()
            rows.append({"loss": loss.item(), "norm": norm.item()})
        return rows

    def optimizer(self, settings: dict) -> torch.optim.Optimizer:
        leaves, rate = list(self.leaves.values()), settings["learning_rate"]
        if settings["optimizer"] == "adam":
            return torch.optim.Adam(leaves, lr=rate)
        momentum = 0.9 if settings["optimizer"] == "momentum" else 0.0
        return torch.optim.SGD(leaves, lr=rate, momentum=momentum)


@pytest.fixture
def twin():
    """twin(設定, 重み, 大きさ) は、同じ重みの PyTorch のモデル。"""
    return Twin
