"""入口のページが見せる、材料の章（第10章から）の意外な数。形は surprises.py と同じです。"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook.book.surprises import Surprise, spread
from rnnbook.data import load


def random_split() -> Surprise:
    rows = load("material_splits").query(
        "data == 'specimens' and model == 'pls' and size == 12 and split == 'random'"
    )
    lie = rows["rmse_new"].mean() / rows["rmse"].mean()
    return Surprise(
        "12 試料を無作為に分けると、新しい試料での PLS の誤差は、試験の誤差の "
        f"{lie:.1f} 倍です（{len(rows)} 通りの引き方の、平均どうしの比）。",
        {
            "うそ（新しい試料 / 試験の誤差の平均の比）は、12 試料、無作為で{}": lie,
        },
    )


def shifted_axis() -> Surprise:
    score = load("xanes_mixtures").groupby(["model", "trained"])["moved"].mean()
    nets = score.loc[["mlp", "cnn", "bigru"]].xs(0.4, level=1).to_numpy()
    ratio = nets / score["lcf_scan", 0.0]
    return Surprise(
        f"軸のずれた吸収スペクトルで、ずれを学ばせたネットワークの誤差は、ずれを探す当てはめの {spread(ratio, 1)} 倍です。",
        {
            "ずれを入れて学習したネットワークの誤差は、ずれを探す LCF の{}": ratio,
        },
    )


def measure_again() -> Surprise:
    rows = load("barkhausen").query(
        "design == 'all' and window in (0, 128) and split == 'honest' and model == 'gru'"
    )
    mae = rows.set_index(["calibrated", "bursts", "seed"])["mae"].sort_index()
    ratio = (mae[1, 8] / mae[0, 1]).to_numpy()
    return Surprise(
        f"同じ GRU のまま、8 回測って零点を合わせると、応力の誤差は {spread(ratio)} 倍になります（種 {len(ratio)} 個）。",
        {"8 バーストと零点合わせの両方を使うと{}": ratio},
    )


def microstructure() -> Surprise:
    rows = load("spinodal").query(
        "study == 'windows' and split == 'random' and size == 12 and measure == 'rmse'"
    )
    mean = rows.groupby(["model", "test"])["value"].mean()
    test, new = (mean["gru", at] / mean["ridge", at] for at in ("test", "new"))
    return Surprise(
        f"12 回の計算を無作為に分けると、GRU の誤差は線形の {test:.2f} 倍。新しい計算では {new:.2f} 倍です。",
        {
            "12 回の無作為な試験で、GRU の誤差はリッジの{}": test,
            "新しい計算では{}": new,
        },
    )


def one_number() -> Surprise:
    mean = load("lj_precursor").groupby(["event", "size", "split", "model"]).mean()
    rows = mean.loc["order", 160, "trajectory"]
    one, gru = rows.loc["Q6", "auc"], rows.loc["gru", "auc"]
    return Surprise(
        f"結晶化の前触れを、学習しない一つの数は AUC {one:.3f}、GRU は {gru:.3f} で当てます。",
        {"最後の $Q_6$ の AUC は{}": one},
        quotes=(f"一つの数が {one:.3f}、GRU が {gru:.3f}",),
    )


def shuffled_map() -> Surprise:
    runs = load("attributions_maps").query(
        "method == 'saliency_std' and model == 'pls'"
    )
    rho: pd.Series = runs.set_index(["state", "seed"])["rho_jac"].sort_index()
    more = (rho["shuffled"] - rho["trained"]).to_numpy()
    return Surprise(
        f"正解を混ぜて学んだモデルの地図のほうが、正しく学んだ地図より、物理との順位相関が {spread(more)} 高くなりました（種 {len(more)} 個）。",
        {
            "保存した 5 種では、正解を混ぜた PLS の ρ が、学習した PLS を上回る分は{}": more,
        },
    )


def parity() -> Surprise:
    grid = load("beyond_grid").query("task == 'parity'")

    def at(models: list[str], times: int) -> np.ndarray:
        rows = grid[grid["model"].isin(models) & (grid["length"] == times * grid["T"])]
        return rows["accuracy"].to_numpy()

    turning = at(["rnn", "gru"], 8)
    straight = at(["mingru", "minlstm", "linear_state", "transformer"], 2)
    return Surprise(
        f"1 の数が偶数か奇数か。RNN と GRU は学習の 8 倍の長さでも正解率 {spread(turning)}、"
        f"minGRU や Transformer は 2 倍で {spread(straight)} です。",
        {
            "8 倍の長さの偶奇で、RNN と GRU は{}": turning,
            "その 2 倍の長さで{}": straight,
        },
    )
