"""この予測を信じてよいか: 予測、90 % の区間、学習の範囲の内・境・外を、一つの predict が返します（第 10 章）。

区間は、校正の試料での分割共形予測です。試料 k の測定が n_k 回、試料が K 個のとき、残差の絶対値に

    重み 1 / ((K + 1) n_k)        と、無限大に重み 1 / (K + 1)

を付けた分布の 90 % 点を半幅 r とします。新しい試料が校正の試料と交換可能なら、その測定の一つは
90 % 以上の確率で [ŷ − r, ŷ + r] に入ります。測定が一回ずつなら、第 1 章の分割共形予測と同じです。

範囲は、学習の行の主成分 P（A 本）から測ります。t = P (x − x̄)、e = x − x̄ − Pᵀ t として、

    T² = Σ_a t_a² / s_a²          主成分の中で、中心からどれだけ遠いか
    Q  = Σ e²                     主成分で表せない残り。大きすぎても小さすぎても印が付きます

を検証の行と比べます。しきい値は、検証の試料の false_marks に「外」が付くように選びます。
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook.arguments import (
    require_array,
    require_callable,
    require_positive_int,
    require_range,
)

INSIDE, BORDER, OUTSIDE = "内", "境", "外"
BORDER_TIMES = 3  # 「境」まで含めた印は、「外」の 3 倍の試料に付きます


class Distances(NamedTuple):
    """学習の範囲からの隔たり。"""

    t2: np.ndarray  # (N,) ホテリングの T²
    q: np.ndarray  # (N,) 残差の二乗和 Q。単位は x の単位の二乗


class Trusted:
    """予測に、区間と、学習の範囲の印を付けたもの。

    forecast は、行 X から予測 (N,) を返す関数（model.predict など）です。X は (N, T) か (N, T, D) で、
    Trusted に渡す X と同じ前処理を済ませておきます（単位の違う特徴は、学習の行で標準化します）。
    四組のデータは、別々の試料のものです（検証と校正は同じ試料でもかまいません）。

    例:
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(300, 4))
        >>> y = X[:, 0] + 0.1 * rng.normal(size=300)
        >>> trusted = Trusted(lambda X: X[:, 0], components=2)
        >>> trusted = trusted.fit(X[:100], y[:100]).calibrate(X[100:], y[100:])
        >>> trusted.predict([[0.5, 1, 1, 1], [0.5, 0, 9, 0]])["mark"].tolist()
        ['内', '外']

    論文: Lei ほか (2018)（分割共形予測）、Jackson, Mudholkar (1979)（Q）。章: 10 章。
    """

    def __init__(
        self,
        forecast: Callable[[np.ndarray], np.ndarray],
        components: int,
        coverage: float = 0.9,
        false_marks: float = 0.03,
    ):
        require_callable("forecast", forecast, "model.predict")
        self.forecast = forecast
        self.components = require_positive_int("components", components)
        self.coverage = require_range("coverage", coverage, 0.0, 1.0)
        self.false_marks = require_range("false_marks", false_marks, 1e-6, 0.3)

    def fit(self, X: np.ndarray, y: np.ndarray) -> Trusted:
        """学習の行から、主成分と、目標の範囲を覚えます。"""
        X = _flat("X", X)
        y = require_array("y", y, (len(X),))
        if self.components >= min(X.shape):
            raise ValueError(
                f"引数 components は、学習の行 {len(X)} 個とチャンネル {X.shape[1]} 個の"
                f"どちらより小さい整数です。{self.components} が渡されました。"
            )
        self.mean = X.mean(axis=0)
        _, s, vt = np.linalg.svd(X - self.mean, full_matrices=False)
        A = self.components
        self.axes, self.spread = vt[:A], s[:A] / np.sqrt(len(X) - 1)  # P、s_a
        if self.spread[-1] <= 1e-12 * self.spread[0]:
            raise ValueError(
                f"引数 components = {A} 本の主成分を、学習の行から決められません。"
                "行に違いがないか、本数が多すぎます。"
            )
        self.low, self.high = float(y.min()), float(y.max())
        return self

    def distances(self, X: np.ndarray) -> Distances:
        """行ごとの T² と Q。"""
        X = _flat("X", X, len(self.mean))
        t = (X - self.mean) @ self.axes.T  # (N, A)
        e = X - self.mean - t @ self.axes
        # T² = Σ_a t_a² / s_a²、Q = Σ e²
        return Distances(((t / self.spread) ** 2).sum(axis=1), (e**2).sum(axis=1))

    def calibrate(
        self,
        X: np.ndarray,
        y: np.ndarray,
        groups: Sequence[object] | None = None,
        valid: np.ndarray | None = None,
        valid_groups: Sequence[object] | None = None,
    ) -> Trusted:
        """校正の行 X, y で区間の半幅を、検証の行 valid（なければ X）で印のしきい値を決めます。

        groups は試料の名前 (N,) です。なければ、どの行も別の試料とみなします。
        """
        X = np.asarray(X)
        y = require_array("y", y, (len(X),))
        residuals = np.abs(y - self._values(X))
        self.radius = group_quantile(residuals, self.coverage, groups)
        if valid is None:
            valid, valid_groups = X, groups
        t2, q = self.distances(valid)
        # 二乗和の立方根は、ほぼ左右対称に散らばります。検証の中央と散らばりで測ります
        self.middle = _middle(np.cbrt(t2)), _middle(np.cbrt(q))
        far = self._far(t2, q).max(axis=0)
        rates = (self.false_marks, BORDER_TIMES * self.false_marks)
        self.limit, self.border = (
            group_quantile(far, 1 - rate, valid_groups) for rate in rates
        )
        return self

    def predict(self, X: np.ndarray) -> pd.DataFrame:
        """予測 value、区間 low と high、印 mark（内・境・外）、その理由 why を、行ごとに返します。

        予測が学習の目標の範囲を出ると「境」、区間の半幅より遠く出ると「外」です。
        """
        if not hasattr(self, "radius"):
            raise ValueError("Trusted は、fit と calibrate のあとで predict できます。")
        value = self._values(X)
        far = self._far(*self.distances(X))
        beyond = np.maximum(self.low - value, value - self.high)
        reasons = ("中心から遠い", "残差が大きい", "残差が小さい")
        marks, whys = [], []
        for k in range(len(value)):
            worst = int(far[:, k].argmax())
            mark, why = INSIDE, ""
            if far[worst, k] > self.border:
                mark, why = BORDER, reasons[worst]
            if beyond[k] > 0 and mark == INSIDE:
                mark, why = BORDER, "予測が学習の目標の範囲を出る"
            if beyond[k] > self.radius:
                mark, why = OUTSIDE, "予測が学習の目標の範囲を出る"
            if far[worst, k] > self.limit:
                mark, why = OUTSIDE, reasons[worst]
            marks.append(mark)
            whys.append(why)
        return pd.DataFrame(
            {
                "value": value,
                "low": value - self.radius,
                "high": value + self.radius,
                "mark": marks,
                "why": whys,
            }
        )

    def _values(self, X: np.ndarray) -> np.ndarray:
        value = np.asarray(self.forecast(np.asarray(X)), dtype=float)
        value = value[:, 0] if value.ndim == 2 and value.shape[1] == 1 else value
        return require_array("forecast(X)", value, (len(X),))

    def _far(self, t2: np.ndarray, q: np.ndarray) -> np.ndarray:
        """検証の中央からの隔たり (3, N): T² が大きい、Q が大きい、Q が小さい。"""
        (m_t, s_t), (m_q, s_q) = self.middle
        z_q = (np.cbrt(q) - m_q) / s_q
        return np.stack([(np.cbrt(t2) - m_t) / s_t, z_q, -z_q])


def group_quantile(
    values: np.ndarray, share: float, groups: Sequence[object] | None = None
) -> float:
    """新しい試料の値が share 以上の確率で超えない、values (N,) の分位点。

    試料 k の n_k 個の値に重み 1/((K + 1) n_k) を付けます。試料が share に足りなければ ValueError です。

    例:
        >>> group_quantile([1.0, 4.0, 2.0, 3.0], 0.8)
        4.0
        >>> group_quantile([1.0, 1.0, 1.0, 4.0], 0.5, groups=["a", "a", "a", "b"])
        4.0
        >>> group_quantile([1.0, 4.0], 0.9)
        Traceback (most recent call last):
        ...
        ValueError: 割合 0.9 の分位点には、試料が 9 個以上要ります。2 個が渡されました。
    """
    values = require_array("values", values, ("N",))
    share = require_range("share", share, 0.0, 1.0)
    names = np.arange(len(values)) if groups is None else np.asarray(groups)
    if names.shape != values.shape:
        raise ValueError(
            f"引数 groups は長さ {len(values)} の、試料の名前の列です。"
            f"形 {names.shape} が渡されました。"
        )
    _, label, n_k = np.unique(names, return_inverse=True, return_counts=True)
    K = len(n_k)
    # 1e-9 は、重みの和の丸めで一つ先に進むのを防ぎます
    if share * (K + 1) > K + 1e-9:
        needed = (
            int(np.ceil(share / (1 - share) - 1e-9))
            if share < 1
            else "いくつあっても足りない"
        )
        raise ValueError(
            f"割合 {share:g} の分位点には、試料が {needed} 個以上要ります。"
            f"{K} 個が渡されました。"
        )
    order = np.argsort(values, kind="stable")
    weight = np.cumsum(1 / ((K + 1) * n_k[label[order]]))
    return float(values[order][np.searchsorted(weight, share - 1e-9)])


def _middle(x: np.ndarray) -> tuple[float, float]:
    """中央値と、四分位の幅から測った散らばり。"""
    low, middle, high = np.quantile(x, (0.25, 0.5, 0.75))
    return float(middle), float(max((high - low) / 1.349, 1e-12))


def _flat(name: str, X: np.ndarray, channels: int | None = None) -> np.ndarray:
    """(N, T) か (N, T, D) を (N, T·D) にします。"""
    X = require_array(name, X, ("N", "T", "D") if np.ndim(X) == 3 else ("N", "T"))
    X = X.reshape(len(X), -1).astype(float)
    if channels is not None and X.shape[1] != channels:
        raise ValueError(
            f"引数 {name} のチャンネルは、学習のときと同じ {channels} 個です。{X.shape[1]} 個が渡されました。"
        )
    return X
