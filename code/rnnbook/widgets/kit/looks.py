"""モデルの一覧（rnnbook.models.catalogue）を、動く図の CSS と JavaScript にします。"""

from __future__ import annotations

import json

from rnnbook.models.catalogue import COLORS, MODELS


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


def models_js() -> str:
    """モデルの名前と見え方を並べた ES モジュール。kit/models.js として読み込めます。

    例:
        >>> models_js()[:51]
        'export const MODELS = {"rnn": {"label": "RNN", "col'
    """
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
