"""一つの答えに、入力のどの点が効いたかの地図（第 15 章）。

説明するモデル forecast は、入力 x (N, T)（torch の float64）から答え ŷ (N,) を返す関数です。地図は入力と同じ形です。

    勾配 S         S_t = u_t ∂ŷ/∂x_t                                   単位は、ŷ の単位 ÷ 目盛り u
    積分した勾配    A_t = (x_t − x'_t) ∫₀¹ ∂ŷ/∂x_t (x' + α (x − x')) dα    単位は ŷ。和は ŷ(x) − ŷ(x')
    隠す           M_t = ŷ(x) − ŷ(t を含む width 点を x' にした x)        単位は ŷ
    測り直した勾配  R_{k,i} = Δ_k · Δ_{k,i}                              単位は S の二乗。符号はない

x' は**基準**（何もないとみなす入力）です。測り直した勾配は、T 点を width 点ずつの時刻 k に分け、時刻 k の点をすべて
隠したときの地図の変わり方 Δ_k と、一点だけを隠したときの変わり方 Δ_{k,i} を掛けます。

論文: Simonyan, Vedaldi, Zisserman (2014)、Sundararajan, Taly, Yan (2017)、Ismail ほか (2020)。
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import (
    require_array,
    require_callable,
    require_positive_int,
)

Forecast = Callable[[Tensor], Tensor]
ROWS = 512  # 一度に読ませる行


def answers(forecast: Forecast, x: np.ndarray) -> np.ndarray:
    """答え ŷ (N,)。

    例:
        >>> answers(lambda x: x.sum(dim=1), [[1.0, 2.0], [3.0, 4.0]]).tolist()
        [3.0, 7.0]
    """
    x = _rows("x", x)
    parts = []
    with torch.no_grad():
        for start in range(0, len(x), ROWS):
            parts.append(_told(forecast, torch.from_numpy(x[start : start + ROWS])))
    return torch.cat(parts).numpy()


def gradients(forecast: Forecast, x: np.ndarray) -> np.ndarray:
    """∂ŷ/∂x (N, T)。一行の答えは、その行だけで決まるものとします。

    例:
        >>> gradients(lambda x: (x**2).sum(dim=1), [[1.0, 2.0]]).tolist()
        [[2.0, 4.0]]
    """
    x = _rows("x", x)
    parts = []
    for start in range(0, len(x), ROWS):
        part = torch.from_numpy(x[start : start + ROWS]).requires_grad_()
        y = _told(forecast, part)
        if not y.requires_grad:
            raise ValueError(
                "引数 forecast の答えを、入力で微分できません。"
                "numpy に移したり、no_grad で包んだりしない torch の関数を渡します。"
            )
        parts.append(torch.autograd.grad(y.sum(), part)[0])  # 行どうしは独立
    return torch.cat(parts).numpy()


def saliency(forecast: Forecast, x: np.ndarray, unit: object = 1.0) -> np.ndarray:
    """勾配の地図 S = u ∂ŷ/∂x (N, T)。

    unit は、地図の目盛り一つが入力のいくつに当たるかです（数、(T,)、(N, T)）。入力が √計数なら、1 は
    √計数あたり、1 / (2 √計数) は計数あたり、学習の標準偏差は標準化した入力あたりです。

    例:
        >>> saliency(lambda x: 3 * x[:, 0] - x[:, 1], [[1.0, 2.0]], unit=[1.0, 10.0])
        array([[  3., -10.]])

    論文: Simonyan, Vedaldi, Zisserman (2014)。章: 15 章。
    """
    return gradients(forecast, x) * _beside("unit", unit, _rows("x", x).shape)


def integrated_gradients(
    forecast: Forecast, x: np.ndarray, baseline: object, steps: int = 64
) -> np.ndarray:
    """積分した勾配 A (N, T)。行の和は ŷ(x) − ŷ(x') です（積分は中点則で steps 点）。

    例:
        >>> A = integrated_gradients(lambda x: (x**2).sum(dim=1), [[1.0, 2.0]], 0.0)
        >>> A.round(6).tolist()
        [[1.0, 4.0]]

    論文: Sundararajan, Taly, Yan (2017)。章: 15 章。
    """
    x = _rows("x", x)
    x0 = _beside("baseline", baseline, x.shape)
    steps = require_positive_int("steps", steps)
    total = np.zeros_like(x)
    for k in range(steps):
        alpha = (k + 0.5) / steps
        total += gradients(forecast, x0 + alpha * (x - x0))
    # A = (x − x') · 平均_α ∂ŷ/∂x (x' + α (x − x'))
    return (x - x0) * total / steps


def masking(
    forecast: Forecast, x: np.ndarray, baseline: object, width: int = 8
) -> np.ndarray:
    """隠す地図 M (N, T)。width 点ずつを基準に替え、答えが減った分を、その点すべてに書きます。

    例:
        >>> masking(lambda x: x.sum(dim=1), [[1.0, 2.0, 3.0, 4.0]], 0.0, width=2)
        array([[3., 3., 7., 7.]])

    論文: Zeiler, Fergus (2014)。章: 15 章。
    """
    x = _rows("x", x)
    x0, steps = _beside("baseline", baseline, x.shape), _steps(x, width)
    change = np.empty_like(x)
    told = answers(forecast, x)
    for k in range(steps):
        here = slice(k * width, (k + 1) * width)
        hidden = x.copy()
        hidden[:, here] = x0[:, here]
        # M = ŷ(x) − ŷ(隠した x)
        change[:, here] = (told - answers(forecast, hidden))[:, None]
    return change


def rescaled_saliency(
    forecast: Forecast,
    x: np.ndarray,
    baseline: object,
    width: int = 8,
    unit: object = 1.0,
) -> np.ndarray:
    """測り直した勾配 R (N, T)。どの時刻でも一点ずつ隠します（論文の α = 0）。

    例:
        >>> square = lambda x: (x**2).sum(dim=1)
        >>> rescaled_saliency(square, [[1.0, 2.0, 0.0, 0.0]], 0.0, width=2)
        array([[12., 24.,  0.,  0.]])

    論文: Ismail ほか (2020)、Algorithm 1。章: 15 章。
    """
    x = _rows("x", x)
    x0, u = _beside("baseline", baseline, x.shape), _beside("unit", unit, x.shape)
    N, T = x.shape
    steps = _steps(x, width)
    rescaled = np.empty_like(x)
    # 隠し方: 時刻ごとに steps 通り、点ごとに T 通り
    groups = np.kron(np.eye(steps), np.ones(width))[:, :T]
    hide = np.concatenate([groups, np.eye(T)]) > 0  # (steps + T, T)
    for n in range(N):
        S = np.abs(saliency(forecast, x[n : n + 1], u[n : n + 1]))
        hidden = np.where(hide, x0[n], x[n])
        scales = np.broadcast_to(u[n], hidden.shape)
        # Δ = Σ | |S(x)| − |S(隠した x)| |
        moved = np.abs(S - np.abs(saliency(forecast, hidden, scales))).sum(axis=1)
        by_step, by_point = moved[:steps], moved[steps:]
        rescaled[n] = np.repeat(by_step, width)[:T] * by_point
    return rescaled


def _told(forecast: Forecast, x: Tensor) -> Tensor:
    require_callable("forecast", forecast, "lambda x: x @ b")
    y = forecast(x)
    if not isinstance(y, Tensor) or y.shape != (len(x),):
        came = tuple(y.shape) if isinstance(y, Tensor) else type(y).__name__
        raise ValueError(
            f"引数 forecast は、入力 {tuple(x.shape)} から torch の ({len(x)},) を返す"
            f"関数です。{came} が返りました。"
        )
    if not torch.isfinite(y).all():
        raise ValueError("引数 forecast の答えに、有限でない値があります。")
    return y


def _rows(name: str, x: object) -> np.ndarray:
    return require_array(name, x, ("N", "T")).astype(float)


def _beside(name: str, value: object, shape: tuple[int, int]) -> np.ndarray:
    """数、(T,)、(N, T) を (N, T) にします。"""
    value = np.asarray(value, dtype=float)
    if value.shape not in ((), shape[1:], shape):
        raise ValueError(
            f"引数 {name} は、数か、形 {shape[1:]} か {shape} の配列です。"
            f"形 {value.shape} が渡されました。"
        )
    if not np.isfinite(value).all():
        raise ValueError(f"引数 {name} に、有限でない値があります。")
    return np.broadcast_to(value, shape)


def _steps(x: np.ndarray, width: int) -> int:
    """T 点を width 点ずつに分けた数（余りも一つと数えます）。"""
    width = require_positive_int("width", width)
    if width > x.shape[1]:
        raise ValueError(
            f"引数 width は、点の数 {x.shape[1]} 以下です。{width} が渡されました。"
        )
    return -(-x.shape[1] // width)
