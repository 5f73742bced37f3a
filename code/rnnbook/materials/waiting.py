"""待ち時間: 結晶になるまでの時間の分布を、打ち切りのあるまま調べます（第 14 章）。

核ができる速さが時刻によらず一定（λ）なら、待ち時間は指数分布です。

    P(t より長く待つ) = S(t) = e^(−λt)

記録のうちに起きなかった軌跡も捨てません。「少なくともここまで待った」という情報（打ち切り）だからです。捨てると、
待ち時間は短く出ます。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_range


def survival(time: np.ndarray, happened: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """カプラン–マイヤー法。起きた時刻 (K,) と、その直後の S(t) (K,) を返します。

        S(t) = Π_{t_k ≤ t} (1 − d_k / n_k)   d_k は t_k に起きた数、n_k はその直前にまだ待っていた数

    time (N,) は待った時間、happened (N,) は、起きたか（真）、打ち切られたか（偽）です。

    例:
        >>> t, S = survival([1.0, 2.0, 2.0, 3.0], [True, True, False, False])
        >>> t.tolist(), S.tolist()
        ([1.0, 2.0], [0.75, 0.5])

    論文: Kaplan & Meier (1958). J. Am. Stat. Assoc. 53, 457–481.
    """
    time, happened = _read(time, happened)
    t = np.unique(time[happened])
    n = (time[:, None] >= t).sum(axis=0)
    d = ((time[:, None] == t) & happened[:, None]).sum(axis=0)
    return t, np.cumprod(1 - d / n)


def rate(
    time: np.ndarray, happened: np.ndarray, level: float = 0.95
) -> tuple[float, float, float]:
    """指数分布の速さ λ と、その区間。時間の単位の逆数です。

        λ = k / Σ t   （k は起きた数、Σ t は、打ち切られたものも含めて待った時間の合計）

    区間は、k がポアソン分布に従うとして求めます。一つも起きなくても、上の端は有限です。

    例:
        >>> [round(x, 3) for x in rate([2.0, 3.0, 5.0], [True, True, False])]
        [0.2, 0.024, 0.722]
    """
    from scipy.stats import chi2

    time, happened = _read(time, happened)
    level = require_range("level", level, 0.5, 0.9999)
    k, total, tail = int(happened.sum()), float(time.sum()), (1 - level) / 2
    low = chi2.ppf(tail, 2 * k) / 2 / total if k > 0 else 0.0
    return k / total, float(low), float(chi2.ppf(1 - tail, 2 * k + 2) / 2 / total)


def _read(time: np.ndarray, happened: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    time = require_array("time", time, ("N",)).astype(float)
    happened = np.asarray(happened)
    if happened.shape != time.shape or happened.dtype != bool:
        raise ValueError(
            f"引数 happened は、真か偽を {len(time)} 個並べます。"
            f"{happened.dtype} の形 {happened.shape} が渡されました。"
        )
    if time.min() < 0 or time.sum() == 0:
        raise ValueError(
            f"引数 time は 0 以上の時間です。最小は {time.min():g}、合計は {time.sum():g} です。"
        )
    return time, happened
