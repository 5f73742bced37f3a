"""図の様式。文字の大きさ、線、日本語フォントは、本の中でここだけが決めます。色はモデルの一覧のものです。"""

from __future__ import annotations

import matplotlib as mpl

from rnnbook.models import catalogue

# 色の名 → 明るい画面の色
COLORS = {name: light for name, (light, _) in catalogue.COLORS.items()}

RC = {
    "figure.figsize": (4.8, 2.9),
    "figure.dpi": 144,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 144,
    # 幅 4.8 インチの図を電話の画面（300 ピクセルほど）に縮めても、字が 9 ピクセルより大きく残ります
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "legend.fontsize": 11,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": "#222222",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E5E5E5",
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "axes.prop_cycle": mpl.cycler(color=[c for k, c in COLORS.items() if k != "truth"]),
    "svg.fonttype": "path",
    "svg.hashsalt": "rnnbook",
}


def use_style() -> None:
    """この本の様式と日本語フォントを matplotlib に設定します。章のはじめに一度呼びます。

    例:
        >>> use_style()
        >>> mpl.rcParams["font.family"]
        ['IPAexGothic']
    """
    import japanize_matplotlib  # 読み込むと日本語フォントが登録されます

    japanize_matplotlib.japanize()
    mpl.rcParams.update(RC)
