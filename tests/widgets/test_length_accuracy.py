"""系列長と正解率: 数は表を pandas で数えたものに等しく、発散した種は別の印になり、学習し直した種が加わる。"""

import gzip
import json
import re
import threading
import time

import numpy as np
import pandas as pd
import pytest

from rnnbook import data
from rnnbook.models.catalogue import LADDER as MODELS
from rnnbook.reading.intervals import Counted
from rnnbook.tasks.catalogue import TASKS
from rnnbook.widgets.length_accuracy import LengthAccuracy
from rnnbook.widgets.runs.ladder_runs import encode, goals

LABELS = {
    "rnn": "RNN",
    "irnn": "IRNN",
    "lstm_b0": "LSTM bf = 0",
    "lstm_b1": "LSTM bf = 1",
    "lstm_b3": "LSTM bf = 3",
    "lstm_chrono": "LSTM chrono",
    "gru": "GRU",
}
CHECKPOINTS = [100, 200, 300, 400]


def made_up() -> pd.DataFrame:
    """四回だけ測った、小さな作り物の表。後のモデルほど、短い T ほど、早く解けます。

    種は六つで、T = 50 だけ九つです。IRNN の T = 100 では、200 回から二つの種が発散しています。
    一つは値がなく、一つは大きな値のままです。
    """
    rng, rows = np.random.default_rng(0), []
    for task, module in TASKS.items():
        for k, model in enumerate(MODELS):
            for T in (10, 25, 50) if task == "copy" else (10, 25, 50, 100):
                for seed in range(9 if T == 50 else 6):
                    row = {"task": task, "model": model, "T": T, "seed": seed}
                    if (model, T) == ("irnn", 100) and seed in (1, 4):
                        rows.append(
                            row | {"100": module.baseline(T), "diverged_at": 200}
                        )
                        if seed == 4:
                            rows[-1] |= {"200": 1e33, "300": 1e33, "400": 1e33}
                        continue
                    steps = rng.integers(1, 4) + (T // 25) - k // 3
                    for n, updates in enumerate(CHECKPOINTS):
                        solved = n >= steps
                        if module.OUTPUT == "class":
                            noise = rng.uniform(-0.03, 0.03)
                            metric = 1.0 if solved else module.baseline(T) + noise
                        else:
                            share = 0.03 if solved else rng.uniform(0.8, 1.3)
                            metric = module.baseline(T) * share
                        row[str(updates)] = metric
                        if solved:
                            row["solved_at"] = updates
                            break
                    rows.append(row)
    ends = ["solved_at", "diverged_at"]
    columns = ["task", "model", "T", "seed", *ends, *map(str, CHECKPOINTS)]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def table(monkeypatch) -> pd.DataFrame:
    """作り物の表。図は data/results/ladder.csv の代わりにこれを読みます。"""
    found = made_up()
    monkeypatch.setattr(data, "load", lambda name: {"ladder": found}[name])
    return found


def held(rows: pd.DataFrame, updates: int) -> np.ndarray:
    """updates 回での、発散していない種の物差し。解けてやめた種は、最後の値のまま。"""
    known = [name for name in rows if name.isdigit() and int(name) <= updates]
    left = rows[~(rows["diverged_at"] <= updates)]
    return left[known].ffill(axis=1).iloc[:, -1].to_numpy()


def shown_value(task: str, T: int, metric):
    """図の値: 正解率はそのまま、誤差は 1 − 誤差 / 記憶なしの誤差。"""
    module = TASKS[task]
    return metric if module.OUTPUT == "class" else 1 - metric / module.baseline(T)


def told_lines(page) -> list[str]:
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
    text = page.locator("[aria-live]").first.inner_text().replace("\u2009", " ")
    return [line for line in text.splitlines() if line]


def expected_line(table, task, model, T, updates) -> str:
    """モデルについて言うはずの文の頭。"""
    rows = table.query("task == @task and model == @model and T == @T")
    solved = rows["solved_at"][rows["solved_at"] <= updates]
    lost = (rows["diverged_at"] <= updates).sum()
    interval = str(Counted(len(solved), len(rows))).split("（")[1].removesuffix("）")
    of = f"{LABELS[model]}: {len(rows)} 個の種"
    when = f"（{interval}、中央値 {solved.median():g} 回で）"
    if solved.empty:
        none = f"なく、{lost} 個は発散しました" if lost else "ありません"
        return f"{of}のうち、解けたものは{none}（{interval}"
    if len(solved) == len(rows):
        return f"{of}がすべて解けました{when}"
    end = f"解け、{lost} 個は発散しました" if lost else "解けました"
    return f"{of}のうち {len(solved)} 個が{end}{when}"


def assert_told(page, table, task, models, T, updates):
    heading, *lines = told_lines(page)
    assert f"T = {T}、更新 {updates} 回まで" in heading
    without = float(re.search(r"は ([\d.]+) です。", heading)[1])
    assert without == pytest.approx(TASKS[task].baseline(T), abs=5.1e-4)
    assert len(lines) == len(models)
    for model, line in zip(models, lines, strict=True):
        assert line.startswith(expected_line(table, task, model, T, updates))
        if "中央値 " in line and "解けたもの" in line:
            told = float(re.search(r"中央値 ([−\d.]+)", line)[1].replace("−", "-"))
            rows = table.query("task == @task and model == @model and T == @T")
            value = shown_value(task, T, held(rows, updates)).clip(-0.2)
            # 0.005 刻みの記録と、二桁の文
            assert told == pytest.approx(np.median(value), abs=0.0026 + 0.0051)


# ---- 記録の形


@pytest.mark.parametrize("task", TASKS)
def test_the_packed_record_is_read_back_within_its_step(call, task):
    T, rng = 50, np.random.default_rng(1)
    best = 1.0 if TASKS[task].OUTPUT == "class" else 0.0
    metrics = np.linspace(TASKS[task].baseline(T), best, 40)
    metrics[rng.integers(0, 39, 3)] = np.nan
    found = call("runs/ladder_runs.js", "decode", encode(task, T, metrics))
    expected = shown_value(task, T, metrics)
    assert [v is None for v in found] == np.isnan(expected).tolist()
    known = ~np.isnan(expected)
    np.testing.assert_allclose(
        np.array(found, dtype=float)[known], expected[known], atol=0.00251
    )


def test_a_value_far_below_the_baseline_is_held_at_the_lowest_step(call):
    text = encode("adding", 10, [100.0, float("inf")])
    assert call("runs/ladder_runs.js", "decode", text) == pytest.approx([-0.2, -0.2])


@pytest.mark.parametrize("task", TASKS)
def test_the_goal_is_where_the_task_calls_a_metric_solved(task):
    lengths = [10, 50, 100]
    for T, goal in zip(lengths, goals(task, lengths)["goal"], strict=True):
        module = TASKS[task]
        if module.OUTPUT == "class":
            metrics = goal + np.array([1e-5, -1e-5])
        else:
            metrics = (1 - goal - np.array([1e-5, -1e-5])) * module.baseline(T)
        assert [module.is_solved(m, T) for m in metrics] == [True, False]


def test_a_seed_that_stopped_is_held_at_its_last_value(call):
    curve = encode("latch", 10, [0.5, 0.7, 1.0])
    values = [
        call("runs/ladder_runs.js", "valueAt", curve, CHECKPOINTS, u)
        for u in (50, 100, 250, 300, 400)
    ]
    assert values[0] is None
    assert values[1:] == pytest.approx([0.5, 0.7, 1.0, 1.0])


def test_the_summary_counts_what_pandas_counts(call, table):
    figure = LengthAccuracy()
    for (task, model, T), rows in table.groupby(["task", "model", "T"]):
        for updates in CHECKPOINTS:
            found = call(
                "runs/ladder_runs.js",
                "summarize",
                figure.runs[task][model][str(T)],
                CHECKPOINTS,
                updates,
            )
            solved = rows["solved_at"][rows["solved_at"] <= updates]
            assert found["seeds"] == len(rows)
            assert found["solved"] == len(solved)
            assert found["at"] == (solved.median() if len(solved) else None)
            lost = (rows["diverged_at"] <= updates).to_numpy()
            assert found["diverged"] == lost.sum()
            assert [v is None for v in found["values"]] == lost.tolist()
            value = shown_value(task, T, held(rows, updates)).clip(-0.2)
            known = [v for v in found["values"] if v is not None]
            np.testing.assert_allclose(known, value, atol=0.00251)
        break_after = task == "order"
        if break_after:
            break


@pytest.mark.parametrize("shape", ["square", "triangle", "down", "diamond", "star"])
def test_the_filled_shapes_are_about_as_large_as_the_dot(call, shape):
    path = call("kit/shapes.js", "outline", shape, 0, 0, 20)
    x, y = numbers(path).T
    area = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    assert area == pytest.approx(np.pi * 10**2, rel=0.4)
    assert call("kit/shapes.js", "isOpen", shape) is False


@pytest.mark.parametrize(("value", "index"), [(25, 1), (30, 1), (40, 2), (1000, 3)])
def test_a_value_between_the_stops_goes_to_the_nearest_by_ratio(call, value, index):
    assert call("kit/properties.js", "nearest", [10, 25, 50, 100], value) == index


# ---- 読者の前の図


def test_every_control_changes_the_sentence_to_what_the_table_says(mount, table):
    page = mount(LengthAccuracy(T=25, models=["rnn", "gru"]))
    assert_told(page, table, "latch", ["rnn", "gru"], 25, 400)
    page.get_by_role("slider", name="長さ").focus()
    page.keyboard.press("End")
    assert_told(page, table, "latch", ["rnn", "gru"], 100, 400)
    page.get_by_role("slider", name="更新の回数").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert_told(page, table, "latch", ["rnn", "gru"], 100, 200)
    for model in MODELS[1:-1]:
        page.get_by_role("checkbox").nth(MODELS.index(model)).check()
    assert_told(page, table, "latch", MODELS, 100, 200)
    page.get_by_role("checkbox", name="RNN", exact=True).uncheck()
    for label, task in (
        ("順序", "order"),
        ("if…then", "if_then"),
        ("足し算", "adding"),
    ):
        page.get_by_label(label).check()
        assert_told(page, table, task, MODELS[1:], 100, 200)
    # 写しは T = 50 まで。いちばん近い長さに移る
    page.get_by_label("写し").check()
    assert_told(page, table, "copy", MODELS[1:], 50, 200)


@pytest.mark.parametrize("task", TASKS)
def test_the_sentence_says_what_the_stored_experiment_says(mount, task):
    stored = data.load("ladder")
    lengths = sorted(stored.query("task == @task")["T"].unique().tolist())
    T = lengths[len(lengths) // 2]
    page = mount(LengthAccuracy(task=task, T=T, models=list(MODELS)))
    last = max(int(name) for name in stored if name.isdigit())
    assert_told(page, stored, task, MODELS, T, last)


def test_without_a_model_the_figure_asks_for_one(mount, table):
    page = mount(LengthAccuracy(models=[]))
    assert told_lines(page)[1:] == ["モデルを選んでください。"]


PATHS = """() => [...document.querySelectorAll(".rf-plot svg")].map((s) => [...s.querySelectorAll("path")].map((p) => p.style.display === "none" ? "" : p.getAttribute("d")).join("|"))"""


def test_every_control_changes_the_pictures(mount, table):
    page = mount(LengthAccuracy(T=25))

    def changed(act) -> list[bool]:
        before = page.evaluate(PATHS)
        act()
        told_lines(page)
        return [a != b for a, b in zip(before, page.evaluate(PATHS), strict=True)]

    def key(name, press):
        page.get_by_role("slider", name=name).focus()
        page.keyboard.press(press)

    assert changed(lambda: key("長さ", "ArrowRight")) == [True, True]
    assert changed(lambda: key("更新の回数", "Home")) == [True, True]
    assert changed(lambda: page.get_by_role("checkbox", name="IRNN").check()) == [
        True,
        True,
    ]
    assert changed(lambda: page.get_by_label("順序").check()) == [True, True]


def test_a_click_picks_the_length_and_the_number_of_updates(mount, table):
    page = mount(LengthAccuracy(T=25))
    for n, (x, name, value) in enumerate(
        [(-20, "長さ", "100 歩"), (60, "更新の回数", "100 回")]
    ):
        box = page.locator(".rf-plot svg").nth(n).bounding_box()
        page.mouse.click(box["x"] + (x % box["width"]), box["y"] + 100)
        told_lines(page)
        control = page.get_by_role("slider", name=name)
        assert control.get_attribute("aria-valuetext") == value


def numbers(path: str) -> np.ndarray:
    return np.array([p.split(",") for p in re.findall(r"[-\d.]+,[-\d.]+", path)], float)


@pytest.mark.parametrize("task", ["order", "adding"])
def test_the_lines_and_the_dots_lie_where_the_table_says(mount, table, task):
    page = mount(LengthAccuracy(task=task, T=25, models=["lstm_b1"], updates=200))
    told_lines(page)
    upper, lower = page.locator(".rf-plot svg").all()
    low, high = 270 - 40 - 22, 8
    floor = 0.1 - 0.12 if task == "order" else -0.12
    column = {name: MODELS.index(name) for name in MODELS}["lstm_b1"]

    def height_of(value):
        value = np.maximum(value, floor + 0.09)
        return low - (low - high) * (value - floor) / (1.02 - floor)

    # 上: 種ごとの点。どのモデルにも、値の印と発散の印が一つずつあります。輪郭の一点目は、ひし形の上の頂点
    dots = upper.locator("path.rf-markers").nth(2 * column).get_attribute("d")
    tops = np.array([numbers(part)[0] for part in dots.split("M")[1:]])
    rows = table.query("task == @task and model == 'lstm_b1'").sort_values(
        ["T", "seed"]
    )
    value = np.concatenate(
        [shown_value(task, T, held(group, 200)) for T, group in rows.groupby("T")]
    )
    half_pixel = 0.0026 * (low - high) / (1.02 - floor) + 0.06
    np.testing.assert_allclose(
        tops[:, 1] + 1.25 * 2.25, height_of(value), atol=half_pixel
    )
    # 種は横に並び、どの二つも重ならない。隣の T とも混ざらない
    assert len(np.unique(tops[:, 0])) == len(rows)
    assert (np.diff(tops[:, 0]) > 0).all()
    # 下: 種ごとの線
    curves = lower.locator("path.rf-line").nth(column).get_attribute("d")
    lines = [numbers(part) for part in curves.split("M")[1:]]
    at_25 = rows.query("T == 25")
    assert len(lines) == len(at_25)
    for line, (_, row) in zip(lines, at_25.iterrows(), strict=True):
        metrics = row[[str(n) for n in CHECKPOINTS]].dropna().to_numpy(float)
        np.testing.assert_allclose(
            line[:, 1], height_of(shown_value(task, 25, metrics)), atol=half_pixel
        )
    ends = lower.locator("path.rf-markers").nth(2 * column).get_attribute("d")
    assert ends.count("M") == at_25["solved_at"].notna().sum()


def test_a_diverged_seed_is_a_cross_at_the_bottom_and_ends_its_line(mount, table):
    page = mount(LengthAccuracy(task="adding", T=100, models=["irnn"], updates=400))
    told_lines(page)
    upper, lower = page.locator(".rf-plot svg").all()
    low, high = 270 - 40 - 22, 8
    bottom = low - (low - high) * 0.04 / (1.02 + 0.12)

    def crosses(svg):
        """丸に×の印の中心。×は、丸のあとの四つの点です。"""
        drawn = "".join(
            path.get_attribute("d") or ""
            for path in svg.locator("path.rf-markers").all()
        )
        marks = re.findall(r"M[\d.,-]+a[^M]+Z(M[^M]+M[^Ma]+)(?=M|$)", drawn)
        return np.array([numbers(mark).mean(axis=0) for mark in marks]).reshape(-1, 2)

    for svg in (upper, lower):
        found = crosses(svg)
        assert len(found) == 2
        np.testing.assert_allclose(found[:, 1], bottom, atol=0.15)
    assert len(np.unique(crosses(upper)[:, 0])) == 2  # 種は横に並びます
    # 右の図: 発散した 200 回に印があり、線はその手前の 100 回で終わります
    column = MODELS.index("irnn")
    curves = lower.locator("path.rf-line").nth(column).get_attribute("d")
    ends = sorted(len(numbers(part)) for part in curves.split("M")[1:])
    assert ends[:2] == [1, 1] and len(ends) == 6
    # 発散する前の回数では、まだ印はありません
    page.get_by_role("slider", name="更新の回数").focus()
    page.keyboard.press("Home")
    told_lines(page)
    assert len(crosses(upper)) == 0


def test_the_legend_shows_the_mark_of_a_diverged_seed_and_no_model_has_it(mount, table):
    page = mount(LengthAccuracy(T=25))
    entry = page.locator(".rf-legend span")
    assert "発散した種" in entry.inner_text()
    mark = entry.locator("path.rf-markers").get_attribute("d")
    models = page.locator(".rf-checks path.rf-markers")
    assert models.count() == len(MODELS)
    assert mark not in [path.get_attribute("d") for path in models.all()]


def test_a_figure_drawn_off_the_page_appears_and_lets_go_when_removed(detached, table):
    left = detached(LengthAccuracy(train=print))
    assert left["lines"] >= 6
    assert left["buttons"] == 4  # はじめに戻す、値を CSV で、学習し直す、止める
    assert left["listeners"] == 0


def test_models_of_one_colour_differ_in_shape_and_in_dash(mount, table):
    page = mount(LengthAccuracy(T=25, models=list(MODELS)))
    samples = page.locator(".rf-checks svg")
    looks = [
        (
            path[0].get_attribute("style"),
            re.sub(r"[\d.-]+", "", path[1].get_attribute("d")),
        )
        for path in (
            samples.nth(n).locator("path").all() for n in range(samples.count())
        )
    ]
    assert len({style for style, _ in looks}) == len(MODELS)
    assert len(set(looks)) == len(MODELS)


# ---- 引数


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"task": "parity"}, "task"),
        ({"T": 33}, "T"),
        ({"task": "copy", "T": 100}, "T"),
        ({"models": ["lstm"]}, "models"),
        ({"models": "gru"}, "models"),
        ({"updates": 150}, "updates"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(table, arguments, name):
    with pytest.raises(ValueError, match=rf"引数 {name} は.*です。"):
        LengthAccuracy(**arguments)


def test_the_models_stand_in_one_order(table):
    figure = LengthAccuracy(models=["gru", "rnn"])
    assert repr(figure) == ("LengthAccuracy(models=['rnn', 'gru'])")


# ---- この条件で学習し直す


class Kernel:
    """頁の図と、Python の図をつなぐもの。"""

    def __init__(self, page, figure):
        self.page, self.figure, self.read = page, figure, 0
        figure.send = lambda content, buffers=None: page.evaluate(
            "(content) => window.fromKernel(content)", content
        )

    def exchange(self) -> None:
        """頁が送ったものを Python に渡し、Python の値を頁に渡します。"""
        sent = self.page.evaluate("window.sent")
        for content in sent[self.read :]:
            self.figure._handle_custom_msg(content, [])
        self.read = len(sent)
        for name in ("training", "mine"):
            value = getattr(self.figure, name)
            self.page.evaluate("([n, v]) => window.model.set(n, v)", [name, value])

    def until(self, done) -> None:
        deadline = time.monotonic() + 120
        while not done():
            assert time.monotonic() < deadline, self.figure.training
            self.exchange()
            time.sleep(0.01)
        self.exchange()


class Training:
    """門が開くたびに一回測る、作り物の学習。"""

    def __init__(self):
        self.calls, self.gate = [], threading.Semaphore(0)

    def __call__(self, task, model, T, seed, updates, progress):
        self.calls.append((task, model, T, seed, updates))
        curve = []
        for update, metric in ((100, 0.25), (200, 0.5), (300, 1.0)):
            self.gate.acquire()
            curve.append(metric)
            progress(update, metric)
        return {"curve": curve, "solved_at": 300, "diverged_at": None}


@pytest.fixture
def training(mount, table):
    train = Training()
    figure = LengthAccuracy(task="order", T=25, models=["gru"], train=train)
    page = mount(figure)
    yield train, Kernel(page, figure), page
    train.gate.release(99)


def test_where_no_kernel_answers_the_place_says_how_to_get_one(mount, table):
    page = mount(LengthAccuracy(train=print))
    told = page.locator(".rf-kernel").inner_text()
    assert "「この条件で学習し直す」は Python で計算します" in told
    assert "Colab か手元の Jupyter で開くと動きます" in told
    assert page.locator(".rf-kernel button").count() == 0


def test_without_a_training_function_nothing_is_promised(mount, table):
    assert mount(LengthAccuracy()).locator(".rf-kernel").count() == 0


def test_the_reader_trains_again_and_the_run_joins_the_picture(training):
    train, kernel, page = training
    kernel.exchange()
    button = page.get_by_role("button", name="この条件で学習し直す")
    bar = page.get_by_role("progressbar")
    assert bar.count() == 0
    button.click()
    kernel.until(lambda: train.calls)
    assert train.calls == [("order", "gru", 25, 9, 400)]  # 表にない種
    assert button.get_attribute("aria-disabled") == "true"
    assert bar.evaluate("(b) => b.value") == 0
    # 学習の途中で、棒と線が伸びる
    for n, share in ((1, 0.25), (2, 0.5)):
        train.gate.release()
        kernel.until(lambda share=share: kernel.figure.training["share"] == share)
        assert bar.evaluate("(b) => b.value") == share
        line = page.locator(".rf-plot svg").nth(1).locator("path.rf-line").last
        told_lines(page)
        assert len(numbers(line.get_attribute("d"))) == n
    assert "種 9 で学習しています（50 %）" in page.locator(".rf-kernel").inner_text()
    train.gate.release()
    kernel.until(lambda: kernel.figure.mine)
    kernel.until(lambda: kernel.figure.training == {})
    assert kernel.figure.mine[0]["solved_at"] == 300
    assert told_lines(page)[-1] == "あなたの学習、GRU（種 9）: 300 回で解けました"
    star = page.locator(".rf-plot svg").first.locator("path.rf-markers").last
    assert star.get_attribute("d").count("M") == 1
    # もう一度なら、次の種
    button.click()
    kernel.until(lambda: len(train.calls) == 2)
    assert train.calls[1][3] == 10


def test_a_training_of_the_reader_that_diverges_is_told_as_such(mount, table):
    def diverge(task, model, T, seed, updates, progress):
        progress(100, 0.25)
        progress(200, float("nan"))
        return {"curve": [0.25], "solved_at": None, "diverged_at": 200}

    figure = LengthAccuracy(task="adding", T=25, models=["irnn"], train=diverge)
    page = mount(figure)
    kernel = Kernel(page, figure)
    kernel.exchange()
    page.get_by_role("button", name="この条件で学習し直す").click()
    kernel.until(lambda: figure.mine)
    assert told_lines(page)[-1] == "あなたの学習、IRNN（種 9）: 200 回で発散しました"


def test_a_second_press_while_training_is_refused(training):
    train, kernel, page = training
    kernel.exchange()
    button = page.get_by_role("button", name="この条件で学習し直す")
    button.click()
    button.click()  # 画面がまだ知らないうちの二度目
    kernel.until(lambda: train.calls)
    button.dispatch_event("click")
    kernel.exchange()
    assert len(train.calls) == 1
    train.gate.release(3)
    kernel.until(lambda: kernel.figure.training == {})
    assert len(train.calls) == 1
    assert len(kernel.figure.mine) == 1


def test_the_reader_stops_a_training_and_nothing_is_added(training):
    train, kernel, page = training
    kernel.exchange()
    page.get_by_role("button", name="この条件で学習し直す").click()
    kernel.until(lambda: train.calls)
    page.get_by_role("button", name="止める").click()
    kernel.exchange()
    train.gate.release()
    kernel.until(lambda: kernel.figure.training == {})
    assert kernel.figure.mine == []
    assert page.get_by_role("button", name="止める").count() == 0


def test_a_failure_of_the_training_is_told_in_japanese(mount, table):
    def fail(**_):
        raise MemoryError("足りません")

    figure = LengthAccuracy(train=fail)
    page = mount(figure)
    kernel = Kernel(page, figure)
    kernel.exchange()
    page.get_by_role("button", name="この条件で学習し直す").click()
    kernel.until(lambda: "error" in figure.training)
    assert (
        "学習できませんでした。MemoryError: 足りません"
        in page.locator(".rf-kernel").inner_text()
    )
    button = page.get_by_role("button", name="この条件で学習し直す")
    assert button.get_attribute("aria-disabled") == "false"


def test_a_request_outside_the_experiment_is_refused(table):
    figure = LengthAccuracy(train=print)
    for request in (
        {"task": "latch", "model": "gru", "T": 33},
        {"task": "latch", "model": "lstm", "T": 50},
        {"task": "parity", "model": "gru", "T": 50},
    ):
        with pytest.raises(ValueError, match=r"引数 .* は.*のどれかです。"):
            figure._answer(figure, {"train": request}, [])
    assert figure.training == {}


def test_the_training_of_the_ladder_is_what_the_figure_expects(table):
    from rnnbook.experiments import ladder

    figure = LengthAccuracy(train=ladder.train_one)
    figure._answer(figure, {"train": {"task": "latch", "model": "irnn", "T": 10}}, [])
    figure._worker.join()
    assert figure.training == {}
    (run,) = figure.mine
    record = ladder.train_one("latch", "irnn", T=10, seed=run["seed"], updates=400)
    assert run["seed"] == 9
    assert run["solved_at"] == (record["solved_at"] or 0)
    assert run["curve"] == encode("latch", 10, record["curve"])


REAL = """
import threading
import pandas as pd
from rnnbook import data
data.load = lambda name: pd.read_csv({path!r})
from rnnbook.widgets.length_accuracy import LengthAccuracy
go = threading.Event()
def train(task, model, T, seed, updates, progress):
    go.wait()
    for update in (100, 200):
        progress(update, 0.5)
    return {{"curve": [0.5, 0.5, 1.0], "solved_at": 300, "diverged_at": None}}
figure = LengthAccuracy(train=train)
print(figure.comm.comm_id)
"""


def test_a_real_kernel_trains_in_the_background_and_sends_its_progress(tmp_path):
    from jupyter_client.manager import start_new_kernel

    path = tmp_path / "ladder.csv"
    made_up().to_csv(path, index=False)
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        said = []
        client.execute_interactive(
            REAL.format(path=str(path)),
            timeout=300,
            output_hook=lambda m: said.append(m["content"].get("text", "")),
        )
        comm = "".join(said).strip()
        content = {"train": {"task": "latch", "model": "gru", "T": 50}}
        for value in ({"kernel": "?"}, content):
            message = client.session.msg(
                "comm_msg",
                {"comm_id": comm, "data": {"method": "custom", "content": value}},
            )
            client.shell_channel.send(message)
        # 学習を待たせている間も、カーネルはほかのセルを動かす
        client.execute("go.set()")
        heard, shares, mine = [], [], []
        deadline = time.monotonic() + 300
        while not mine and time.monotonic() < deadline:
            message = client.get_iopub_msg(timeout=300)
            if message["msg_type"] != "comm_msg":
                continue
            body = message["content"]["data"]
            heard.append(body.get("content"))
            state = body.get("state", {})
            shares += [state["training"].get("share")] if "training" in state else []
            mine += state.get("mine", [])
        assert {"kernel": "here"} in heard
        assert shares[:3] == [0, 0.25, 0.5]
        assert mine[0]["seed"] == 9
        assert mine[0]["solved_at"] == 300
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


# ---- 大きさ


def test_the_numbers_of_the_figure_weigh_little():
    figure = LengthAccuracy()
    state = {k: v for k, v in figure.get_state().items() if k[0] != "_"}
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"), default=str)
    assert len(gzip.compress(text.encode(), 9)) <= 28_000  # 2210 回の学習


def test_on_a_phone_the_first_graph_is_seen_together_with_the_sliders(page, mount):
    page.set_viewport_size({"width": 360, "height": 740})
    mount(LengthAccuracy(task="latch", T=25, models=["rnn", "lstm_b0", "lstm_b1"]))
    top = page.locator(".rnnbook-figure").first.bounding_box()["y"]
    graph = page.locator(".rf-plot").first.bounding_box()
    assert graph["y"] + graph["height"] - top <= 740
