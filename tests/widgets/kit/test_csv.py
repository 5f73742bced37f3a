"""「図の値を CSV で」: 表の値を軸の上に描き直すと、図に描かれているのと同じ点になる。"""

import re

import numpy as np
import pandas as pd
import pytest

from rnnbook.models.brackets import load_bracket_reader
from rnnbook.widgets.gate_viewer import GateViewer
from rnnbook.widgets.unrolled import Unrolled

ROUNDED = 0.11  # 図は、0.1 px に丸めて描く
MARKER = 12.0  # 形のある印の、中心から端まで px

# 見えている図ごとに [名, 軸, 印の種類と輪郭の並び, 升目の中心の並び]
DRAWN = """() => [...document.querySelectorAll(".rf-plot > svg[data-axes]")].map((svg) => {
  const shown = [...svg.querySelectorAll("g[clip-path] > path")].filter((e) => e.style.display !== "none" && e.getAttribute("d"));
  const cells = [...svg.querySelectorAll("g[clip-path] > g > rect")].map((e) => ["x", "y"].map((k, i) =>
    Number(e.getAttribute(k)) + Number(e.getAttribute(["width", "height"][i])) / 2));
  return [svg.getAttribute("aria-label"), JSON.parse(svg.dataset.axes), shown.map((e) => [e.getAttribute("class"), e.getAttribute("d")]), cells];
})"""


def vertices(outline: str) -> np.ndarray:
    """輪郭（M、L、V、h0、Z）の頂点 (n, 2) px。"""
    found, x = [], 0.0
    for letter, text in re.findall(r"([A-Za-z])([-\d.,]*)", outline):
        if letter in "ML":
            x, y = map(float, text.split(","))
            found.append((x, y))
        elif letter == "V":
            found.append((x, float(text)))
    return np.array(found).reshape(-1, 2)


def bare(text: str) -> str:
    """空白と式の印を除いた文字。"""
    return re.sub(r"[\s$]", "", text)


def pixels(values: pd.Series, axis: list) -> np.ndarray:
    """値を、軸の上の位置 px にします。"""
    scale, low, high, start, end = axis
    on = np.log10 if scale == "log" else np.asarray
    values = values.to_numpy(float)
    return start + (on(values) - on(low)) / (on(high) - on(low)) * (end - start)


def distance(points: np.ndarray, others: np.ndarray) -> float:
    """points のそれぞれから最も近い others まで、の最大 px。"""
    if not len(points):
        return 0.0
    if not len(others):
        return float("inf")
    apart = np.abs(points[:, None] - others[None]).max(axis=2).min(axis=1)
    return float(apart.max())


def test_the_table_drawn_again_gives_the_same_points(page, kind, make, download):
    table, _ = download(make(kind))
    assert len(table)  # どの図も、値の表を渡す
    if not page.locator(".rf-plot > svg[data-axes]").count():
        return  # 軸のない絵の値は、その図の試験が確かめる
    compared = 0
    for label, axes, marks, cells in page.evaluate(DRAWN):
        rows = table[table["図"].map(bare) == bare(label)]
        told = []
        for _, series in rows.groupby("系列", sort=False):
            values = series.drop(columns=["図", "系列"]).dropna(axis=1, how="all")
            values = values.select_dtypes("number")
            if values.shape[1] < 2 or np.isnan(values.to_numpy()).all(axis=0).any():
                continue
            values = values.dropna()
            x = pixels(values.iloc[:, 0], axes["x"])
            band = any(name.endswith("（下の端）") for name in values.columns)
            for k in (1, 2) if band else (1,):
                points = np.column_stack([x, pixels(values.iloc[:, k], axes["y"])])
                told.append(points)
        drawn = {name: [] for name in ("exact", "marker", "bars")}
        for name, outline in marks:
            if "rf-rule" in name:
                continue
            sort = next((s for s in ("marker", "bars") if f"rf-{s}" in name), "exact")
            drawn[sort].append(vertices(outline))
        points = {k: np.concatenate([np.empty((0, 2)), *v]) for k, v in drawn.items()}
        exact = np.concatenate(
            [points["exact"], points["bars"], np.array(cells).reshape(-1, 2)]
        )
        everything = np.concatenate([np.empty((0, 2)), *told])
        for one in told:
            assert (
                distance(one, exact) < ROUNDED
                or distance(one, points["marker"]) < MARKER
            ), (label, one[:3])
        for sort, off in (("exact", ROUNDED), ("marker", MARKER)):
            assert distance(points[sort], everything) < off, (label, sort)
        compared += len(everything)
    assert compared > 0


def test_the_file_says_its_condition_and_names_columns_with_the_axes(download):
    table, text = download(Unrolled(T=4, w_hh=0.5, x="sine"))
    first, second = text.removeprefix("\ufeff").splitlines()[:2]
    assert text.startswith("\ufeff")
    assert first == "# Unrolled(T=4, w_hh=0.5, x='sine')"
    assert second == "図,系列,時刻 t,入力 x_t,値"
    assert table["系列"].unique().tolist() == [
        "入力 x_t",
        "活性化の前の値 a_t",
        "隠れ状態 h_t",
    ]
    x = table.loc[table["系列"] == "入力 x_t", "入力 x_t"]
    assert x.to_numpy() == pytest.approx(np.sin(2 * np.pi * np.arange(1, 5) / 10))


def test_words_with_commas_and_unreadable_numbers_keep_their_columns(bench, tmp_path):
    series = {"plot": "一, 二", "series": '"三"', "columns": ["$x_t$", "$y$（eV）"]}
    script = """async (series) => (await import("/kit/csv.js")).csvText(
      [{ ...series, rows: [[1, NaN], [2, null], [1e-20, -Infinity], [0.1, 0.2]] }], "X()")"""
    (tmp_path / "a.csv").write_text(bench.evaluate(script, series), encoding="utf-8")
    table = pd.read_csv(tmp_path / "a.csv", comment="#")
    assert table.columns.tolist() == ["図", "系列", "x_t", "y（eV）"]
    assert set(table["図"]) == {"一, 二"} and set(table["系列"]) == {'"三"'}
    assert table["x_t"].tolist() == [1, 2, 1e-20, 0.1]
    assert table["y（eV）"].isna().tolist() == [True, True, True, False]


@pytest.fixture
def download(page, mount_script, traits_of, idle):
    """download(figure) は、図を描いてボタンを押し、受け取った表と文字列を返します。"""

    def press(figure) -> tuple[pd.DataFrame, str]:
        page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
        idle(page)
        button = page.get_by_role("button", name="図の値を CSV で")
        button.wait_for()  # 値が届くと出る
        with page.expect_download() as waiting:
            button.click()
        assert waiting.value.suggested_filename == f"{figure.name}.csv"
        path = waiting.value.path()
        return pd.read_csv(path, comment="#"), path.read_text(encoding="utf-8")

    return press


def test_the_map_of_a_gate_gives_the_value_of_every_cell(download):
    table, _ = download(GateViewer("a(b)c"))
    rows = table[table["系列"] == "忘却ゲート f_t"]
    trace = load_bracket_reader().trace("a(b)c")
    H = trace.f.shape[2]
    assert rows["文字"].tolist() == [letter for letter in "a(b)c" for _ in range(H)]
    assert rows["時刻 t"].tolist() == np.repeat(np.arange(1, 6), H).tolist()
    assert rows["値"].to_numpy() == pytest.approx(trace.f[0].ravel(), abs=1e-6)
