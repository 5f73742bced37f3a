"""Python にある一覧（モデル、式の記号）から作る、動く図の CSS と ES モジュール。"""

from __future__ import annotations

import json

from rnnbook.models.catalogue import COLORS, MODELS
from rnnbook.widgets.kit.formulas import symbols_js


def colors_css() -> str:
    """色の名を --rf-名 にした CSS。画面の明暗 (color-scheme) で色が替わります。

    例:
        >>> "--rf-rnn: light-dark(#0072B2, #3D9FD6);" in colors_css()
        True
    """
    lines = (
        f"--rf-{name}: light-dark({light}, {dark});"
        for name, (light, dark) in COLORS.items()
    )
    return f".rnnbook-figure {{ {' '.join(lines)} }}\n"


def modules() -> dict[str, str]:
    """ファイルのないモジュール: 住所 → 中身。

    例:
        >>> sorted(modules())
        ['kit/models.js', 'kit/symbols.js']
    """
    return {"kit/models.js": _models_js(), "kit/symbols.js": symbols_js()}


def _models_js() -> str:
    looks = {
        key: {
            "label": model.label,
            "color": f"var(--rf-{model.color})",
            "dash": " ".join(map(str, model.dash)),
            "shape": model.marker,
        }
        for key, model in MODELS.items()
    }
    return f"export const MODELS = {json.dumps(looks, ensure_ascii=False)};\n"
