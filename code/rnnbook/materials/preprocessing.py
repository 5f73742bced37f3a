"""前処理: 実験室がスペクトルと波形に施すこと（第 10 章）。

行が一つの測定、列がチャンネルの配列 X (N, T) を受け取り、新しい配列を返します。どの関数も一行ごとに
計算し、ほかの行を見ません。だから、分ける前に施しても、試験の行は学習に漏れません。学習の行から何かを
決めるもの（fill_low_rank の train、平均と標準偏差による標準化）だけは、分けたあとに施します。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_number,
    require_positive_int,
)


def snv(X: np.ndarray) -> np.ndarray:
    """標準正規変量（SNV）: 行ごとに、平均を引き、標準偏差で割ります。単位はなくなります。

    粉の粒の大きさや光路長のような、行ごとの倍率とずれを除きます。

    例:
        >>> snv([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]).round(2).tolist()
        [[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]]

    論文: Barnes, Dhanoa, Lister (1989)。章: 10 章。
    """
    X = require_array("X", X, ("N", "T")).astype(float)
    # (x − x の平均) / x の標準偏差（T − 1 で割る）
    spread = X.std(axis=1, ddof=1, keepdims=True) if X.shape[1] > 1 else np.zeros(1)
    if (flat := (spread <= 1e-12 * np.abs(X).max(axis=1, keepdims=True))).any():
        raise ValueError(
            f"引数 X の {int(np.argmax(flat))} 番の行は、どのチャンネルも同じ値です。"
            "測定に失敗した行なら、除いてください。"
        )
    return (X - X.mean(axis=1, keepdims=True)) / spread


def derivative(
    X: np.ndarray, order: int, window: int = 11, degree: int = 3, step: float = 1.0
) -> np.ndarray:
    """Savitzky–Golay 法の微分: window チャンネルに degree 次式を当て、その中央の order 階の微分。

    一階はゆるやかなずれを、二階は傾きも除きます。step は一チャンネルの幅で、単位は X の単位 / step の
    単位の order 乗です。

    例:
        >>> x = np.arange(20.0) ** 2
        >>> derivative([x], order=2)[0, 5:8].round(6).tolist()
        [2.0, 2.0, 2.0]

    論文: Savitzky, Golay (1964)。章: 10 章。
    """
    from scipy.signal import savgol_filter

    X = require_array("X", X, ("N", "T")).astype(float)
    order = require_positive_int("order", order)
    degree = require_positive_int("degree", degree, minimum=order)
    window = require_positive_int("window", window, minimum=degree + 1)
    if window % 2 == 0 or window > X.shape[1]:
        raise ValueError(
            f"引数 window は、チャンネルの数 {X.shape[1]} 以下の奇数です。{window} が渡されました。"
        )
    return savgol_filter(X, window, degree, deriv=order, delta=step, axis=1)


def subtract_line(X: np.ndarray, edge: int = 5) -> np.ndarray:
    """両端の edge チャンネルの平均どうしを結ぶ直線を、行ごとに引きます。

    例:
        >>> subtract_line([[1.0, 2.0, 8.0, 4.0, 5.0]], edge=1).tolist()
        [[0.0, 0.0, 5.0, 0.0, 0.0]]
    """
    X = require_array("X", X, ("N", "T")).astype(float)
    edge = require_positive_int("edge", edge)
    T = X.shape[1]
    if 2 * edge > T:
        raise ValueError(
            f"引数 edge は、チャンネルの数 {T} の半分以下です。{edge} が渡されました。"
        )
    left, right = X[:, :edge].mean(axis=1), X[:, -edge:].mean(axis=1)
    # 端の平均は、端の edge チャンネルの中央にあります
    a, b = (edge - 1) / 2, T - 1 - (edge - 1) / 2
    share = (np.arange(T) - a) / (b - a)
    return X - (left[:, None] * (1 - share) + right[:, None] * share)


def subtract_baseline(X: np.ndarray, smoothness: float = 1e6) -> np.ndarray:
    """非対称最小二乗法（AsLS）のベースラインを、行ごとに引きます。pybaselines が計算します。

    smoothness が大きいほど、ベースラインはゆるやかです。ピークより広いうねりだけが引かれる大きさを、
    引いた線を描いて選びます。

    例:
        >>> E = np.linspace(0, 1, 200)
        >>> peak = np.exp(-((E - 0.5) / 0.02) ** 2)
        >>> bool(abs(subtract_baseline([peak + 3 + E])[0] - peak).max() < 0.05)
        True

    論文: Eilers (2003)。章: 10 章。
    """
    try:
        from pybaselines.whittaker import asls
    except ImportError:
        raise ImportError(
            "subtract_baseline には pybaselines が要ります。pip install pybaselines で入ります。"
        ) from None
    X = require_array("X", X, ("N", "T")).astype(float)
    smoothness = require_number("smoothness", smoothness)
    return np.stack([x - asls(x, lam=smoothness)[0] for x in X])


def unit_area(axis: np.ndarray, X: np.ndarray) -> np.ndarray:
    """行ごとに、面積（台形則）を 1 にします。単位は 1 / axis の単位です。

    例:
        >>> unit_area([0.0, 1.0, 2.0], [[0.0, 4.0, 0.0]]).tolist()
        [[0.0, 1.0, 0.0]]
    """
    axis, X = _with_axis(axis, X)
    area = np.trapezoid(X, axis, axis=1)
    if (area <= 0).any():
        row = int(np.argmax(area <= 0))
        raise ValueError(
            f"引数 X の {row} 番の行の面積は {area[row]:.3g} で、正ではありません。"
            "ベースラインを引きすぎていないかを確かめます。"
        )
    return X / area[:, None]


def normalise_edge(
    E: np.ndarray,
    mu: np.ndarray,
    e0: float,
    pre: tuple[float, float] = (-150.0, -30.0),
    post: tuple[float, float] = (100.0, 450.0),
) -> np.ndarray:
    """吸収端の規格化: 端の前の直線を引き、端の後の二次式の e0 での値（端の高さ）で割ります。

    E と e0、e0 からの範囲 pre と post の単位は eV です。mu (N, T) は吸収係数で、返す値に単位はありません。

    例:
        >>> E = np.arange(11700.0, 12400.0, 1.0)
        >>> mu = 0.2 + 1e-4 * (E - 11919) + 0.5 * (E > 11919)
        >>> (normalise_edge(E, [mu], e0=11919)[0, [0, -1]] + 1e-9).round(6).tolist()
        [0.0, 1.0]
    """
    E, mu = _with_axis(E, mu, "E", "mu")
    e0 = require_number("e0", e0)
    lines = []
    for name, (low, high), degree in (("pre", pre, 1), ("post", post, 2)):
        inside = (e0 + low <= E) & (e0 + high >= E)
        if inside.sum() < degree + 2:
            raise ValueError(
                f"引数 {name} = ({low:g}, {high:g}) eV の範囲に、点が {int(inside.sum())} 個しかありません。"
                f"E は {E[0]:g}〜{E[-1]:g} で、e0 = {e0:g} です。E の単位が eV かを確かめます。"
            )
        # e0 からの隔たりの多項式。桁落ちしないよう、原点を e0 に置きます
        lines.append(
            np.polynomial.polynomial.polyfit(E[inside] - e0, mu[:, inside].T, degree)
        )
    before = np.polynomial.polynomial.polyval(E - e0, lines[0])  # (N, T)
    # 端の高さ = 後の式(e0) − 前の式(e0)
    jump = lines[1][0] - lines[0][0]
    if (jump <= 0).any():
        row = int(np.argmax(jump <= 0))
        raise ValueError(
            f"引数 mu の {row} 番の行の端の高さ {jump[row]:.3g} が、正ではありません。"
        )
    return (mu - before) / jump[:, None]


def resample(axis: np.ndarray, X: np.ndarray, new_axis: np.ndarray) -> np.ndarray:
    """X (N, T) を、新しい軸 new_axis (M,) の上に直線で補間します (N, M)。軸の外へは延ばしません。

    例:
        >>> resample([0.0, 1.0, 2.0], [[0.0, 10.0, 0.0]], [0.5, 1.5]).tolist()
        [[5.0, 5.0]]
        >>> resample([0.0, 1.0], [[0.0, 10.0]], [0.5, 1.5])
        Traceback (most recent call last):
        ...
        ValueError: 引数 new_axis は 0.5〜1.5 で、測った範囲 0〜1 の外に出ます。両方にある範囲を選びます。
    """
    axis, X = _with_axis(axis, X)
    new_axis = require_array("new_axis", new_axis, ("M",)).astype(float)
    if new_axis.min() < axis[0] or new_axis.max() > axis[-1]:
        raise ValueError(
            f"引数 new_axis は {new_axis.min():g}〜{new_axis.max():g} で、"
            f"測った範囲 {axis[0]:g}〜{axis[-1]:g} の外に出ます。両方にある範囲を選びます。"
        )
    return np.stack([np.interp(new_axis, axis, x) for x in X])


def band_pass(
    x: np.ndarray, rate: float, low: float, high: float, causal: bool
) -> np.ndarray:
    """4 次のバターワース形の帯域フィルタを、最後の軸に掛けます。rate は標本化周波数（Hz）です。

    causal が真なら、前からだけ掛けます。偽なら、前と後ろから掛けて遅れを消しますが、そのとき出力は
    **先の値を使います**（予測や、その場での検知には使えません）。

    例:
        >>> t = np.arange(2000) / 1000
        >>> slow, fast = np.sin(2 * np.pi * 5 * t), np.sin(2 * np.pi * 100 * t)
        >>> passed = band_pass(slow + fast, rate=1000, low=50, high=200, causal=False)
        >>> bool(abs(passed - fast)[500:1500].max() < 0.02)
        True
    """
    from scipy.signal import butter, sosfilt, sosfiltfilt

    x = require_array("x", x, (..., "T")).astype(float)
    rate, low, high = (
        require_number(name, value)
        for name, value in (("rate", rate), ("low", low), ("high", high))
    )
    if not 0 < low < high < rate / 2:
        raise ValueError(
            f"引数 low と high は、0 < low < high < rate / 2 = {rate / 2:g} Hz です。"
            f"{low:g} と {high:g} が渡されました。"
        )
    filters = butter(4, (low, high), btype="bandpass", fs=rate, output="sos")
    return (sosfilt if causal else sosfiltfilt)(filters, x, axis=-1)


def cut_windows(x: np.ndarray, T: int, step: int = 1) -> np.ndarray:
    """長い系列 (n,) か (n, D) を、長さ T の窓に切ります (N, T) か (N, T, D)。窓は step 点ずつ進みます。

    k 番の窓は、x の k·step 番から T 点です。重なる窓は、同じ測定の写しです（試料と同じに扱います）。

    例:
        >>> cut_windows(np.arange(5.0), T=3, step=2).tolist()
        [[0.0, 1.0, 2.0], [2.0, 3.0, 4.0]]
    """
    x = require_array("x", x, ("n", "D") if np.ndim(x) == 2 else ("n",))
    T, step = require_positive_int("T", T), require_positive_int("step", step)
    if len(x) < T:
        raise ValueError(
            f"引数 T は、系列の長さ {len(x)} 以下です。{T} が渡されました。"
        )
    views = np.lib.stride_tricks.sliding_window_view(x, T, axis=0)[::step]
    return np.moveaxis(views, -1, 1).copy()


def _with_axis(
    axis: np.ndarray, X: np.ndarray, axis_name: str = "axis", name: str = "X"
) -> tuple[np.ndarray, np.ndarray]:
    X = require_array(name, X, ("N", "T")).astype(float)
    axis = require_array(axis_name, axis, (X.shape[1],)).astype(float)
    if (wrong := np.diff(axis) <= 0).any():
        k = int(np.argmax(wrong))
        raise ValueError(
            f"引数 {axis_name} は小さいほうから順に並びます。{axis_name}[{k}] = {axis[k]:g} の次が "
            f"{axis[k + 1]:g} です。"
        )
    return axis, X
