"""残る記憶の図: ページの中の学習は本物で、跡は PyTorch で測ったものに等しく、言う数は描いたものです。"""

import re

import numpy as np
import pytest
import torch

from rnnbook import data
from rnnbook.reading.solved import solved_counts
from rnnbook.widgets.held_memory import HeldMemory

LIMIT = 600_000  # 終わらない学習を待つのをやめるためだけの上限 ms

ENDED = "() => /RNN は \\d+ 回.*LSTM は \\d+ 回/.test(document.querySelector('.rf-live').textContent)"
# 数のある RNN の重みで、はじめの一点だけが違う二つの系列を読む
TRAINED = """async ([T, seed, updates]) => {
  const { createRun } = await import("/nn/train/run.js");
  const { makeKernels } = await import("/nn/train/kernels.js");
  const { traceOf } = await import("/held_memory/trace.js");
  const shared = { task: "latch", start: "uniform", rho: 1, H: 16, B: 32, learning_rate: 0.01, optimizer: "adam", clip: 1, own: "" };
  const run = createRun({ ...shared, cell: "rnn", forget_bias: null, T, seed }, makeKernels());
  for (let k = 0; k < updates; k += 1) run.update();
  const { x } = run.example(0);
  const read = (sign) => run.look([sign, ...x.slice(1)]).h;
  const weights = Object.fromEntries(Object.entries(run.weights()).map(([name, w]) => [name, Array.from(w)]));
  return { x, trace: traceOf(read(1), read(-1), 16), weights };
}"""
# 太い線の形を、変わるたびに控える
WATCH = """window.drawn = new Set(); new MutationObserver(() => {
  const line = document.querySelector(".rf-held-now");
  if (line) window.drawn.add(line.getAttribute("d"));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["d"] });"""


def ended(page):
    page.wait_for_function(ENDED, timeout=LIMIT)
    return page.locator(".rf-live").inner_text()


def test_the_trace_is_the_distance_that_pytorch_computes(bench):
    found = bench.evaluate(TRAINED, [25, 3, 20])
    cell = torch.nn.RNN(1, 16)
    w = {name: torch.tensor(value) for name, value in found["weights"].items()}
    with torch.no_grad():
        cell.weight_ih_l0.copy_(w["W_xh"].reshape(16, 1))
        cell.weight_hh_l0.copy_(w["W_hh"].reshape(16, 16))
        cell.bias_ih_l0.copy_(w["b_h"])
        cell.bias_hh_l0.zero_()
        x = torch.tensor(found["x"]).reshape(-1, 1)
        states = [cell(torch.cat([torch.tensor([[s]]), x[1:]]))[0] for s in (1.0, -1.0)]
    expected = torch.linalg.norm(states[0] - states[1], dim=1) / (2 * 16**0.5)
    np.testing.assert_allclose(found["trace"], expected, atol=1e-6)


@pytest.mark.parametrize(("T", "alone"), [(10, False), (100, True)])
def test_the_memory_of_the_network_without_gates_fades_in_a_long_series_only(
    mount, T, alone
):
    page = mount(HeldMemory(T=T))
    said = ended(page)
    assert ("RNN は 200 回の更新では解けず" in said) == alone
    assert re.search(r"LSTM は \d+ 回で解け", said)
    assert said.count("最後まで残ります") == (1 if alone else 2)


def test_the_page_says_something_measured_before_the_training_ends(mount):
    page = mount(HeldMemory())
    table = data.load("ladder")
    counts = solved_counts(table[table["task"] == "latch"], by=["model", "T"])
    told = page.locator(".rf-held-usual").inner_text()
    for model in ("rnn", "lstm_chrono"):
        assert counts[model, 50].short in told


def test_another_length_and_another_seed_start_the_training_again(mount):
    page = mount(HeldMemory(T=25))
    first = ended(page)
    page.get_by_role("slider", name="系列長").press("ArrowLeft")
    page.wait_for_function(
        "() => document.querySelector('.rf-live').textContent.includes('T = 10')"
    )
    shorter = ended(page)
    assert shorter != first
    page.get_by_role("button", name="別の種で").click()
    page.wait_for_function(
        "(said) => document.querySelector('.rf-live').innerText !== said", arg=shorter
    )
    assert ended(page) != shorter


def test_the_figure_asks_for_nothing_and_fits_a_phone(page, mount):
    page.set_viewport_size({"width": 360, "height": 740})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    mount(HeldMemory())
    ended(page)
    assert [url for url in asked if not url.startswith(("about:", "blob:"))] == []
    box = page.locator(".rf-body").bounding_box()
    assert box["height"] <= 430
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_reader_who_wants_stillness_sees_only_the_start_and_the_end(page, mount):
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(WATCH)
    mount(HeldMemory(T=10))
    ended(page)
    # 空、学習前、終わり
    assert 2 <= page.evaluate("window.drawn.size") <= 3


def test_a_length_that_was_not_measured_is_refused():
    with pytest.raises(ValueError, match="引数 T"):
        HeldMemory(T=30)


def test_the_table_names_the_lines_as_the_picture_does(mount):
    page = mount(HeldMemory(T=10))
    ended(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="図の値を CSV で").click()
    rows = waiting.value.path().read_text(encoding="utf-8").splitlines()[2:]
    names = {row.split(",")[1] for row in rows}
    assert names == {"RNN", "LSTM", "RNN、学習前", "LSTM、学習前"}
