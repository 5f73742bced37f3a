"""読者の組織の写真を統計にし、見直す所を挙げます（第 13 章）。写真は own_micrographs が読みます。

実測の画像の端は周期的につながっていないので、自己共分散は、重なる所だけで平均します。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.materials.own_micrographs import Micrographs


def open_autocovariance(images: np.ndarray, lags: int) -> np.ndarray:
    """端のつながっていない画像 (…, n, m) の自己共分散 C(r)。(…, lags)

        C(r) = 距離 r（四捨五入）の二点の組すべてでの、(u(x) − ū)(u(x + d) − ū) の平均

    画像の外を 0 で埋めてから Fourier 変換し、組の数で割ります。r の単位は画素、C(0) は分散です。

    例:
        >>> stripes = np.tile([1.0, 1.0, -1.0, -1.0], (8, 2))
        >>> open_autocovariance(stripes, lags=1).round(12).tolist()
        [1.0]
    """
    images = np.asarray(images, dtype=float)
    n, m = images.shape[-2:]
    lags = require_positive_int("lags", lags)
    if lags > min(n, m) // 2:
        raise ValueError(
            f"引数 lags は画面の短い辺の半分 {min(n, m) // 2} 以下の整数です。{lags} が渡されました。"
        )
    shape = (2 * n, 2 * m)
    u = images - images.mean(axis=(-2, -1), keepdims=True)
    total = np.fft.irfft2(np.abs(np.fft.rfft2(u, s=shape)) ** 2, s=shape)
    pairs = np.fft.irfft2(np.abs(np.fft.rfft2(np.ones((n, m)), s=shape)) ** 2, s=shape)
    y, x = (np.minimum(np.arange(s), s - np.arange(s)) for s in shape)
    ring = np.floor(np.hypot(y[:, None], x) + 0.5).astype(int)
    # Σ(積) / 組の数
    columns = [
        total[..., ring == r].sum(axis=-1) / pairs[ring == r].sum() for r in range(lags)
    ]
    return np.stack(columns, axis=-1)


def remarks(found: Micrographs, C: np.ndarray, length: np.ndarray) -> list[str]:
    """統計にする前に見直す所。C は open_autocovariance、length はその太さ（画素、(F,)）です。

    何もなければ空です。止めはしませんが、論文には、どう直したかを書きます。

    例:
        >>> u = np.sin(np.arange(64) / 2) + np.zeros((64, 1))
        >>> found = Micrographs(["a", "b"], np.array([0.0, 1.0]), np.stack([u, u]))
        >>> C = open_autocovariance(found.images, 16)
        >>> remarks(found, C, np.array([3.0, 3.1]))
        []
        >>> remarks(found, C, np.array([3.0, 21.0]))[0][:30]
        'b: 太さ 21.0 画素は、視野の短い辺 64 画素の 1'
    """
    images, (n, m) = found.images, found.images.shape[1:]
    length = require_array("length", length, (len(images),))
    C = require_array("C", C, (len(images), "lags"))
    notes = []
    for name, image, size, row in zip(found.names, images, length, C, strict=True):
        ends = np.mean((image == image.min()) | (image == image.max()))
        if len(np.unique(image)) > 2 and ends > 0.05:
            notes.append(
                f"{name}: 画素の {100 * ends:.0f} % が、いちばん暗いか明るい値です（白飛びか黒つぶれ）。"
            )
        if 6 * size > min(n, m):
            notes.append(
                f"{name}: 太さ {size:.1f} 画素は、視野の短い辺 {min(n, m)} 画素の 1/6 を超えます。"
                "組織の数が少なく、統計がゆらぎます。"
            )
        if size < 2:
            notes.append(
                f"{name}: 太さ {size:.1f} 画素は細かすぎます。倍率を上げます。"
            )
        if row[1:].max(initial=0.0) < 0.2 * row[0]:
            notes.append(
                f"{name}: 隣の画素との相関が小さく、雑音が組織より大きいようです。"
            )
    level, spread = images.mean(axis=(1, 2)), images.std(axis=(1, 2))
    if np.ptp(level) > 0.2 * spread.max():
        notes.append(
            f"平均の明るさが {level.min():.3g} から {level.max():.3g} まで変わります。"
            "照明か視野の違いなら、二値にしてから統計にします。"
        )
    gaps = np.diff(found.time)
    if len(gaps) > 1 and gaps.max() > 1.01 * gaps.min():
        notes.append(
            f"時刻の間隔が {gaps.min():g} から {gaps.max():g} まで変わります。"
            "一歩先を当てるモデルには、等しい間隔に補間するか、間隔を入力に加えます。"
        )
    return notes
