"""ページの中で動く二つの予測: 温度の折れ線を知り、組織の統計を先へ進める MLP と GRU（第 13 章の図）。

自己共分散 C(r) を K 個の得点に縮め（models/pca.py）、OneFrame（記憶のない MLP）と Remember（GRU）が一枚ずつ
進めます（models/steppers.py）。はじめの SEEN 枚を見て、残りを続けて予測した誤差で学習します。

図が使うのは、試験の誤差の二つのモデルの和が、種の中で中央のものです。図の選べる種（1 から 30）の組織は、
学習にも試験にも入りません。
"""

from __future__ import annotations

import base64
from functools import cache

import numpy as np
import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import spinodal
from rnnbook.models.pca import PCA
from rnnbook.models.steppers import OneFrame, Remember
from rnnbook.training.metrics import rmse
from rnnbook.training.rollout import fit_rollout, forecast
from rnnbook.training.seeds import seed_everything

SEEDS = (0, 1, 2)
TRAIN, TEST = 260, 60  # 系列の数
FIRST, NEW = 10_000, 20_000  # 組織の種は、ここから。NEW は、測り直すときの系列
SEEN, K = 20, 8
UPDATES, BATCH = 2500, 32
MIDDLE = (spinodal.COLD + spinodal.HOT) / 2  # 温度は、平均 0、標準偏差 1 にして読みます
SPREAD = (spinodal.HOT - spinodal.COLD) / 12**0.5
MODELS = ("mlp", "gru")
Models = dict[str, nn.Module]


def new_model(name: str) -> nn.Module:
    """図のモデル。

    例:
        >>> sum(w.numel() for w in new_model("gru").parameters())
        4392
    """
    return OneFrame(K, H=48) if name == "mlp" else Remember(K, H=32, cell="gru")


def family(n: int, first: int) -> tuple[np.ndarray, np.ndarray]:
    """n 本の温度 (n, F) と、その自己共分散 (n, F, LAGS)。折れ線の点は 2 から 6 個です。"""
    rng, parts = np.random.default_rng(first), []
    knots = [
        rng.uniform(spinodal.COLD, spinodal.HOT, rng.integers(2, 7)) for _ in range(n)
    ]
    T = np.stack([spinodal.programme(each) for each in knots])
    for k in range(0, n, 20):
        some = T[k : k + 20]
        start = spinodal.initial(range(first + k, first + k + len(some)))
        parts.append(spinodal.simulate(start, some, spinodal.autocovariance))
    return T, np.concatenate(parts)


known = cache(family)


def heat(T: np.ndarray) -> np.ndarray:
    """モデルが読む温度 u (N, F, 1)。"""
    return ((T - MIDDLE) / SPREAD)[..., None]


def told_by(model: nn.Module, C: np.ndarray, T: np.ndarray, pca: PCA) -> np.ndarray:
    """SEEN 枚より先の C (N, F − SEEN, LAGS)。"""
    return pca.back(forecast(model, pca.scores(C[:, :SEEN]), heat(T)))


def errors(models: Models, C: np.ndarray, T: np.ndarray, pca: PCA) -> list[dict]:
    """モデルごとの、C(r) の RMSE と、太さの RMSE。last は、20 枚めから変わらないとする予測です。"""
    truth = C[:, SEEN:]
    told = {name: told_by(model, C, T, pca) for name, model in models.items()}
    told["last"] = np.broadcast_to(C[:, SEEN - 1 : SEEN], truth.shape)
    sizes = {name: spinodal.length(each) for name, each in told.items()}
    return [
        {
            "model": name,
            "rmse": rmse(truth, each),
            "rmse_length": rmse(spinodal.length(truth), sizes[name]),
        }
        for name, each in told.items()
    ]


