"""軌跡と警報: 冷やした液体の軌跡を一コマずつ進め、四つの点数の警報を見比べる図（第 14 章）。"""

from __future__ import annotations

import traitlets

from rnnbook import data
from rnnbook.materials import crystallisation, precursor
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Measured, Whole

# 公開している GRU が学習も検証もしていない軌跡から。早く、遅く結晶になるもの、ならないもの
RUNS = (36, 144, 92, 30, 28, 6, 4, 150, 51, 101)
RATES = (1, 2, 3, 5, 10, 20, 30, 50)
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
