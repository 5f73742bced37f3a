"""読者のモデルの地図を、論文に載せる前に確かめます: 三つの状態のモデルと、方法ごとの表（第 15 章）。

同じ作りのネットワークを、三つの状態で並べます。

    学習          本当の目標で学習したもの（説明したいモデル）
    学習前        重みを引いただけのもの
    正解を混ぜた   目標を行の間で混ぜてから、同じ回数だけ学習したもの

あとの二つは、何も知りません。その地図と学習したモデルの地図が同じなら、地図は、モデルではなく入力を映しています。
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook.arguments import require_array, require_choice, require_instance
from rnnbook.materials import attribution, yardsticks
from rnnbook.models.explained import Forecast, linear_forecast, network_forecast
from rnnbook.models.pls import PLS
from rnnbook.models.spectrum_networks import KINDS, spectrum_network
from rnnbook.training.seeds import seed_everything
from rnnbook.training.spectrum_regressor import SpectrumRegressor

TRAINED, BEFORE, SHUFFLED = "学習", "学習前", "正解を混ぜた"


class MapReport(NamedTuple):
    """論文に載せる前の表。"""

    steps: pd.DataFrame  # 行が状態、列が動かした量。答えの増え方
    maps: pd.DataFrame  # 行が方法。何も知らないモデルの地図との、ρ と大きさの比
    gap: float  # 積分した勾配の、和と答えの差の食い違い（答えの差に対する割合の最大）


def three_states(
    kind: str, X: np.ndarray, y: np.ndarray, seed: int = 0, **how: object
) -> dict[str, Forecast]:
    """学習した、学習前の、正解を混ぜた、三つのモデルの関数。kind は pls か、ネットワークの名前です。

    how は SpectrumRegressor の引数（updates、learning_rate など）です。PLS には学習前がありません。

    例:
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(64, 40))
        >>> list(three_states("mlp", X, X[:, 0], updates=20))
        ['学習', '学習前', '正解を混ぜた']
    """
    require_choice("kind", kind, ("pls", *KINDS))
    X = require_array("X", X, ("N", "T")).astype(float)
    y = require_array("y", y, (len(X),)).astype(float)
    if y.std() == 0:
        raise ValueError("引数 y の値がすべて同じです。学習できません。")
    mixed = np.random.default_rng([seed, 9]).permutation(y)
    found = {}
    for state, target in ((TRAINED, y), (SHUFFLED, mixed)):
        if kind == "pls":
            pls = PLS().fit(X, target)
            found[state] = linear_forecast(pls.coefficients, pls.mean, pls.level)
            continue
        model = SpectrumRegressor(kind, seed=seed, **how).fit(X, target)
        parts = (
            model.mean[:, 0],
            model.std[:, 0],
            float(model.level),
            float(model.scale),
        )
        found[state] = network_forecast(model.model, *parts)
    if kind != "pls":
        seed_everything(seed)
        untrained = spectrum_network(kind, T=X.shape[1], O=1)
        found[BEFORE] = network_forecast(untrained, *parts)
    return {s: found[s] for s in (TRAINED, BEFORE, SHUFFLED) if s in found}


def check_maps(
    states: Mapping[str, Forecast],
    x: np.ndarray,
    baseline: np.ndarray,
    unit: np.ndarray,
    moved: Mapping[str, tuple[np.ndarray, float]],
    width: int = 8,
) -> MapReport:
    """地図を論文に載せる前の、三つの確かめを一度にします。

    states は「学習」と、少なくとも一つの何も知らないモデルです。x (N, T) は説明する行（印が「内」のもの）、
    baseline と unit は地図の基準と目盛り、moved は、量の名前 → (動かした x, 動かした大きさ) です。

    例:
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(64, 40))
        >>> states = three_states("mlp", X, X[:, 0], updates=20)
        >>> moved = {"一つめ": (X[:4] + np.eye(40)[0], 1.0)}
        >>> report = check_maps(states, X[:4], X.mean(axis=0), X.std(axis=0), moved)
        >>> report.steps.shape, list(report.maps.index)
        ((3, 1), ['勾配', '積分した勾配', '隠す', '測り直した勾配'])
    """
    require_instance("states", states, Mapping)
    if TRAINED not in states or len(states) < 2:
        raise ValueError(
            f"引数 states には、「{TRAINED}」と、何も知らないモデル（「{BEFORE}」か"
            f"「{SHUFFLED}」）が要ります。{list(states)} が渡されました。"
        )
    x = require_array("x", x, ("N", "T")).astype(float)
    steps = {}
    for name, (ahead, size) in moved.items():
        ahead = require_array(f"moved の {name}", ahead, x.shape)
        steps[name] = {
            state: yardsticks.response(f, x, ahead, size).mean()
            for state, f in states.items()
        }
    found = {s: _maps(f, x, baseline, unit, width) for s, f in states.items()}
    rows = {}
    for method, own in found[TRAINED].items():
        row = {}
        for state in states:
            if state == TRAINED:
                continue
            other = found[state][method]
            flat = min(np.ptp(np.abs(m), axis=1).min() for m in (own, other)) == 0
            rho = np.nan if flat else yardsticks.agreement(own, other)[0]
            size = np.linalg.norm(other) / max(np.linalg.norm(own), 1e-300)
            row |= {(state, "ρ"): rho, (state, "大きさの比"): size}
        rows[method] = row
    f, A = states[TRAINED], found[TRAINED]["積分した勾配"]
    start = np.broadcast_to(np.asarray(baseline, dtype=float), x.shape)
    change = attribution.answers(f, x) - attribution.answers(f, start)
    gap = np.abs(A.sum(axis=1) - change).max() / max(np.abs(change).max(), 1e-300)
    maps = pd.DataFrame(rows).T
    return MapReport(pd.DataFrame(steps, index=list(states)), maps, float(gap))


def _maps(f, x, baseline, unit, width) -> dict[str, np.ndarray]:
    return {
        "勾配": attribution.saliency(f, x, unit),
        "積分した勾配": attribution.integrated_gradients(f, x, baseline),
        "隠す": attribution.masking(f, x, baseline, width),
        "測り直した勾配": attribution.rescaled_saliency(f, x, baseline, width, unit),
    }
