"""警報の図: ページの点数、警報、成績は Python に等しく、言う数は数えた数です。"""

import re

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.datasets.machine_events import load_machine_minutes
from rnnbook.experiments import anomalies
from rnnbook.materials.portable_random import Portable
from rnnbook.models import alarms, charts
from rnnbook.models.score_bytes import EDGES, STOPS, is_over, pack, unpack
from rnnbook.training.window_scores import PCAScore
from rnnbook.widgets.alarms import Alarms
from rnnbook.widgets.alarms.alarms import HOW, METHODS, SPLITS

FIGURE = Alarms()
RECORD = load_machine_minutes()
x, n = RECORD.temperature, len(RECORD.temperature)
# ページのモジュールの関数に、配列を渡して呼ぶ
RUN = """async ([name, values, ...rest]) => {
  const m = await import("/alarms/charts.js");
  return [...m[name](Float64Array.from(values), ...rest)];
}"""
# 記録の全部の点数を求め、しきい値ごとの警報を数える
WHOLE = """async ([series, split, how, stored, limits, quiet, windows]) => {
  const { wholes } = await import("/alarms/charts.js");
  const { scoresOf } = await import("/alarms/scores.js");
  const { onsets, outcome } = await import("/alarms/verdict.js");
  const x = wholes(series).map((v) => v / 100);
  const scores = scoresOf(x, split, how, stored);
  const told = ([name, score]) => [name, limits.map((limit) => outcome(onsets(score, limit, quiet), windows, split.test, x.length))];
  return { x: [...x], counts: Object.fromEntries(Object.entries(scores).map(told)) };
}"""


def python_scores(split: dict) -> dict[str, np.ndarray]:
    """ページが計算する点数を、Python の管理図で。"""
    z = charts.standardise(x, slice(*split["fit"]))
    draw = Portable(HOW.get("seed", 1)).uniform
    return {
        "band": charts.band(z),
        "rolling": charts.rolling(z, HOW["width"]),
        "ewma": charts.ewma(z, HOW["lam"]),
        "cusum": charts.cusum(z, charts.calm_k(z, slice(*split["fit"]))),
        "pca": PCAScore().fit(z, slice(*split["fit"])).score(z),
        "seasonal": charts.seasonal(z, HOW["period"]),
        "ridge": charts.ahead_error(z, np.array(split["ridge"]), HOW["ahead"]),
        "random": np.array([draw() for _ in range(n)]),
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("page", "python", "arguments"),
    [
        ("band", charts.band, []),
        ("rolling", charts.rolling, [7]),
        ("ewma", charts.ewma, [0.1]),
        ("cusum", charts.cusum, [0.5]),
        ("seasonal", charts.seasonal, [9]),
        ("aheadError", charts.ahead_error, [[0.5, -0.2, 0.1, 0.3], 4]),
    ],
)
def test_a_chart_of_the_page_is_that_of_python(bench, page, python, arguments, seed):
    z = np.random.default_rng(seed).normal(size=60)
    z[20:30] = z[20]  # 値が止まった所でも
    expected = python(
        z, *(np.array(a) if isinstance(a, list) else a for a in arguments)
    )
    told = bench.evaluate(RUN, [page, z.tolist(), *arguments])
    np.testing.assert_allclose(told, expected, atol=1e-9)


def test_the_page_standardises_with_the_training_part_only(bench):
    series = np.random.default_rng(0).normal(70, 9, size=50)
    told = bench.evaluate(RUN, ["standardise", series.tolist(), 5, 20])
    np.testing.assert_allclose(told, charts.standardise(series, slice(5, 20)))


@pytest.mark.parametrize("seed", range(2))
def test_the_page_leaves_out_of_a_window_what_python_leaves_out(bench, seed):
    z = np.random.default_rng(seed).normal(size=90)
    scored = PCAScore(T=12, K=3).fit(z, slice(0, 60))
    pca = {"mean": scored.pca.mean.tolist(), "axes": scored.pca.axes.tolist()}
    told = bench.evaluate(RUN, ["pcaError", z.tolist(), pca])
    np.testing.assert_allclose(told, scored.score(z), atol=1e-9)


def test_the_parts_of_the_record_are_those_of_the_experiment():
    for name, split in FIGURE.splits.items():
        p = anomalies.problem(f"machine_{name}")
        assert split["fit"] == [p.train.start, p.train.stop]
        assert split["test"] == p.test.start
        tested = [e for e in FIGURE.events if e["window"][0] >= split["test"]]
        assert [tuple(e["window"]) for e in tested] == list(p.windows)


