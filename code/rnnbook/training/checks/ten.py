"""学習を始める前の、十の確かめを一度に行います（付録「学習しないとき」）。"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_callable, require_instance
from rnnbook.training.checks import data, learning, outputs
from rnnbook.training.checks.finding import MARKS, Finding, said_by


@dataclass(frozen=True)
class Diagnosis:
    """十の確かめの答え。一行ずつ表示します。"""

    findings: tuple[Finding, ...]

    def failed(self) -> list[str]:
        """通らなかった確かめの名。"""
        return [each.check for each in self.findings if each.passed is False]

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.findings))

    def _repr_markdown_(self) -> str:
        # 印は飾りではなく文字なので、色が見えなくても、読み上げでも伝わります
        lines = [
            f'<span class="claim">{MARKS[each.passed]}</span> {repr(each)[2:]}'
            for each in self.findings
        ]
        return "\n\n".join(lines)


def diagnose(
    model: nn.Module,
    batch: tuple[Tensor, Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Diagnosis:
    """model を、学習を始める前に十通りに確かめます。渡したモデルは変わりません。

    batch は (x, y) で、x は (B, T, D) か、語の番号 (B, T) です（B は 2 以上）。loss(ŷ, y) は一つの数を
    返します。一つの確かめの中でエラーが出れば、その文がその確かめの答えになります。

    例:
        >>> from rnnbook.models.recurrent import Recurrent
        >>> _ = torch.manual_seed(0)
        >>> x = torch.randn(8, 6, 1)
        >>> model = Recurrent(H=16, O=1, D=1, cell="gru")
        >>> diagnose(model, (x, x.sum(1)), nn.MSELoss()).failed()
        []
        >>> diagnose(model, (x, 1000 + x.sum(1)), nn.MSELoss()).failed()[0]
        '値が有限で、ほどよい大きさ'
    """
    require_instance("model", model, nn.Module)
    require_callable("loss", loss, "nn.MSELoss()")
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise ValueError(
            "引数 batch は、入力と正解の組 (x, y) です。"
            f"{type(batch).__name__} が渡されました。"
        )
    x, y = batch
    require_instance("batch[0]", x, Tensor, "torch.tensor(x) で写します。")
    require_instance("batch[1]", y, Tensor, "torch.tensor(y) で写します。")
    if x.dim() < 2 or len(x) < 2 or len(x) != len(y):
        raise ValueError(
            "引数 batch は、例を二つ以上、同じ数だけ持つ x (B, T, …) と y (B, …) です。"
            f"形 {tuple(x.shape)} と {tuple(y.shape)} が渡されました。"
        )
    batch = (x, y)

    def fresh() -> nn.Module:  # 状態を持ち越すモデルも、確かめごとに元から始める
        return copy.deepcopy(model)

    def shapes() -> Finding:
        twin = fresh()
        with outputs.only_answering(twin):
            return data.shapes_match(outputs.answer(twin, x), y)

    # 名は、途中でエラーになったときに表示するものです
    ten = [
        ("値が有限で、ほどよい大きさ", lambda: data.values_are_tame(x=x, y=y)),
        ("予測と正解の形が合う", shapes),
        (
            "同じ入力に同じ答え",
            lambda: outputs.answers_repeat(fresh().eval(), x),
        ),
        (
            "例どうしが混ざらない",
            lambda: outputs.examples_are_independent(fresh(), x),
        ),
        ("すべての時刻を読む", lambda: outputs.every_step_is_read(fresh(), x)),
        ("先を読まない", lambda: outputs.does_not_look_ahead(fresh(), x)),
        (
            "何も知らない所から始まる",
            lambda: learning.starts_at_ignorance(fresh(), batch, loss),
        ),
        (
            "勾配がすべての重みに届く",
            lambda: learning.gradients_arrive(model, batch, loss),
        ),
        ("同じ種に同じ学習", lambda: learning.runs_agree(model, batch, loss)),
        (
            "一つのバッチを覚えられる",
            lambda: learning.memorises_one_batch(model, batch, loss),
        ),
    ]
    return Diagnosis(tuple(_asked(name, check) for name, check in ten))


def _asked(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        with torch.random.fork_rng(), warnings.catch_warnings():
            # 形の違いは、二つめの確かめが述べます
            warnings.filterwarnings("ignore", "Using a target size")
            return check()
    except Exception as error:
        return Finding(name, False, said_by(error))
