"""学習の確かめ: 始めの損失、勾配、数回の更新。モデルは写して使うので、渡したものは変わりません。

batch は (x, y)、loss は loss(ŷ, y) で一つの数を返すものです。
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook.arguments import require_instance
from rnnbook.training.checks.finding import Finding, of_size
from rnnbook.training.checks.outputs import answer, only_answering

Loss = Callable[[Tensor, Tensor], Tensor]
Batch = tuple[Tensor, Tensor]


def ignorant_loss(prediction: Tensor, y: Tensor, loss: Loss) -> float | None:
    """何も見ない答えの損失: 実数の正解なら平均、番号の正解なら、どれも同じ得点（ln V）。

    予測と正解の形が違う損失（分散も当てるものなど）では、決められないので None です。
    """
    if not y.is_floating_point():
        return loss(torch.zeros_like(prediction), y).item()
    if prediction.shape != y.shape:
        return None
    mean = y.mean(tuple(range(max(y.dim() - 1, 1))), keepdim=True)
    return loss(mean.expand_as(y), y).item()


def starts_at_ignorance(model: nn.Module, batch: Batch, loss: Loss) -> Finding:
    """何も知らない所から始まる: 始めの損失は、何も見ない答えの 10 倍（分類なら 2 倍）までか。

    実数の正解に 10 倍まで許すのは、層の重みのはじめの大きさと、正解の平均のずれとで、健康なモデルでも
    数倍になるからです。
    """
    name, (x, y) = "何も知らない所から始まる", batch
    with only_answering(model):
        prediction = answer(model, x)
        start = loss(prediction, y).item()
        level = ignorant_loss(prediction, y, loss)
    if level is None:
        return Finding(name, None, "予測と正解の形が違うので、比べる答えがありません")
    ratio, most = start / max(level, 1e-12), 10 if y.is_floating_point() else 2
    if not ratio < most:
        said = f"始めの損失は、何も見ない答えの {of_size(ratio)} 倍です"
        return Finding(name, False, said)
    return Finding(
        name,
        True,
        f"始めの損失は、何も見ない答えの {most} 倍までです",
        f"{ratio:.2g} 倍",
    )


def gradients_arrive(model: nn.Module, batch: Batch, loss: Loss) -> Finding:
    """勾配がすべての重みに届く: 有限で、0 でない勾配が、どの重みにもあるか。"""
    name, (x, y) = "勾配がすべての重みに届く", batch
    model = copy.deepcopy(model).train()
    model.zero_grad()
    loss(answer(model, x), y).backward()
    grads = {k: p.grad for k, p in model.named_parameters() if p.requires_grad}
    for key, grad in grads.items():
        if grad is not None and not torch.isfinite(grad).all():
            return Finding(name, False, f"{key} の勾配に NaN か無限大があります")
        if grad is None or not grad.any():
            return Finding(name, False, f"{key} に勾配が届きません")
    return Finding(
        name, True, "どの重みの勾配も、有限で 0 でありません", f"{len(grads)} 個"
    )


def first_step_gets_gradient(model: nn.Module, x: Tensor) -> Finding:
    """はじめの時刻まで遡る: 最後の答えの、はじめの入力についての勾配は、0 でないか。"""
    name = "はじめの時刻まで遡る"
    x = x.clone().requires_grad_()
    model = copy.deepcopy(model).train() if isinstance(model, nn.Module) else model
    answer(model, x).sum().backward()
    sizes = x.grad.flatten(2).norm(dim=2).mean(0)  # (T,)
    far = sizes[0].item()
    if far == 0:
        reach = int((sizes > 0).sum())
        said = f"勾配は、最後の {reach} 時刻までで止まります"
        return Finding(name, False, said)
    ratio = far / sizes[-1].item()
    return Finding(
        name, True, "はじめの時刻の勾配は 0 でありません", f"比 {of_size(ratio)}"
    )


def runs_agree(model: nn.Module, batch: Batch, loss: Loss, steps: int = 3) -> Finding:
    """同じ種に同じ学習: 同じ種で二度、数回ずつ更新した重みは、同じか。"""
    name = "同じ種に同じ学習"
    ends = []
    state = np.random.get_state()
    for _ in range(2):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            np.random.seed(0)
            twin = copy.deepcopy(model).train()
            _train(twin, batch, loss, steps)
        ends.append(torch.cat([p.detach().flatten() for p in twin.parameters()]))
    np.random.set_state(state)
    size = (ends[0] - ends[1]).abs().max().item()
    if size != 0:
        return Finding(name, False, f"二度の重みが {of_size(size)} 違います")
    return Finding(name, True, f"{steps} 回更新した重みは、二度とも同じです", "差 0")


def memorises_one_batch(
    model: nn.Module, batch: Batch, loss: Loss, steps: int = 300, rate: float = 0.01
) -> Finding:
    """一つのバッチを覚えられる: 8 個までの例で損失が、何も見ない答えの 1/10 より小さくなるか。

    Adam（学習率 rate、ノルム 1 でクリップ）で steps 回まで更新します。Dropout は止めます。何も見ない
    答えが決められない損失では、始めの損失と比べます。
    """
    name, (x, y) = "一つのバッチを覚えられる", (part[:8] for part in batch)
    model = copy.deepcopy(model).train()
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):  # Dropout1d なども
            module.p = 0.0
        elif isinstance(module, (nn.RNNBase, nn.MultiheadAttention)):
            module.dropout = 0.0
    with torch.no_grad():
        prediction = answer(model, x)
        level, what = ignorant_loss(prediction, y, loss), "何も見ない答え"
        if not level:
            level, what = loss(prediction, y).item(), "始めの損失"
        if level <= 0:
            return Finding(name, None, f"{what}が正でないので、比べられません")
        lowest = _train(model, (x, y), loss, steps, rate, goal=0.1 * level)
    ratio = lowest / level
    if not ratio < 0.1:
        said = (
            f"{len(x)} 個の例の損失が、{what}の {of_size(ratio)} 倍までしか下がりません"
        )
        return Finding(name, False, said)
    return Finding(
        name,
        True,
        f"損失は、{what}の 1/10 より小さくなります",
        f"{ratio:.2g} 倍",
    )


@torch.enable_grad()
def _train(model, batch, loss, steps, rate=0.01, goal=-np.inf) -> float:
    """steps 回まで更新し、いちばん小さい損失を返します。"""
    (x, y), lowest = batch, np.inf
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(answer(model, x), y)
        value.backward()
        lowest = min(lowest, value.item())
        if lowest < goal:
            break
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return lowest


def losses_stay_finite(losses: list[float]) -> Finding:
    """損失が有限のまま: 記録した損失に、NaN か無限大、初めの 100 倍を超える値がないか。

    例:
        >>> losses_stay_finite([1.0, 0.5, 900.0])
        ✗ 損失が有限のまま: 3 回目の損失が、初めの 100 倍を超えました
    """
    name = "損失が有限のまま"
    require_instance("losses", losses, list)
    for k, value in enumerate(losses, 1):
        if not np.isfinite(value):
            return Finding(name, False, f"{k} 回目の損失が {value} です")
        if value > 100 * losses[0]:
            return Finding(name, False, f"{k} 回目の損失が、初めの 100 倍を超えました")
    return Finding(
        name,
        True,
        "どの損失も有限です",
        f"最後は初めの {losses[-1] / losses[0]:.2g} 倍",
    )


def gradients_are_fresh(
    model: nn.Module, batch: Batch, loss: Loss, step: Callable[[Batch], object]
) -> Finding:
    """勾配が溜まらない: step を呼んだあとの勾配は、その一回で計算し直した勾配と同じか。

    step(batch) は、読者の学習の一歩（順伝播、逆伝播、更新）です。二度呼びます。
    """
    name, (x, y) = "勾配が溜まらない", batch
    step(batch)
    twin = copy.deepcopy(model)  # 二回目の前の重み
    twin.zero_grad()
    loss(answer(twin, x), y).backward()
    step(batch)
    now, fresh = (
        torch.cat([p.grad.flatten() for p in m.parameters()]) for m in (model, twin)
    )
    ratio = (now.norm() / fresh.norm()).item()
    if abs(ratio - 1) > 1e-3:
        said = f"二回目の勾配のノルムが、計算し直した勾配の {ratio:.1f} 倍です"
        return Finding(name, False, said)
    return Finding(
        name, True, "二回目の勾配は、計算し直した勾配と同じです", f"比 {ratio:.4f}"
    )
