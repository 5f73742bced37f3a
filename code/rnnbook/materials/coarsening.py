"""粗大化の法則で、組織の先を予測します: t^(1/3) と、温度を入れた有効な時間（第 13 章）。

分かれたあとの組織は、太さ R だけが変わり、形は変わりません（相似則）。

    C(r, t) ≈ a(T) g(r / R)        R³ = R_0³ + b Σ M(T) a(T)^(1/2) Δt

拡散で運ぶ速さは M、運ぶ力は界面のエネルギー（a^(3/2) に比例）、運ぶ量は相の濃度の差（a^(1/2) に比例）から、
dR³/dt ∝ M a^(3/2) / (a^(1/2))² = M a^(1/2) です。b は学習の計算から決めます。g は、見た最後の一枚のものです。
"""

from __future__ import annotations

import numpy as np

from rnnbook.materials.spinodal import DT, STEPS, depth, length, mobility


class CubeLaw:
    """はじめの S 枚の最後の一枚を、太さと深さだけ変えて、先へ延ばします。

    例:
        >>> C = np.cos(np.arange(32) / 4) * np.ones((3, 6, 1))
        >>> T = np.full((3, 6), 0.7)
        >>> CubeLaw(seen=3).fit(C, T).forecast(C[:, :3], T).shape
        (3, 3, 32)
    """

    def __init__(self, seen: int) -> None:
        self.seen = seen

    def fit(self, C: np.ndarray, T: np.ndarray) -> CubeLaw:
        """R³ の増えた分を、有効な時間の増えた分に比例させます（原点を通る最小二乗）。"""
        gain = length(C[:, -1]) ** 3 - length(C[:, self.seen - 1]) ** 3
        tau = effective_time(T[:, self.seen :])[:, -1]
        # b = Σ τ ΔR³ / Σ τ²
        self.b = float((tau * gain).sum() / (tau**2).sum())
        return self

    def forecast(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        """見た (N, S, D) と温度 (N, F) から、残りの (N, F − S, D)。"""
        S, last = C.shape[1], C[:, -1]
        R0 = length(last)[:, None]
        # R³ = R_0³ + b τ
        R = np.cbrt(R0**3 + self.b * effective_time(T[:, S:]))
        swell = depth(T[:, S:]) / depth(T[:, S - 1 : S])  # a(T) / a(T_S)
        r = np.arange(last.shape[-1])
        told = [
            [np.interp(r * R0[i, 0] / R[i, f], r, last[i]) for f in range(R.shape[1])]
            for i in range(len(last))
        ]
        return swell[..., None] * np.array(told)


def effective_time(T: np.ndarray) -> np.ndarray:
    """τ = Σ M(T) a(T)^(1/2) Δt。(N, F) → (N, F)

    例:
        >>> effective_time(np.array([[0.7, 0.7]])).round(3).tolist()
        [[2.117, 4.234]]
    """
    return np.cumsum(mobility(T) * np.sqrt(depth(T)) * STEPS * DT, axis=1)
