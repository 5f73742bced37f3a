"""名前の付いた前処理の順（第 10 章）。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.materials.preprocessing import derivative, snv

# 名前は、施す順です
STEPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "raw": lambda X: X,
    "snv": snv,
    "d1": lambda X: derivative(X, 1),
    "d2": lambda X: derivative(X, 2),
    "snv_d1": lambda X: derivative(snv(X), 1),
    "d1_snv": lambda X: snv(derivative(X, 1)),
    "snv_d2": lambda X: derivative(snv(X), 2),
    "d2_snv": lambda X: snv(derivative(X, 2)),
}
