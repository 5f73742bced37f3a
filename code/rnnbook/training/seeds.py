"""乱数の種（第 1 章）。"""

from __future__ import annotations

import random
import sys

import numpy as np
import torch

from rnnbook.arguments import require_seed


def seed_everything(seed: int) -> np.random.Generator:
    """Python、NumPy、PyTorch の種を決め、NumPy の新しい乱数発生器を返します。

    Keras を読み込んであれば、その種も決めます。

    例:
        >>> a = seed_everything(0).normal(), torch.rand(1).item()
        >>> a == (seed_everything(0).normal(), torch.rand(1).item())
        True
    """
    seed = require_seed("seed", seed)
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    return np.random.default_rng(seed)
