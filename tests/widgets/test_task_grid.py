"""問題とモデルの升目: 言う数も升目の数も、保存された実験の数です。"""

import re

import numpy as np
import pytest

from rnnbook import data
from rnnbook.reading.intervals import Counted
from rnnbook.widgets.task_grid import TaskGrid
from rnnbook.widgets.task_grid.task_grid import MODELS, TASKS


@pytest.fixture(scope="module")
def table():
    return data.load("beyond_grid")


def rows_of(table, task, model, times):
    rows = table[(table["task"] == task) & (table["model"] == model)]
    return rows[rows["length"] == times * rows["T"]]


def test_every_model_and_task_of_the_experiment_has_its_cell(table):
    assert set(table["task"]) == set(TASKS) and set(table["model"]) == set(MODELS)
    figure = TaskGrid()
    for task in TASKS:
        for model in MODELS:
            runs = figure.grid[task]["models"][model]
            for k, times in enumerate(figure.multiples):
                rows = rows_of(table, task, model, times).sort_values("seed")
                np.testing.assert_allclose(
                    [row[k] for row in runs["accuracy"]], rows["accuracy"], atol=5.1e-4
                )
                assert [row[k] for row in runs["solved"]] == rows["solved"].tolist()
            last = [row[-1] for row in runs["curve"]]
            now = rows_of(table, task, model, 1).sort_values("seed")
            # 学習の途中の終わりと、学習のあとの測定は、同じ系列での同じ数
            np.testing.assert_allclose(last, now["accuracy"], atol=1e-3)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("model", ["gru", "mingru", "transformer"])
def test_a_cell_counts_what_the_table_counts(call, table, task, model):
    figure = TaskGrid()
    runs = figure.grid[task]["models"][model]
    for k, times in enumerate(figure.multiples):
        rows = rows_of(table, task, model, times)
        cell = call("task_grid/grid.js", "cellOf", runs, k)
        assert (cell["seeds"], cell["solved"]) == (len(rows), rows["solved"].sum())
        found = [cell[name] for name in ("middle", "low", "high")]
        expected = [rows["accuracy"].agg(name) for name in ("median", "min", "max")]
        np.testing.assert_allclose(found, expected, atol=5.1e-4)
        counted = Counted(int(rows["solved"].sum()), len(rows))
        said = call(
            "task_grid/grid.js",
            "describe",
            "M",
            "P",
            9,
            times,
            cell,
            figure.grid[task]["baseline"],
        )
        interval = re.search(r"\d+〜\d+ %", said)[0]
        assert interval in str(counted), (said, counted)


@pytest.mark.parametrize(
    ("value", "share"), [(0.25, 0.0), (0.2, 0.0), (0.625, 0.5), (1.0, 1.0)]
)
def test_the_colour_is_nothing_at_guessing_and_full_at_perfect(call, value, share):
    assert call("task_grid/grid.js", "shade", value, 0.25) == pytest.approx(share)


def test_a_cell_and_a_length_change_what_is_said(mount, settled, table):
    page = mount(TaskGrid())
    live = page.locator(".rf-live")
    T = table.loc[table["task"] == "parity", "T"].iloc[0]
    assert live.inner_text().startswith(f"minGRU、偶奇、長さ {T}（学習した長さ）")
    cell = page.get_by_role("button", name=re.compile("^GRU、順序:"))
    assert cell.get_attribute("aria-pressed") == "false"
    cell.click()
    settled()
    rows = rows_of(table, "order", "gru", 1)
    assert f"{len(rows)} 個の種のうち {rows['solved'].sum()} 個" in live.inner_text()
    pressed = page.locator(".rf-tasks button[aria-pressed=true]")
    assert pressed.count() == 1
    page.get_by_role("slider", name="試す長さ").press("End")
    settled()
    times = TaskGrid().multiples[-1]
    rows = rows_of(table, "order", "gru", times)
    assert f"学習の {times} 倍" in live.inner_text()
    middle = float(re.search(r"中央値 ([\d.]+)", live.inner_text())[1])
    assert middle == pytest.approx(rows["accuracy"].median(), abs=5.1e-3)
    assert pressed.inner_text().split()[0] == f"{rows['solved'].sum()}/{len(rows)}"


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 task"):
        TaskGrid(task="adding")
    with pytest.raises(ValueError, match="引数 times"):
        TaskGrid(times=3)