@pytest.mark.parametrize("seed", range(4))
def test_the_page_counts_alarms_hits_and_false_alarms_as_python_does(call, seed):
    rng = np.random.default_rng(seed)
    score, quiet = rng.exponential(size=300), int(rng.integers(1, 8))
    windows = [(40, 60), (150, 151), (230, 280)]
    starts = alarms.onsets(score, 2.0, quiet)
    page = call("alarms/verdict.js", "onsets", score.tolist(), 2.0, quiet)
    assert page == starts.tolist()
    told = call("alarms/verdict.js", "outcome", page, windows, 30, 290)
    right = alarms.outcome(starts, windows, slice(30, 290))
    assert told["alarms"] == right.alarms and told["false_"] == right.false
    assert (told["found"], told["events"]) == (right.found, right.events)
    firsts = zip(told["first"], windows, strict=True)
    delays = [None if first is None else first - a for first, (a, _) in firsts]
    assert delays == list(right.delays)


@pytest.mark.parametrize("name", SPLITS)
def test_the_page_finds_in_the_whole_record_what_python_finds(bench, name):
    split = FIGURE.splits[name]
    windows = [w for w in RECORD.windows if w[0] >= split["test"]]
    asked = [FIGURE.series, split, FIGURE.how, {}, list(STOPS), 12, windows]
    page = bench.evaluate(WHOLE, asked)
    np.testing.assert_allclose(page["x"], x, atol=0.005)
    for method, score in python_scores(split).items():
        most = score[split["fit"][1] : split["test"]].max()
        for k, stop in enumerate(STOPS):
            starts = alarms.onsets(100 * score / most, stop, 12)
            right = alarms.outcome(starts, windows, slice(split["test"], n))
            told = page["counts"][method][k]
            assert (told["alarms"], told["found"]) == (right.alarms, right.found)


def test_a_score_in_one_byte_alarms_as_the_score_does_at_every_stop(bench):
    rng = np.random.default_rng(0)
    score = rng.lognormal(0, 1.5, size=5000)
    most = score[:800].max() / 3
    score[100:118] = np.array(STOPS) / 100 * most  # 境目ちょうどの点数も
    text = pack(score, most)
    page = np.array(
        bench.evaluate(
            "async ([t, e]) => [...(await import('/alarms/charts.js')).percents(t, e)]",
            [text, list(EDGES)],
        )
    )
    for stop in STOPS:
        over = score > np.array(stop) / 100 * most
        np.testing.assert_array_equal(page > stop, over)
        np.testing.assert_array_equal(is_over(unpack(text), stop), over)
    kept = (page > 13) & (page < 2900)
    np.testing.assert_allclose(page[kept], (100 * score / most)[kept], rtol=0.05)


@pytest.mark.parametrize("name", SPLITS)
@pytest.mark.parametrize("method", anomalies.NETWORKS)
def test_a_stored_score_alarms_as_the_experiment_says(bench, name, method):
    split = FIGURE.splits[name]
    windows = [w for w in RECORD.windows if w[0] >= split["test"]]
    table = load("anomalies").query(
        f"series == 'machine_{name}' and method == '{method}' and seed == 0 and rule == 'max'"
    )
    shared = table[(100 * table["factor"]).round().astype(int).isin(STOPS)]
    limits = (100 * shared["factor"]).round().astype(int).tolist()
    asked = [FIGURE.series, split, FIGURE.how, FIGURE.stored[name], limits, 12, windows]
    told = bench.evaluate(WHOLE, asked)["counts"][method]
    assert len(limits) >= 8
    assert [each["alarms"] for each in told] == shared["alarms"].tolist()
    assert [each["found"] for each in told] == shared["found"].tolist()
    false = [each["false_"] for each in told]
    assert false == (shared["alarms"] - shared["inside"]).tolist()


def test_the_cost_adds_what_was_missed_and_what_was_false(call):
    found = {"alarms": 9, "found": 1, "false_": 7, "events": 4, "first": []}
    assert call("alarms/verdict.js", "cost", found, 20) == 3 * 20 + 7


