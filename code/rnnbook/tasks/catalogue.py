"""記憶の問題の一覧: 名前と、その問題を作るモジュール。実験も図も、ここだけを読みます。"""

from __future__ import annotations

from types import ModuleType

from rnnbook.tasks import adding, copy_memory, if_then, latch, order

TASKS: dict[str, ModuleType] = {
    "latch": latch,
    "order": order,
    "if_then": if_then,
    "adding": adding,
    "copy": copy_memory,
}
LABELS = {
    "latch": "ラッチ",
    "order": "順序",
    "if_then": "if…then",
    "adding": "足し算",
    "copy": "写し",
}
