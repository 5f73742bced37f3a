"""一つの学習の約束: はじめの重み、乱数、長さ、止まること、場所。"""

import numpy as np
import pytest
import torch

from rnnbook.cells.initial import spectral_radius
from rnnbook.tasks import adding, brackets, catalogue, sine

CELLS = ["rnn", "relu", "lstm", "gru", "min_gru"]
PLAIN = ["latch", "order", "adding", "copy", "if_then", "brackets", "sine"]
MASK = 2**32 - 1


def uniforms(seed: int, stream: int, n: int) -> np.ndarray:
    """流れの n 個の数を、NumPy でいちどに（mulberry32）。"""
    start = (seed * 0x9E3779B1 + stream * 0x85EBCA6B) & MASK
    k = np.arange(1, n + 1, dtype=np.uint64)
    a = (np.uint64(start) + k * np.uint64(0x6D2B79F5)) & np.uint64(MASK)
    z = ((a ^ (a >> 15)) * (a | 1)) & MASK
    z ^= (z + (z ^ (z >> 7)) * (z | 61)) & MASK
    return (z ^ (z >> 14)) / 2**32


STREAM = """async ([seed, stream, n]) => {
  const { streamOf } = await import("/nn/train/streams.js");
  const random = streamOf(seed, stream);
  return Array.from({ length: n }, random);
}"""


@pytest.mark.parametrize("seed, stream", [(0, 0), (1, 5), (2**31 - 1, 2**32 - 1)])
def test_a_stream_can_be_drawn_at_once_in_numpy(bench, seed, stream):
    found = bench.evaluate(STREAM, [seed, stream, 200])
    np.testing.assert_array_equal(found, uniforms(seed, stream, 200))


def test_neighbouring_streams_are_not_correlated():
    first = np.array([uniforms(1, s, 400) for s in range(1, 60)])
    r = np.corrcoef(first)[np.triu_indices(59, 1)]
    # 独立なら、相関係数の標準偏差は 1/√400 = 0.05
    assert r.std() == pytest.approx(0.05, rel=0.1)
    assert abs(r.mean()) < 0.005


@pytest.mark.parametrize("cell", CELLS)
def test_the_first_weights_are_the_uniform_draws_in_pytorch_range(train, config, cell):
    weights = train(config(cell=cell, H=16, seed=9), "return run.weights();")
    flat = np.concatenate(list(weights.values()))
    u = uniforms(9, 0, flat.size)
    np.testing.assert_allclose(flat, (2 * u - 1) / 4, atol=1e-7)


@pytest.mark.parametrize("cell", ["rnn", "relu"])
def test_the_start_of_the_recurrent_matrix_has_the_asked_singular_values_or_radius(
    train, config, cell
):
    def W(start, rho):
        weights = train(
            config(cell=cell, start=start, rho=rho, H=12), "return run.weights();"
        )
        return np.reshape(weights["W_hh"], (12, 12)), np.array(weights["b_h"])

    assert spectral_radius(W("radius", 1.3)[0]) == pytest.approx(1.3, rel=1e-5)
    Q = W("orthogonal", 0.9)[0]
    np.testing.assert_allclose(Q @ Q.T, 0.81 * np.eye(12), atol=1e-6)
    identity, bias = W("identity", 1.0)
    np.testing.assert_array_equal(identity, np.eye(12))
    np.testing.assert_array_equal(bias, 0)


def test_an_orthogonal_start_has_no_preferred_direction(train, config):
    body = """
      return Array.from({ length: 150 }, (_, seed) => createRun({ ...config, seed }, makeKernels()).weights().W_hh);
    """
    corners = train(config(cell="rnn", start="orthogonal", H=4), body)
    corners = np.array(corners)
    # 一様な直交行列: どの成分も平均 0、分散 1/H
    np.testing.assert_allclose(corners.mean(0), 0, atol=4 * 0.5 / np.sqrt(150))
    np.testing.assert_allclose((corners**2).mean(0), 0.25, atol=0.09)


def test_the_forget_bias_is_the_asked_number_and_the_rest_stays(train, config):
    free = train(config(H=5), "return run.weights();")
    three = train(config(H=5, forget_bias=3), "return run.weights();")
    assert three["b_f"] == [3] * 5
    assert {k: v for k, v in three.items() if k != "b_f"} == {
        k: v for k, v in free.items() if k != "b_f"
    }