def test_the_sentence_says_the_events_the_delays_and_the_cost(call):
    told = {
        "name": "EWMA",
        "limit": 125,
        "held": 1,
        "heldDays": 2,
        "days": 75,
        "calm": 70,
        "result": {"alarms": 8, "found": 1, "false_": 5, "events": 2, "first": []},
        "delays": [["三つめ", -1.5, True], ["故障", None, True]],
        "miss": 10,
        "best": {"limit": 150, "cost": 2},
    }
    said = call("alarms/verdict.js", "describe", told)
    assert "検証 2 日で 1 回、試験 75 日で 8 回" in said
    assert "2 個のうち 1 個（三つめは印の 1.5 時間前）" in said
    assert (
        "見逃しは故障（前から鳴り続け）。" in said
        and "誤報は 5 回（週に 0.5 回）" in said
    )
    assert "費用は 1 × 10 + 5 = 15" in said and "150 % の 2 がいちばん安い" in said
    told["best"] = {"limit": 125, "cost": 15}
    assert "後から見ても" in call("alarms/verdict.js", "describe", told)


def numbers(page) -> dict[str, list[str]]:
    """表の、方法ごとの欄。"""
    rows = page.locator(".rf-alarm-table tbody tr").all()
    cells = [row.locator("th, td").all_text_contents() for row in rows]
    return {first: rest for first, *rest in cells}


def test_the_table_and_the_sentence_agree_and_follow_the_sliders(mount, settled):
    page = mount(Alarms())
    live = page.locator(".rf-live")

    def told():
        found, false, cost = re.search(
            r"個のうち (\d) 個.*誤報は (\d+) 回.*= (\d+)。", live.inner_text()
        ).groups()
        normal = sum(b - a + 1 for a, b in RECORD.windows)
        weeks = (n - FIGURE.splits["short"]["test"] - normal) / 2016
        assert numbers(page)["EWMA"] == [
            f"{found} / 4",
            f"{int(false) / weeks:.1f}",
            cost,
        ]
        return int(false), int(cost)

    false, _ = told()
    page.get_by_role("slider", name="しきい値").press("Home")
    settled()
    assert told()[0] > false and "しきい値 25 %" in live.inner_text()
    page.get_by_role("slider", name="しきい値").press("End")
    page.get_by_role("slider", name="静かな時間").press("End")
    settled()
    assert told()[0] < false
    before = told()[1]
    page.get_by_role("slider", name="見逃しの費用").press("End")
    settled()
    assert told()[1] > before


def test_every_method_draws_its_score_and_marks_alarms(mount, settled):
    page = mount(Alarms())
    said = set()
    for method in page.locator(".rf-five").first.get_by_role("radio").all():
        method.check()
        settled()
        said.add(page.locator(".rf-live").inner_text())
    assert len(said) == len(METHODS)


def test_a_long_fit_leaves_two_events_to_be_found(mount, settled):
    page = mount(Alarms())
    page.get_by_role("radio", name="22 日").check()
    settled()
    assert "異常は 2 個のうち" in page.locator(".rf-live").inner_text()
    assert numbers(page)["EWMA"][0].endswith("/ 2")


def test_an_event_is_seen_large(mount, settled):
    page = mount(Alarms())
    ticks = page.locator("svg[aria-label=点数としきい値] .rf-axes text")
    before = ticks.all_text_contents()
    page.get_by_role("radio", name="三つめ").check()
    settled()
    after = ticks.all_text_contents()
    assert before != after and "56" in after  # 印は 56.7 日


def test_what_there_is_to_see_fits_a_narrow_screen(page, mount, settled):
    page.set_viewport_size({"width": 360, "height": 740})
    mount(Alarms())
    settled()
    top = page.locator("figure").bounding_box()["y"]
    score = page.locator("svg[aria-label=点数としきい値]").bounding_box()
    assert score["y"] + score["height"] - top <= 500
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_cost_and_the_table_are_drawn_when_they_are_opened(mount, settled):
    page = mount(Alarms())
    cost = page.locator("svg[aria-label=しきい値と費用]")
    assert not cost.is_visible()
    page.get_by_text("費用と、ほかの方法の表").click()
    settled()
    assert cost.bounding_box()["width"] > 200 and page.get_by_role("table").is_visible()


def test_a_row_of_the_table_is_one_line_on_a_narrow_screen(page, mount, settled):
    page.set_viewport_size({"width": 330, "height": 740})
    mount(Alarms())
    page.get_by_text("費用と、ほかの方法の表").click()
    settled()
    rows = page.locator(".rf-alarm-table tr").all()
    assert len(rows) == 1 + len(METHODS)
    assert max(row.bounding_box()["height"] for row in rows) < 32


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 method"):
        Alarms(method="ar")
    with pytest.raises(ValueError, match="引数 limit"):
        Alarms(limit=95)
    with pytest.raises(ValueError, match="引数 miss"):
        Alarms(miss=3)
