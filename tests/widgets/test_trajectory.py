"""軌跡の図: ページの中の点数と警報は Python に等しく、先のコマを見せず、言う数は数えた数です。"""

import re

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import lj_crystals, lj_precursor
from rnnbook.experiments.trajectory_page import stored_gru
from rnnbook.materials.precursor import HORIZON, NEVER, Windows, events, windows
from rnnbook.widgets.trajectory import Trajectory
from rnnbook.widgets.trajectory.trajectory import RATES, RUNS

FIGURE = Trajectory()
TABLE = load("lj_crystals")
SERIES = lj_crystals.read(TABLE)
EVENTS = events(SERIES, TABLE["temperature"].to_numpy())
LEVELS = load("trajectory_page").set_index(["model", "rate"])["threshold"]
MODELS = ("Q6", "Q6_5", "logistic", "gru")
# ページのモジュールで、一本を読み、点数を求める
READ = """async ([run, rules, models]) => {
  const { eventOf, framesOf, makeReaders, scoresOf } = await import("/trajectory/scores.js");
  const frames = framesOf(run, rules.columns);
  const event = eventOf(frames.map(([Q6]) => Q6), rules);
  return { frames, event, scores: scoresOf(frames, event, rules, makeReaders(models)) };
}"""


@pytest.fixture(scope="module")
def read(bench):
    """read(k) は、ページが読んだ k 番目の軌跡。"""
    asked = [FIGURE.rules, FIGURE.models]
    found = [bench.evaluate(READ, [run, *asked]) for run in FIGURE.runs]
    return lambda k: found[k]


def windows_of(run: int) -> Windows:
    """一本の軌跡の窓。"""
    return windows(SERIES[[run]], EVENTS[[run]])


def logistic_of(x: np.ndarray) -> np.ndarray:
    """公開しているロジスティック回帰の確率を、式どおりに。"""
    table = load("trajectory_page_logistic")
    line, bias = table.iloc[:-1], table["weight"].iloc[-1]
    scaled = (x[:, -1] - line["mean"].to_numpy()) / line["std"].to_numpy()
    return 1 / (1 + np.exp(-(scaled @ line["weight"].to_numpy() + bias)))


def scores_of(w: Windows) -> dict[str, np.ndarray]:
    """四つの点数を、実験の関数と PyTorch で。"""
    found = {n: lj_precursor.untrained(n, w, np.zeros(len(w.y))) for n in MODELS[:2]}
    return found | {"logistic": logistic_of(w.x), "gru": stored_gru().predict(w.x)}


def test_the_shown_runs_were_never_trained_on_and_crystallise_early_late_and_never():
    assert set(RUNS) <= set(load("lj_precursor_unseen")["run"]) and len(RUNS) == 10
    when = EVENTS[list(RUNS)]
    assert (when < 40).sum() >= 1 and ((when > 80) & (when < NEVER)).sum() >= 2
    assert (when == NEVER).sum() >= 3


@pytest.mark.parametrize("k", range(len(RUNS)))
def test_the_page_reads_the_stored_frames_and_finds_the_same_event(read, k):
    page, run = read(k), RUNS[k]
    np.testing.assert_allclose(page["frames"], SERIES[run], rtol=1e-12)
    assert (page["event"] is None) == (EVENTS[run] == NEVER)
    assert page["event"] in (None, EVENTS[run])


@pytest.mark.parametrize("k", range(len(RUNS)))
def test_the_page_scores_every_window_as_pytorch_and_the_experiment_do(read, k):
    w = windows_of(RUNS[k])
    for name, expected in scores_of(w).items():
        told = read(k)["scores"][name]
        page = np.array([told[t] for t in w.t], float)
        np.testing.assert_allclose(page, expected, atol=1e-4 if name == "gru" else 1e-9)
        assert all(v is None for v in told[:19])


@pytest.mark.parametrize("seed", range(3))
def test_the_network_of_the_page_is_that_of_pytorch_on_random_windows(bench, seed):
    x = np.random.default_rng(seed).normal(size=(5, 20, 8))
    scale = load("lj_precursor_page")
    x = scale["mean"].to_numpy() + 2 * x * scale["std"].to_numpy()
    script = """async ([models, x]) => {
      const { makeReaders } = await import("/trajectory/scores.js");
      return x.map(makeReaders(models).gru);
    }"""
    page = bench.evaluate(script, [FIGURE.models, x.tolist()])
    np.testing.assert_allclose(page, stored_gru().predict(x), atol=1e-4)


@pytest.mark.parametrize("rate", RATES)
def test_the_page_counts_the_alarms_that_the_experiment_counts(call, read, rate):
    for k, run in enumerate(RUNS):
        w = windows_of(run)
        for name, score in scores_of(w).items():
            level, told = LEVELS[name, rate], read(k)["scores"][name]
            page = call(
                "trajectory/alarms.js",
                "judge",
                told,
                level,
                read(k)["event"],
                len(told) - 1,
                FIGURE.rules,
            )
            loud = score > level
            assert len(page["false_"]) == (loud & (w.y == 0)).sum()
            if EVENTS[run] < NEVER:
                assert page["lead"] == lj_precursor.alarms(w, loud)["lead_50"]
                assert page["open"] == []