@pytest.mark.parametrize("task, T_max", [("latch", 50), ("copy", 70)])
def test_chrono_spreads_the_time_constants_from_1_to_the_number_of_steps(
    train, config, task, T_max
):
    body = "return run.weights();"
    weights = train(config(task=task, H=200, T=50, forget_bias="chrono"), body)
    b_f = np.array(weights["b_f"])
    np.testing.assert_array_equal(weights["b_i"], -b_f)
    # b_f = ln u、u ~ U(1, T_max − 1)
    u = np.exp(b_f)
    assert u.min() >= 1 and u.max() <= T_max - 1
    assert u.mean() == pytest.approx(T_max / 2, rel=0.12)


@pytest.mark.parametrize("task", PLAIN)
@pytest.mark.parametrize("T", [10, 37])
def test_the_memoryless_value_and_the_solved_line_are_those_of_the_book(
    train, config, task, T
):
    module = catalogue.TASKS.get(task) or {"brackets": brackets, "sine": sine}[task]
    found = train(
        config(task=task, T=T),
        "return { baseline: run.baseline, goal: run.goal, sizes: run.sizes };",
    )
    assert found["baseline"] == pytest.approx(module.baseline(T), rel=1e-9)
    sign = 1 if module.METRIC == "accuracy" else -1
    assert module.is_solved(found["goal"] + sign * 1e-9, T)
    assert not module.is_solved(found["goal"] - sign * 1e-9, T)
    sizes = {k: found["sizes"][k] for k in ("D", "O", "output", "metric")}
    assert sizes == dict(
        D=module.D, O=module.O, output=module.OUTPUT, metric=module.METRIC
    )


@pytest.mark.parametrize("cell", CELLS)
def test_the_largest_singular_values_are_those_of_numpy(train, config, cell):
    found = train(
        config(cell=cell, H=9), "return { sigma: run.sigma(), weights: run.weights() };"
    )
    recurrent = [k for k in found["weights"] if k.startswith("W_h") and k != "W_hy"]
    assert sorted(found["sigma"]) == sorted(recurrent)
    for name, value in found["sigma"].items():
        W = np.reshape(found["weights"][name], (9, 9))
        assert value == pytest.approx(np.linalg.norm(W, 2), rel=1e-6)


DIVERGE = """
  const seen = [run.weights()];
  const losses = [];
  while (!run.stopped) {
    losses.push(run.update().loss);
    seen[run.step] = run.weights();
  }
  const still = run.update();
  const bad = { still, stopped: run.stopped, step: run.step, weights: run.weights() };
  run.set({ learning_rate: 0.001, clip: 1 });
  return { losses, bad, good: seen[bad.step], again: run.update(), stopped: run.stopped };
"""


def test_a_diverged_run_says_so_and_keeps_the_last_good_weights(train, config):
    settings = config(cell="relu", task="adding", optimizer="sgd", clip=0)
    found = train(settings | {"learning_rate": 1000}, DIVERGE)
    bad = found["bad"]
    assert "有限でなくなりました" in bad["stopped"]
    # 損失が有限だった最後の重みに戻り、set で続けられる
    last = len(found["losses"]) - 2
    assert bad["step"] == last and np.isfinite(found["losses"][last])
    assert bad["weights"] == found["good"]
    assert bad["still"]["step"] == bad["step"]
    assert found["again"]["step"] == last + 1 and np.isfinite(found["again"]["loss"])
    assert found["stopped"] == ""


RESTORE = """
  for (let k = 0; k < 4; k += 1) run.update();
  const first = run.weights();
  const [tested] = [run.test(32)];
  for (let k = 0; k < 4; k += 1) run.update();
  run.restore(first);
  return { first, back: run.weights(), step: run.step, tested, again: run.test(32) };
"""


def test_restored_weights_give_the_same_answers_on_fresh_sequences(train, config):
    found = train(config(), RESTORE)
    assert found["back"] == found["first"] and found["step"] == 0
    assert found["again"] == found["tested"]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"T": 1}, "「ラッチ」の系列長 T は 2 以上"),
        ({"task": "order", "T": 5}, "「順序」の系列長 T は 10 以上です。5 が"),
        ({"H": 0.5}, "隠れ次元 H"),
        ({"B": 1024, "H": 256, "T": 5000}, "MB が要ります"),
        (
            {"cell": "rnm"},
            "セル cell は rnn、relu、lstm、gru、min_gru のどれかです。rnm",
        ),
        ({"task": "toString"}, "問題 task"),
        (
            {"readout": "first"},
            "読み出し readout は last、attention のどれかです。first",
        ),
        ({"learning_rate": None}, "学習率 learning_rate"),
        ({"forget_bias": "3"}, "forget_bias"),
        ({"task": "own_series", "own": "1, 2, x"}, "「x」は、数として読めません"),
    ],
)
def test_a_value_that_does_not_fit_is_named_in_the_error(bench, config, changes, words):
    script = """async (config) => {
      const { createRun } = await import("/nn/train/run.js");
      const { makeKernels } = await import("/nn/train/kernels.js");
      try { createRun(config, makeKernels()); } catch (error) { return [error.name, error.message]; }
    }"""
    name, message = bench.evaluate(script, config(**changes))
    assert name == "RangeError" and words in message


