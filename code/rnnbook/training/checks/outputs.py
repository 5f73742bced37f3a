"""モデルの答えの確かめ: 入力を少し替えて、変わるべきものだけが変わるかを見ます。

どれも model は x (B, T, D)（語の番号なら (B, T)）から ŷ (B, …) を出すもので、nn.Module でも
関数でもかまいません。nn.Module は eval() にして呼び、終わると元に戻します。
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_instance, require_positive_int
from rnnbook.training.checks.finding import Finding, of_size

Model = Callable[[Tensor], Tensor]
CLOSE = 1e-4  # 答えの大きさに対して、丸めの違いとみなす割合


@contextmanager
def only_answering(model: object) -> Iterator[None]:
    """モデルを eval() にし、勾配を作らずに呼びます。終わると、元の様子に戻します。"""
    modes = (
        [(m, m.training) for m in model.modules()]
        if isinstance(model, nn.Module)
        else []
    )
    if modes:
        model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def answer(model: Model, x: Tensor) -> Tensor:
    """ŷ を返します。テンソルでなければ断ります。

    例:
        >>> answer(nn.GRU(1, 2), torch.zeros(3, 4, 1))
        Traceback (most recent call last):
        ...
        ValueError: モデルの出力は Tensor です。tuple が渡されました。nn.GRU などは (全時刻の h, 最後の h) を返すので、要るものを取り出します。
    """
    y = model(x)
    if not isinstance(y, Tensor):
        raise ValueError(
            f"モデルの出力は Tensor です。{type(y).__name__} が渡されました。"
            "nn.GRU などは (全時刻の h, 最後の h) を返すので、要るものを取り出します。"
        )
    return y


def gap(a: Tensor, b: Tensor, whole: Tensor | None = None) -> float:
    """二つの答えの、最大の差。答え a（whole があれば whole）の大きさで割ります。"""
    size = max((a if whole is None else whole).abs().max().item(), 1e-12)
    return (a - b).abs().max().item() / size


def examples(x: object, least: int = 2) -> Tensor:
    """x が、least 個以上の例を持つテンソルであることを確かめます。"""
    require_instance("x", x, Tensor)
    require_positive_int("x の例の数 B", len(x) if x.dim() else 0, least)
    return x


def answers_repeat(model: Model, x: Tensor) -> Finding:
    """同じ入力に同じ答え: 二度読ませて、同じ答えか。model.train() のままの Dropout が見えます。

    ほかの確かめと違い、model をそのままの様子で（eval() にせずに）呼びます。
    """
    name = "同じ入力に同じ答え"
    with torch.no_grad():
        size = gap(answer(model, x), answer(model, x))
    if size > CLOSE:
        said = f"二度読ませると、答えが、その大きさの {of_size(size)} 倍まで変わります"
        return Finding(name, False, said)
    return Finding(name, True, "二度の答えは同じです", of_size(size))


def examples_are_independent(model: Model, x: Tensor) -> Finding:
    """例どうしが混ざらない: ほかの例をすべて替えても、はじめの例と終わりの例の答えは同じか。

    両端を調べるのは、並びを取り違えたモデルが、前の例だけを混ぜることがあるからです。

    例:
        >>> x = torch.randn(4, 5, 1, generator=torch.Generator().manual_seed(0))
        >>> examples_are_independent(lambda x: x.sum(1), x).passed
        True
        >>> examples_are_independent(lambda x: x.cumsum(0).sum(1), x).passed
        False
    """
    name, x = "例どうしが混ざらない", examples(x)
    sizes = []
    with only_answering(model):
        before = answer(model, x)
        for kept in (0, len(x) - 1):
            others = x[kept].expand_as(x).clone()  # ほかの例は、どれも同じものの写し
            # 一つの例の答えは、たまたま 0 に近いことがあるので、全体の大きさで割る
            sizes.append(gap(before[kept], answer(model, others)[kept], before))
    size = max(sizes)
    if size > CLOSE:
        said = f"ほかの例を替えると、ある例の答えが、全体の大きさの {of_size(size)} 倍まで動きます"
        return Finding(name, False, said)
    return Finding(name, True, "ほかの例を替えても、答えは動きません", of_size(size))


def every_step_is_read(model: Model, x: Tensor, most: int = 16) -> Finding:
    """すべての時刻を読む: 一つの時刻の入力を隣の例のものに替えると、どこかの答えが動くか。

    長い系列では、初めと終わりを含む most 個の時刻を調べます。どの例も同じ値の時刻は調べません。
    学習前の LSTM は遠い時刻を丸めの下まで忘れるので、答えが動かなくても、勾配があれば通します。
    """
    name, x = "すべての時刻を読む", examples(x)
    T = x.shape[1]
    times = torch.linspace(0, T - 1, min(T, most)).round().long().unique().tolist()
    unread = []
    with only_answering(model):
        before = answer(model, x)
        for t in times:
            other = x.clone()
            other[:, t] = x.roll(1, 0)[:, t]
            if not torch.equal(other, x) and torch.equal(answer(model, other), before):
                unread.append(t + 1)
    if unread:
        reached = steps_with_gradient(model, x)
        unread = [t for t in unread if not reached[t - 1]]
    if unread:
        listed = "、".join(map(str, unread[:4])) + (" …" if unread[4:] else "")
        return Finding(name, False, f"時刻 {listed} の入力は、どの答えにも効きません")
    return Finding(
        name, True, "調べたどの時刻の入力も、答えに効きます", str(len(times))
    )


def steps_with_gradient(model: Model, x: Tensor) -> list[bool]:
    """時刻ごとに、答えの、入力（番号なら埋め込みの値）についての勾配が 0 でないか。

    例:
        >>> steps_with_gradient(lambda x: x[:, 1:].sum(1), torch.ones(2, 3, 1))
        [False, True, True]
    """
    read, hooks = [x], []
    if x.is_floating_point():
        read = [x.clone().requires_grad_()]
    elif isinstance(model, nn.Module):
        read = []
        layers = [m for m in model.modules() if isinstance(m, nn.Embedding)]
        hooks = [
            layer.register_forward_hook(lambda layer, ids, out: read.append(out))
            for layer in layers
        ]
    try:
        # GPU の RNN は、評価のまま勾配を取ると、cuDNN が止めます
        with (
            only_answering(model),
            torch.enable_grad(),
            torch.backends.cudnn.flags(enabled=False),
        ):
            y = answer(model, read[0] if x.is_floating_point() else x)
            read = [v for v in read if v.requires_grad and v.shape[:2] == x.shape[:2]]
            if not read:  # 読む前に切った番号など。勾配からは決められない
                return [False] * x.shape[1]
            weights = torch.linspace(1, 2, y.numel(), device=y.device).view_as(y)
            grads = torch.autograd.grad((y * weights).sum(), read, allow_unused=True)
    finally:
        for hook in hooks:
            hook.remove()
    reached = torch.zeros(x.shape[1], dtype=torch.bool)
    for grad in grads:
        if grad is not None:
            reached |= grad.transpose(0, 1).flatten(1).ne(0).any(1).cpu()
    return reached.tolist()


def does_not_look_ahead(model: Model, x: Tensor) -> Finding:
    """先を読まない: 後半の入力を替えても、前半の答えは同じか。全時刻で答えるモデルだけが相手です。

    例:
        >>> x = torch.randn(2, 6, 1, generator=torch.Generator().manual_seed(0))
        >>> does_not_look_ahead(lambda x: x.cumsum(1), x).passed
        True
        >>> does_not_look_ahead(lambda x: x.roll(-1, 1), x).passed
        False
    """
    name, x = "先を読まない", examples(x)
    t = x.shape[1] // 2
    other = x.clone()
    other[:, t:] = x.roll(1, 0)[:, t:]
    with only_answering(model):
        before, after = answer(model, x), answer(model, other)
    # (B, T, O) か、全時刻の交差エントロピーに渡す (B, V, T)
    axes = [k for k in (1, 2) if before.dim() > 2 and before.shape[k] == x.shape[1]]
    if not axes:
        return Finding(
            name, None, "全時刻で答えるモデル（ŷ は (B, T, O) など）だけの確かめです"
        )
    size = min(gap(before.narrow(k, 0, t), after.narrow(k, 0, t)) for k in axes)
    if size > CLOSE:
        said = f"後半の入力を替えると、前半の答えが、その大きさの {of_size(size)} 倍まで動きます"
        return Finding(name, False, said)
    return Finding(
        name, True, "後半の入力を替えても、前半の答えは動きません", of_size(size)
    )


def padding_is_ignored(model: Callable, x: Tensor, lengths: Tensor) -> Finding:
    """埋めた所を読まない: 本当の長さより後ろを乱数に替えても、model(x, lengths) は同じか。"""
    name = "埋めた所を読まない"
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    real = torch.arange(x.shape[1]) < torch.as_tensor(lengths).cpu()[:, None]  # (B, T)
    other = torch.where(real[..., None].to(x.device), x, noise.to(x))
    with only_answering(model):
        size = gap(model(x, lengths), model(other, lengths))
    if size > CLOSE:
        said = f"埋めた所の値を替えると、答えが、その大きさの {of_size(size)} 倍まで動きます"
        return Finding(name, False, said)
    return Finding(
        name, True, "埋めた所の値を替えても、答えは動きません", of_size(size)
    )


def padding_adds_nothing(model: Model, x: Tensor, more: Tensor) -> Finding:
    """埋めても同じ答え: 系列 x と、その後ろに同じ埋め草を足した more の答えは同じか。"""
    name = "埋めても同じ答え"
    with only_answering(model):
        size = gap(answer(model, x), answer(model, more))
    if size > CLOSE:
        said = f"後ろを埋めると、答えが、その大きさの {of_size(size)} 倍まで動きます"
        return Finding(name, False, said)
    return Finding(name, True, "後ろを埋めても、答えは動きません", of_size(size))


def same_answers(one: Model, other: Model, x: Tensor) -> Finding:
    """同じ重みに同じ答え: 重みを写した二つのモデルは、同じ答えを出すか。"""
    name = "同じ重みに同じ答え"
    with only_answering(one), only_answering(other):
        size = gap(answer(one, x), answer(other, x))
    if size > CLOSE:
        return Finding(
            name, False, f"二つの答えが、その大きさの {of_size(size)} 倍まで違います"
        )
    return Finding(name, True, "二つの答えは同じです", of_size(size))
