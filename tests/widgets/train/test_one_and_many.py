"""まとめて計算する学習は、一本ずつの cells.js、cells_backward.js と同じ値になる。"""

import numpy as np
import pytest

BOTH = """async ([config]) => {
  const { createRun } = await import("/nn/train/run.js");
  const { makeKernels } = await import("/nn/train/kernels.js");
  const cells = await import("/nn/cells.js");
  const back = await import("/nn/cells_backward.js");
  const run = createRun(config, makeKernels());
  const weights = run.weights();
  run.update();
  const { x, y, h, y_hat } = run.network;
  const { steps, D, O, H, B } = run.sizes;
  const name = config.cell === "relu" ? "rnn" : config.cell;
  const params = config.cell === "relu" ? { ...weights, activation: "relu" } : { ...weights };
  const one = { h: [], weights: {} };
  delete params.W_hy;
  delete params.b_y;
  for (let b = 0; b < B; b += 1) {
    const pick = (all, size, first, rows) => Float64Array.from({ length: rows * size }, (_, k) =>
      all[((first + Math.floor(k / size)) * B + b) * size + (k % size)]);
    const trace = cells[`${name}Forward`](pick(x, D, 0, steps), params);
    one.h.push([...trace.h]);
    // ∂L/∂ŷ は y_hat に書かれている。最後の時刻の h へ届く勾配は W_hyᵀ ∂L/∂ŷ
    const dh = new Float64Array(steps * H);
    for (let n = 0; n < H; n += 1)
      for (let k = 0; k < O; k += 1) dh[(steps - 1) * H + n] += weights.W_hy[k * H + n] * y_hat[b * O + k];
    const { weights: d } = back[`${name}Backward`](trace, params, dh);
    for (const [key, value] of Object.entries(d)) {
      one.weights[key] ??= new Array(value.length).fill(0);
      value.forEach((v, k) => (one.weights[key][k] += v));
    }
  }
  const many = { h: [...h], weights: Object.fromEntries(Object.entries(run.weightGradients()).map(([k, w]) => [k, [...w]])) };
  return { one, many };
}"""


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("cell", ["rnn", "relu", "lstm", "gru"])
def test_the_batched_pass_equals_one_example_at_a_time(bench, config, cell, seed):
    settings = config(cell=cell, task="order", T=11, seed=seed, learning_rate=0)
    found = bench.evaluate(BOTH, [settings])
    one, many = found["one"], found["many"]
    H, B = settings["H"], settings["B"]
    h = np.reshape(many["h"], (-1, B, H))[1:]  # h_0 を除く (T, B, H)
    np.testing.assert_allclose(
        h, np.reshape(one["h"], (B, -1, H)).swapaxes(0, 1), atol=1e-5
    )
    assert set(one["weights"]) == set(many["weights"]) - {"W_hy", "b_y"}
    for name, gradient in one["weights"].items():
        np.testing.assert_allclose(
            many["weights"][name], gradient, atol=1e-5, err_msg=name
        )
