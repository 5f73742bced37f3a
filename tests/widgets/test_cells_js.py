"""ページの中の RNN、LSTM、GRU は、順伝播も逆伝播も PyTorch の float64 に一致する。"""

import numpy as np
import pytest
import torch

from rnnbook.cells.gru import GRUParams, gru_forward
from rnnbook.cells.lstm import LSTMParams, lstm_forward
from rnnbook.cells.rnn import RNNParams, rnn_forward
from rnnbook.models.same_weights import to_torch_gru, to_torch_lstm, to_torch_rnn

TOLERANCE = 1e-9

# 系列全体を計算し、返る配列をどれも number[] にする
RUN = """async ([module, name, args]) => {
  const found = (await import("/" + module))[name](...args);
  const plain = (v) => v instanceof Float64Array ? [...v]
    : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, plain(w)])) : v;
  return plain(found);
}"""


@pytest.fixture
def js(bench):
    """js("cells.js", "lstmForward", 引数…) を計算し、配列を NumPy にします。"""

    def run(module: str, name: str, *arguments: object) -> dict:
        args = [to_lists(argument) for argument in arguments]
        return to_arrays(bench.evaluate(RUN, [module, name, args]))

    return run


def to_lists(value):
    if isinstance(value, dict):
        return {k: to_lists(v) for k, v in value.items() if v is not None}
    return value.tolist() if isinstance(value, np.ndarray) else value


def to_arrays(value):
    if isinstance(value, dict):
        return {k: to_arrays(v) for k, v in value.items()}
    return np.array(value) if isinstance(value, list) else value


def problem(cell: str, seed: int):
    """でたらめな形、重み、入力、はじめの状態と、NumPy の順伝播。"""
    rng = np.random.default_rng(seed)
    T, D, H = (int(n) for n in rng.integers(1, 9, size=3))
    x = rng.normal(size=(T, D))
    h0, c0 = rng.normal(size=(2, H))
    kinds = {
        "rnn": (RNNParams, {"scale": 1.0}),
        "lstm": (LSTMParams, {"forget_bias": 1.5}),
        "gru": (GRUParams, {}),
        "gru_after": (GRUParams, {"reset_after": True}),
    }
    kind, options = kinds[cell]
    params = kind.random(D, H, rng, **options)
    weights = {
        name: rng.normal(size=w.shape)
        for name, w in vars(params).items()
        if isinstance(w, np.ndarray)
    }
    return x, kind(**weights), h0, c0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru_after"])
def test_the_forward_pass_equals_numpy_value_by_value(js, cell, seed):
    x, params, h0, c0 = problem(cell, seed)
    T, H = len(x), params.H
    starts = [h0, c0] if cell == "lstm" else [h0]
    forward = {"rnn": rnn_forward, "lstm": lstm_forward}.get(cell, gru_forward)
    trace = forward(x[None], params, *(s[None] for s in starts))
    found = js(
        "cells.js", f"{cell.removesuffix('_after')}Forward", x, vars(params), *starts
    )
    for name, expected in vars(trace).items():
        if name not in ("x", "h0", "c0"):
            np.testing.assert_allclose(
                found[name].reshape(T, H), expected[0], atol=1e-12
            )
