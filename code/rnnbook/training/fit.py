"""学習のループ（第 1 章）。平均二乗誤差を Adam で小さくします。"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from rnnbook.arguments import require_array, require_positive_int, require_range
from rnnbook.training.threads import one_thread


@dataclass
class History:
    """エポックごとの損失と、選ばれたエポック（1 から数えます）。"""

    train_loss: list[float] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    best_epoch: int = 0
    seconds: float = 0.0


def fit(
    model: nn.Module,
    x: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int,
    batch_size: int = 32,
    learning_rate: float = 0.001,
    seed: int = 0,
    x_valid: np.ndarray | None = None,
    y_valid: np.ndarray | None = None,
) -> History:
    """x (N, T, D) から y (N, 1) を当てるように model を学習します。

    検証用の x_valid と y_valid を渡すと、検証の損失が最も小さかったエポックの重みに戻します。
    seed はミニバッチの並べ方を決めます。重みの初期値は model を作る前の種が決めます。

    例:
        >>> from rnnbook.models.forecaster import Forecaster
        >>> from rnnbook.tasks.sine import sine_wave
        >>> x, y = sine_wave(n=64, T=20, rng=np.random.default_rng(0))
        >>> history = fit(Forecaster(H=8), x, y, epochs=3)
        >>> len(history.train_loss)
        3
    """
    epochs = require_positive_int("epochs", epochs)
    batch_size = require_positive_int("batch_size", batch_size)
    require_range("learning_rate", learning_rate, 0.0, 1e3)
    x, y = _pair("x", x, "y", y)
    if (x_valid is None) != (y_valid is None):
        raise ValueError("引数 x_valid と y_valid は、両方を渡すか、両方を省きます。")
    valid = None if x_valid is None else _pair("x_valid", x_valid, "y_valid", y_valid)

    history, best_loss, best_weights = History(), np.inf, None
    order = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    start = time.perf_counter()
    with one_thread():
        for epoch in range(1, epochs + 1):
            model.train()
            total = 0.0
            for batch in torch.randperm(len(x), generator=order).split(batch_size):
                loss = nn.functional.mse_loss(model(x[batch]), y[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item() * len(batch)
            history.train_loss.append(total / len(x))
            if valid is not None:
                valid_loss = float(
                    np.mean((predict(model, valid[0]) - valid[1].numpy()) ** 2)
                )
                history.valid_loss.append(valid_loss)
                if valid_loss < best_loss:
                    best_loss, history.best_epoch = valid_loss, epoch
                    best_weights = copy.deepcopy(model.state_dict())
    if best_weights is not None:
        model.load_state_dict(best_weights)
    else:
        history.best_epoch = epochs
    model.eval()
    history.seconds = time.perf_counter() - start
    return history


def predict(model: nn.Module, x: np.ndarray) -> np.ndarray:
    """学習したモデルの予測 ŷ (N, 1) を NumPy の配列で返します。"""
    model.eval()
    with torch.no_grad(), one_thread():
        return model(torch.as_tensor(x, dtype=torch.float32)).numpy()


def rmse(y: np.ndarray, y_hat: np.ndarray) -> float:
    """二乗平均平方根誤差。

    例:
        >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0])) == (25 / 2) ** 0.5
        True
    """
    y = require_array("y", y, np.shape(y))
    y_hat = require_array("y_hat", y_hat, y.shape)
    # RMSE = √( (1/N) Σ (ŷ − y)² )
    return float(np.sqrt(np.mean((y_hat - y) ** 2)))


def _pair(
    x_name: str, x: object, y_name: str, y: object
) -> tuple[torch.Tensor, torch.Tensor]:
    x = require_array(x_name, x, ("N", "T", "D"))
    require_positive_int("T", x.shape[1])
    y = require_array(y_name, y, (require_positive_int("N", len(x)), 1))
    return torch.as_tensor(x, dtype=torch.float32), torch.as_tensor(
        y, dtype=torch.float32
    )
