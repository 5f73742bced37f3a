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
                found[name].reshape(T, H), expected[0], atol=1e-12, err_msg=name
            )


def torch_step(cell: str, leaves: dict, x_t, h, c, activation: str) -> dict:
    """PyTorch の一時刻。ゲートに入る前の値 a_○、ゲート、状態を、名前で返します。"""

    def a(k, h=h):
        return leaves[f"W_x{k}"] @ x_t + leaves[f"W_h{k}"] @ h + leaves[f"b_{k}"]

    if cell == "rnn":
        phi = {"tanh": torch.tanh, "relu": torch.relu, "identity": torch.clone}
        a_h = a("h")
        return {"a_h": a_h, "h": phi[activation](a_h)}
    if cell == "lstm":
        step = {f"a_{k}": a(k) for k in "ifoc"}
        i, f, o = (step[f"a_{k}"].sigmoid() for k in "ifo")
        c = f * c + i * step["a_c"].tanh()
        return {**step, "c": c, "h": o * c.tanh()}
    step = {f"a_{k}": a(k) for k in "rz"}
    r, z = step["a_r"].sigmoid(), step["a_z"].sigmoid()
    if "b_hh" in leaves:
        step["m"] = leaves["W_hh"] @ h + leaves["b_hh"]
        step["a_h"] = leaves["W_xh"] @ x_t + leaves["b_h"] + r * step["m"]
    else:
        step["a_h"] = a("h", r * h)
    return {**step, "h": (1 - z) * h + z * step["a_h"].tanh()}


def torch_leaves(params, **arrays) -> dict:
    """勾配を求める重みと、そのほかの値。"""
    found = {k: w for k, w in vars(params).items() if isinstance(w, np.ndarray)}
    return {k: torch.tensor(w, requires_grad=True) for k, w in (found | arrays).items()}


def torch_gradients(cell: str, x, params, h0, c0, dh, dc) -> dict:
    """PyTorch の autograd が返す勾配: 重み、入力、はじめの状態、各時刻の h_t（LSTM では c_t）。"""
    starts = {"h0": h0, "c0": c0} if cell == "lstm" else {"h0": h0}
    leaves = torch_leaves(params, x=x, **starts)
    activation = getattr(params, "activation", "")
    h, c, loss, states = leaves["h0"], leaves.get("c0"), 0.0, []
    for t, x_t in enumerate(leaves["x"]):
        step = torch_step(cell, leaves, x_t, h, c, activation)
        h, c = step["h"], step.get("c")
        loss = loss + (h * torch.tensor(dh[t])).sum()
        if cell == "lstm":
            loss = loss + (c * torch.tensor(dc[t])).sum()
        states.append(c if cell == "lstm" else h)
    found = torch.autograd.grad(loss, [*leaves.values(), *states])
    per_time = np.stack([g.numpy() for g in found[len(leaves) :]])
    gradients = {
        name: g.numpy() for name, g in zip(leaves, found[: len(leaves)], strict=True)
    }
    return gradients | {"c" if cell == "lstm" else "h": per_time}


BACKWARD = ["rnn", "relu", "identity", "lstm", "gru", "gru_after"]


def backward_problem(cell: str, seed: int):
    """逆伝播の名前と、でたらめな形、重み、入力、はじめの状態。"""
    kind = "rnn" if cell in ("relu", "identity") else cell
    x, params, h0, c0 = problem(kind, seed)
    if kind != cell:
        params = replace(params, activation=cell)
    return kind.removesuffix("_after"), x, params, h0, c0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cell", BACKWARD)
def test_every_gradient_of_the_backward_pass_equals_autograd(js, cell, seed):
    name, x, params, h0, c0 = backward_problem(cell, 50 + seed)
    dh, dc = np.random.default_rng(seed).normal(size=(2, len(x), params.H))
    starts, extra = ([h0, c0], [dc]) if name == "lstm" else ([h0], [])
    found = js(ROUND_TRIP, name, vars(params), [x, *starts], [dh, *extra])
    expected = torch_gradients(name, x, params, h0, c0, dh, dc)
    ours = found.pop("weights") | found
    assert set(ours) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(
            ours[key].reshape(value.shape),
            value,
            rtol=TOLERANCE,
            atol=TOLERANCE,
            err_msg=key,
        )


ONE_STEP = f"""async ([cell, params, [x, h0, c0], [dh, dc]]) => {{
  {PLAIN}
  const {{ flat, flatParams, ...cells }} = await import("/nn/cells.js");
  const back = await import("/nn/cells_backward.js");
  const trace = cells[`${{cell}}Forward`]([x], params, h0, c0);
  return plain(back[`${{cell}}StepBackward`](back.stepOf(trace, 0), flatParams(params), flat(dh), flat(dc)));
}}"""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cell", BACKWARD)
def test_every_value_of_one_step_back_equals_autograd_by_name(js, cell, seed):
    name, x, params, h0, c0 = backward_problem(cell, 80 + seed)
    K, H = 3, params.H
    dh, dc = np.random.default_rng(seed).normal(size=(2, K, H))
    found = js(ONE_STEP, name, vars(params), [x[0], h0, c0], [dh, dc])

    leaves = torch_leaves(params, h=h0, c=c0)
    h, c = leaves["h"], leaves["c"]
    step = torch_step(
        name, leaves, torch.tensor(x[0]), h, c, getattr(params, "activation", "")
    )
    wanted = {key: step[key] for key in step if key[:2] == "a_" or key == "m"}
    wanted |= {"dh_past": h}
    if name == "lstm":
        wanted |= {"dc_total": step["c"], "dc_past": c}
    expected = {key: [] for key in wanted}
    for k in range(K):
        loss = (step["h"] * torch.tensor(dh[k])).sum()
        if name == "lstm":
            loss = loss + (step["c"] * torch.tensor(dc[k])).sum()
        gradients = torch.autograd.grad(loss, list(wanted.values()), retain_graph=True)
        for key, gradient in zip(wanted, gradients, strict=True):
            expected[key].append(gradient.numpy())

    if name == "lstm":
        # 傾きに ∂L/∂c_t（出力ゲートだけは ∂L/∂h_t）を掛けると、∂L/∂a
        into = {k: dh if k == "o" else found["dc_total"].reshape(K, H) for k in "ifoc"}
        slopes = found.pop("slopes")
        found |= {f"a_{k}": slopes[k] * into[k] for k in "ifoc"}
    else:
        found |= {f"a_{k}": v for k, v in found.pop("da").items()}
    found = {"m" if k == "dm" else k: v for k, v in found.items() if v is not None}
    assert set(found) == set(expected)
    for key, rows in expected.items():
        np.testing.assert_allclose(
            found[key].reshape(K, H), rows, rtol=TOLERANCE, atol=1e-12, err_msg=key
        )
