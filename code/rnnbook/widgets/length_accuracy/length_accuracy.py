"""系列長と正解率: 記憶のはしごの学習を、長さ・モデル・更新の回数ごとに見る図（第 3 章）。"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.models.catalogue import LADDER, MODELS
from rnnbook.tasks.catalogue import LABELS, TASKS
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Measured, Several
from rnnbook.widgets.runs.ladder_runs import encode, goals, pack, tally

Train = Callable[..., dict]


class _Stopped(Exception):
    """読者が学習を止めた。"""


class LengthAccuracy(Figure):
    """五つの記憶の問題で、長さ T と、更新の回数と、どれだけ解けたかの関係。

    数は data/results/ladder.csv のもので、`python -m rnnbook.experiments run ladder` が作ります。
    どの問題も、1 が満点、灰色の線が記憶なしで届く値です。latch、order、if_then では正解率、
    adding と copy では、記憶なしの誤差をどれだけ減らせたか

        1 − 誤差 / 記憶なしの誤差

    を示します。adding ではこれが決定係数 R²、copy では書き出せた情報の割合です。

    引数:
        task: 問題。"latch"、"order"、"if_then"、"adding"、"copy"。
        T: 長さ。実験にある値のどれか（copy では待つ長さ）。
        models: はじめに見せるモデル。"rnn"、"irnn"、"lstm_b0"、"lstm_b1"、"lstm_b3"、
            "lstm_chrono"、"gru"。
        updates: 更新の回数。実験で物差しを測った回数のどれか。省くと最後。
        train: この条件で学習し直すときに、カーネルが呼ぶ関数。
            train(task, model, T, seed, updates, progress) は、物差しの記録 "curve"、解けた回数
            "solved_at"、発散した回数 "diverged_at"（なければ None）を持つ辞書を返し、測るたびに
            progress(回数, 物差し) を呼びます。

    引数が実験にない値なら ValueError です。

    例:
        >>> LengthAccuracy(task="order", models=["gru", "rnn"])
        LengthAccuracy(task='order', models=['rnn', 'gru'])
    """

    task = Choice("latch", LABELS, "問題")
    T = Measured(50, lambda figure: figure.lengths, "長さ $T$", by="task", unit="歩")
    updates = Measured(2000, lambda figure: figure.checkpoints, "更新の回数", unit="回")
    models = Several(
        ["rnn", "lstm_b1", "gru"],
        {model: MODELS[model].label for model in LADDER},
        "見せるモデル",
    )
    # 物差しを測った更新の回数（小さい順）
    checkpoints = traitlets.List().tag(sync=True)
    # 問題 → {"label": 名前, "T": 長さの並び, "baseline": 記憶なしの物差し, "goal": 解けたとされる値}
    grid = traitlets.Dict().tag(sync=True)
    # 問題 → モデル → 長さ → 種ごとの [記録の文字列, 解けた回数か 0, 発散した回数か 0]
    runs = traitlets.Dict().tag(sync=True)
    # 読者の学習: {"task", "model", "T", "seed", "curve", "solved_at", "diverged_at"} の並び
    mine = traitlets.List().tag(sync=True)
    # 学習の途中なら {"share", …mine と同じ}、失敗したら {"error"}、ほかは空
    training = traitlets.Dict().tag(sync=True)
    trainable = traitlets.Bool(False).tag(sync=True)

    alt = traitlets.Unicode(
        "系列長と正解率。五つの記憶の問題で、一つめの図は、長さ T と、選んだ回数まで更新したときの正解率を、"
        "モデルと種ごとの点で示します。二つめの図は、選んだ T での正解率が更新につれてどう変わるかを、"
        "種ごとの線で示します。記憶なしの値のまま動かない区間と、急に解ける瞬間が見えます。"
        "発散した種は、下の端の、丸に×の印です。"
    ).tag(sync=True)
    _height = traitlets.List([830, 1520]).tag(sync=True)

    def __init__(self, train: Train | None = None, **values: object) -> None:
        table = data.load("ladder")
        checkpoints = [int(name) for name in table.columns if name.isdigit()]
        self._train, self._worker = train, None
        self._stop = threading.Event()
        self._next_seed = int(table["seed"].max()) + 1
        super().__init__(
            **values,
            checkpoints=checkpoints,
            grid={
                name: {"label": label, **goals(name, _lengths(table, name))}
                for name, label in LABELS.items()
            },
            runs=pack(table, checkpoints),
            trainable=train is not None,
        )

    @traitlets.default("updates")
    def _last_checkpoint(self) -> int:
        return self.checkpoints[-1]

    @property
    def lengths(self) -> dict[str, list[int]]:
        """問題 → 実験にある長さ。"""
        return {task: goals["T"] for task, goals in self.grid.items()}

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 記憶なしの値 baseline と、見せるモデルごとの種の数え方（runs の tally）。

        例:
            >>> found = LengthAccuracy(task="latch", T=50, models=["gru"]).numbers()
            >>> 0 <= found["gru_solved"] <= found["gru_seeds"]
            True
        """
        table = data.load("ladder").query("task == @self.task and T == @self.T")
        found = {"baseline": float(TASKS[self.task].baseline(self.T))}
        for model in self.models:
            rows = table[table["model"] == model]
            counts = tally(rows, self.checkpoints, self.updates)
            found |= {f"{model}_{name}": float(v) for name, v in counts.items()}
        return found

    def _answer(self, widget: object, content: object, buffers: object) -> None:
        """「学習し直す」と「止める」に応えます。"""
        super()._answer(widget, content, buffers)
        if not isinstance(content, dict):
            return
        if content.get("stop"):
            self._stop.set()
        if content.get("train") and self._train is not None:
            self._start(**content["train"])

    def _start(self, task: str, model: str, T: int) -> None:
        """学習を始めます。学習中なら、何もしません。"""
        if self._worker is not None and self._worker.is_alive():
            return
        require_choice("task", task, TASKS)
        require_choice("model", model, LADDER)
        require_choice("T", T, self.grid[task]["T"])
        before = [(r["task"], r["model"], r["T"]) for r in self.mine]
        run = {
            "task": task,
            "model": model,
            "T": T,
            "seed": self._next_seed + before.count((task, model, T)),
        }
        self._stop.clear()
        self.training = {"share": 0.0, **run, **_measured(run, [])}
        # 画面に進み具合を送り続けられるように、別のスレッドで学習します
        self._worker = threading.Thread(target=self._work, args=(run,), daemon=True)
        self._worker.start()

    def _work(self, run: dict) -> None:
        budget, curve = self.checkpoints[-1], []

        def progress(update: int, metric: float) -> None:
            if self._stop.is_set():
                raise _Stopped
            curve.append(metric)
            self.training = {
                "share": update / budget,
                **run,
                **_measured(run, curve),
            }

        try:
            result = self._train(**run, updates=budget, progress=progress)
            self.mine = [*self.mine, {**run, **_measured(run, **result)}]
            self.training = {}
        except _Stopped:
            self.training = {}
        except Exception as error:
            self.training = {
                "error": f"学習できませんでした。{type(error).__name__}: {error}"
            }


def _measured(
    run: dict,
    curve: list[float],
    solved_at: int | None = None,
    diverged_at: int | None = None,
) -> dict:
    """一つの学習の記録を、図が読む形にします。"""
    return {
        "curve": encode(run["task"], run["T"], curve),
        "solved_at": solved_at or 0,
        "diverged_at": diverged_at or 0,
    }


def _lengths(table: pd.DataFrame, task: str) -> list[int]:
    return sorted(int(T) for T in table.loc[table["task"] == task, "T"].unique())
