"""点の多い折れ線は、画素の列ごとの上下の端だけを描く。"""

import numpy as np
import pandas as pd
import pytest

COLUMN_ENDS = """async ([points, scale]) => {
  const { columnEnds } = await import("/kit/column_ends.js");
  return columnEnds(points, (x) => x * scale, ([x, y]) => y !== null);
}"""


@pytest.mark.parametrize(("n", "columns"), [(5000, 300), (700, 300), (50, 300)])
def test_the_least_and_the_largest_of_every_column_are_kept(bench, n, columns):
    rng = np.random.default_rng(n)
    x = np.sort(rng.uniform(0, 1, n))
    y = rng.standard_normal(n).cumsum()
    found = bench.evaluate(COLUMN_ENDS, [np.column_stack([x, y]).tolist(), columns])
    kept = pd.DataFrame(found, columns=["x", "y"])
    whole = pd.DataFrame({"x": x, "y": y})
    for table in (kept, whole):
        table["column"] = np.floor(table["x"] * columns)
    ends = [table.groupby("column")["y"].agg(["min", "max"]) for table in (kept, whole)]
    pd.testing.assert_frame_equal(*ends)
    assert kept.groupby("column").size().max() <= 2
    assert kept["x"].is_monotonic_increasing


def test_a_gap_of_the_line_stays_a_gap(bench):
    points = [[k / 100, float(k % 7)] for k in range(100)]
    for k in (*range(30, 40), 60, 65):
        points[k][1] = None
    found = bench.evaluate(COLUMN_ENDS, [points, 10])
    gaps = [k for k, (_, y) in enumerate(found) if y is None]
    # 0.30 から 0.39 までは一列が丸ごと切れ、0.60 は列の端。0.65 は列の中なので、見えない
    assert [found[k][0] for k in gaps] == [0.39, 0.6]
    assert all(found[k + 1][0] >= found[k][0] for k in range(len(found) - 1))


PLOT = """async ([n, scale]) => {
  const { mounted } = await import("/kit/scope.js");
  const { createPlot } = await import("/kit/plot.js");
  const { valuesIn } = await import("/kit/csv.js");
  const el = document.body.appendChild(document.createElement("div"));
  el.style.width = "320px";
  const points = Array.from({ length: n }, (_, k) => [k, k % 50 ? 1 + Math.sin(k) ** 2 : 0]);
  let line;
  const stop = mounted(() => {
    const plot = createPlot(el, { label: "図", height: 200, x: { label: "x", domain: [0, n] }, y: { label: "y", domain: [0.5, 2], scale } });
    line = plot.line("black");
    line.set(points);
  }).render({ el, model: {} });
  const found = [line.node.getAttribute("d"), valuesIn(el)[0].rows.length];
  stop();
  el.remove();
  return found;
}"""


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_plot_draws_two_points_a_column_and_its_table_holds_all(bench, scale):
    outline, rows = bench.evaluate(PLOT, [20_000, scale])
    assert rows == 20_000
    # 対数の軸では、0 は描かれない
    assert 300 < outline.count("L") + outline.count("M") <= 2 * 320
    assert "N" not in outline and "I" not in outline
