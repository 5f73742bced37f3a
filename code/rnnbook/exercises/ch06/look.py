"""演習: 読んだ所を見比べて、重みつきの平均を作ります。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def look(
    s: np.ndarray, h: np.ndarray, real: np.ndarray, *, mask: str = "before", scale=1.0
) -> tuple[np.ndarray, np.ndarray]:
    """正しい見比べ方と、間違いを一つ選べる見比べ方。"""
    e = scale * (h @ s[:, :, None])[..., 0]  # (B, S)
    if mask == "before":
        e = np.where(real, e, -np.inf)
    if mask == "zero":
        e = np.where(real, e, 0.0)
    alpha = np.exp(e - e.max(axis=1, keepdims=True))
    alpha /= alpha.sum(axis=1, keepdims=True)
    if mask == "after":
        alpha = alpha * real
    return (alpha[:, None] @ h)[:, 0], alpha


WRONG = (
    Wrong(
        lambda s, h, real: look(s, h, real, mask="none"),
        "埋めた所にも重みが付いています。",
    ),
    Wrong(
        lambda s, h, real: look(s, h, real, mask="after"),
        "softmax のあとで 0 にしたので、重みの和が 1 より小さくなっています。",
    ),
    Wrong(
        lambda s, h, real: look(s, h, real, mask="zero"),
        "埋めた所の点を 0 にしています。点が 0 でも、exp(0) = 1 だけの重みが残ります。",
    ),
    Wrong(
        lambda s, h, real: (
            look(s, h, real)[0] * real.sum(1)[:, None],
            look(s, h, real)[1],
        ),
        "重みの和はもう 1 なので、長さを掛ける必要はありません。",
    ),
)


def examine(answer: Callable) -> str:
    small = {
        "s": np.array([[1.0, 0.0]]),
        "h": np.array([[[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]]]),
        "real": np.array([[True, True, False]]),
    }
    rng = np.random.default_rng(6)
    inputs = [small]
    for B, S, H in ((2, 4, 3), (3, 6, 2)):
        real = np.arange(S) < rng.integers(1, S, (B, 1))
        s, h = rng.normal(size=(B, H)), rng.normal(size=(B, S, H))
        inputs.append({"s": s, "h": h, "real": real})
    compare_runs(
        answer,
        look,
        inputs,
        returns=("h_bar", "alpha"),
        wrong=WRONG,
        hint="点を求め、埋めた所を −∞ にし、和が 1 の重みにし、平均する、の順です。",
    )
    return "点が (6.4) の内積、重みが (6.1)、平均が (6.2) です。"


EXERCISE = Exercise(
    title="見比べて、平均する",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
デコーダの状態 `s` (B, H) 一つと、エンコーダの状態 `h` (B, S, H) を内積で見比べ、重み `alpha` (B, S) と、重みつきの平均 `h_bar` (B, H) を返してください。`real` (B, S) が偽の所は埋めた所で、重みは 0 です。残りの重みの和は 1 にします。
""",
    stub='''def my_look(s, h, real):
    """重みつきの平均 h_bar (B, H) と、重み alpha (B, S) を返す。"""
    ...  # ここを書き換えます
    # return h_bar, alpha
''',
    hints=(
        "点、重み、平均の三つに分けます。埋めた所を除くのは、どの段ですか。",
        '点は `np.einsum("bsh,bh->bs", h, s)` です。埋めた所は `np.where(real, e, -np.inf)` にします。',
        "`np.exp(e - e.max(axis=1, keepdims=True))` を、その和で割ると重みです。",
    ),
    solution='''def my_look(s, h, real):
    """重みつきの平均 h_bar (B, H) と、重み alpha (B, S) を返す。"""
    e = np.einsum("bsh,bh->bs", h, s)
    e = np.where(real, e, -np.inf)  # 埋めた所の exp が 0 になる
    alpha = np.exp(e - e.max(axis=1, keepdims=True))
    alpha = alpha / alpha.sum(axis=1, keepdims=True)
    return np.einsum("bs,bsh->bh", alpha, h), alpha
''',
    compare="埋めた所を除いたのが、softmax の前か後かを見比べます。",
    examine=examine,
    wrong=WRONG,
)
