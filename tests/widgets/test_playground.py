"""RNN の遊び場の図: 記録と文は値から決まり、つまみは実行を正しく始め直すか続け、読めないものは断られます。"""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from scipy.stats import binomtest

from rnnbook import data
from rnnbook.widgets.playground import Playground


def wilson(k: int, n: int):
    """SciPy の、ウィルソンの 95 % 区間。"""
    return binomtest(k, n).proportion_ci(method="wilson")


CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
ROOM = "playground/"
TINY = {"H": 8, "B": 16, "T": 10}
GOAL = {"goal": 0.99, "metric": "accuracy"}


def rows_of(metrics):
    return [
        {"step": n + 1, "loss": 0.5, "metric": float(m), "norm": 1.0}
        for n, m in enumerate(metrics)
    ]


@pytest.fixture
def history(call, bench):
    """history(物差しの並び, B, 長さを変える所) は、記録に加えたあとの記録。"""
    script = """async ([metrics, B, goal, lengths]) => {
      const { addRows, changeLength, newHistory } = await import("/playground/history.js");
      const found = newHistory({ B, T: 10 });
      metrics.forEach((row, n) => {
        if (lengths[n]) changeLength(found, lengths[n]);
        addRows(found, [row], goal);
      });
      return found;
    }"""

    def make(metrics, B=32, goal=GOAL, lengths=None):
        turns = {str(k): v for k, v in (lengths or {}).items()}
        return bench.evaluate(script, [rows_of(metrics), B, goal, turns])

    return make


def test_the_thick_line_is_the_mean_of_the_last_512_sequences(history):
    metrics = np.random.default_rng(0).random(60)
    found = history(metrics, B=32)["smooth"]
    expected = [metrics[max(0, n - 16) : n].mean() for n in range(1, 61)]
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(("B", "width"), [(32, 16), (1, 512), (100, 6), (1000, 1)])
def test_the_window_holds_512_sequences_whatever_the_batch(call, B, width):
    assert call(ROOM + "history.js", "windowOf", B) == width


def test_a_run_is_solved_when_the_mean_of_a_full_window_reaches_the_goal(history):
    metrics = [0.5] * 20 + [1.0] * 30
    found = history(metrics)
    first = next(
        n for n in range(16, 51) if np.mean(metrics[n - 16 : n]) >= GOAL["goal"]
    )
    assert found["solvedAt"] == first == 36
    # はじめの数回が当たっても、窓がそろうまでは解けたとしない
    assert history([1.0] * 15)["solvedAt"] is None


def test_a_change_of_length_starts_the_count_of_solved_anew(history):
    found = history([1.0] * 40, lengths={20: 50})
    assert found["lengths"] == [[20, 50]]
    assert found["config"]["T"] == 50
    assert found["solvedAt"] == 36


LATE = """async ([steps, goal]) => {
  const { addRows, changeLength, lengthFrom, newHistory, solvedIn } = await import("/playground/history.js");
  const found = newHistory({ B: 32, T: 10 });
  for (const [change, T, metrics] of steps) {
    if (change) changeLength(found, change);
    for (const metric of metrics) addRows(found, [{ step: found.rows.length + 1, metric, T }], goal);
  }
  return { ...found, from: lengthFrom(found), solvedIn: solvedIn(found) };
}"""


def test_late_updates_of_the_length_before_do_not_solve_the_new_one(bench):
    steps = [[None, 10, [0.5] * 10], [200, 10, [1.0] * 40], [None, 200, [0.25] * 30]]
    found = bench.evaluate(LATE, [steps, GOAL])
    assert found["solvedAt"] is None
    assert found["lengths"] == [[50, 200]] and found["from"] == 50
    assert found["smooth"][49] == 1 and found["smooth"][50] == 0.25


def test_two_changes_of_length_at_once_are_told_apart_by_the_updates(bench):
    steps = [[None, 10, [0.5] * 10], [25, 10, []], [50, 10, [0.5] * 2],
             [None, 25, [1.0] * 20], [None, 50, [1.0] * 20]]  # fmt: skip
    found = bench.evaluate(LATE, [steps, GOAL])
    assert found["lengths"] == [[12, 25], [32, 50]]
    # 通しで 48 回目、いまの長さでは 16 回目
    assert (found["solvedAt"], found["solvedIn"]) == (48, 16)


