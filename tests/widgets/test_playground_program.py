"""「PyTorch で写す」のプログラムは、そのまま走らせると、ページの中の学習と同じ損失を表示する。"""

import contextlib
import io
import json
import runpy
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from rnnbook.widgets.playground import Playground

TASKS, CELLS = list(Playground.task.choices), list(Playground.cell.choices)
OWN = {
    "own_rule": "0110 偶\n011 奇\n１ 奇\n00 偶\n0100 奇\n11 偶\n",
    "own_series": " ".join(f"{20 + 8 * np.sin(0.5 * t):.1f}" for t in range(60)),
}
SMALL = dict(T=12, H=9, B=5, seed=4)

# 図のはじめの値。大きいほうが、丸めの違いが出やすい
FIGURE = dict(T=25, H=32, B=32, seed=1, learning_rate=0.003)

# ページの学習（図と同じ WebAssembly の核）の損失と、写したプログラムと、ノートブック
BOTH = """async ([config, updates, lengths]) => {
  const { createRun } = await import("/nn/train/run.js");
  const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
  const { programText, programNotebook } = await import("/playground/pytorch.js");
  const run = createRun(config, createWasmKernels());
  const at = Object.fromEntries(lengths);
  const losses = Array.from({ length: updates }, (_, n) => {
    if (n in at) run.setLength(at[n]);
    return run.update().loss;
  });
  const given = [config, updates, lengths];
  return { losses, text: programText(...given), notebook: programNotebook(...given) };
}"""


@pytest.fixture
def both(bench, config):
    """both(updates, task="order", …) は、ページの損失 losses と、プログラム text、notebook。"""

    def go(updates: int, lengths: tuple = (), **changes) -> dict:
        settings = config(**(SMALL | changes))
        settings["own"] = OWN.get(settings["task"], "")
        return bench.evaluate(BOTH, [settings, updates, list(lengths)])

    return go


@pytest.fixture
def run_here(tmp_path):
    """run_here(プログラム) は、同じプロセスで走らせて、表示された損失を返します。"""

    def go(text: str) -> list[float]:
        file = tmp_path / "program.py"
        file.write_text(text, encoding="utf-8")
        shown, state = io.StringIO(), torch.random.get_rng_state()
        threads = torch.get_num_threads()
        try:
            with contextlib.redirect_stdout(shown):
                runpy.run_path(str(file))
        finally:
            torch.set_num_threads(threads)
            torch.random.set_rng_state(state)
        return losses_of(shown.getvalue())

    return go


def losses_of(shown: str) -> list[float]:
    """表示「回数 損失」の、損失。回数は 1 から順に並ぶ。"""
    rows = [line.split() for line in shown.splitlines()]
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    return [float(loss) for _, loss in rows]


def assert_same(found: dict, losses: list[float]) -> None:
    np.testing.assert_allclose(losses, found["losses"], rtol=1e-4, atol=1e-4)
    assert found["text"].count("\n") <= 60


@pytest.mark.parametrize("readout", ["last", "attention"])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("task", TASKS)
def test_the_program_meets_the_first_50_losses_of_the_page(
    both, run_here, task, cell, readout
):
    found = both(50, task=task, cell=cell, readout=readout, **FIGURE)
    assert_same(found, run_here(found["text"]))


@pytest.mark.parametrize("forget_bias", [0, 3, "chrono"])
@pytest.mark.parametrize("task", ["latch", "copy"])
def test_the_program_starts_the_forget_gate_where_the_page_does(
    both, run_here, task, forget_bias
):
    found = both(10, task=task, forget_bias=forget_bias)
    assert_same(found, run_here(found["text"]))


@pytest.mark.parametrize("readout", ["last", "attention"])
@pytest.mark.parametrize("cell", ["rnn", "relu"])
@pytest.mark.parametrize("start", ["radius", "orthogonal", "identity"])
def test_the_program_starts_the_recurrent_matrix_where_the_page_does(
    both, run_here, cell, start, readout
):
    changes = dict(cell=cell, readout=readout, start=start, rho=0.9)
    found = both(10, task="brackets", **changes)
    assert_same(found, run_here(found["text"]))


