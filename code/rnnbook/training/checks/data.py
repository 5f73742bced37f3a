"""データの確かめ: 値の大きさ、形、時間の順、正解の漏れ。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from rnnbook.arguments import require_array
from rnnbook.training.checks.finding import Finding, of_size

LARGEST, SMALLEST = 20.0, 0.05  # 最大の絶対値の、この間なら、ほどよい大きさとみなします


def values_are_tame(**values: Tensor) -> Finding:
    """値が有限で、ほどよい大きさ: NaN も無限大もなく、最大の絶対値が 0.05 から 20 の間か。

    番号（整数）の配列は調べません。境の二つの数は、標準化した値が入る広さに選んだ目安です。

    例:
        >>> values_are_tame(x=torch.tensor([1.0, -2.0]), y=torch.tensor([190.0, 0.0]))
        ✗ 値が有限で、ほどよい大きさ: y の最大の絶対値は 2e+02 です
    """
    name = "値が有限で、ほどよい大きさ"
    sizes = []
    for key, value in values.items():
        value = torch.as_tensor(value)
        if not value.is_floating_point():
            continue
        lost = int((~torch.isfinite(value)).sum())
        if lost:
            return Finding(name, False, f"{key} に NaN か無限大が {lost} 個あります")
        size = value.abs().max().item()
        if not SMALLEST <= size <= LARGEST:
            return Finding(name, False, f"{key} の最大の絶対値は {of_size(size)} です")
        sizes.append(f"{key} {size:.2g}")
    if not sizes:
        return Finding(name, None, "どの値も番号です")
    return Finding(name, True, "最大の絶対値は、ほどよい大きさです", "、".join(sizes))


def shapes_match(prediction: Tensor, y: Tensor) -> Finding:
    """予測と正解の形が合う: 実数の正解なら同じ形、番号の正解なら (B, V, …) と (B, …) か。

    例:
        >>> shapes_match(torch.zeros(8, 1), torch.zeros(8))
        ✗ 予測と正解の形が合う: 予測は (8, 1)、正解は (8,) です
        >>> shapes_match(torch.zeros(4, 9, 7), torch.zeros(4, 7, dtype=torch.long)).passed
        True
    """
    name = "予測と正解の形が合う"
    said = f"予測は {tuple(prediction.shape)}、正解は {tuple(y.shape)} です"
    if y.is_floating_point():
        return Finding(name, prediction.shape == y.shape, said)
    B, *rest = y.shape
    fits = prediction.dim() == y.dim() + 1 and list(prediction.shape[2:]) == rest
    if not fits or len(prediction) != B:
        if prediction.shape == y.shape:
            said += "が、整数の正解はクラスの番号です。量なら y.float() で写します"
        return Finding(name, False, said)
    V = prediction.shape[1]
    if y.max() >= V:
        return Finding(name, False, f"正解の番号 {y.max()} は、{V} 個の得点の外です")
    return Finding(name, True, said)


def past_is_unchanged(prepare: Callable, series: object, t: int) -> Finding:
    """前処理が先を使わない: 時刻 t より後を切り落としても、t までの値は同じか。

    例:
        >>> past_is_unchanged(lambda x: x - x[0], [1.0, 2.0, 9.0], t=2).passed
        True
        >>> past_is_unchanged(lambda x: x - x.mean(), [1.0, 2.0, 9.0], t=2).passed
        False
    """
    name, series = "前処理が先を使わない", require_array("series", series, ("T",))
    before, after = prepare(series)[:t], prepare(series[:t])
    size = float(np.abs(before - after).max())
    if size > 1e-9:
        said = f"先を切り落とすと、過去の値が {of_size(size)} 動きます"
        return Finding(name, False, said)
    return Finding(
        name, True, "先を切り落としても、過去の値は動きません", of_size(size)
    )


def split_follows_time(train: object, test: object, width: int) -> Finding:
    """試験は学習の後: 長さ width の窓の初めの時刻の並び train と test に、重なる時刻がないか。

    例:
        >>> split_follows_time([0, 1, 2], [5, 6], width=3).passed
        True
    """
    name = "試験は学習の後"
    train, test = (require_array("train と test", k, ("N",)) for k in (train, test))
    late = int((test < train.max() + width).sum())
    if late:
        said = (
            f"試験の {len(test)} 窓のうち {late} 窓は、学習の窓が終わる前に始まります"
        )
        return Finding(name, False, said)
    space = int(test.min() - train.max() - width)
    return Finding(
        name, True, "試験の窓は、学習の窓の後に始まります", f"間 {space} 時刻"
    )


def answer_is_not_in_input(x: Tensor, y: Tensor) -> Finding:
    """答えが入力にない: 時刻 t の入力 x (B, T, D) のどれかの列が、正解 y (B, T) と同じ値でないか。

    語の番号 x (B, T) でも使えます。すべての時刻で同じなら、写すだけで当たります。
    """
    name = "答えが入力にない"
    columns = x[..., None] if x.dim() == 2 else x
    same = (columns == y[..., None]).double().mean((0, 1)).max().item()  # 列ごとの割合
    if same > 0.95:
        return Finding(name, False, f"入力の一列が、正解と {same:.0%} の時刻で同じです")
    return Finding(name, True, "正解と同じ列はありません", f"{same:.0%}")


def workers_differ(draws: object) -> Finding:
    """ワーカーごとに違う乱数: 例ごとに作った乱数の列 draws (N, …) に、同じものがないか。"""
    name = "ワーカーごとに違う乱数"
    draws = np.asarray(draws).reshape(len(draws), -1)
    twins = len(draws) - len(np.unique(draws, axis=0))
    if twins:
        said = f"{len(draws)} 個の例のうち {twins} 個は、ほかの例と同じ乱数です"
        return Finding(name, False, said)
    return Finding(name, True, "どの例の乱数も違います", f"{len(draws)} 個")