TRAINER = """export function createTrainer({ progress, refused }) {
  [window.tell, window.refuse] = [progress, refused];
  return { start: () => 1, go() {}, pause() {}, setLength() {}, set() {}, close() {} };
}"""
GRADIENTS = """async (notes) => {
  const { mounted } = await import("/kit/scope.js");
  const { createRunner } = await import("/playground/runner.js");
  let runner;
  mounted(() => { runner = createRunner(() => {}, () => {}); }).render({ el: document.createElement("div"), model: {} });
  runner.set({ T: 10, B: 32 });
  return notes.map(([asked, T, gradients]) => {
    if (asked) runner.set({ T: asked, B: 32 });
    const rows = [{ step: 1, loss: 1, metric: 0.5, norm: 1, T }];
    tell({ run: 1, rows, sizes: { T, steps: T, metric: "accuracy" }, goal: 0.99, gradients, first: gradients && { T, gradients } });
    return runner.history.firstGradients;
  });
}"""


def test_the_dotted_line_waits_for_the_gradients_of_its_own_length(page, modules_url):
    page.route(
        "**/nn/train/trainer.js",
        lambda route: route.fulfill(body=TRAINER, content_type="text/javascript"),
    )
    page.goto(modules_url + "kit/figure.css")
    notes = [[None, 10, [1, 2]], [75, 50, [3, 4]], [None, 75, [5, 6]], [None, 75, [7, 8]]]  # fmt: skip
    assert page.evaluate(GRADIENTS, notes) == [[1, 2], None, [5, 6], [5, 6]]


RUNNER = """async (act) => {
  const { mounted } = await import("/kit/scope.js");
  const { createRunner } = await import("/playground/runner.js");
  const { describe } = await import("/playground/sentence.js");
  let runner;
  const asked = [];
  mounted(() => { runner = createRunner(() => {}, (T) => asked.push(T)); }).render({ el: document.createElement("div"), model: {} });
  const set = (T) => runner.set({ task: "latch", cell: "rnn", start: "uniform", T, B: 32 });
  let step = 0;
  const tell = (n, T, more = {}) => window.tell({
    run: 1, rows: Array.from({ length: n }, () => ({ step: ++step, loss: 1, metric: 0.5, norm: 1, T })),
    sizes: { T, steps: T, metric: "accuracy", output: "class" }, baseline: 0.5, goal: 0.99, gradients: Array(T).fill(step), ...more,
  });
  const said = () => describe(runner.history, runner.about, runner.running);
  return new Function("runner", "set", "tell", "said", "asked", act)(runner, set, tell, said, asked);
}"""


@pytest.fixture
def runner(page, modules_url):
    """runner(本文) は、学習の係を替えた一つの実行で、JavaScript の本文が返す値。"""
    page.route(
        "**/nn/train/trainer.js",
        lambda route: route.fulfill(body=TRAINER, content_type="text/javascript"),
    )
    page.goto(modules_url + "kit/figure.css")
    return lambda act: page.evaluate(RUNNER, act)


def test_the_refusal_of_a_length_leaves_the_one_asked_for_since(runner):
    found = runner("""set(50); runner.go(); tell(3, 50); set(200); set(10);
      refuse("200 は長すぎます。", { asked: 200, T: 50 });
      tell(20, 10);
      return { said: said(), lengths: runner.history.lengths, T: runner.history.config.T, asked }""")
    assert "長すぎます" not in found["said"] and found["asked"] == []
    assert found["lengths"] == [[3, 10]] and found["T"] == 10


def test_the_refusal_of_the_last_length_asked_for_is_told_and_taken_back(runner):
    found = runner("""set(50); runner.go(); tell(3, 50); set(200);
      refuse("200 は長すぎます。", { asked: 200, T: 50 });
      return { said: said(), lengths: runner.history.lengths, T: runner.history.config.T, asked }""")
    assert "長すぎます" in found["said"] and found["asked"] == [50]
    assert found["lengths"] == [] and found["T"] == 50


def test_a_refused_example_does_not_touch_a_length_on_its_way(runner):
    found = runner("""set(50); runner.go(); tell(3, 50); set(25);
      refuse("例が違います。", { T: 50 });
      return { lengths: runner.history.lengths, T: runner.history.config.T, asked }""")
    assert found == {"lengths": [[3, 25]], "T": 25, "asked": []}


def test_a_very_long_run_pauses_and_goes_on_when_asked(runner):
    found = runner("""set(2); runner.go(); tell(99_000, 2);
      const seen = [runner.running];
      tell(1_500, 2);
      seen.push(runner.running, said());
      runner.go(); tell(1_000, 2);
      return [...seen, runner.running, said()]""")
    assert found[:2] == [True, False] and "10 万回ごとに一時停止します" in found[2]
    assert found[3] is True and "一時停止" not in found[4]