def train(point: Point) -> dict:
    """二つのモデルを学習し、試験の誤差と重みを返します。seed が −1 なら、保存した重みを新しい系列で試します。"""
    if point["seed"] < 0:
        models, pca = stored()
        T, C = family(12, NEW)
        return {"errors": errors(models, C, T, pca)}
    T, C = known(TRAIN + TEST, FIRST)
    pca, models = PCA(K).fit(C[:TRAIN]), {}
    for name in MODELS:
        seed_everything(point["seed"])
        models[name] = new_model(name)
        fit_rollout(
            models[name],
            pca.scores(C[:TRAIN]),
            heat(T[:TRAIN]),
            SEEN,
            updates=UPDATES,
            batch=BATCH,
            # 得点の誤差を、C(r) の誤差の重みで足します
            weights=(pca.scale / pca.scale[0]) ** 2,
            seed=point["seed"],
        )
    found = errors(models, C[TRAIN:], T[TRAIN:], pca)
    return {"errors": found, "weights": packed(models, pca)}


def packed(models: Models, pca: PCA) -> dict[str, list]:
    """名前 → [行の数, 列の数, float32 を base64 にしたもの]。"""
    arrays = {"mean": pca.mean, "axes": pca.axes, "scale": pca.scale}
    arrays["temperature"] = np.array([MIDDLE, SPREAD])
    for model_name, model in models.items():
        # writer は reader と同じセルです
        state = {k: w for k, w in model.state_dict().items() if "writer" not in k}
        arrays |= {f"{model_name}.{k}": w.numpy() for k, w in state.items()}
    out = {}
    for name, values in arrays.items():
        w = np.atleast_2d(values).astype("<f4")
        out[name] = [*w.shape, base64.b64encode(w.tobytes()).decode()]
    return out


def stored() -> tuple[Models, PCA]:
    """保存した二つのモデルと、主成分。"""
    arrays = {}
    for row in data.load("spinodal_page_weights").itertuples(index=False):
        w = np.frombuffer(base64.b64decode(row.float32), "<f4")
        arrays[row.name] = w.reshape(row.rows, row.columns).astype(float)
    pca, models = PCA(K), {}
    pca.mean, pca.scale = arrays["mean"][0], arrays["scale"][0]
    pca.axes = arrays["axes"]
    for name in MODELS:
        models[name] = new_model(name)
        state = models[name].state_dict()
        for key, weights in state.items():
            values = arrays[f"{name}.{key.replace('writer', 'reader')}"]
            state[key] = torch.tensor(values).reshape(weights.shape)
        models[name].load_state_dict(state)
    return models, pca


def error_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """種とモデルごとに一行。"""
    return pd.DataFrame(
        [point | row for point, result in results for row in result["errors"]]
    )


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""

    def total(result: dict) -> float:
        return sum(row["rmse"] for row in result["errors"] if row["model"] in MODELS)

    ranked = sorted((result for _, result in results), key=total)
    chosen = ranked[(len(ranked) - 1) // 2]["weights"]
    columns = ("name", "rows", "columns", "float32")
    weights = [
        dict(zip(columns, (name, *row), strict=True)) for name, row in chosen.items()
    ]
    how = {"index": False, "lineterminator": "\n"}
    return {
        "spinodal_page": error_table(results).to_csv(float_format="%.6f", **how),
        "spinodal_page_weights": pd.DataFrame(weights).to_csv(**how),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """保存した重みの、新しい系列での C(r) の誤差（× 1000）が、保存済みの平均の半分から一倍半に入るかの表。"""
    kept = 1000 * data.load("spinodal_page").set_index("model")["rmse"]
    rows = []
    for row in error_table(results).to_dict("records"):
        values = kept.loc[[row["model"]]].to_numpy()
        beside = beside_stored(1000 * row["rmse"], values, slack=0.5 * values.mean())
        rows.append({"モデル": row["model"]} | beside)
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="spinodal_page",
    title="図の二つの予測（MLP と GRU）を学習し、重みを書き出す",
    points=tuple({"seed": seed} for seed in SEEDS),
    quick=({"seed": -1},),
    train=train,
    tables=tables,
    compare=compare,
)
