"""よく見かける書き方の学習プログラムと、同じ仕事を速くした書き方。

どちらも同じ大きさのデータ、同じミニバッチ、同じエポック数です。速い書き方は、語を番号に
するのを一度で済ませ、並べ替えたテンソルから直接ミニバッチを切り出します。
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks.sine import sine_wave
from rnnbook.training.fit import fit
from rnnbook.training.many_seeds.stacked import Stacked, fit_stacked, losses_of
from rnnbook.training.threads import one_thread

CONDITIONS = ("sports", "politics", "food")
FILLERS = ("the", "a", "man", "woman", "today", "read", "blue", "green")
WORDS = ("<pad>", "if", *CONDITIONS, *FILLERS, "then", "TARGET")
FILLER_COUNT, BATCH = 20, 32


def sentences(n: int, seed: int) -> list[tuple[list[str], int]]:
    """if 条件 …埋め草 20 語… then TARGET の n 文と、条件の番号。"""
    rng = np.random.default_rng(seed)
    made = []
    for label in rng.integers(len(CONDITIONS), size=n).tolist():
        fillers = rng.choice(FILLERS, size=FILLER_COUNT).tolist()
        made.append((["if", CONDITIONS[label], *fillers, "then", "TARGET"], label))
    return made


def encode(made: list[tuple[list[str], int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """語の番号 x (N, T) と答え y (N,)。"""
    number = {word: k for k, word in enumerate(WORDS)}
    x = torch.tensor([[number[word] for word in words] for words, _ in made])
    return x, torch.tensor([label for _, label in made])


def model_for_if_then(seed: int, cell: str = "lstm") -> Recurrent:
    """埋め込み 32、隠れ次元 64 のモデル。"""
    torch.manual_seed(seed)
    return Recurrent(H=64, O=3, V=len(WORDS), E=32, cell=cell)


class _EncodeEachTime(Dataset):
    """取り出すたびに、一文ずつ語を番号にするデータセット。"""

    def __init__(self, made: list[tuple[list[str], int]]) -> None:
        self.made = made
        self.number = {word: k for k, word in enumerate(WORDS)}

    def __len__(self) -> int:
        return len(self.made)

    def __getitem__(self, k: int):
        words, label = self.made[k]
        return torch.tensor([self.number[w] for w in words]), torch.tensor(label)


def _pad(batch):
    x = torch.zeros(len(batch), max(len(s) for s, _ in batch), dtype=torch.long)
    for k, (s, _) in enumerate(batch):
        x[k, : len(s)] = s
    return x, torch.tensor([y for _, y in batch])


def if_then_sentence_by_sentence(seed: int, epochs: int = 10) -> list[float]:
    """一文ずつ番号にし、埋めてそろえる書き方。エポックごとの試験の正解率を返します。"""
    train, test = (_EncodeEachTime(sentences(n, seed + n)) for n in (1500, 300))
    order = torch.Generator().manual_seed(seed)
    loader = DataLoader(train, BATCH, shuffle=True, collate_fn=_pad, generator=order)
    model = model_for_if_then(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    history = []
    with one_thread():
        for _ in range(epochs):
            for x, y in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(x), y).backward()
                optimizer.step()
            right = 0
            with torch.no_grad():
                for x, y in DataLoader(test, BATCH, collate_fn=_pad):
                    right += (model(x).argmax(1) == y).sum().item()
            history.append(right / len(test))
    return history


def if_then_epochs(
    seed: int, epochs: int, cell: str, look: Callable[[Recurrent], object]
) -> list:
    """先に一度だけ番号にする書き方。一エポック学習するたびの look(model) を並べて返します。"""
    x, y = encode(sentences(1500, seed + 1500))
    seen: list = []
    fit(
        model_for_if_then(seed, cell),
        x,
        y,
        epochs=epochs,
        batch_size=BATCH,
        seed=seed,
        loss="cross_entropy",
        optimizer=partial(torch.optim.Adam, fused=True),
        callbacks=[lambda model, history: seen.append(look(model))],
    )
    return seen


def if_then(seed: int, epochs: int = 10) -> list[float]:
    """先に一度だけ番号にする書き方で学習し、エポックごとの試験の正解率を返します。"""
    x, y = encode(sentences(300, seed + 300))
    return if_then_epochs(seed, epochs, "lstm", lambda model: accuracy(model, x, y))


def accuracy(model: Recurrent, x: torch.Tensor, y: torch.Tensor) -> float:
    """正解率。"""
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def sine_data(seed: int):
    """位相の違う正弦波: 学習 1000 本（うち検証 200）、試験 200 本、50 点ずつ。"""
    rng = np.random.default_rng(seed)
    return sine_wave(n=1000, T=50, rng=rng), sine_wave(n=200, T=50, rng=rng)


def sine_in_keras(cell: str, seed: int, epochs: int) -> float:
    """Keras の fit で学習し、試験の平均二乗誤差を返します。"""
    from rnnbook.models.keras_twins import keras

    keras.utils.set_random_seed(seed)
    layers = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}
    (x, y), (x_test, y_test) = sine_data(seed)
    model = keras.Sequential(
        [
            keras.layers.Input((50, 1)),
            getattr(keras.layers, layers[cell])(50),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    model.fit(x, y, epochs=epochs, batch_size=BATCH, validation_split=0.2, verbose=0)
    return float(model.evaluate(x_test, y_test, verbose=0))


def start_like_keras(model: Recurrent) -> Recurrent:
    """Keras の初期値にします: W_xh は Glorot、W_hh は直交、バイアスは 0、LSTM の b_f は 1。"""
    H = model.recurrent.hidden_size
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() == 1:
                weights.zero_()
            elif "_hh" in name:
                nn.init.orthogonal_(weights)
            else:
                nn.init.xavier_uniform_(weights)
        if model.cell == "lstm":
            model.recurrent.bias_ih_l0[H : 2 * H] = 1.0
    return model


def sine(cell: str, seeds: range, epochs: int) -> tuple[list[float], list[list[float]]]:
    """同じ学習を種の数だけいちどに行います。

    返すのは、種ごとの試験の平均二乗誤差 (K,) と、エポックごとの検証の平均二乗誤差 (epochs, K) です。
    """
    data, models = [sine_data(seed) for seed in seeds], []
    x, y = (torch.tensor(np.stack([d[0][k] for d in data])).float() for k in (0, 1))
    x_test, y_test = (
        torch.tensor(np.stack([d[1][k] for d in data])).float() for k in (0, 1)
    )
    for seed in seeds:
        torch.manual_seed(seed)
        models.append(start_like_keras(Recurrent(50, 1, D=1, cell=cell)))
    order, valid = torch.Generator().manual_seed(seeds[0]), []

    def batches():
        for _ in range(epochs):
            for rows in torch.randperm(800, generator=order).split(BATCH):
                yield x[:, rows], y[:, rows]

    def validate(_: int, stacked: Stacked) -> None:
        """検証の損失も、Keras と同じく毎エポック求めます。"""
        with torch.no_grad():
            valid.append(losses_of(stacked(x[:, 800:]), y[:, 800:]).tolist())

    losses = fit_stacked(models, batches(), every=800 // BATCH, after=validate)
    with torch.no_grad(), one_thread():
        test = losses_of(Stacked(models)(x_test), y_test)
    test[torch.from_numpy(~np.isfinite(losses[-1]))] = torch.nan  # 発散した種
    return test.tolist(), valid
