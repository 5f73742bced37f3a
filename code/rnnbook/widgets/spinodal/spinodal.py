"""温度の折れ線: 温度を描き、相の分かれる組織と、MLP と GRU の予測を、ページの中で計算する図（第 13 章）。"""

from __future__ import annotations

import base64

import numpy as np
import traitlets

from rnnbook import data
from rnnbook.materials import spinodal
from rnnbook.models.pca import PCA
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Number, Whole

LOW, HIGH = 0.55, 0.95  # 描ける温度。学習の範囲より、少し広い
SEEN = 20  # モデルに見せる画面の数


def _knot(k: int, T: float) -> Number:
    return Number(T, LOW, HIGH, f"{k} つめの点の温度 $T$", step=0.01)


class Spinodal(Figure):
    """五つの点を直線で結んだ温度のとおりに、組織が分かれます。20 枚を見た二つのモデルが、残りの 40 枚を答えます。

    模型（rnnbook.materials.spinodal）もモデルも、ページの中で動きます。モデルは 0.6 から 0.9 の温度で
    学習しました（rnnbook.experiments.spinodal_page）。

    引数:
        T1 … T5: 1、15.75、30.5、45.25、60 枚めの温度（混ざる温度を 1 とする。0.55 から 0.95）。
        frame: 見る画面（1 から 60 枚め）。
        seed: はじめのゆらぎの種（1 から 30）。

    例:
        >>> Spinodal(T1=0.6, frame=60)
        Spinodal(T1=0.6, frame=60)
    """

    T1 = _knot(1, 0.7)
    T2 = _knot(2, 0.65)
    T3 = _knot(3, 0.85)
    T4 = _knot(4, 0.85)
    T5 = _knot(5, 0.65)
    frame = Whole(40, 1, spinodal.FRAMES, "見る画面", unit="枚め")
    seed = Whole(1, 1, 30, "はじめのゆらぎの種")
    # 模型の定数、学習した温度の範囲、見せる枚数
    model = traitlets.Dict().tag(sync=True)
    # 名前 → [行の数, 列の数, float32 の base64]
    weights = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "温度の折れ線。上は、画面ごとの温度で、五つの点を動かせます。中は、選んだ画面の組織です。"
        "下は、組織の太さの動きで、シミュレータの値と、20 枚めまでを見た MLP と GRU の予測と、"
        "変わらないとする予測を並べます。"
    ).tag(sync=True)
    _height = traitlets.List([850, 950]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        names = ("N", "FRAMES", "STEPS", "DT", "KAPPA", "NOISE", "LAGS", "COLD", "HOT")
        model = {name.lower(): getattr(spinodal, name) for name in names}
        super().__init__(
            model=model | {"seen": SEEN}, weights=packed_forecasters(), **values
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 見る画面の温度 T と太さ size（画素）、21 枚めから先の C(r) の RMSE の 1000 倍、言えない太さの数。

        RMSE は、モデル mlp、gru と、変わらないとする予測 last です。lost_mlp と lost_gru は、分散が負で、
        太さを言えない答えの数です。

        例:
            >>> found = Spinodal(T1=0.6, frame=60).numbers()
            >>> found["T"], 3 < found["size"] < 9
            (0.65, True)
        """
        T = spinodal.programme([self.T1, self.T2, self.T3, self.T4, self.T5])
        fields = spinodal.simulate(spinodal.initial([self.seed]), T)
        C = spinodal.autocovariance(fields)[0]  # (F, LAGS)
        size = spinodal.length(C[self.frame - 1])
        found = {"T": float(T[self.frame - 1]), "size": float(size)}
        told = {"last": C[SEEN - 1 : SEEN]} | forecasts(C[:SEEN], T)
        for name, each in told.items():
            found[name] = float(1000 * np.sqrt(np.mean((each - C[SEEN:]) ** 2)))
        for name in ("mlp", "gru"):
            # 分散 C(0) が負の答えには、太さがない
            found[f"lost_{name}"] = float((told[name][:, 0] <= 0).sum())
        return found


def packed_forecasters() -> dict[str, list]:
    """公開している重み。名前 → [行の数, 列の数, float32 の base64]。

    例:
        >>> packed_forecasters()["gru.readout.weight"][:2]
        [8, 32]
    """
    return {
        row.name: [row.rows, row.columns, row.float32]
        for row in data.load("spinodal_page_weights").itertuples(index=False)
    }


def forecasts(seen: np.ndarray, T: np.ndarray) -> dict[str, np.ndarray]:
    """見た C(r) (SEEN, LAGS) と全部の温度 T (F,) から、公開している MLP と GRU が答える残り (F − SEEN, LAGS)。

    例:
        >>> seen = np.ones((SEEN, spinodal.LAGS))
        >>> forecasts(seen, np.full(60, 0.7))["gru"].shape
        (40, 32)
    """
    import torch  # 読み込みに時間がかかるので、使うときに読み込みます

    from rnnbook.models.steppers import OneFrame, Remember, roll

    w = {
        name: np.frombuffer(base64.b64decode(code), "<f4").astype(float).reshape(n, m)
        for name, (n, m, code) in packed_forecasters().items()
    }
    pca = PCA(w["scale"].size)
    pca.mean, pca.axes, pca.scale = w["mean"][0], w["axes"], w["scale"][0]
    middle, spread = w["temperature"][0]
    z = torch.from_numpy(pca.scores(seen))[None]  # (1, SEEN, K)
    u = torch.from_numpy((T - middle) / spread)[None, :, None]  # (1, F, 1)
    models = {
        "mlp": OneFrame(pca.K, H=len(w["mlp.hidden1.weight"])),
        "gru": Remember(pca.K, H=len(w["gru.reader.weight_hh"]) // 3, cell="gru"),
    }
    told = {}
    for name, model in models.items():
        state = model.double().state_dict()
        for key, weight in state.items():  # 進める係は、読む係と同じセル
            kept = w[f"{name}.{key.replace('writer', 'reader')}"]
            state[key] = torch.from_numpy(kept).reshape(weight.shape)
        model.load_state_dict(state)
        with torch.no_grad():
            told[name] = pca.back(roll(model, z, u)[0].numpy())
    return told
