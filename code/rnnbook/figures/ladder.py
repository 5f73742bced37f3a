"""記憶のはしごの図（第 3 章）: どのモデルが、どの問題を、どの長さまで解けたか。"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from rnnbook.figures.cells import draw_cells
from rnnbook.figures.style import COLORS, PAPER
from rnnbook.models import catalogue
from rnnbook.reading.solved import solved_counts
from rnnbook.tasks.catalogue import LABELS as TASKS

# 見せる順の、鍵 → 名前
MODELS = {key: catalogue.MODELS[key].label for key in catalogue.LADDER}
DARKEST = 0.35  # 升目の上の数が、明るい画面でも暗い画面でも読める濃さ


def draw_ladder(table: pd.DataFrame) -> Figure:
    """問題ごとに一枚、行がモデル、列が長さ T の表を塗り分けます。

    table の一行が一つの種です（rnnbook.reading.solved の列）。種の数は升目ごとに違ってよいので、
    数は解けた種の割合（%、すべてなら「全」）で、その下の線は割合の 95 % 区間です（升目の左端が 0 %、
    右端が 100 %）。
    発散した種のある升目には、右上に × を付けます。

    例:
        >>> rows = [(k, m, 10, 100.0, None) for k in TASKS for m in MODELS]
        >>> columns = ["task", "model", "T", "solved_at", "diverged_at"]
        >>> figure = draw_ladder(pd.DataFrame(rows, columns=columns))
    """
    counts = solved_counts(table)
    fig, axes = plt.subplots(3, 2, figsize=(4.4, 6.8), sharey=True)
    for ax, task in zip(axes.flat, TASKS, strict=False):
        if task not in counts.index.get_level_values("task"):
            ax.axis("off")
            continue
        panel = counts.loc[task].unstack("T").reindex(list(MODELS)).sort_index(axis=1)
        share = panel.map(lambda cell: cell.k / cell.n, na_action="ignore")
        draw_cells(ax, share.to_numpy(), 1.0, COLORS["truth"], darkest=DARKEST)
        for (row, column), cell in panel.stack().dropna().items():
            at = list(panel.columns).index(column), list(MODELS).index(row)
            share_of = "全" if cell.k == cell.n else f"{100 * cell.k / cell.n:.0f}"
            ax.text(*at, share_of, ha="center", va="center")
            # 95 % 区間。升目の左端が 0、右端が 1。隣の升目とは少し離します
            span = [at[0] - 0.4 + 0.8 * p for p in cell.interval]
            ax.plot(span, [at[1] + 0.4] * 2, color=PAPER["muted"], linewidth=1.2)
            if cell.diverged:
                corner = at[0] + 0.34, at[1] - 0.32
                ax.plot(*corner, "x", color=PAPER["ink"], markersize=4)
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
        "横: 長さ $T$\n縦: モデル\n数: 解けた種の\n割合（%）、全: 100 %\n"
        "線: 割合の 95 % 区間\n左端 0 %、右端 100 %\n×: 発散した種がある",
        ha="center",
        va="center",
        transform=axes.flat[len(TASKS)].transAxes,
        linespacing=1.7,
    )
    return fig
