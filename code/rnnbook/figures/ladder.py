"""記憶のはしごの図（第 3 章）: どのモデルが、どの問題を、どの長さまで解けたか。"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from rnnbook.figures.cells import draw_cells
from rnnbook.figures.style import COLORS, PAPER
from rnnbook.models import catalogue
from rnnbook.reading.intervals import Counted
from rnnbook.tasks.catalogue import LABELS as TASKS

# 見せる順の、鍵 → 名前
MODELS = {key: catalogue.MODELS[key].label for key in catalogue.LADDER}
COLUMNS = ["task", "model", "T", "seed", "solved_at"]
DARKEST = 0.35  # 升目の上の数が、明るい画面でも暗い画面でも読める濃さ


def solved_counts(table: pd.DataFrame) -> pd.DataFrame:
    """問題とモデルを行、長さ T を列にした、解けた種の数。測っていない所は NaN です。

    table には列 task, model, T, seed, solved_at が要ります。solved_at が空なら、解けていません。

    例:
        >>> rows = [("latch", "rnn", 10, 0, 100.0), ("latch", "rnn", 10, 1, None)]
        >>> solved_counts(pd.DataFrame(rows, columns=COLUMNS)).loc[("latch", "rnn"), 10]
        np.float64(1.0)
    """
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise ValueError(
            f"引数 table には列 {', '.join(COLUMNS)} が要ります。{', '.join(missing)} がありません。"
        )
    solved = table.assign(solved=table["solved_at"].notna().astype(float))
    counts = solved.pivot_table(
        index=["task", "model"], columns="T", values="solved", aggfunc="sum"
    )
    return counts.reindex(
        [
            (task, model)
            for task in TASKS
            for model in MODELS
            if (task, model) in counts.index
        ]
    )


def draw_ladder(table: pd.DataFrame) -> Figure:
    """問題ごとに一枚、行がモデル、列が長さ T の表を塗り分けます。

    数は解けた種の数、その下の線は、解ける割合の 95 % 区間です（升目の左端が 0 %、右端が 100 %）。

    例:
        >>> rows = [(k, m, 10, 0, 100.0) for k in TASKS for m in MODELS]
        >>> figure = draw_ladder(pd.DataFrame(rows, columns=COLUMNS))
    """
    counts = solved_counts(table)
    seeds = table.groupby(["task", "model", "T"])["seed"].nunique().max()
    fig, axes = plt.subplots(3, 2, figsize=(4.4, 6.8), sharey=True)
    for ax, task in zip(axes.flat, TASKS, strict=False):
        if task not in counts.index.get_level_values("task"):
            ax.axis("off")
            continue
        panel = counts.loc[task].dropna(axis="columns", how="all")
        panel = panel.reindex(list(MODELS))
        draw_cells(ax, panel.to_numpy(), seeds, COLORS["truth"], darkest=DARKEST)
        for (row, column), value in panel.stack().dropna().items():
            at = list(panel.columns).index(column), list(MODELS).index(row)
            ax.text(*at, f"{value:.0f}", ha="center", va="center")
            # 95 % 区間。升目の左端が 0、右端が 1。隣の升目とは少し離します
            span = [at[0] - 0.4 + 0.8 * p for p in Counted(int(value), seeds).interval]
            ax.plot(span, [at[1] + 0.4] * 2, color=PAPER["muted"], linewidth=1.2)
        ax.set_title(TASKS[task], pad=4)
        # 横に並べると、狭い画面で隣の数とつながります
        ax.set_xticks(range(len(panel.columns)), panel.columns, rotation=90)
        ax.set_yticks(range(len(MODELS)), MODELS.values())
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set(visible=True, color=PAPER["line"])
    axes.flat[len(TASKS)].axis("off")
    axes.flat[len(TASKS)].text(
        0.5,
        0.6,
        f"横: 長さ $T$\n縦: モデル\n数: {seeds} 個の種のうち\n解けた数\n"
        "線: 割合の 95 % 区間\n左端 0 %、右端 100 %",
        ha="center",
        va="center",
        transform=axes.flat[len(TASKS)].transAxes,
        linespacing=1.7,
    )
    return fig
