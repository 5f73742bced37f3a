"""括弧を数えるように学習した、隠れ次元の小さな LSTM（第 3 章）。ゲートをのぞくために使います。

    x_t = 文字の one-hot                 文字は rnnbook.tasks.brackets.ALPHABET
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1})
    ŷ_t = σ(w_hy · h_t + b_y)            開いた括弧が残っている確率

重みは data/results/gates_weights.csv にあり、python -m rnnbook.experiments run gates が作ります。
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit as sigmoid
from scipy.special import logit

from rnnbook import data
from rnnbook.arguments import require_array, require_choice, require_range
from rnnbook.cells.lstm import LSTMParams, LSTMTrace, lstm_forward
from rnnbook.tasks import brackets

FIXABLE = ("i", "f", "o")
SURE = 40.0  # σ(40) は float64 で 1、σ(−40) は 4e-18


@dataclass(frozen=True, eq=False)
class BracketReader:
    """文字列を読み、一文字ごとに「開いた括弧が残っている」確率を出す LSTM。"""

    params: LSTMParams  # D = 8
    w_hy: np.ndarray  # (H,)
    b_y: float

    def trace(self, text: str) -> LSTMTrace:
        """text を読んだときの、すべてのゲートと状態。B = 1 です。

        例:
            >>> load_bracket_reader().trace("a(b)").f.shape  # (B, T, H)
            (1, 4, 6)
        """
        return lstm_forward(
            np.eye(brackets.D)[brackets.encode(text)][None], self.params
        )

    def probability(self, text: str) -> np.ndarray:
        """一文字ごとの ŷ_t (T,)。

        例:
            >>> (load_bracket_reader().probability("a(b)c") > 0.5).astype(int)
            array([0, 1, 1, 0, 0])
        """
        # ŷ_t = σ(w_hy · h_t + b_y)
        return sigmoid(self.trace(text).h[0] @ self.w_hy + self.b_y)

    def accuracy(self, x: np.ndarray, y: np.ndarray) -> float:
        """brackets.batch の x (B, T, 8) と y (B, T) での正解率。

        例:
            >>> x, y = brackets.batch(np.random.default_rng(0), B=50, T=64)
            >>> load_bracket_reader().accuracy(x, y) > 0.99
            True
        """
        score = lstm_forward(x, self.params).h @ self.w_hy + self.b_y  # (B, T)
        y = require_array("y", y, score.shape)
        return float(((score > 0) == y).mean())

    def with_gate_fixed(self, gate: str, value: float) -> BracketReader:
        """gate（"i"、"f"、"o"）をいつも value にしたもの。ほかの重みは変えません。

        W_x と W_h を 0、b を σ⁻¹(value) にすると、σ(b) = value です。

        例:
            >>> forgetful = load_bracket_reader().with_gate_fixed("f", 0.5)
            >>> bool((forgetful.trace("(ab.").f == 0.5).all())
            True
        """
        require_choice("gate", gate, FIXABLE)
        value = require_range("value", value, 0.0, 1.0)
        p, b = self.params, np.clip(logit(value), -SURE, SURE)
        fixed = {
            f"W_x{gate}": np.zeros((p.H, p.D)),
            f"W_h{gate}": np.zeros((p.H, p.H)),
            f"b_{gate}": np.full(p.H, b),
        }
        return replace(self, params=replace(p, **fixed))

    def counting_unit(self) -> int:
        """括弧の深さを数えているユニットの番号（0 から）。

        一本の長い系列で、c_t と深さ d_t の相関の絶対値が最も大きいユニットです。

        例:
            >>> 0 <= load_bracket_reader().counting_unit() < 6
            True
        """
        ids, _ = brackets.batch_ids(np.random.default_rng(0), 1, 1000)
        c = self.trace(brackets.text(ids[0])).c[0]  # (T, H)
        d = brackets.depths(ids[0])
        return int(np.argmax([abs(np.corrcoef(row, d)[0, 1]) for row in c.T]))


def load_bracket_reader() -> BracketReader:
    """公開している重みを data/ から読みます。

    例:
        >>> load_bracket_reader().params.H
        6
    """
    table = data.load("gates_weights")
    values = {
        name: group["value"].to_numpy(copy=True)
        for name, group in table.groupby("name")
    }
    H = len(values["w_hy"])
    weights = {}
    for k in "ifoc":
        weights[f"W_x{k}"] = values[f"W_x{k}"].reshape(H, brackets.D)
        weights[f"W_h{k}"] = values[f"W_h{k}"].reshape(H, H)
        weights[f"b_{k}"] = values[f"b_{k}"]
    return BracketReader(LSTMParams(**weights), values["w_hy"], float(values["b_y"][0]))