def test_a_loss_is_solved_below_its_goal_and_never_without_one(history):
    loss = {"goal": 0.01, "metric": "squared_error"}
    assert history([0.009] * 20, goal=loss)["solvedAt"] == 16
    assert history([0.011] * 20, goal=loss)["solvedAt"] is None
    assert history([0.0] * 20, goal=loss | {"goal": None})["solvedAt"] is None


def test_the_axis_of_the_gradients_holds_every_norm_and_only_widens(call):
    norms = (10.0 ** np.random.default_rng(2).uniform(-9, -2, 40)).tolist()
    low, high = call(ROOM + "history.js", "decades", [norms, None], None)
    assert low <= min(norms) and max(norms) <= high
    assert np.log10([low, high]) % 1 == pytest.approx([0, 0], abs=1e-9)
    wider = call(ROOM + "history.js", "decades", [[1e-5, 0.0]], [low, high])
    assert wider == [low, high]
    assert call(ROOM + "history.js", "decades", [[0.0, None]], None) == [1e-6, 1]


def test_the_reach_is_the_first_norm_over_the_last(call):
    assert call(ROOM + "history.js", "reach", [2e-6, 1e-3, 0.5]) == pytest.approx(4e-6)
    assert call(ROOM + "history.js", "reach", [0, 0]) is None
    assert call(ROOM + "history.js", "reach", []) is None


def test_the_band_of_ten_seeds_is_their_least_and_largest(call):
    rng = np.random.default_rng(3)
    all_ = [rng.random(n).tolist() for n in (30, 20, 25)]
    found = call(ROOM + "seeds_panel.js", "bandOf", all_)
    # 早くやめた種は、やめたときの値のまま
    padded = np.array([v + [v[-1]] * (30 - len(v)) for v in all_])
    steps = np.array(found["band"])[:, 0].astype(int)
    np.testing.assert_array_equal(steps, range(1, 31))
    np.testing.assert_allclose(np.array(found["band"])[:, 1], padded.min(0))
    np.testing.assert_allclose(np.array(found["band"])[:, 2], padded.max(0))
    np.testing.assert_allclose(np.array(found["middle"])[:, 1], np.median(padded, 0))


def test_the_band_of_a_long_count_ends_at_its_last_update(call):
    all_ = [np.linspace(0, 1, n).tolist() for n in (401, 200)]
    found = call(ROOM + "seeds_panel.js", "bandOf", all_)
    assert found["band"][-1] == [401, 1, 1] and found["middle"][-1] == [401, 1]
    assert len(found["band"]) <= 150


def test_the_end_of_the_band_is_told(call):
    ends = [[0.1, 0.5], [0.9], [], [0.2, 0.25, 1.0]]
    said = call(ROOM + "seeds_panel.js", "describeEnds", ends, "accuracy")
    assert "正解率 0.50 から 1.00 までで、中央値は 0.90 です。" in said
    assert call(ROOM + "seeds_panel.js", "describeEnds", [[0.5]], "accuracy") == ""


def test_data_of_the_reader_are_counted_without_the_word_solved(call):
    rule = call(ROOM + "seeds_panel.js", "describeSeeds", [40, None], 300, "own_rule")
    assert "2 個の種のうち 1 個が、300 回までに学習の例にほぼすべて正解しました" in rule
    series = call(
        ROOM + "seeds_panel.js", "describeSeeds", [None, None], 300, "own_series"
    )
    assert series == "2 個の種を、300 回ずつ学習しました。"


def test_ten_seeds_are_counted_with_their_interval(call):
    said = call(ROOM + "seeds_panel.js", "describeSeeds", [40, None, 80, 400], 300)
    low, high = wilson(2, 4)
    assert "4 個の種のうち 2 個が、300 回までに解けました" in said
    assert f"{100 * low:.0f}〜{100 * high:.0f} %" in said
    assert "中央値は 60 回" in said


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (0.0123, "0.012"), (3.24e-9, "3.2×$10^{-9}$"), (0, "0"),
     (9.97e-7, "1.0×$10^{-6}$"), (250.0, "250")],
)  # fmt: skip
def test_a_number_keeps_two_digits(call, value, text):
    assert call(ROOM + "sentence.js", "twoDigits", value) == text


def test_the_dots_are_the_solved_seeds_of_chapter_3():
    table = data.load("ladder")
    found = Playground().ladder
    for (task, model, T), rows in table.groupby(["task", "model", "T"]):
        at = found[task][model][str(T)]
        assert len(at) == len(rows)
        solved = rows["solved_at"].dropna()
        assert sorted(v for v in at if v) == sorted(solved)


