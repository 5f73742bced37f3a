"""勾配から作る一歩の決め方（optimizer）と、その学習率の変え方（schedule）を確かめます（第 1 章）。"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from rnnbook.arguments import require_callable, require_instance


def rule_of(
    optimizer: Callable, model: nn.Module, rate: float
) -> torch.optim.Optimizer:
    """model の重みを学習率 rate で動かす、optimizer の規則。

    例:
        >>> type(rule_of(torch.optim.SGD, nn.Linear(2, 1), 0.1)).__name__
        'SGD'
        >>> rule_of("adam", nn.Linear(2, 1), 0.1)
        Traceback (most recent call last):
        ...
        ValueError: 引数 optimizer は呼び出せるもの（torch.optim.Adam など）です。'adam' が渡されました。
    """
    require_callable("optimizer", optimizer, "torch.optim.Adam")
    if isinstance(optimizer, type) and not issubclass(optimizer, torch.optim.Optimizer):
        raise ValueError(
            "引数 optimizer は torch.optim.Adam のような規則です。"
            f"{optimizer.__name__} が渡されました。"
        )
    if not any(weight.requires_grad for weight in model.parameters()):
        raise ValueError(
            "引数 model には、学習する重みが要ります。どの重みも requires_grad=False です。"
        )
    rule = optimizer(model.parameters(), lr=rate)
    require_instance("optimizer が作るもの", rule, torch.optim.Optimizer)
    if isinstance(rule, torch.optim.LBFGS):
        raise ValueError(
            "引数 optimizer は、勾配から一歩進むもの（torch.optim.Adam など）です。"
            "LBFGS は一歩のなかで損失を何度も求め直すので、このループでは使えません。"
        )
    return rule


def pace_of(schedule: Callable, rule: torch.optim.Optimizer) -> object:
    """schedule(rule) が返すもの。step() を呼ぶたびに学習率を変えます。

    例:
        >>> pace_of(lambda rule: 0.5, rule_of(torch.optim.SGD, nn.Linear(2, 1), 0.1))
        Traceback (most recent call last):
        ...
        ValueError: 引数 schedule は、step() を持つものを返す関数です。float が返りました。
    """
    require_callable("schedule", schedule, "lambda rule: StepLR(rule, 10)")
    pace = schedule(rule)
    if not hasattr(pace, "step"):
        raise ValueError(
            "引数 schedule は、step() を持つものを返す関数です。"
            f"{type(pace).__name__} が返りました。"
        )
    return pace
