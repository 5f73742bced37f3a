"""読めない数: 図は描けるものを描き、読めなかったものを述べます。"""

import copy

import numpy as np
import pytest

from rnnbook import data
from rnnbook.widgets.gate_viewer import GateViewer
from rnnbook.widgets.lookback import Lookback


@pytest.fixture
def damaged(monkeypatch):
    """線形自己回帰の p = 6 と、RNN の p = 6 の種一つと、予測の一年ぶんが空の記録。"""
    load = data.load
    errors, forecasts = load("lookback"), load("lookback_forecasts")
    at_6 = errors["p"] == 6
    errors.loc[at_6 & (errors["model"] == "linear"), "rmse_test"] = np.nan
    one = errors.index[at_6 & (errors["model"] == "rnn")][0]
    errors.loc[one, "rmse_test"] = np.nan
    forecasts.loc[forecasts.index[5], "forecast"] = np.nan
    tables = {"lookback": errors, "lookback_forecasts": forecasts}
    monkeypatch.setattr(data, "load", lambda name: tables[name])
    return errors


def test_an_empty_cell_leaves_the_other_points_and_is_told(mount, damaged):
    page = mount(Lookback(p=6))
    text = page.locator(".rf-live").inner_text()
    assert "線形自己回帰 —（記録の 1 個のうち 1 個の値が読めません）" in text
    rnn = damaged.query("model == 'rnn' and p == 6")["rmse_test"].dropna()
    assert f"RNN {rnn.median():.1f}（種 {len(rnn)} 個の中央値" in text
    assert f"（記録の {len(rnn) + 1} 個のうち 1 個の値が読めません）" in text
    drawn = page.locator("figure svg path").evaluate_all(
        "(all) => all.map((e) => e.getAttribute('d') ?? '')"
    )
    assert not [d for d in drawn if "NaN" in d or "Infinity" in d]
    # 線形自己回帰の線は p = 6 で切れ、ほかの線は続く
    lines = page.locator("figure svg").first.locator("path.rf-line")
    counts = lines.evaluate_all(
        "(all) => all.map((e) => [...e.getAttribute('d')].filter((c) => c === 'M').length)"
    )
    assert counts == [1, 2, 1]
    assert page.locator("figure svg").first.locator(".rf-axes text").count() > 4


PLOT = """async () => {
  const { createPlot } = await import("/kit/plot.js");
  const { mounted } = await import("/kit/scope.js");
  const el = document.body.appendChild(document.createElement("div"));
  mounted(() => {
    const plot = createPlot(el, { label: "", height: 200, x: { label: "x", domain: [0, 4] }, y: { label: "y", domain: [0, 1] } });
    const bad = [[0, 0.5], [1, NaN], [2, null], [3, 0.5], [4, Infinity], [undefined, 1]];
    for (const kind of [plot.line("red"), plot.dots("red", 4), plot.bars("red", 4), plot.markers("red", "circle", 4)]) kind.set(bad);
    plot.lines("red").set([bad, []]);
    plot.band("red").set(bad.map(([u, v]) => [u, v, v]));
    plot.notes("red").set(bad.map(([u, v]) => [u, v, "字"]));
  }).render({});
  return [...el.querySelectorAll("path, .rf-notes text")].map((e) => e.outerHTML);
}"""


def test_every_mark_of_a_plot_leaves_out_what_is_no_number(bench):
    drawn = bench.evaluate(PLOT)
    assert len(drawn) > 6
    assert not [
        each
        for each in drawn
        if any(w in each for w in ("NaN", "Infinity", "undefined"))
    ]
    assert sum("字" in each for each in drawn) == 2


HEAT = """async (bad) => {
  const { createPlot } = await import("/kit/plot.js");
  const { createHeatStack } = await import("/kit/heat_stack.js");
  const { mounted } = await import("/kit/scope.js");
  const el = document.body.appendChild(document.createElement("div"));
  const values = [0.5, bad === "NaN" ? NaN : bad, 0.25, 1];
  mounted(() => {
    const axis = () => ({ label: "x", domain: [0, 4] });
    createPlot(el, { label: "", height: 200, x: axis(), y: axis() }).heat("red")
      .set({ cells: values.map((v, k) => [k + 0.5, 0.5, v]), dx: 1, dy: 1 });
    createHeatStack(el, { label: "", maps: [{ name: "f", label: "f", signed: false }], H: 2, onPick() {} })
      .set("ab", (_, t, unit) => values[2 * (t - 1) + unit - 1], {});
  }).render({});
  const [plot, stack] = el.querySelectorAll("svg");
  return [plot.querySelectorAll("g[clip-path] rect"), stack.querySelectorAll("g:first-child > rect:not(.rf-frame)")]
    .map((cells) => [...cells].map((e) => [e.getAttribute("class") === "rf-missing", e.getAttribute("fill"), e.getAttribute("fill-opacity")]))
    .concat([stack.textContent]);
}"""


@pytest.mark.parametrize("bad", [None, "NaN"])
def test_a_square_without_a_number_is_hatched_and_named(bench, bad):
    plot, stack, words = bench.evaluate(HEAT, bad)
    for cells in (plot, stack):
        assert [missing for missing, *_ in cells] == [False, True, False, False]
        assert cells[1][1].startswith("url(#")
        assert [strength for *_, strength in cells if strength not in (None, "1")] == [
            "0.500",
            "0.250",
            "1.000",
        ]
    assert "測定なし" in words


def test_a_damaged_weight_is_no_zero(mount):
    figure = GateViewer(unit=1)
    # 組んだページでは、NaN は null になって届く
    damaged = copy.deepcopy(figure.weights)
    damaged["params"]["b_f"][2] = None
    figure.weights = damaged
    page = mount(figure)
    text = page.locator(".rf-live").inner_text()
    assert "答えは測定なし" in text
    assert "15 文字のうち 0 文字で正解です" in text
    # 忘却ゲートの図の、ユニット 3 の行は、はじめの文字から読めない
    missing = page.locator(".rf-heat .rf-missing").count()
    squares = page.locator(".rf-heat svg > g:first-child > rect:not(.rf-frame)")
    assert 15 < missing < squares.count()
    assert "測定なし" in page.locator(".rf-heat").inner_text()