REFUSED = """
  for (let k = 0; k < 3; k += 1) run.update();
  const before = run.weights();
  let message = "";
  try { run.setLength(5000); } catch (error) { message = error.message; }
  return { message, before, after: run.weights(), steps: run.sizes.steps, loss: run.update().loss };
"""


def test_the_gradient_of_the_states_belongs_to_the_length_that_was_updated(
    train, config
):
    body = """
      const found = [run.gradients];
      run.update();
      found.push(run.gradients.length);
      run.setLength(12);
      found.push(run.gradients);
      run.update();
      return [...found, run.gradients.length];
    """
    assert train(config(), body) == [None, 10, None, 12]


def test_a_length_that_does_not_fit_leaves_the_run_as_it_was(train, config):
    found = train(config(H=16, B=128, T=4), REFUSED)
    assert "T = 5000" in found["message"]
    assert found["after"] == found["before"] and found["steps"] == 4
    assert np.isfinite(found["loss"])


@pytest.mark.parametrize("readout", ["last", "attention"])
@pytest.mark.parametrize("task", PLAIN)
@pytest.mark.parametrize("cell", CELLS)
def test_all_the_room_is_asked_for_before_the_first_update(
    train, config, cell, task, readout
):
    body = """
      const first = made.alloc.length;
      for (let k = 0; k < 3; k += 1) run.update();
      run.test(32); run.look(); run.gradients;
      return { room: made.reserve, alloc: made.alloc, first };
    """
    found = train(config(cell=cell, task=task, readout=readout), body)
    assert len(found["alloc"]) == found["first"]
    assert found["room"] == [sum(found["alloc"])]


LOOK = """
  const { x, words } = run.example();
  const seen = run.look(x);
  return { seen, words, weights: run.weights(), steps: run.sizes.steps };
"""


@pytest.mark.parametrize("readout", ["last", "attention"])
@pytest.mark.parametrize("task", ["latch", "adding", "brackets"])
def test_a_look_answers_one_example_as_pytorch(train, config, twin, task, readout):
    settings = config(task=task, readout=readout, B=4)
    found = train(settings, LOOK)
    sizes = train(settings, "return run.sizes;")
    model = twin(settings, found["weights"], sizes)
    x = torch.tensor(found["seen"]["x"], dtype=torch.float32).view(-1, 1, sizes["D"])
    with torch.no_grad():
        h = model.layer(x)
        y = model.answers(h)
        y = y if sizes["output"] == "sequence" else y[-1:]
        y = y if sizes["output"] == "value" else y.softmax(-1)
    np.testing.assert_allclose(found["seen"]["h"], h.flatten(), atol=1e-5)
    np.testing.assert_allclose(found["seen"]["y"], y.flatten(), atol=1e-5)
    assert found["words"].endswith("。")


def test_the_adding_answer_is_the_sum_of_the_marked_numbers(train, config):
    found = train(config(task="adding", T=9, B=40), "run.update(); return batch();")
    x = np.reshape(found["x"], (9, 40, 2))
    assert (x[..., 1].sum(0) == 2).all() and adding.D == 2
    np.testing.assert_allclose((x[..., 0] * x[..., 1]).sum(0), found["y"], rtol=1e-6)


GRADIENTS = "run.update(); return run.gradients;"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_first_gradient_reaches_the_first_time_without_walking_back(
    train, config, cell
):
    """はじめの重みでは、α はおよそ 1/T で、どの時刻の h にも、損失から直に届く。"""
    shares = {}
    for readout in ("last", "attention"):
        settings = config(cell=cell, readout=readout, T=100, H=32, B=32)
        norms = train(settings, GRADIENTS)
        shares[readout] = norms[0] / norms[-1], norms[0] / norms[49]
    assert shares["attention"][0] > 1e-3
    assert shares["last"][0] < 1e-6
    # 図の線は、途中から平らになる
    assert 0.3 < shares["attention"][1] < 3
    assert shares["last"][1] < 1e-2
