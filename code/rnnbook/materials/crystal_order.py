"""結晶の秩序を数で表す: スタインハートの秩序変数と、いちばん大きい結晶の塊（第 14 章）。

原子 i の、reach までの隣 N_i 個への向き r_ij から

    q_6m(i) = (1/N_i) Σ_j Y_6m(r_ij)                     m = −6 … 6
    q_6(i)  = √( (4π/13) Σ_m |q_6m(i)|² )
    Q_6     = √( (4π/13) Σ_m |(1/N) Σ_i q_6m(i)|² )       全体を先に平均します
    q̄_6(i)  = 自分と隣の q_6m を平均してから、同じ式

向きのそろった格子なら Q_6 = q_6 で、fcc は 0.575、hcp は 0.485、bcc（二つ目の殻まで）は 0.511 です。
液体では、q_6 は 0 になりませんが、Q_6 は原子の数とともに 0 に近づきます。

論文: Steinhardt, Nelson & Ronchetti (1983). Phys. Rev. B 28, 784–805.
      ten Wolde, Ruiz-Montero & Frenkel (1996). J. Chem. Phys. 104, 9932–9947.
      Lechner & Dellago (2008). J. Chem. Phys. 129, 114707.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from rnnbook.arguments import require_array, require_range

ALIKE, ENOUGH = 0.7, 6  # 固体らしいつながりと見る内積と、結晶と見るつながりの数


class Order(NamedTuple):
    """一つの原子配置の秩序。"""

    Q6: float  # 全体
    q6: np.ndarray  # (N,) 原子ごと
    q6_mean: np.ndarray  # (N,) 隣と平均したもの q̄_6
    links: np.ndarray  # (N,) 固体らしいつながりの数
    cluster: int  # いちばん大きい結晶の塊の、原子の数


def spherical_6(d: np.ndarray) -> np.ndarray:
    """単位ベクトル d (P, 3) の球面調和関数 Y_6m。m = 0 … 6 の (P, 7) です。

    m < 0 は Y_{6,−m} = (−1)^m Y_6m* なので、大きさだけを使うなら要りません。

    例:
        >>> abs(spherical_6(np.array([[0.0, 0.0, 1.0]]))).round(4)[0, :2].tolist()
        [1.0171, 0.0]
    """
    x, y, z = require_array("d", d, ("P", 3)).T
    e = x + 1j * y  # e^{iφ} sin θ
    z2, pi = z * z, np.pi
    return np.stack(
        [
            np.sqrt(13 / pi) / 32 * (231 * z2**3 - 315 * z2**2 + 105 * z2 - 5) + 0j,
            -np.sqrt(273 / (2 * pi)) / 16 * e * z * (33 * z2**2 - 30 * z2 + 5),
            np.sqrt(1365 / pi) / 64 * e**2 * (33 * z2**2 - 18 * z2 + 1),
            -np.sqrt(1365 / pi) / 32 * e**3 * z * (11 * z2 - 3),
            np.sqrt(91 / (2 * pi)) * 3 / 32 * e**4 * (11 * z2 - 1),
            -np.sqrt(1001 / pi) * 3 / 32 * e**5 * z,
            np.sqrt(3003 / pi) / 64 * e**6,
        ],
        axis=1,
    )


def order(x: np.ndarray, box: float, reach: float) -> Order:
    """位置 x (N, 3) の秩序。box は立方体の箱の一辺（周期境界）、reach は隣と見る距離です。

    reach は、動径分布関数の一つ目の谷に置きます（レナード–ジョーンズの密度 0.95 では 1.4）。

    例:
        >>> from rnnbook.materials.lennard_jones import fcc
        >>> found = order(*fcc(4, 0.95), reach=1.4)
        >>> round(found.Q6, 4), found.cluster
        (0.5745, 256)
    """
    x = require_array("x", x, ("N", 3)).astype(float)
    box = require_range("box", box, 1e-9, np.inf)
    reach = require_range("reach", reach, 1e-9, box / 2)
    N, wrapped = len(x), np.mod(x, box)
    wrapped[wrapped >= box] = 0.0  # 丸めで box になった位置
    pairs = cKDTree(wrapped, boxsize=box).query_pairs(reach, output_type="ndarray")
    i, j = np.concatenate([pairs, pairs[:, ::-1]]).T  # どの対も、両側から
    neighbours = np.bincount(i, minlength=N)
    if neighbours.min() == 0:
        alone = int(np.argmin(neighbours))
        raise ValueError(
            f"原子 {alone} には、引数 reach = {reach:g} までの隣がありません。"
            "長さの単位が x、box、reach で同じかを確かめます。"
        )
    d = x[j] - x[i]
    d -= box * np.rint(d / box)
    bond = coo_array((np.ones(len(i)), (i, np.arange(len(i)))), (N, len(i))).tocsr()
    # q_6m(i) = (1/N_i) Σ_j Y_6m(r_ij)   (N, 7)
    Y = spherical_6(d / np.linalg.norm(d, axis=1, keepdims=True))
    q = bond @ Y / neighbours[:, None]
    # q̄_6m(i): 自分と隣の平均
    q_mean = (q + bond @ q[j]) / (neighbours[:, None] + 1)
    # つながりの強さ s_ij = Re Σ_m q_6m(i) q_6m(j)* / (|q(i)| |q(j)|)
    unit = q / np.sqrt(_square(q))[:, None]
    s = _inner(unit[i], unit[j])
    links = np.bincount(i[s > ALIKE], minlength=N)
    crystal = links >= ENOUGH
    joined = (s > ALIKE) & crystal[i] & crystal[j]
    graph = coo_array((np.ones(joined.sum()), (i[joined], j[joined])), (N, N))
    label = connected_components(graph, directed=False)[1]
    cluster = int(np.bincount(label[crystal]).max()) if crystal.any() else 0
    size = [np.sqrt(4 * np.pi / 13 * _square(a)) for a in (q, q_mean)]
    Q6 = np.sqrt(4 * np.pi / 13 * _square(q.mean(axis=0)[None]))
    return Order(float(Q6[0]), *size, links, cluster)


def _inner(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Re Σ_m a_m b_m*（m = −6 … 6）。m > 0 は、−m の分と合わせて二倍です。"""
    product = (a * b.conj()).real
    return product[:, 0] + 2 * product[:, 1:].sum(axis=1)


def _square(a: np.ndarray) -> np.ndarray:
    return _inner(a, a)
