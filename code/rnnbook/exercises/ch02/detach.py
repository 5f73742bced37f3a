"""演習: 続きの系列で引き継ぐ隠れ状態が、前の区間の計算の記録まで引き継いでいます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from rnnbook.exercises.call import call
from rnnbook.exercises.compare import close, numbers
from rnnbook.exercises.exercise import Exercise, NotWritten, NotYet, Wrong

TWICE = "2 つ目の区間の逆伝播で、PyTorch が止まりました。"
RETAINED = "`retain_graph=True` は記録を捨てないだけです。2 つ目の区間の逆伝播は、もう更新された重みの、古い値を要ります。"
RESET = "2 つ目の区間に、隠れ状態が渡されていません。覚えたことが区間の境目で消えます。"
GROWS = "引き継いだ h が抱える計算の記録が、区間ごとに延びています。逆伝播は、いつも系列のはじめまで遡ります。"
NOT_TRAINED = "RNN の重みが動いていません。記録を外すのは、次の区間へ渡す h だけです。損失へ向かう states の記録は要ります。"


GIVEN = ("入力", "正弦波を 10 時刻ずつに切った 4 つの区間")


class Watched(nn.RNN):
    """渡された h と、それが抱える計算の数を控える RNN。"""

    def __init__(self) -> None:
        super().__init__(1, 4, batch_first=True, dtype=torch.float64)
        self.carried: list[int | None] = []

    def forward(self, x, h=None):
        self.carried.append(None if h is None else operations(h))
        return super().forward(x, h)


def operations(value: torch.Tensor) -> int:
    """値から遡れる計算（自動微分の記録の節）の数。"""
    seen, waiting = set(), [value.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            waiting += [earlier for earlier, _ in node.next_functions]
    return len(seen)


def run(train: Callable) -> tuple[object, Watched, bool]:
    """正弦波の 4 つの区間で学習した戻り値、RNN、その重みが動いたか。"""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model, readout = Watched(), nn.Linear(4, 1, dtype=torch.float64)
    before = model.weight_hh_l0.detach().clone()
    wave = torch.sin(0.3 * torch.arange(41, dtype=torch.float64)).reshape(1, -1, 1)
    batches = [(wave[:, k : k + 10], wave[:, k + 1 : k + 11]) for k in (0, 10, 20, 30)]
    try:
        value = train(model, readout, batches)
    except NotYet as not_yet:
        if not isinstance(not_yet, NotWritten) and len(model.carried) > 1:
            not_yet.evidence = _evidence(model)
        raise
    return value, model, not torch.equal(before, model.weight_hh_l0)


def train(model, readout, batches, *, keep=True, detach=True, retain=False, last=True):
    """正しい学習と、間違いを一つ選べる学習。"""
    parameters = [*model.parameters(), *readout.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=0.05)
    h, losses = None, []
    for x, y in batches:
        states, h = model(x, h if keep else None)
        h = h.detach() if detach else h
        states = states if last else states.detach()
        loss = ((readout(states) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward(retain_graph=retain)
        optimizer.step()
        losses.append(loss.item())
    return losses


def examine(answer: Callable) -> str:
    try:
        value, model, moved = run(lambda *given: call(answer, *given))
    except NotYet as not_yet:
        for words, says, hint in (
            ("a second time", TWICE, "その h は、値のほかに何を持っていますか。"),
            ("inplace operation", RETAINED, "記録は、残すのではなく、境目で外します。"),
        ):
            if words in not_yet.reason:
                error = ("PyTorch のエラー", not_yet.reason)
                raise NotYet(says, hint, (*not_yet.evidence, error)) from None
        raise
    losses, right = numbers("戻り値", value), np.array(run(train)[0])
    if model.carried[1:] and None in model.carried[1:]:
        raise NotYet(
            RESET, "`model(x, h)` の h は、前の区間の終わりの値です。", _evidence(model)
        )
    if any(model.carried[1:]):
        raise NotYet(GROWS, "記録を外すと、この数は 0 になります。", _evidence(model))
    if not moved:
        change = ("RNN の重みの、学習の前との差", "0"), ("正しい差", "0 ではない")
        raise NotYet(NOT_TRAINED, "", (GIVEN, *change))
    if not close(losses, right):
        raise NotYet(
            "損失のリストが違います。",
            "区間ごとに一度ずつ、損失を測り、逆伝播し、更新します。",
            (
                GIVEN,
                ("返った損失", str(losses.round(4).tolist())),
                ("正しい損失", str(right.round(4).tolist())),
            ),
        )
    return (
        "h の値は次の区間へ渡り、勾配は境目で止まります。2.10 節の打ち切り BPTT です。"
    )


def _evidence(model: Watched) -> tuple[tuple[str, str], ...]:
    carried = "、".join("渡されない" if n is None else str(n) for n in model.carried)
    return (
        GIVEN,
        ("渡された h が抱える計算の数", carried),
        ("正しい数", "渡されない、0、0、0"),
    )


STUB = '''def my_train(model, readout, batches):
    """続きの区間 (x, y) を順に学習し、区間ごとの損失のリストを返す。"""
    weights = [*model.parameters(), *readout.parameters()]
    optimizer = torch.optim.SGD(weights, lr=0.05)
    h, losses = None, []
    for x, y in batches:  # x, y: (B, T, 1)。前の区間の続き
        states, h = model(x, h)  # 前の区間の h を引き継ぐ
        loss = ((readout(states) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
'''

EXERCISE = Exercise(
    title="続きの系列の学習が止まる",
    kind="誤りを探す",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
長い系列を区間に切り、隠れ状態を引き継ぎながら、`torch.nn.RNN` を学習します。一つ目の区間は学習できるのに、二つ目で止まります。まず走らせずに、どの行が、なぜ止まるかを予想してください。それから `check` が見せるものを読み、直してください。
""",
    stub=STUB,
    symptom=TWICE,
    hints=(
        "一つ目の区間で `loss.backward()` を呼ぶと、その区間の計算の記録は捨てられます。二つ目の区間の h は、どこで計算された値ですか。",
        "h は値と一緒に、それを計算した記録も持っています。次の区間に要るのは値だけです。値だけを持つテンソルを作る方法が、2.10 節にあります。",
        "`model(x, h)` のあとで、`h = h.detach()` とします。",
    ),
    solution=STUB.replace(
        "  # 前の区間の h を引き継ぐ\n",
        "\n        h = h.detach()  # 次の区間へは、値だけを渡す\n",
    ),
    compare="記録を外した場所（h だけか、states もか）と、h の値が次の区間へ渡り続けているかを見比べます。",
    examine=examine,
    wrong=(
        Wrong(lambda *given: train(*given, detach=False, retain=True), RETAINED),
        Wrong(lambda *given: train(*given, keep=False), RESET),
        Wrong(lambda *given: train(*given, detach=False, last=False), GROWS),
        Wrong(lambda *given: train(*given, last=False), NOT_TRAINED),
        Wrong(lambda *given: train(*given)[:1], "損失のリストが違います。"),
    ),
)