def test_the_sentence_counts_the_solved_seeds_of_chapter_3(call):
    said = call(ROOM + "sentence.js", "describeMeasured", [100, 0, 300, 200])
    low, high = wilson(3, 4)
    assert "4 個の種のうち 3 個が解け" in said and "中央値は 200 回" in said
    assert f"{100 * low:.0f}〜{100 * high:.0f} %" in said
    none = call(ROOM + "sentence.js", "describeMeasured", [0] * 10)
    assert "10 個の種のどれも解けませんでした" in none


def test_the_texts_of_the_boxes_are_those_of_the_page(bench):
    starts = bench.evaluate(
        "async () => (await import('/playground/own_data.js')).OWN_STARTS"
    )
    figure = Playground()
    assert figure.rule.replace(";", "\n") == starts["own_rule"]
    assert figure.series == starts["own_series"]


CONFIG = """async ([values, which]) => {
  const { configOf } = await import("/playground/config.js");
  return configOf((name) => values[name], which);
}"""


def config_of(bench, figure, which="A"):
    values = {row.name: getattr(figure, row.name) for row in Playground.table()}
    return bench.evaluate(CONFIG, [values, which])


def test_the_second_run_differs_only_in_its_own_values(bench):
    figure = Playground(
        task="order", cell="gru", T=40, seed=3, compare="on", cell_B="lstm", b_f_B="3"
    )
    a, b = config_of(bench, figure), config_of(bench, figure, "B")
    assert (a["cell"], a["forget_bias"], a["seed"]) == ("gru", None, 3)
    assert (b["cell"], b["forget_bias"], b["seed"]) == ("lstm", 3, 1)
    for name in ("task", "T", "H", "B", "optimizer"):
        assert a[name] == b[name]


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"cell": "gru"}, "restart"), ({"T": 50}, "length"), ({"clip": 3}, "values"),
     ({"learning_rate": 0.01}, "values"), ({"seed": 2}, "restart"),
     ({"T": 50, "H": 4}, "restart"), ({}, "same")],
)  # fmt: skip
def test_only_a_length_a_rate_and_a_bound_keep_the_weights(call, bench, changed, what):
    before = config_of(bench, Playground())
    assert call(ROOM + "config.js", "change", before, before | changed) == what


def test_the_picture_of_the_states_is_their_sign_and_size(call):
    T, H = 5, 3
    h = np.random.default_rng(4).uniform(-1, 1, (T, H))
    colors = [[1, 2, 3], [4, 5, 6]]
    found = call(ROOM + "states.js", "pixels", h.ravel().tolist(), T, H, colors)
    pixels = np.array(found).reshape(H, T, 4)
    np.testing.assert_allclose(pixels[..., 3], 255 * np.abs(h.T), atol=0.5)
    np.testing.assert_array_equal(pixels[..., 0], np.where(h.T < 0, 4, 1))


SIZES = {"D": 3, "steps": 2, "symbols": ["a", "b", "c"], "answers": ["no", "yes"]}


def test_the_reader_changes_the_input_of_one_time_only(call):
    x = [1, 0, 0, 0, 1, 0]
    look = ROOM + "look_panel.js"
    assert call(look, "inputWord", x, 2, SIZES) == "b"
    assert call(look, "withInput", x, 2, 2, SIZES) == [1, 0, 0, 0, 0, 1]
    assert call(look, "withInput", x, 1, -1, SIZES) == [0, 0, 0, 0, 1, 0]
    numbers = {"D": 1, "steps": 2, "symbols": None, "answers": None}
    assert call(look, "withInput", [0.5, 1], 2, [0, -1], numbers) == [0.5, -1]


# ---- 動く図


@pytest.fixture
def live(mount):
    """live(引数…) は、図を描いたページ。"""

    def draw(**values):
        page = mount(Playground(**(TINY | values)))
        # 画面で一回だけ押せる、最初のボタンの列
        page.buttons = page.get_by_role("group", name="学習を動かす")
        return page

    return draw


def said(page) -> str:
    return re.sub(r"\s", "", page.locator(".rf-live").first.inner_text())


def shown_gradients(page) -> str:
    """勾配の図の、いまの勾配の線。"""
    lines = page.locator(".rf-pair > div").last.locator("path.rf-line")
    return max((line.get_attribute("d") or "" for line in lines.all()), key=len)


def press(page, name):
    page.buttons.get_by_role("button", name=name).click()


