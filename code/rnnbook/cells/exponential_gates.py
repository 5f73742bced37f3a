"""指数のゲートと、その安定化: xLSTM の sLSTM の、一つの状態（第 16 章）。

sLSTM は、入力ゲートと忘却ゲートを exp にし、状態 c を、重みの合計 n で割って読みます:

    c_t = f_t c_{t-1} + i_t z_t,   n_t = f_t n_{t-1} + i_t,   h_t = o_t c_t / n_t
    i_t = exp(ĩ_t),   f_t = exp(f̃_t)

c_t / n_t は z の重みつきの平均です。exp はすぐにあふれるので、m_t = max(f̃_t + m_{t-1}, ĩ_t) を引きます:

    i'_t = exp(ĩ_t − m_t),   f'_t = exp(f̃_t + m_{t-1} − m_t)

c と n が同じ倍率 exp(−m_t) で小さくなるので、c_t / n_t は変わりません。
論文: Beck, M. ほか (2024). xLSTM: Extended long short-term memory. NeurIPS 2024。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_choice


def exponential_average(
    i: np.ndarray, f: np.ndarray, z: np.ndarray, stable: bool = True
) -> np.ndarray:
    """c_t / n_t (T,)。i、f、z は ĩ、f̃、z の列 (T,) です。stable が偽なら、式のまま計算します。

    例:
        >>> exponential_average(np.zeros(2), np.zeros(2), np.array([1.0, 3.0]))
        array([1., 2.])
    """
    T = require_array("i", i, ("T",)).shape[0]
    f, z = require_array("f", f, (T,)), require_array("z", z, (T,))
    require_choice("stable", stable, (True, False))
    c = n = i.dtype.type(0)
    m, h = i.dtype.type(-np.inf), np.empty_like(z)
    for t in range(T):
        # m_t = max(f̃_t + m_{t-1}, ĩ_t)
        now = max(f[t] + m, i[t]) if stable else i.dtype.type(0)
        before = m if stable else now
        keep, add = np.exp(f[t] + before - now), np.exp(i[t] - now)
        c, n, m = keep * c + add * z[t], keep * n + add, now
        h[t] = c / n
    return h
