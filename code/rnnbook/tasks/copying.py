"""写す: 記号の列を読み終えてから、同じ順に書く問題（第 5・6 章）。長さを変えて、一本のベクトルの限りを測ります。

記号は 8 種類で、どれも同じ確率で独立に選びます。一つ前に書いた記号は、次の記号について何も教えないので、
読んだものを覚えていなければ、一記号の正解率は 1/8 です。

第 3 章の写し（copy_memory）は 10 記号を長く待ってから書く問題で、こちらは待たずに、記号の数を増やします。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_positive_int
from rnnbook.tasks.symbols import END, SPECIAL, Vocabulary

SYMBOLS = Vocabulary("abcdefgh")


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """長さ T の列 x (B, T) と、終わりの記号を付けた答え y (B, T + 1)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=1, T=5)
        >>> SYMBOLS.decode(x[0]), y[0]
        ('gfecc', array([9, 8, 7, 5, 5, 2]))
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T)
    x = rng.integers(len(SPECIAL), len(SYMBOLS), (B, T))
    return x, np.pad(x, ((0, 0), (0, 1)), constant_values=END)