def wait_for(page, pattern, selector=".rf-live"):
    page.wait_for_function(
        "([s, p]) => new RegExp(p).test(document.querySelector(s).textContent)",
        arg=[selector, pattern],
    )


def updates(page) -> int:
    found = re.search(r"更新(\d+)回", said(page))
    return int(found[1]) if found else 0


def test_nothing_is_trained_before_the_reader_asks(live):
    page = live()
    assert "「学習」を押すと" in said(page)
    assert updates(page) == 0


def test_one_press_makes_one_update_and_a_restart_takes_it_back(live):
    page = live()
    press(page, "一回だけ")
    wait_for(page, "更新 1 回")
    press(page, "一回だけ")
    wait_for(page, "更新 2 回")
    press(page, "やり直し")
    wait_for(page, "「学習」を押すと")


def test_the_run_goes_on_until_it_is_paused_and_then_stands_still(live):
    page = live()
    press(page, "学習")
    wait_for(page, r"更新 \d\d+ 回")
    press(page, "一時停止")
    wait_for(page, "学習", ".rf-play-buttons button")
    page.wait_for_function(
        "() => document.querySelector('.rf-play-facts').textContent.indexOf('毎秒') < 0"
    )
    first = page.locator(".rf-pair path.rf-line").nth(3).get_attribute("d")
    press(page, "一回だけ")
    page.wait_for_function(
        "(d) => document.querySelectorAll('.rf-pair path.rf-line')[3].getAttribute('d') !== d",
        arg=first,
    )


def test_a_longer_series_goes_on_with_the_same_weights_and_another_cell_does_not(live):
    page = live()
    for n in range(3):
        press(page, "一回だけ")
        wait_for(page, f"更新 {n + 1} 回")
    page.get_by_role("slider", name="系列長").press("ArrowRight")  # 10 → 25
    press(page, "一回だけ")
    wait_for(page, "= 25。更新 4 回")
    page.get_by_label("セル", exact=True).select_option("gru")
    wait_for(page, "GRU、.*= 25。「学習」を押すと")


def test_a_condition_that_is_handed_over_starts_from_the_first_weights(live):
    page = live()
    press(page, "一回だけ")
    wait_for(page, "更新 1 回")
    page.evaluate("window.model.set('T', 25)")
    wait_for(page, "= 25。「学習」を押すと")
    press(page, "一回だけ")
    wait_for(page, "= 25。更新 1 回")


def test_a_mission_starts_afresh_even_where_its_condition_holds_already(live):
    page = live(H=32, B=32)
    page.get_by_text("六つの課題").click()
    mission = page.locator(".rf-mission").first
    mission.get_by_role("button", name="この条件にする").click()
    press(page, "一回だけ")
    wait_for(page, "= 50。更新 1 回")
    mission.get_by_role("button", name="この条件にする").click()
    wait_for(page, "= 50。「学習」を押すと")


def test_two_runs_laid_side_by_side_on_the_way_both_start(live):
    page = live(cell="rnn", cell_B="gru")
    press(page, "学習")
    wait_for(page, r"更新 \d+ 回")
    page.evaluate("window.model.set('compare', 'on')")
    wait_for(page, r"A（tanh RNN）: 更新 \d+ 回.*B（GRU）: 更新 \d+ 回")
    assert page.buttons.get_by_role("button", name="一時停止").is_visible()


def test_the_same_seed_gives_the_same_curve_twice(live):
    page = live()
    curves = []
    for _ in range(2):
        for n in range(3):
            press(page, "一回だけ")
            wait_for(page, f"更新 {n + 1} 回")
        curves.append(said(page))
        press(page, "やり直し")
        wait_for(page, "「学習」を押すと")
    assert curves[0] == curves[1]


def test_a_run_that_explodes_says_so_and_goes_on_with_a_bound(live):
    page = live(
        learning_rate=1,
        clip=0,
        optimizer="sgd",
        cell="relu",
        start="identity",
        rho=2,
        T=100,
    )
    press(page, "学習")
    wait_for(page, "有限でなくなりました")
    assert page.buttons.get_by_role("button", name="学習").is_visible()
    page.evaluate(
        "window.model.set('clip', 1); window.model.set('learning_rate', 0.0001)"
    )
    press(page, "学習")
    page.wait_for_function(
        "() => !document.querySelector('.rf-live').textContent.includes('有限でなくなりました')"
    )


def test_two_runs_are_told_apart_and_share_the_task(live):
    page = live(compare="on", cell="rnn", cell_B="gru")
    press(page, "一回だけ")
    wait_for(page, r"A（tanh RNN）: 更新 1 回.*B（GRU）: 更新 1 回")


