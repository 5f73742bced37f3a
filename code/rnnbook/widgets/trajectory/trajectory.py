"""軌跡と警報: 冷やした液体の軌跡を一コマずつ進め、四つの点数の警報を見比べる図（第 14 章）。"""

from __future__ import annotations

import base64

import numpy as np
import traitlets
from scipy.special import expit

from rnnbook import data
from rnnbook.materials import crystallisation, precursor
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Measured, Whole

# 公開している GRU が学習も検証もしていない軌跡から。早く、遅く結晶になるもの、ならないもの
RUNS = (36, 144, 92, 30, 28, 6, 4, 150, 51, 101)
RATES = (1, 2, 3, 5, 10, 20, 30, 50)
SMOOTH = 5  # Q_6 を平均するコマの数
FIRST, LAST = precursor.WIDTH - 1, crystallisation.FRAMES - 1


class Trajectory(Figure):
    """冷やした液体の軌跡を、コマ frame まで見せます。四つの点数が、しきい値を越えると警報を鳴らします。

    軌跡は実験 lj_crystals の保存した値、GRU はページの中で動きます。どの軌跡も、学習にも検証にも使っていません。

    引数:
        run: 軌跡（1 から 10）。
        frame: 見るコマ（19 から 119。一コマは 0.5 τ）。
        rate: しきい値。検証の液体のコマ 1000 個あたり、鳴ることを許す数（1、2、3、5、10、20、30、50）。

    例:
        >>> Trajectory(run=2, frame=119)
        Trajectory(run=2, frame=119)
    """

    run = Whole(1, 1, len(RUNS), "軌跡")
    frame = Whole(40, FIRST, LAST, "見るコマ")
    rate = Measured(10, lambda figure: list(RATES), "許す誤報")
    # 軌跡（温度と、列ごとの 8 ビットの値）、列の刻み、判定の約束
    runs = traitlets.List().tag(sync=True)
    rules = traitlets.Dict().tag(sync=True)
    # モデルの重みと、しきい値の表
    models = traitlets.Dict().tag(sync=True)
    levels = traitlets.List().tag(sync=True)

    alt = traitlets.Unicode(
        "軌跡と警報。上は、四つの点数（最後の Q6、その 5 コマの平均、ロジスティック回帰、GRU）の線と"
        "しきい値で、しきい値を越えたコマに印が付きます。下は、選んだコマまでの四つの秩序変数"
        "（Q6、平均した q6、いちばん大きい結晶の塊、エネルギー）です。"
    ).tag(sync=True)
    _height = traitlets.List([785, 1095]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        levels = data.load("trajectory_page").to_dict("records")
        super().__init__(
            runs=runs(), rules=rules(), models=models(), levels=levels, **values
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 結晶になったコマ event と、四つの点数 Q6、Q6_5、logistic、gru のそれぞれについて次のもの。

        点数（見ているコマ、または結晶になる直前）、しきい値 _level、鳴ったコマの数 _heard、そのうち誤報 _false、
        結晶までの早さ _lead（コマ。見落としは 0）です。まだ結晶になっていなければ、event は NaN です。

        例:
            >>> found = Trajectory(run=1, frame=119).numbers()
            >>> found["gru_lead"] <= precursor.HORIZON
            True
        """
        t, row = self.frame, runs()[self.run - 1]
        series = _frames(row)
        event = precursor.events(series[None], np.array([row["temperature"]]))[0]
        end = min(event, len(series))  # 液体のコマは、ここまで
        windows = np.lib.stride_tricks.sliding_window_view(
            series[:end], precursor.WIDTH, axis=0
        ).swapaxes(1, 2)  # (N, 20, 8)
        levels = data.load("trajectory_page").set_index(["model", "rate"])["threshold"]
        came = event <= t
        found = {"event": float(event) if came else float("nan")}
        for name, score in scores(windows).items():
            level = float(levels[name, self.rate])
            at = FIRST + np.flatnonzero(score > level)
            at = at[at <= t]
            hit = at[at >= event - precursor.HORIZON] if came else at[:0]
            # 結晶になったか、当てる先まで記録があれば、当たりでない警報は誤報
            known = event if came else min(t, len(series) - precursor.LOOK)
            sure = came or (at + precursor.HORIZON <= known)
            found[name] = float(score[min(t, end - 1) - FIRST])
            found |= {f"{name}_level": level, f"{name}_heard": float(len(at))}
            found[f"{name}_false"] = float(np.sum(~np.isin(at, hit) & sure))
            found[f"{name}_lead"] = float(event - hit[0]) if len(hit) else 0.0
        return found


def runs() -> list[dict]:
    """見せる軌跡の、温度と、列ごとの 8 ビットの値（base64）。

    例:
        >>> runs()[1]["temperature"]
        0.72
    """
    return data.load("lj_crystals").iloc[list(RUNS)].to_dict("records")


def rules() -> dict[str, object]:
    """列の名と刻み、結晶になったことの決め方、窓の長さ、当てる先。"""
    held = data.load("trajectory_page_held").iloc[0]
    return {
        "columns": [[name, *k] for name, k in crystallisation.COLUMNS.items()],
        "crystal": precursor.CRYSTAL,
        "look": precursor.LOOK,
        "most": precursor.MOST,
        "width": precursor.WIDTH,
        "horizon": precursor.HORIZON,
        "tau": crystallisation.FRAME_TIME,
        "held": int(held["liquid"]),
        "heldRuns": int(held["runs"]),
    }


def models() -> dict[str, list]:
    """8 ビットの GRU の重みと標準化、ロジスティック回帰の重み。"""
    tables = {
        "gru": data.load("lj_precursor_weights"),
        "scale": data.load("lj_precursor_page"),
        "logistic": data.load("trajectory_page_logistic"),
    }
    return {name: table.to_dict("records") for name, table in tables.items()}


def _frames(row: dict) -> np.ndarray:
    """軌跡一本の 8 列 (コマ, 8)。"""
    k = [
        np.frombuffer(base64.b64decode(row[name]), np.uint8) for name in precursor.NAMES
    ]
    return crystallisation.unpack(np.stack(k, axis=1))


def scores(x: np.ndarray) -> dict[str, np.ndarray]:
    """窓 (N, 20, 8) の四つの点数 (N,)。大きいほど、結晶になりそうです。

    例:
        >>> sorted(scores(np.zeros((3, 20, 8))))
        ['Q6', 'Q6_5', 'gru', 'logistic']
    """
    import torch  # 読み込みに時間がかかるので、使うときに読み込みます

    from rnnbook.models.eight_bits import unpack
    from rnnbook.models.recurrent import Recurrent

    line = data.load("trajectory_page_logistic").set_index("column")
    mean, std, weight = line.loc[list(precursor.NAMES)].to_numpy().T
    # p = σ(Σ w (x − m) / s + b)
    a = (x[:, -1] - mean) / std @ weight + line.loc["intercept", "weight"]
    scale = data.load("lj_precursor_page")
    scaled = (x - scale["mean"].to_numpy()) / scale["std"].to_numpy()
    gru = Recurrent(H=16, O=2, D=x.shape[2], cell="gru")
    unpack(gru, data.load("lj_precursor_weights"))
    with torch.no_grad():
        s = gru.double()(torch.from_numpy(scaled)).numpy()  # (N, 2)
    Q6 = x[:, -SMOOTH:, precursor.NAMES.index("Q6")]
    # GRU は p = σ(s_1 − s_0)
    return {
        "Q6": Q6[:, -1],
        "Q6_5": Q6.mean(axis=1),
        "logistic": expit(a),
        "gru": expit(s[:, 1] - s[:, 0]),
    }
