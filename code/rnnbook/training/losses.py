"""損失 L(ŷ, y)。最後に一つ答える問題でも、全時刻で答える問題でも使います（第 1・3 章）。

    二乗誤差        L = mean (ŷ − y)²                       y は実数で、形は ŷ と同じ
    交差エントロピー  L = mean −ln softmax(ŷ)_y               y は正解の番号で、ŷ から最後の軸を除いた形

mask (B, T) を渡すと、真の時刻だけで平均します。埋めてそろえた時刻は、損失に入りません。
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from rnnbook.arguments import require_choice
from rnnbook.models.lengths import real_steps
from rnnbook.training.batches import Batch


def squared_error(y_hat: Tensor, y: Tensor, mask: Tensor | None = None) -> Tensor:
    """平均二乗誤差。ŷ と y は同じ形です。

    例:
        >>> import torch
        >>> squared_error(torch.tensor([[1.0], [4.0]]), torch.tensor([[1.0], [2.0]]))
        tensor(2.)
    """
    require_same_shape(y_hat, y)
    if mask is not None:
        y_hat, y = y_hat[mask], y[mask]
    # L = (1/N) Σ (ŷ − y)²
    return nn.functional.mse_loss(y_hat, y.to(y_hat.dtype))


def cross_entropy(y_hat: Tensor, y: Tensor, mask: Tensor | None = None) -> Tensor:
    """交差エントロピー（ナット）。ŷ (…, O) は softmax の前の値、y (…) は 0 から O − 1 の番号です。

    例:
        >>> import torch
        >>> cross_entropy(torch.zeros(2, 4), torch.tensor([3, 0])).exp()  # 四択を当てずっぽう
        tensor(4.)
    """
    require_labels(y_hat, y)
    if mask is not None:
        y_hat, y = y_hat[mask], y[mask]
    require_classes(y, y_hat.shape[-1])
    # L = −(1/N) Σ ln softmax(ŷ)_y
    return nn.functional.cross_entropy(y_hat.flatten(0, -2), y.flatten())


LOSSES = {"squared_error": squared_error, "cross_entropy": cross_entropy}


def named_loss(name: str) -> Callable[[nn.Module, Batch], Tensor]:
    """名前の損失を、モデルとバッチから求める関数にします。

    例:
        >>> import torch
        >>> loss_of = named_loss("squared_error")
        >>> loss_of(nn.Identity(), Batch(torch.ones(2, 1), torch.zeros(2, 1)))
        tensor(1.)
    """
    measure = LOSSES[require_choice("loss", name, LOSSES)]

    def loss_of(model: nn.Module, batch: Batch) -> Tensor:
        if batch.lengths is None:
            return measure(model(batch.x), batch.y)
        y_hat = model(batch.x, batch.lengths)
        every_step = y_hat.dim() == 3  # (B, T, O)
        mask = real_steps(batch.lengths, batch.x.shape[1]) if every_step else None
        return measure(y_hat, batch.y, mask)

    return loss_of


def require_scalar(L: object) -> Tensor:
    """損失 L が、一つの数（0 次元のテンソル）であることを確かめます。

    例:
        >>> import torch
        >>> require_scalar(torch.zeros(3))
        Traceback (most recent call last):
        ...
        ValueError: 引数 loss は、一つの数（0 次元のテンソル）を返す関数です。形 (3,) が返りました。
    """
    if isinstance(L, Tensor) and L.dim() == 0:
        return L
    got = f"形 {tuple(L.shape)}" if isinstance(L, Tensor) else type(L).__name__
    raise ValueError(
        "引数 loss は、一つの数（0 次元のテンソル）を返す関数です。"
        f"{got} が返りました。"
    )


def require_same_shape(y_hat: Tensor, y: Tensor) -> None:
    """ŷ と y の形が同じことを確かめます。違う形は、黙って引き伸ばされて別の値になるためです。

    例:
        >>> import torch
        >>> require_same_shape(torch.zeros(3, 1), torch.zeros(3))
        Traceback (most recent call last):
        ...
        ValueError: 引数 y は予測と同じ形 (3, 1) です。形 (3,) が渡されました。
    """
    if y_hat.shape != y.shape:
        raise ValueError(
            f"引数 y は予測と同じ形 {tuple(y_hat.shape)} です。"
            f"形 {tuple(y.shape)} が渡されました。"
        )


def require_labels(y_hat: Tensor, y: Tensor) -> None:
    """y が、ŷ (…, O) から最後の軸を除いた形の整数であることを確かめます。"""
    shape = y_hat.shape[:-1]
    if y.is_floating_point() or y.shape != shape:
        raise ValueError(
            f"引数 y は形 {tuple(shape)} の整数（正解の番号）です。形 {tuple(y.shape)} の "
            f"{str(y.dtype).removeprefix('torch.')} が渡されました。"
        )


def require_classes(y: Tensor, O: int) -> None:
    """正解の番号 y が、0 以上 O 未満であることを確かめます。"""
    if y.is_meta:  # 値を持たないテンソルです
        return
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= O:
        raise ValueError(
            f"引数 y は 0 以上 O = {O} 未満の番号です。{low if low < 0 else high} が渡されました。"
        )