def test_an_alarm_stays_undecided_until_the_record_decides(call):
    scores = [None] * 19 + [0.0] * 101
    scores[50] = 1.0

    def judge(event, t):
        arguments = (scores, 0.5, event, t, FIGURE.rules)
        return call("trajectory/alarms.js", "judge", *arguments)

    assert judge(60, 49)["heard"] == []
    assert judge(60, 59)["open"] == [50] and judge(60, 59)["lead"] == 0
    assert judge(60, 60)["lead"] == 10 and judge(60, 60)["open"] == []
    assert judge(None, 50 + HORIZON - 1)["open"] == [50]
    assert judge(None, 50 + HORIZON)["false_"] == [50]
    assert judge(50 + HORIZON, 119)["lead"] == HORIZON
    assert judge(51 + HORIZON, 119)["false_"] == [50]
    # 記録の終わりに近い警報は、結晶にならなくても、誤報とは言えない
    scores[50], scores[91] = 0.0, 1.0
    assert judge(None, 119)["open"] == [91]


def test_the_sentence_says_hits_misses_false_and_undecided_alarms(call):
    def verdict(lead=0, false=(), open=()):
        return {"lead": lead, "heard": [], "false_": list(false), "open": list(open)}

    def told(t, event, *all_):
        return call("trajectory/alarms.js", "describe", t, 119, event, list(all_))

    both = told(80, 70, ["Q₆", verdict(7, [40, 41])], ["GRU", verdict()])
    assert "コマ 70 で結晶になりました" in both
    assert "Q₆ 7 コマ前、GRU 見落とし" in both and "誤報は、Q₆ 2 コマ。" in both
    waiting = told(60, 70, ["Q₆", verdict()], ["GRU", verdict(open=[58])])
    assert "まだ、結晶になっていません" in waiting and "GRU コマ 58" in waiting
    assert "Q₆" not in waiting and "まだ分かりません" in waiting and "70" not in waiting
    assert "警報は鳴っていません" in told(60, None, ["Q₆", verdict()])
    end = told(119, None, ["Q₆", verdict(open=[100])])
    assert "記録の終わりまで" in end and "記録が足りず" in end


def test_scrubbing_shows_no_frame_beyond_the_chosen_one(mount, settled):
    page = mount(Trajectory(run=1, frame=40))
    live, slider = page.locator(".rf-live"), page.get_by_role("slider", name="見るコマ")
    assert "まだ、結晶になっていません" in live.inner_text()
    before = page.locator(".rf-orders .rf-line").first.get_attribute("d")
    assert before.count("L") == 40
    slider.press("End")
    settled()
    assert re.search(
        r"コマ 44 で結晶になりました。警報は、Q₆ \d+ コマ前", live.inner_text()
    )
    after = page.locator(".rf-orders .rf-line").first.get_attribute("d")
    assert after.startswith(before) and after.count("L") == 119


def test_a_looser_threshold_turns_a_quiet_liquid_into_false_alarms(mount, settled):
    page = mount(Trajectory(run=2, frame=119))
    live, table = page.locator(".rf-live"), page.locator(".rf-tally")
    assert "警報は鳴っていません" in live.inner_text()
    quiet = table.inner_text()
    page.get_by_role("slider", name="許す誤報").press("End")
    settled()
    assert "誤報は、Q₆" in live.inner_text() and table.inner_text() != quiet
    allowed = RATES[-1] * FIGURE.rules["held"] // 1000
    assert f"{allowed} コマまで鳴る" in table.inner_text()


def test_what_there_is_to_see_fits_a_narrow_screen(page, mount, settled):
    page.set_viewport_size({"width": 360, "height": 740})
    mount(Trajectory(run=8, frame=100, rate=1))
    settled()
    top = page.locator("figure").bounding_box()["y"]
    last = page.locator(".rf-orders").bounding_box()
    assert last["y"] + last["height"] - top <= 700
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 run"):
        Trajectory(run=11)
    with pytest.raises(ValueError, match="引数 frame"):
        Trajectory(frame=5)
    with pytest.raises(ValueError, match="引数 rate"):
        Trajectory(rate=4)


def test_one_quantity_has_one_name_in_the_table(page, mount_script, traits_of):
    figure = Trajectory()
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    page.wait_for_function(
        "() => !document.querySelector('[aria-busy=true]')", timeout=600_000
    )
    with page.expect_download() as waiting:
        page.get_by_role("button", name="図の値を CSV で").click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert "Q₆" in text and "Q_6" not in text
