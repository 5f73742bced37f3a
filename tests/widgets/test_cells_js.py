"""ページの中の RNN、LSTM、GRU は、順伝播も逆伝播も PyTorch の float64 に一致する。"""

from dataclasses import replace

import numpy as np
import pytest
import torch

from rnnbook.cells.gru import GRUParams, gru_forward
from rnnbook.cells.lstm import LSTMParams, lstm_forward
from rnnbook.cells.rnn import RNNParams, rnn_forward

TOLERANCE = 1e-9

# 返る配列をどれも number[] にする
PLAIN = """const plain = (v) => v instanceof Float64Array ? [...v]
    : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, plain(w)])) : v;"""
FORWARD = f"""async ([cell, params, [xs, ...starts]]) => {{
  {PLAIN}
  const forward = (await import("/nn/cells.js"))[`${{cell}}Forward`];
  return plain(forward(xs, params, ...starts));
}}"""
ROUND_TRIP = f"""async ([cell, params, [xs, ...starts], [dh, dc]]) => {{
  {PLAIN}
  const forward = (await import("/nn/cells.js"))[`${{cell}}Forward`];
  const backward = (await import("/nn/cells_backward.js"))[`${{cell}}Backward`];
  return plain(backward(forward(xs, params, ...starts), params, dh, dc));
}}"""


@pytest.fixture
def js(bench):
    """js(プログラム, 引数…) を Chromium の中で計算し、返る並びを NumPy の配列にします。"""

    def run(script: str, *arguments: object) -> dict:
        return to_arrays(bench.evaluate(script, to_lists(list(arguments))))

    return run


def to_lists(value):
    if isinstance(value, dict):
        return {k: to_lists(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [to_lists(v) for v in value]
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
    found = js(FORWARD, cell.removesuffix("_after"), vars(params), [x, *starts])
    for name, expected in vars(trace).items():
        if name not in ("x", "h0", "c0"):
            np.testing.assert_allclose(
                found[name].reshape(T, H), expected[0], atol=1e-12
            )


def torch_gradients(cell: str, x, params, h0, c0, dh, dc):
    """PyTorch の autograd が返す、重みと入力とはじめの状態の勾配。"""
    # (h_T, c_T) を毎時刻取り出すため、一時刻ずつ進める
    leaves = {
        name: torch.tensor(w, requires_grad=True)
        for name, w in vars(params).items()
        if isinstance(w, np.ndarray)
    }
    leaves |= {
        "x": torch.tensor(x, requires_grad=True),
        "h0": torch.tensor(h0, requires_grad=True),
    }
    if cell == "lstm":
        leaves["c0"] = torch.tensor(c0, requires_grad=True)
    h, c, loss = leaves["h0"], leaves.get("c0"), 0.0
    for t, x_t in enumerate(leaves["x"]):

        def a(k, h=h, x_t=x_t):
            return leaves[f"W_x{k}"] @ x_t + leaves[f"W_h{k}"] @ h + leaves[f"b_{k}"]

        if cell == "rnn":
            phi = {"tanh": torch.tanh, "relu": torch.relu, "identity": torch.clone}
            h = phi[params.activation](a("h"))
        elif cell == "lstm":
            i, f, o = (a(k).sigmoid() for k in "ifo")
            c = f * c + i * a("c").tanh()
            h = o * c.tanh()
            loss = loss + (c * torch.tensor(dc[t])).sum()
        else:
            r, z = a("r").sigmoid(), a("z").sigmoid()
            if params.reset_after:
                m = leaves["W_hh"] @ h + leaves["b_hh"]
                h_tilde = (leaves["W_xh"] @ x_t + leaves["b_h"] + r * m).tanh()
            else:
                h_tilde = a("h", r * h).tanh()
            h = (1 - z) * h + z * h_tilde
        loss = loss + (h * torch.tensor(dh[t])).sum()
    found = torch.autograd.grad(loss, list(leaves.values()))
    return {name: g.numpy() for name, g in zip(leaves, found, strict=True)}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "cell", ["rnn", "relu", "identity", "lstm", "gru", "gru_after"]
)
def test_the_backward_pass_equals_autograd(js, cell, seed):
    activation = cell if cell in ("relu", "identity") else "tanh"
    kind = cell if activation == "tanh" else "rnn"
    x, params, h0, c0 = problem(kind, 50 + seed)
    if kind == "rnn":
        params = replace(params, activation=activation)
    rng = np.random.default_rng(seed)
    dh, dc = rng.normal(size=(2, len(x), params.H))
    name = kind.removesuffix("_after")
    starts, extra = ([h0, c0], [dc]) if kind == "lstm" else ([h0], [])
    found = js(ROUND_TRIP, name, vars(params), [x, *starts], [dh, *extra])
    expected = torch_gradients(name, x, params, h0, c0, dh, dc)
    ours = found["weights"] | {k: found[k] for k in ("x", "h0", "c0") if k in found}
    assert set(ours) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(
            ours[key].reshape(value.shape), value, rtol=TOLERANCE, atol=TOLERANCE
        )
