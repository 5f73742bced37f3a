"""地図と答えを、物理で測る物差し（第 15 章）。

計数の平均を μ(θ)、J = ∂μ/∂θ、事前の知識を P とします（第 11 章）。θ の c 番目を答える、いちばん誤差の小さい線形の
重み（計数あたり）と、それが θ の一歩に応える量は

    w* = [(F + P)^(−1) J diag(1/μ)]_c        F = J diag(1/μ) Jᵀ
    w* · J_j = δ_cj − [(F + P)^(−1) P]_cj

です。w* は、知りたい量のほかの散らばりを共分散 Σ にまとめた Σ⁻¹ J_c と、同じ向きです。事前の知識 P があるので、
最適な重みでも、知りたい量の一歩への応えは 1 より小さくなります（平均に寄せるほうが、誤差が小さいためです）。
"""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from rnnbook.arguments import require_array, require_number, require_range
from rnnbook.materials.attribution import Forecast, answers


def optimal_weights(J: np.ndarray, mu: np.ndarray, prior: np.ndarray, which: int = 0):
    """w* (T,)。J は (K, T)、mu は (T,)（正の計数）、prior は (K, K)、which は知りたい量の番号です。

    例:
        >>> J = np.array([[1.0, 0.0], [1.0, 1.0]])  # 邪魔な量が、両方の点を動かす
        >>> w = optimal_weights(J, np.ones(2), 1e-9 * np.eye(2))
        >>> np.abs(w.round(3)).tolist(), bool(w[1] < 0)  # 2 点目で差し引く
        ([1.0, 1.0], True)

    章: 15 章。
    """
    J = require_array("J", J, ("K", "T")).astype(float)
    mu = require_array("mu", mu, (J.shape[1],)).astype(float)
    if (mu <= 0).any():
        raise ValueError("引数 mu は、正の計数です。0 以下の値が渡されました。")
    prior = require_array("prior", prior, (len(J), len(J)))
    which = range(len(J))[which]
    # w* = [(F + P)^(−1) J diag(1/μ)]_c
    F = (J / mu) @ J.T
    return np.linalg.solve(F + prior, J / mu)[which]


def optimal_responses(J, mu, prior, which: int = 0) -> np.ndarray:
    """最適な重みが、θ の一歩ずつに応える量 w* · J_j (K,)。

    例:
        >>> J = np.array([[2.0, 0.0]])
        >>> optimal_responses(J, np.ones(2), np.array([[4.0]])).tolist()
        [0.5]
    """
    return np.asarray(J) @ optimal_weights(J, mu, prior, which)


def response(forecast: Forecast, x: np.ndarray, moved: np.ndarray, size: float = 1.0):
    """入力を x から moved へ動かしたときの、答えの増え方 ÷ size (N,)。

    例:
        >>> response(lambda x: x.sum(dim=1), [[1.0, 2.0]], [[1.5, 2.5]], 0.5).tolist()
        [2.0]
    """
    size = require_number("size", size)
    if size == 0:
        raise ValueError("引数 size は、0 でない数です。0 が渡されました。")
    return (answers(forecast, moved) - answers(forecast, x)) / size


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """順位の相関 ρ。同じ値には、平均の順位を付けます。

    例:
        >>> spearman([1.0, 2.0, 9.0], [0.1, 0.2, 0.3]), spearman([1.0, 2.0], [2.0, 1.0])
        (1.0, -1.0)
    """
    a = require_array("a", a, ("T",))
    ranks = [rankdata(v) for v in (a, require_array("b", b, (len(a),)))]
    ranks = [r - r.mean() for r in ranks]
    norm = np.linalg.norm(ranks[0]) * np.linalg.norm(ranks[1])
    if norm == 0:
        raise ValueError("順位の相関は、値がすべて同じ列では決まりません。")
    # 丸めで ±1 を越えないように
    return float(np.clip(round(ranks[0] @ ranks[1] / norm, 12), -1, 1))


def top_overlap(a: np.ndarray, b: np.ndarray, share: float = 0.1) -> float:
    """大きいほうから share の点が、二つの列で重なる割合。でたらめなら、およそ share です。

    同じ値は、前の点を先に取ります。

    例:
        >>> top_overlap([9, 8, 1, 2], [0, 5, 1, 7], share=0.5)
        0.5
    """
    a = require_array("a", a, ("T",))
    b = require_array("b", b, (len(a),))
    most = max(1, round(require_range("share", share, 0.0, 1.0) * len(a)))
    first = [set(np.argsort(-np.asarray(v), kind="stable")[:most]) for v in (a, b)]
    return len(first[0] & first[1]) / most


def agreement(maps: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """地図 (N, T) の大きさと、物差し (N, T) の大きさの、ρ と重なりの平均。

    例:
        >>> agreement([[1.0, -3.0, 2.0]], [[10.0, 30.0, -20.0]])
        (1.0, 1.0)
    """
    maps = np.abs(require_array("maps", maps, ("N", "T")))
    target = np.abs(require_array("target", target, maps.shape))
    pairs = list(zip(maps, target, strict=True))
    rho = [spearman(a, b) for a, b in pairs]
    return float(np.mean(rho)), float(np.mean([top_overlap(a, b) for a, b in pairs]))