def test_what_runs_is_kept_as_b_and_may_be_exchanged(live):
    page = live(cell="gru", seed=4)
    page.get_by_text("二つの実行を並べる").click()
    page.get_by_role("button", name="A を B に残す").click()
    page.get_by_label("セル", exact=True).select_option("lstm")
    wait_for(page, r"A（LSTM.*B（GRU）")
    page.get_by_role("button", name="A と B を入れ替える").click()
    wait_for(page, r"A（GRU）.*B（LSTM")
    assert page.evaluate("[window.model.get('seed'), window.model.get('seed_B')]") == [
        4,
        4,
    ]


# 帯の右の端の更新の回数: 横軸の目盛りの、はじめと終わりの間での割合から
BAND_END = r"""() => {
  const svg = document.querySelector(".rf-pair svg");
  const numbers = svg.querySelector("path.rf-band").getAttribute("d").match(/-?[\d.]+/g).map(Number);
  const right = Math.max(...numbers.filter((_, k) => k % 2 === 0));
  const ticks = [...svg.querySelectorAll("text")].filter((t) => /^\d+$/.test(t.textContent) && t.getAttribute("text-anchor") === "middle")
    .map((t) => [Number(t.getAttribute("x")), Number(t.textContent)]).sort((a, b) => a[0] - b[0]);
  const [[x0, u0], [x1, u1]] = [ticks[0], ticks[ticks.length - 1]];
  return u0 + ((right - x0) / (x1 - x0)) * (u1 - u0);
}"""


def test_ten_seeds_are_trained_one_after_another_and_counted(live):
    page = live(limit=100, H=4, T=4)
    page.get_by_text("種を替えて数える").click()
    page.get_by_role("button", name="種を 10 個続けて学習").click()
    wait_for(page, "10 個の種のうち", ".rf-fold[open] .rf-live")
    page.get_by_role("button", name="種を 10 個続けて学習").wait_for()
    assert page.locator("path.rf-band").get_attribute("d").startswith("M")
    # 主な文が結果を言い、勾配の図は終わりの種のもの
    wait_for(page, r"10 個の種のうち \d+ 個が.*帯の右の端は.*終わりの種 10 のもの")
    assert len(re.findall("[ML]", shown_gradients(page))) >= 4
    # 学習を押すと、はじめの種に戻り、帯は残る
    press(page, "一回だけ")
    wait_for(page, "帯の右の端は.*更新 1 回で")
    assert "終わりの種" not in said(page)
    # 上限の 100 回を過ぎた更新は、帯に入らない
    assert page.evaluate(BAND_END) <= 100.5
    assert page.locator("path.rf-band").get_attribute("d").startswith("M")


def test_a_count_that_is_paused_shows_the_seed_on_the_way(live):
    page = live(limit=2000, H=2, T=200, task="order", cell="rnn", seed=3)
    page.get_by_text("種を替えて数える").click()
    page.get_by_role("button", name="種を 10 個続けて学習").click()
    wait_for(page, r"種 3 を学習中です（10 個のうち 0 個が済みました）。.*更新 \d+ 回")
    page.get_by_text("隠れ状態を見る").click()  # 数えている実行を、始め直さない
    press(page, "一時停止")
    wait_for(page, r"途中の種 3 のものです。.*更新 \d+ 回")
    assert page.buttons.get_by_role("button", name="学習").is_visible()


def test_a_limit_too_short_to_judge_starts_no_count(live):
    page = live(limit=300, B=1)
    page.get_by_text("種を替えて数える").click()
    page.get_by_role("button", name="種を 10 個続けて学習").click()
    wait_for(page, "直近 512 回の平均で判じます", ".rf-fold[open] .rf-live")
    assert "「学習」を押すと" in said(page)


def test_the_dots_beyond_the_picture_are_counted(live):
    page = live(cell="rnn", T=50, H=32, B=32)
    shown = page.locator(".rf-pair svg text", has_text="この右")
    shown.wait_for()
    end = float(
        page.evaluate(
            "() => Math.max(...[...document.querySelector('.rf-pair svg').querySelectorAll('text')].map((t) => Number(t.textContent)).filter(Number.isFinite))"
        )
    )
    late = sum(t > end for t in Playground().ladder["latch"]["rnn"]["50"])
    assert late > 0 and f"点 {late} 個は" in shown.text_content()


