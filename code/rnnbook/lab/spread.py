"""測り直した一つの値を、保存済みの種の散らばりと比べます。"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def beside_stored(again: float, stored: Sequence[float], slack: float) -> dict:
    """|測り直し − 平均| ≤ 3 標準偏差 + slack なら「一致」とする、表の四つの列。

    slack は保存するときの丸めや、種が少ないときの余裕です。単位は stored と同じです。

    例:
        >>> beside_stored(0.5, [0.4, 0.6], slack=0.02)
        {'測り直し': 0.5, '保存済みの平均': 0.5, '許す幅': 0.32, '一致': True}
    """
    mean, margin = float(np.mean(stored)), 3 * float(np.std(stored)) + slack
    return {
        "測り直し": round(again, 2),
        "保存済みの平均": round(mean, 2),
        "許す幅": round(margin, 2),
        "一致": bool(abs(again - mean) <= margin),
    }
