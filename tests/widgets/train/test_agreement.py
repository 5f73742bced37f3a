"""ページの中の学習は、同じ重みと同じバッチの PyTorch の学習に一致する。"""

import numpy as np
import pytest
import torch

from rnnbook.widgets.playground import Playground

TASKS, CELLS = list(Playground.task.choices), list(Playground.cell.choices)
OWN = {
    "own_rule": "0110 偶\n0111 奇\n1 奇\n00 偶\n0100 奇\n11 偶\n101 偶\n001 奇",
    "own_series": " ".join(
        f"{np.sin(0.4 * t) + 0.1 * np.cos(1.7 * t):.4f}" for t in range(80)
    ),
}
READOUTS = ["last", "attention"]
UPDATES = 50

LEARN = """
  const [weights, rows, batches] = [run.weights(), [], []];
  for (let k = 0; k < given; k += 1) {
    rows.push(run.update());
    batches.push(plain(batch()));
  }
  return { weights, sizes: run.sizes, rows, batches, after: run.weights() };
"""


def assert_same_learning(found: dict, twin, settings: dict) -> None:
    """ページの損失が、PyTorch のものに 1e-4 まで一致する。

    丸めの違いは、更新を重ねると広がる。ノルムははじめの 10 回を比べ、終わりの重みは緩く比べる。
    """
    model = twin(settings, found["weights"], found["sizes"])
    expected = model.fit(found["batches"], settings)
    for name, rows in (("loss", UPDATES), ("norm", 10)):
        ours, theirs = (
            [row[name] for row in each[:rows]] for each in (found["rows"], expected)
        )
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4, err_msg=name)
    for name, weights in model.leaves.items():
        np.testing.assert_allclose(
            found["after"][name],
            weights.detach().flatten().numpy(),
            atol=1e-3,
            err_msg=name,
        )


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_the_first_50_losses_equal_pytorch(train, config, twin, cell, task, readout):
    settings = config(cell=cell, task=task, readout=readout, own=OWN.get(task, ""))
    if cell == "relu":  # IRNN（Le ら 2015）
        settings |= {"start": "identity", "learning_rate": 0.003}
        # 種 3 の own_rule では、ReLU の境目に 1e-7 まで近づくユニットがあり、丸めで傾きが変わる
        settings |= {"seed": 5} if readout == "attention" else {}
    found = train(settings, LEARN, UPDATES)
    assert [row["step"] for row in found["rows"]] == list(range(1, UPDATES + 1))
    assert_same_learning(found, twin, settings)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("cell", CELLS)
def test_the_readable_kernels_learn_the_same(train, config, twin, cell, readout):
    settings = config(cell=cell, readout=readout)
    found = train(settings, LEARN, UPDATES, fast=False)
    assert_same_learning(found, twin, settings)


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sgd"])
@pytest.mark.parametrize("clip", [0, 0.05])
def test_every_rule_with_and_without_clipping_moves_the_weights_as_pytorch(
    train, config, twin, optimizer, clip
):
    settings = config(optimizer=optimizer, clip=clip, learning_rate=0.05)
    found = train(settings, LEARN, 20)
    assert_same_learning(found, twin, settings)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("T, H, B", [(2, 1, 1), (3, 17, 5), (25, 32, 32)])
@pytest.mark.parametrize("cell", CELLS)
def test_odd_sizes_learn_as_pytorch(train, config, twin, cell, T, H, B, readout):
    settings = config(cell=cell, readout=readout, T=T, H=H, B=B)
    assert_same_learning(train(settings, LEARN, 5), twin, settings)


ONE = """
  const weights = run.weights();
  const row = run.update();
  return { weights, sizes: run.sizes, row, ...batch(), gradients: run.gradients, each: run.weightGradients() };
"""


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("task", ["latch", "adding", "brackets", "copy"])
@pytest.mark.parametrize("cell", CELLS)
def test_every_gradient_of_one_batch_equals_autograd_by_name(
    train, config, twin, cell, task, readout
):
    # 30 時刻を越える写しでは、答える時刻の組が二つになる
    T = 25 if task == "copy" else 10
    settings = config(cell=cell, task=task, readout=readout, T=T)
    found = train(settings, ONE)
    model = twin(settings, found["weights"], found["sizes"])
    x, y = model.batch(found, settings["B"])
    h = model.steps(x)
    loss = model.loss(torch.stack(h), y)
    loss.backward()
    assert found["row"]["loss"] == pytest.approx(loss.item(), abs=1e-6)
    assert found["each"].keys() == model.leaves.keys()
    for name, leaf in model.leaves.items():
        np.testing.assert_allclose(
            found["each"][name], leaf.grad.flatten(), rtol=1e-4, atol=1e-7, err_msg=name
        )
    # ‖∂L/∂h_t‖: バッチと成分をまとめたノルム
    norms = [h_t.grad.norm().item() for h_t in h]
    np.testing.assert_allclose(found["gradients"], norms, rtol=1e-4, atol=1e-9)


LONGER = """
  const weights = run.weights();
  const [rows, batches] = [[], []];
  for (const T of given) {
    run.setLength(T);
    for (let k = 0; k < 8; k += 1) {
      rows.push(run.update());
      batches.push(plain(batch()));
    }
  }
  return { weights, sizes: run.sizes, rows, batches, after: run.weights() };
"""


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_new_length_goes_on_with_the_same_weights_and_averages(
    train, config, twin, cell, readout
):
    settings = config(cell=cell, readout=readout, T=6)
    found = train(settings, LONGER, [6, 15, 4])
    assert {len(batch["x"]) for batch in found["batches"]} == {36, 90, 24}
    assert_same_learning(found, twin, settings)