def test_before_the_first_press_the_small_figure_names_its_axes_truly(mount):
    page = mount(Playground(size="small", task="copy", T=10))
    labels = " ".join(page.locator(".rf-pair").all_inner_texts())
    assert "損失" in labels and "正解率" not in labels
    ticks = page.locator(".rf-pair svg").last.locator("text").all_text_contents()
    assert max(int(t) for t in ticks if t.isdigit()) == 30


def test_the_states_of_an_example_follow_the_input_the_reader_changes(live):
    page = live()
    page.get_by_text("隠れ状態を見る").click()
    before = "時刻 1 の入力は"
    wait_for(page, before, ".rf-state-said")
    first = page.locator(".rf-state-said").inner_text()
    page.get_by_label("時刻 1 の入力").press("Home")  # −2
    wait_for(page, "入力は −2.00", ".rf-state-said")
    assert page.locator(".rf-state-said").inner_text() != first
    page.get_by_role("img", name="隠れ状態").press("ArrowRight")
    wait_for(page, "時刻 2 の入力は", ".rf-state-said")


def test_a_rule_that_cannot_be_read_is_refused_with_its_line(live):
    page = live(task="own_rule")
    box = page.get_by_label("一行に一つの例")
    box.fill("01 0\n10")
    wait_for(page, "2 行目", ".rf-own .rf-typed-note")
    assert page.evaluate("window.model.get('rule')") != "01 0;10"
    box.fill("01 0\n１０ 1")
    wait_for(page, "例 2 個", ".rf-own .rf-typed-note")
    assert page.evaluate("window.model.get('rule')") == "01 0;10 1"


COUNT_WORKERS = """window.made = 0;
window.Worker = class extends Worker { constructor(...given) { super(...given); window.made += 1; } };"""


def test_the_small_figure_makes_no_worker_until_it_is_used(page, live):
    page.add_init_script(COUNT_WORKERS)
    live(size="small")
    assert page.evaluate("window.made") == 0
    assert page.get_by_text("二つの実行を並べる").count() == 0
    page.get_by_role("button", name="一回だけ").click()
    wait_for(page, "更新 1 回")
    assert page.evaluate("window.made") == 1


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"cell": "lstm_b3"}, "cell"), ({"T": 1}, "T"), ({"rho": -1}, "rho"), ({"b_f": 1}, "b_f"),
     ({"learning_rate": 0.5}, "learning_rate"), ({"size": "large"}, "size"), ({"rule": "a+b 1"}, "rule")],
)  # fmt: skip
def test_a_wrong_argument_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"引数 {name} は"):
        Playground(**arguments)


def test_a_mission_sets_its_beginning_and_hears_the_readers_choice(live):
    page = live()
    page.get_by_text("六つの課題").click()
    missions = page.locator(".rf-mission")
    assert missions.count() == 6
    missions.first.get_by_role("button", name="この条件にする").click()
    state = page.evaluate("['task', 'cell', 'T'].map((name) => window.model.get(name))")
    assert state == ["order", "rnn", 50]
    last = missions.last
    before = last.locator(".rf-mission-note").inner_text()
    last.get_by_role("radio").first.check()
    page.wait_for_function(
        "(text) => [...document.querySelectorAll('.rf-mission-note')].at(-1).textContent !== text",
        arg=before,
    )
    assert page.locator(".rf-reached").count() == 0


def test_the_page_asks_the_missions_of_the_figure(bench):
    missions = bench.evaluate(
        "async () => (await import('/playground/missions.js')).MISSIONS.map(({title, text, start}) => ({title, text, start}))"
    )
    cells = nbformat.read(CHAPTERS / "playground.ipynb", as_version=4).cells
    lines = [line for cell in cells for line in cell.source.splitlines()]
    for number, mission in enumerate(missions, start=1):
        (line,) = [each for each in lines if each.startswith(f"{number}. **")]
        assert line.startswith(f"{number}. **{mission['title']}。** {mission['text']}")
        state = "&".join(f"{name}={value}" for name, value in mission["start"].items())
        assert f"(#playground.{state} " in line


def test_what_cannot_be_read_stays_typed_and_says_what_is_trained(live):
    page = live(task="own_rule", T=8)
    box = page.get_by_role("textbox").first
    box.fill("01 0\n01 1")
    wait_for(
        page, "答えが違います.*いまの学習は、前に読めたもののまま", ".rf-typed-note"
    )
    page.get_by_role("slider", name="系列長").press("ArrowRight")
    page.get_by_label("問題", exact=True).select_option("own_series")
    page.get_by_label("問題", exact=True).select_option("own_rule")
    assert box.input_value() == "01 0\n01 1"
    box.fill("01 0\n00 1")
    page.wait_for_function(
        "() => !document.querySelector('.rf-typed-note').textContent.includes('いまの学習')"
    )


