"""図の様式。文字の大きさ、線、日本語フォントは、本の中でここだけが決めます。色はモデルの一覧のものです。

日本語フォント（IPAex ゴシック）は japanize-matplotlib が持つファイルを読みます。そのモジュール自身は
読み込みません。なくなった distutils に頼り、警告かエラーを読者に見せるからです。
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager

from rnnbook.models import catalogue

# 色の名 → 明るい画面の色
COLORS = {name: light for name, (light, _) in catalogue.COLORS.items()}

# 図の地と文字。値は白い紙の色で、組んだページでは主題の色に替わります（book/pictures.py）。
PAPER = {
    "ink": "#222222",  # 文字、矢印
    "muted": "#444444",  # 目盛りの数
    "line": "#999999",  # 軸、枠
    "faint": "#E5E5E5",  # 格子
    "surface": "#FFFFFF",  # 地
    "raised": "#F3F3F3",  # 入力や候補の箱
    "rnn-pale": "#DCEBF5",  # 隠れ状態の丸
    "lstm-pale": "#FBE7D9",  # ゲートの箱
}
# 色の値 → 組んだページでの名前。ここにない色の図は、ページに置けません
NAMES = {value.lower(): name for name, value in (COLORS | PAPER).items()}

RC = {
    # 幅 360 ピクセルの画面に縮めても字が 11 ピクセルより大きく残る幅です（themed_svg.py）
    "figure.figsize": (4.4, 2.8),
    "figure.dpi": 144,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 144,
    "font.family": "IPAexGothic",
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "legend.fontsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": PAPER["line"],
    "text.color": PAPER["ink"],
    "axes.labelcolor": PAPER["ink"],
    "xtick.color": PAPER["muted"],
    "ytick.color": PAPER["muted"],
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": PAPER["faint"],
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "axes.prop_cycle": mpl.cycler(color=[c for k, c in COLORS.items() if k != "truth"]),
}


def japanese_font() -> Path:
    """日本語フォント（IPAex ゴシック）のファイル。

    例:
        >>> japanese_font().name
        'ipaexg.ttf'
    """
    package = find_spec("japanize_matplotlib")
    if package is None:
        raise ModuleNotFoundError(
            "日本語フォントを持つ japanize-matplotlib がありません。"
            "pip install japanize-matplotlib で入れてください。"
        )
    return Path(package.submodule_search_locations[0]) / "fonts" / "ipaexg.ttf"


def use_style() -> None:
    """この本の様式と日本語フォントを matplotlib に設定します。章のはじめに一度呼びます。

    例:
        >>> use_style()
        >>> mpl.rcParams["font.family"]
        ['IPAexGothic']
    """
    if RC["font.family"] not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(japanese_font())
    mpl.rcParams.update(RC)