@pytest.mark.parametrize("clip", [0, 0.05])
@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sgd"])
def test_the_program_follows_the_rule_of_the_page(both, run_here, optimizer, clip):
    found = both(30, task="adding", cell="gru", optimizer=optimizer, clip=clip)
    assert_same(found, run_here(found["text"]))


@pytest.mark.parametrize("cell, readout", [("lstm", "last"), ("lstm", "attention"), ("min_gru", "attention")])  # fmt: skip
@pytest.mark.parametrize("task", TASKS)
def test_a_run_that_grew_its_length_is_copied_with_its_lengths(
    both, run_here, task, cell, readout
):
    lengths = [(0, 12), (9, 15), (20, 11)]
    changes = dict(task=task, cell=cell, readout=readout, forget_bias="chrono")
    found = both(30, lengths, **changes)
    assert_same(found, run_here(found["text"]))


@pytest.mark.parametrize("cell", CELLS)
def test_a_length_changed_at_the_end_or_at_once_changes_nothing(both, run_here, cell):
    found = both(8, [(0, 12), (0, 14), (8, 20)], cell=cell)
    assert_same(found, run_here(found["text"]))


def test_another_learning_rate_leaves_the_losses_of_the_page(both, run_here):
    found = both(30)
    slower = found["text"].replace("lr=0.01", "lr=0.009")
    assert slower != found["text"]
    losses = run_here(slower)
    assert losses[0] == pytest.approx(found["losses"][0], abs=1e-5)
    assert abs(np.subtract(losses, found["losses"])).max() > 1e-3


@pytest.mark.parametrize("cell", ["lstm", "min_gru"])
def test_the_copied_program_runs_by_itself(both, tmp_path, cell):
    found = both(20, task="if_then", cell=cell, T=25, H=16, B=32)
    (tmp_path / "program.py").write_text(found["text"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert_same(found, losses_of(done.stdout))


def test_the_figure_copies_a_run_with_the_lengths_it_had(mount):
    page = mount(Playground(T=10, H=8, B=4))
    page.get_by_text("PyTorch で写す").click()
    said = "(words) => document.querySelector('.rf-live').textContent.includes(words)"
    length = page.get_by_role("slider", name="系列長")
    for n, key in enumerate(["", "ArrowRight", "", "ArrowLeft"], start=1):
        if key:
            length.press(key)
        page.get_by_role("button", name="一回だけ").first.click()
        page.wait_for_function(said, arg=f"更新 {n} 回")
    program = page.locator(".rf-program")
    expect(program).to_contain_text("[10] * 1 + [25] * 2 + [10] * 47")
    page.get_by_role("button", name="やり直し").first.click()
    expect(program).to_contain_text("for s in range(1, updates + 1)")
    expect(page.get_by_text("途中で学習率")).to_have_count(0)


def test_the_figure_says_that_a_rate_changed_on_the_way_is_not_copied(mount):
    page = mount(Playground(T=10, H=8, B=4))
    page.get_by_text("PyTorch で写す").click()
    page.get_by_text("ほかの設定").click()
    page.get_by_role("button", name="一回だけ").first.click()
    page.wait_for_function(
        "() => document.querySelector('.rf-live').textContent.includes('更新 1 回')"
    )
    page.get_by_role("slider", name="学習率").first.press("ArrowRight")
    expect(page.get_by_text("途中で学習率かクリップを変えた")).to_be_visible()


def test_the_downloaded_notebook_is_the_same_program_cell_by_cell(both, run_here):
    found = both(5, task="order", cell="gru")
    notebook = nbformat.reads(found["notebook"], as_version=4)
    nbformat.validate(notebook)
    assert json.loads(found["notebook"])["nbformat"] == 4
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) > 3
    assert_same(found, run_here("\n\n".join(cells)))
