"""「RNN の遊び場」の本文が言う、注意のある学習とない学習の数は、ページの学習で数え直したものです。"""

import re
from pathlib import Path

import nbformat
import pytest

PAGE = Path(__file__).resolve().parents[3] / "chapters" / "playground.ipynb"
CELLS = {"rnn": "tanh RNN", "lstm": "LSTM（$b_f$ = 1）", "gru": "GRU"}
TASKS = {"latch": ("ラッチ", 100), "order": ("順序", 50)}
READOUTS = {"last": "h だけ", "attention": "注意", "even": "等しく見る"}
FIGURE = dict(H=32, B=32, learning_rate=0.003)

# 種ごとに、解けた更新の回数。most 回で解けなければ null。
# even なら、注意の重みを、それまでのどの時刻でも等しくする（softmax を平均に替え、その勾配を 0 にする）
COUNT = """async ([config, seeds, most, even]) => {
  const { createRun } = await import("/nn/train/run.js");
  const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
  const { addRows, newHistory } = await import("/playground/history.js");
  const alike = {
    softmaxSeen(A, M, N, before) {
      for (let m = 0; m < M; m += 1) {
        const seen = Math.min(N, before + m);
        A.fill(0, m * N, (m + 1) * N).fill(1 / seen, m * N, m * N + seen);
      }
    },
    softmaxBackward: (dA) => dA.fill(0),
  };
  return seeds.map((seed) => {
    const run = createRun({ ...config, seed }, Object.assign(createWasmKernels(), even ? alike : {}));
    const history = newHistory(config);
    const goal = { goal: run.goal, metric: run.sizes.metric };
    while (history.rows.length < most && history.solvedAt === null) addRows(history, [run.update()], goal);
    return history.solvedAt;
  });
}"""


@pytest.fixture
def solved(bench, config):
    """solved(種の数, 更新の上限, 設定…) は、解けた種の数。"""

    def count(seeds: int, most: int, readout: str, **changes) -> int:
        kind = "last" if readout == "last" else "attention"
        settings = config(**(FIGURE | changes), readout=kind)
        settings["forget_bias"] = 1 if settings["cell"] == "lstm" else None
        asked = [settings, list(range(1, seeds + 1)), most, readout == "even"]
        found = bench.evaluate(COUNT, asked)
        return sum(at is not None for at in found)

    return count


@pytest.fixture(scope="module")
def text() -> str:
    """ページの本文。"""
    notebook = nbformat.read(PAGE, as_version=4)
    return "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def test_the_gradient_of_the_first_update_is_the_one_the_page_states(
    train, config, text
):
    assert (
        "右の端のおよそ 1/100 です（種 1。" in text and "およそ $10^{-25}$ 倍" in text
    )
    for readout, expected in (("attention", 1e-2), ("last", 1e-25)):
        changes = FIGURE | {"cell": "rnn", "readout": readout, "T": 100, "seed": 1}
        norms = train(config(**changes), "run.update(); return run.gradients;")
        assert expected / 1.5 < norms[0] / norms[-1] < 1.5 * expected


@pytest.mark.weekly
@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("task", TASKS)
def test_the_table_of_the_page_is_counted_again(solved, text, task, cell, readout):
    name, T = TASKS[task]
    head = re.search(r"^\| 問題 \|.*$", text, re.M)[0]
    start = f"| {name}、$T$ = {T} | {READOUTS[readout]} |"
    row = re.search(rf"^{re.escape(start)}.*$", text, re.M)[0]
    titles, values = (
        [part.strip() for part in each.split("|")] for each in (head, row)
    )
    told = dict(zip(titles, values, strict=True))[CELLS[cell]]
    found = solved(10, 1000, task=task, cell=cell, readout=readout, T=T)
    assert told == f"{found}/10"


@pytest.mark.weekly
@pytest.mark.parametrize("cell", CELLS)
def test_copying_is_not_solved_at_the_rate_of_the_figure(solved, text, cell):
    assert "種 1 から 5 のどれも解けませんでした" in text
    assert solved(5, 2000, task="copy", cell=cell, readout="attention", T=10) == 0


@pytest.mark.weekly
@pytest.mark.parametrize("readout", READOUTS)
def test_copying_at_a_larger_rate_is_counted_again(solved, text, readout):
    told = re.search(
        r"2000 回までに、注意では (\d+)/10.*?、h だけでは (\d+)/10、等しく見ると (\d+)/10",
        text,
    )
    changes = dict(task="copy", cell="lstm", T=10, learning_rate=0.03)
    found = solved(10, 2000, readout=readout, **changes)
    assert found == int(told[["attention", "last", "even"].index(readout) + 1])


@pytest.mark.weekly
def test_copying_with_the_plain_cell_is_counted_again(solved, text):
    assert "tanh RNN では、同じ学習率の注意でも 0/5 です" in text
    changes = dict(task="copy", cell="rnn", T=10, learning_rate=0.03)
    assert solved(5, 2000, readout="attention", **changes) == 0
