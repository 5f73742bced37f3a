"""止まらずに走るかと、忘却ゲートのはじめの値。"""

from __future__ import annotations

import warnings
from collections.abc import Callable

from torch import nn

from rnnbook.arguments import require_instance
from rnnbook.training.checks.finding import Finding, said_by


def runs_through(run: Callable[[], object]) -> Finding:
    """止まらずに走る: run() は、エラーも、損失の形の警告（UserWarning）も出さずに終わるか。

    例:
        >>> runs_through(lambda: [][0])
        ✗ 止まらずに走る: IndexError: list index out of range
    """
    name = "止まらずに走る"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Using a target size", UserWarning)
            run()
    except Exception as error:
        return Finding(name, False, said_by(error))
    return Finding(name, True, "終わりまで走りました")


def forget_gate_starts_at(lstm: nn.LSTM, b_f: float) -> Finding:
    """忘却ゲートのはじめの値: 二本のバイアスの和 b_ih + b_hh が、どの層でも b_f か。

    例:
        >>> forget_gate_starts_at(nn.LSTM(1, 2, bias=True), 1.0).passed
        False
    """
    require_instance("lstm", lstm, nn.LSTM)
    name, H = "忘却ゲートのはじめの値", lstm.hidden_size
    weights = dict(lstm.named_parameters())
    for key, bias in weights.items():
        if not key.startswith("bias_ih"):
            continue
        # PyTorch は i, f, c̃, o の順に積み、二本のバイアスを足します
        total = (bias + weights[key.replace("_ih", "_hh")]).detach()[H : 2 * H]
        if (total - b_f).abs().max() > 1e-6:
            mean = total.mean().item()
            said = f"b_ih + b_hh の平均は {mean:.1f} で、{b_f:g} でありません"
            return Finding(name, False, said)
    return Finding(name, True, f"b_ih + b_hh は {b_f:g} です")
