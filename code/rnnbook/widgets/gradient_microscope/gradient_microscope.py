"""勾配顕微鏡: 乱数の重みのネットワークを逆伝播させ、勾配が過去へどれだけ届くかを見る図（第 2 章）。"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import traitlets
from scipy.special import log_expit

from rnnbook import data
from rnnbook.cells.gradients import Params, Trace, singular_values
from rnnbook.cells.gru import GRUParams, gru_forward
from rnnbook.cells.initial import with_spectral_radius
from rnnbook.cells.lstm import LSTMParams, LSTMTrace, lstm_forward
from rnnbook.cells.rnn import RNNParams, rnn_forward
from rnnbook.materials.portable_random import Portable
from rnnbook.models.catalogue import MODELS
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Whole

CELLS = {cell: MODELS[cell].label for cell in ("rnn", "lstm", "gru")}
H = 8  # 隠れ次元
LEAST = -300.0  # これより小さい倍率（常用対数）は、数で言いません
ACTIVATIONS = {"tanh": "tanh", "relu": "ReLU", "identity": "恒等写像"}


def _solved(table: pd.DataFrame) -> dict[str, list[list[int]]]:
    """記憶のはしごの表から、ラッチの、モデル → [T, 解けた種の数, 種の数] の並び。

    例:
        >>> rows = [("latch", "rnn", 50, 0, 400.0), ("latch", "rnn", 50, 1, None)]
        >>> columns = ["task", "model", "T", "seed", "solved_at"]
        >>> _solved(pd.DataFrame(rows, columns=columns))
        {'rnn': [[50, 1, 2]]}
    """
    latch = table[table["task"] == "latch"]
    counts = latch.groupby(["model", "T"])["solved_at"].agg(["count", "size"])
    solved: dict[str, list[list[int]]] = {}
    for (model, T), (count, size) in counts.sort_index().iterrows():
        solved.setdefault(model, []).append([int(T), int(count), int(size)])
    return solved


def _slope_at_c1(trace: LSTMTrace, p: LSTMParams) -> np.ndarray:
    """∂h_T/∂c_1 (H, H)。lstm_backward と同じ逆伝播です。

    忘却ゲートが開いたままだと c が伸びて、1 − tanh² c の引き算では桁が落ちるので、1/cosh² c で求めます。
    """
    dh, dc = np.eye(H), np.zeros((H, H))  # [k] は h_T の k 番目の成分の勾配
    for t in reversed(range(trace.c.shape[1])):
        i, f, o = (gate[0, t] for gate in (trace.i, trace.f, trace.o))
        c, c_tilde = trace.c[0, t], trace.c_tilde[0, t]
        # ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + （未来の時刻から）
        dc = dc + dh * o * np.cosh(c) ** -2.0
        if t == 0:
            break
        # h_{t-1} へは、四つのゲートの a から
        dh = (
            (dc * c_tilde * i * (1 - i)) @ p.W_hi
            + (dc * trace.c[0, t - 1] * f * (1 - f)) @ p.W_hf
            + (dh * np.tanh(c) * o * (1 - o)) @ p.W_ho
            + (dc * i * (1 - c_tilde**2)) @ p.W_hc
        )
        dc = dc * f
    return dc


class GradientMicroscope(Figure):
    r"""乱数の重みのネットワークで、最後の隠れ状態が、途中の状態を動かすと何倍動くか。

    順伝播と逆伝播をページの中で行い、時刻ごとに行列 ∂h_T/∂h_t（LSTM では ∂h_T/∂c_t）の特異値を
    求めて、理論の直線と並べます。

        RNN     ρ(W_hh)^{T−t} と、上界 ‖W_hh‖^{T−t}
        LSTM    直接の道だけなら σ(b_f)^{T−t}
        GRU     直接の道だけなら (1 − σ(b_z))^{T−t}

    そばに、同じ種類のネットワークを学習させたとき、その系列長のラッチを解けた種の数を示します。
    数は data/results/ladder.csv のもので、`python -m rnnbook.experiments run ladder` が作ります。

    引数:
        cell: "rnn"、"lstm"、"gru"。
        T: 系列長（1 から 300）。
        rho: RNN の W_hh のスペクトル半径（0.2 から 2）。
        activation: RNN の活性化関数 "tanh"、"relu"、"identity"。
        b_f: LSTM の忘却ゲートのバイアス（−2 から 6）。
        b_z: GRU の更新ゲートのバイアス（−6 から 2）。h_t = (1 − z_t) h_{t-1} + z_t h̃_t なので、
            小さいほど保ちます。
        seed: 重みと入力の種（0 から 9）。

    引数が範囲の外なら ValueError です。

    例:
        >>> GradientMicroscope(cell="lstm", T=100, b_f=3)
        GradientMicroscope(cell='lstm', b_f=3.0)

    論文: Bengio, Y., Simard, P. & Frasconi, P. (1994). IEEE Trans. Neural Networks 5, 157-166。
          Pascanu, R., Mikolov, T. & Bengio, Y. (2013). ICML 2013。
    """

    cell = Choice("rnn", CELLS, "セル")
    T = Whole(100, 1, 300, "系列長 $T$", unit="時刻")
    rho = Number(
        0.9,
        0.2,
        2.0,
        r"スペクトル半径 $\rho(W_{hh})$",
        step=0.05,
        when=("cell", "rnn"),
    )
    activation = Choice("tanh", ACTIVATIONS, "活性化関数", when=("cell", "rnn"))
    b_f = Number(
        1.0, -2.0, 6.0, "忘却ゲートのバイアス $b_f$", step=0.25, when=("cell", "lstm")
    )
    b_z = Number(
        0.0,
        -6.0,
        2.0,
        "更新ゲートのバイアス $b_z$（小さいほど保つ）",
        step=0.25,
        when=("cell", "gru"),
    )
    seed = Whole(0, 0, 9, "重みと入力の種")
    # モデル → [T, 解けた種の数, 種の数] の並び
    solved = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "勾配顕微鏡。系列長 T、セルの種類、スペクトル半径やゲートのバイアスを動かすと、"
        "途中の時刻の状態を動かしたときに最後の隠れ状態が動く倍率が、対数の目盛りで描かれます。"
        "倍率の最大と最小の特異値と、理論の直線を重ね、そばに時刻 1 の状態についての特異値を"
        "大きい順に並べます。"
    ).tag(sync=True)
    _height = traitlets.List([815, 1440]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(solved=_solved(data.load("ladder")), **values)

    def _network(self) -> tuple[Trace, Params]:
        """ページと同じ乱数の重みと入力の、順伝播の記録と重み。"""
        x = Portable(1000 + self.seed).standard_normal(self.T)[None, :, None]
        draw = Portable(self.seed)

        def weights(*shape: int) -> np.ndarray:
            # ±1/√H の一様乱数
            u = np.array([draw.uniform() for _ in range(math.prod(shape))])
            return (2 * u - 1).reshape(shape) / math.sqrt(H)

        if self.cell == "rnn":
            W_hh = draw.standard_normal(H * H).reshape(H, H)
            W_hh = with_spectral_radius(W_hh, self.rho)
            params = RNNParams(weights(H, 1), W_hh, np.zeros(H), self.activation)
            return rnn_forward(x, params), params
        kind, forward, gates = {
            "lstm": (LSTMParams, lstm_forward, "ifoc"),
            "gru": (GRUParams, gru_forward, "rzh"),
        }[self.cell]
        bias, values = {"f": self.b_f, "z": self.b_z}, {}
        for gate in gates:
            values[f"W_x{gate}"] = weights(H, 1)
            values[f"W_h{gate}"] = weights(H, H)
            values[f"b_{gate}"] = np.full(H, bias.get(gate, 0.0))
        params = kind(**values)
        return forward(x, params), params

    def numbers(self) -> dict[str, float]:
        """図が見せる数。倍率は常用対数です。

        log10_norm は時刻 1 の状態を動かしたときの最大の倍率（−300 より小さければ −300）、directions は
        その 1000 分の 1 以上が伝わる向きの数、log10_theory と log10_bound は理論の直線と上界の値、
        trained_T、trained_solved、trained_seeds は、学習させた結果のうち設定に最も近いものです。

        例:
            >>> found = GradientMicroscope(T=50, rho=0.9).numbers()
            >>> found["log10_norm"] < found["log10_bound"]
            True
        """
        trace, params = self._network()
        if self.cell == "lstm":
            sigma = np.linalg.svd(_slope_at_c1(trace, params), compute_uv=False)
        else:
            sigma = singular_values(trace, params)[0]  # (H,) 大きい順
        with np.errstate(divide="ignore"):
            norm = max(LEAST, float(np.log10(sigma[0])))
        found = {"log10_norm": norm}
        if norm > LEAST:
            found["directions"] = float((sigma >= sigma[0] / 1000).sum())
        # 一時刻さかのぼるごとの倍率の常用対数
        slope = {
            "rnn": math.log10(self.rho),
            "lstm": log_expit(self.b_f) / math.log(10),
            "gru": log_expit(-self.b_z) / math.log(10),
        }[self.cell]
        found["log10_theory"] = float(slope) * (self.T - 1)
        if self.cell == "rnn":
            bound = math.log10(np.linalg.norm(params.W_hh, 2))
            found["log10_bound"] = bound * (self.T - 1)
        return found | self._trained()

    def _trained(self) -> dict[str, float]:
        """学習させた結果のうち、設定に最も近いもの。なければ空です。"""
        biases = [float(m[6:]) for m in self.solved if m[:6] == "lstm_b"]
        near = min(biases, key=lambda b: abs(b - self.b_f), default=0.0)
        rnn = {"tanh": "rnn", "relu": "irnn"}.get(self.activation, "")
        model = {"rnn": rnn, "lstm": f"lstm_b{near:g}", "gru": "gru"}[self.cell]
        rows = self.solved.get(model, [])
        if not rows:
            return {}
        row = min(rows, key=lambda row: abs(math.log(row[0] / self.T)))
        names = ("trained_T", "trained_solved", "trained_seeds")
        return dict(zip(names, map(float, row), strict=True))