def test_a_length_that_the_data_cannot_fill_is_refused_and_the_run_goes_on(live):
    page = live(task="own_series", cell="gru")
    press(page, "一回だけ")
    wait_for(page, "更新 1 回")
    page.get_by_role("slider", name="系列長").press("End")
    wait_for(page, "系列長 T")
    page.wait_for_function("() => window.model.get('T') === 10")
    press(page, "一回だけ")
    wait_for(page, "更新 2 回")


# ---- 文

ABOUT = {"baseline": 0.5, "goal": 0.99}
CLASS = {"metric": "accuracy", "steps": 50, "output": "class"}


@pytest.fixture
def told(call):
    """told(記録の値, running, 大きさの値) は、図の文。更新は 40 回すんでいます。"""

    def describe(values=None, running=False, **sizes):
        history = {
            "config": {"task": "latch", "T": 50},
            "rows": rows_of([1.0] * 40),
            "smooth": [1.0] * 40,
            "lengths": [],
            "solvedAt": None,
            "gradients": None,
        } | (values or {})
        about = ABOUT | {"sizes": CLASS | sizes}
        return call(ROOM + "sentence.js", "describe", history, about, running)

    return describe


def test_a_run_without_an_update_yet_says_that_it_computes(told):
    waiting = {"rows": [], "smooth": []}
    assert told(waiting, running=True) == "はじめの更新を計算しています。"
    assert told(waiting).startswith("「学習」を押すと")


def test_what_was_solved_after_a_change_of_length_is_counted_from_there(told):
    assert "。36 回で解けました。" in told({"solvedAt": 36})
    said = told({"solvedAt": 36, "lengths": [[10, 25], [20, 50]]})
    assert "$T$ = 50 に替えてから 16 回（通しで 36 回目）で解けました。" in said


def test_a_mean_that_fell_below_the_goal_again_is_told(told):
    fell = {"solvedAt": 36, "smooth": [1.0] * 39 + [0.91]}
    assert (
        "36 回で解けました（いまの平均は、解けたとする値に届いていません）。"
        in told(fell)
    )


def test_a_burst_of_the_loss_is_told_with_its_update(told, bench):
    burst = """async () => {
      const { addRows, newHistory } = await import("/playground/history.js");
      const history = newHistory({ B: 32, T: 10 });
      const rows = [0.5, 400, 501, 600].map((loss, k) => ({ step: k + 1, loss, metric: loss, norm: 1 }));
      addRows(history, rows, { goal: 0.01, metric: "squared_error" });
      return history.burstAt;
    }"""
    assert bench.evaluate(burst) == 3
    assert "損失は、3 回目に、はじめの 1000 倍を超えました。" in told({"burstAt": 3})


def test_data_of_the_reader_are_not_called_solved(told):
    own = {"config": {"task": "own_rule", "T": 50}, "solvedAt": 36}
    assert "学習の例での正解率 1.00" in told(own)
    assert "学習の例は、36 回でほぼすべて（0.99 以上）正解になりました。" in told(own)
    assert "解けました" not in told(own)
    assert "学習の例にも、まだ合わないもの" in told(own | {"solvedAt": None})
    assert "一時停止すると、隠した例で試します" in told(own, running=True, hidden=True)
    assert "隠した例" not in told(own, running=True, hidden=False)
    check = {"count": 9, "accuracy": 7 / 9, "memoryless": 1 / 3, "trained": [23, 23]}
    said = told(own | {"check": check})
    assert (
        "学習の例は 23 個のうち 23 個が正解です。隠した 9 個の例では、正解率 0.78"
        in said
    )


def test_a_loss_at_every_time_promises_no_gradient_from_afar(told):
    gradients = {"gradients": [0.5, 0.1, 1.0]}
    assert "時刻 1 まで届いた勾配は、時刻 50 の 0.50 倍" in told(gradients)
    said = told(gradients, output="sequence")
    assert "届いた勾配" not in said and "遠くから届いた分とは限りません" in said


def test_a_gradient_of_zero_is_told_as_computed(told):
    assert "計算では 0 です" in told({"gradients": [0, 0.1, 1.0]})


def test_the_median_of_chapter_3_is_that_of_the_solved_seeds(call):
    said = call(ROOM + "sentence.js", "describeMeasured", [100, 0, 300, 200])
    assert "解けた種の中央値は 200 回" in said
