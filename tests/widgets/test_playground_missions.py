"""遊び場の六つの課題は、学習の記録だけから達したかが決まり、一つの道を歩けば達し、「学習」を押すだけでは達しない。

道は PATHS に書いたもの、はじめの値は図と同じ（H = 32、B = 32、Adam、学習率 0.003、クリップ 1）です。種 1〜10
（seeds は、種 0 から 10 個ずつの 10 組）で測った、達した数、更新の回数、この計算機での演算の時間（秒）:

    fail     10/10         500           0.3〜0.4
    knob     10/10         697〜1284     0.6〜1.1
    explode  10/10         600〜900      0.4〜0.8
    gru      10/10         70〜84        0.1
    copy     10/10         1000          0.9〜1.5   記憶なしの 0.83〜0.91 倍
    seeds    10/10、9/10   2681〜3000    2.1〜3.4   予想が「解ける」、「解けない」のとき

どれも、はじめの条件で 2000 回学習しただけでは、種 1〜10 の一つも達しませんでした（問いのある fail と seeds は、
答えを選ぶまで達しません）。スマートフォンの演算の速さは測っていません。この計算機の 18 倍かかっても、一分です。
"""

from pathlib import Path

import nbformat
import pytest

from rnnbook.book.anchors import slug
from rnnbook.widgets.playground import Playground

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
IDS = ["fail", "knob", "explode", "gru", "copy", "seeds"]

# 図で「学習」を押す人。idle なら、はじめの条件のまま idle 回だけ学習する
PATHS = """async ([id, seed, idle]) => {
  const { createRun } = await import("/nn/train/run.js");
  const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
  const { addRows, changeLength, newHistory } = await import("/playground/history.js");
  const { MISSIONS } = await import("/playground/missions.js");
  const { createRunLog } = await import("/playground/run_log.js");
  const FIRST = {
    task: "latch", cell: "lstm", start: "uniform", rho: 1, forget_bias: 1, T: 25, H: 32, B: 32, seed,
    learning_rate: 0.003, optimizer: "adam", clip: 1, own: "",
  };
  const mission = MISSIONS.find((each) => each.id === id);
  const log = createRunLog();
  let updates = 0;
  // はじめの条件から changes を替えて、解けるか most 回まで学習する。grow[T] は、T で解けたあとに延ばす長さ
  function train(changes, most, grow = {}) {
    const config = { ...FIRST, ...mission.start, ...changes };
    if (config.cell !== "lstm") config.forget_bias = null;
    const run = createRun(config, createWasmKernels());
    const history = newHistory(config);
    for (let n = 0; n < most && !history.stopped; n += 1) {
      const row = run.update();
      updates += 1;
      if (run.stopped) history.stopped = run.stopped;
      else addRows(history, [row], { goal: run.goal, metric: run.sizes.metric });
      history.gradients = Array.from(run.gradients);
      history.firstGradients ??= history.gradients;
      log.see(history, run.baseline);
      if (history.solvedAt === null) continue;
      const next = grow[history.config.T];
      if (!next) return true;
      run.setLength(next);
      changeLength(history, next);
    }
    return false;
  }
  const last = () => log.runs[log.runs.length - 1];
  const PATHS = {
    fail: () => train({}, 500),
    knob() {
      train({}, 500);
      if (!train({ start: "orthogonal" }, 600)) train({ cell: "relu", start: "identity" }, 600);
    },
    explode() {
      const rates = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03];
      const burst = rates.find((learning_rate) => {
        train({ learning_rate }, 150);
        return last().stopped || last().worst > 1000 * last().first;
      });
      train({ learning_rate: burst, clip: 1 }, 150);
    },
    gru: () => train({ T: 10 }, 600, { 10: 50 }),
    copy: () => train({ cell: "relu", start: "identity" }, 1000),
    seeds() {
      for (let k = 0; k < 10; k += 1) train({ seed: 10 * seed + k }, 300);
    },
  };
  if (idle) train({}, idle);
  else PATHS[id]();
  const options = mission.choice?.options.map(({ value }) => value) ?? [null];
  return { updates, verdicts: Object.fromEntries(options.map((choice) => [choice, mission.judge(log.runs, choice)])), unanswered: mission.judge(log.runs, null) };
}"""


@pytest.fixture
def walk(bench):
    """walk("gru", seed) は、その課題の道を歩いた結果。idle=回数 なら、「学習」を押すだけ。"""
    return lambda mission, seed, idle=0: bench.evaluate(PATHS, [mission, seed, idle])


RIGHT = {"fail": ("vanish",), "seeds": ("solved", "failed")}


@pytest.mark.parametrize("mission", IDS)
def test_the_path_of_a_mission_reaches_it(walk, mission):
    found = walk(mission, 2)
    right = RIGHT.get(mission, ("null",))
    for choice, verdict in found["verdicts"].items():
        assert verdict["reached"] is (choice in right), verdict["note"]
    # 問いのある課題は、答えるまで達しない
    assert found["unanswered"]["reached"] is (mission not in RIGHT)


@pytest.mark.parametrize("mission", IDS)
def test_pressing_the_button_alone_reaches_nothing(walk, mission):
    found = walk(mission, 2, idle=600)
    assert not found["unanswered"]["reached"]
    if mission != "fail":  # この一つは、学習のあとに答えを選ぶ
        assert not any(v["reached"] for v in found["verdicts"].values())


JUDGE = """async ([id, changes, choice, since]) => {
  const { MISSIONS } = await import("/playground/missions.js");
  const base = {
    config: { task: "order", cell: "rnn", start: "uniform", rho: 1, forget_bias: null, T: 50, H: 32, B: 32, seed: 1, learning_rate: 0.003, optimizer: "adam", clip: 1, own: "" },
    updates: 500, solvedAt: null, stopped: null, first: 1, worst: 1, last: 0.5, bestMetric: 1, baseline: 1, lengths: [], continued: false,
    firstGradients: [1e-9, 1], gradients: [1, 1],
  };
  const runs = changes.map(({ config, ...rest }) => ({ ...base, ...rest, config: { ...base.config, ...config } }));
  return MISSIONS.find((each) => each.id === id).judge(runs, choice, since);
}"""


@pytest.fixture
def judge(bench):
    """judge("knob", [違い…], 選んだ答え) は、そういう実行があったときの結果。"""
    return lambda mission, runs, choice=None, since=0: bench.evaluate(
        JUDGE, [mission, runs, choice, since]
    )


@pytest.mark.parametrize(
    "gradients, answer",
    [([1e-9, 1], "vanish"), ([0.3, 1], "level"), ([1e5, 1], "explode")],
)
def test_the_right_answer_is_read_from_the_gradients_of_the_run(
    judge, gradients, answer
):
    for choice in ("vanish", "level", "explode"):
        found = judge("fail", [{"firstGradients": gradients}], choice)
        assert found["reached"] is (choice == answer)


@pytest.mark.parametrize(
    "change",
    [
        {"updates": 499},
        {"solvedAt": 400},
        {"config": {"T": 49}},
        {"config": {"cell": "lstm"}},
        {"config": {"readout": "attention"}},
        {"config": {"task": "copy"}},  # どの時刻にも損失がある
        {"stopped": "発散"},
    ],
)
def test_a_run_that_did_not_fail_is_no_failure(judge, change):
    assert not judge("fail", [change], "vanish")["reached"]


ORTHOGONAL = {"start": "orthogonal"}


@pytest.mark.parametrize(
    "solved, reached",
    [
        ({"config": ORTHOGONAL}, True),
        ({"config": {"cell": "gru"}}, True),
        ({"config": {"cell": "lstm", "forget_bias": 1}}, True),
        ({"config": {"learning_rate": 0.01}}, True),
        ({"config": {"readout": "attention"}}, True),
        ({"lengths": [10]}, True),
        ({"config": ORTHOGONAL | {"H": 64}}, False),
        ({"config": ORTHOGONAL, "lengths": [10]}, False),
        ({"config": ORTHOGONAL | {"T": 60}}, False),
        ({"config": ORTHOGONAL | {"seed": 2}}, False),
        ({"config": ORTHOGONAL | {"task": "latch"}}, False),
        ({"config": {"seed": 2}}, False),
    ],
)
def test_one_knob_means_one_difference_from_the_run_that_failed(judge, solved, reached):
    found = judge("knob", [{}, {"solvedAt": 300} | solved])
    assert found["reached"] is reached, found["note"]
    assert not judge("knob", [{"solvedAt": 300} | solved])["reached"]


FREE = {"optimizer": "sgd", "task": "adding", "clip": 0}


def burst(rate: float, **config) -> dict:
    return {"config": FREE | {"learning_rate": rate} | config, "worst": 1e6}


def calm(rate: float, **config) -> dict:
    return {"config": FREE | {"learning_rate": rate} | config, "updates": 150}


def test_an_explosion_is_saved_at_its_own_learning_rate(judge):
    runs = [calm(0.01), burst(0.03), calm(0.03, clip=1)]
    assert judge("explode", runs)["reached"]
    assert judge("explode", [*runs[1:], runs[0]])["reached"]
    for missing in range(3):
        some = [run for k, run in enumerate(runs) if k != missing]
        assert not judge("explode", some)["reached"]


def test_a_rule_that_evens_the_gradients_saves_nothing(judge):
    runs = [
        calm(0.01, optimizer="adam"),
        burst(0.03, optimizer="adam"),
        calm(0.03, clip=1, optimizer="adam"),
    ]
    assert "SGD で" in judge("explode", runs)["note"]


@pytest.mark.parametrize(
    "saved",
    [
        calm(0.01, clip=1),
        calm(0.03, clip=1, optimizer="adam"),
        calm(0.03, clip=1) | {"updates": 149},
        calm(0.03, clip=1) | {"last": 2},
        calm(0.03, clip=1) | {"continued": True},
        burst(0.03, clip=1),
    ],
)
def test_a_run_that_changed_more_or_grew_worse_saves_nothing(judge, saved):
    assert not judge("explode", [calm(0.01), burst(0.03), saved])["reached"]


def test_a_run_that_stopped_has_exploded_too(judge):
    stopped = burst(0.03) | {"worst": 1, "stopped": "有限でなくなりました"}
    assert judge("explode", [calm(0.01), stopped, calm(0.03, clip=1)])["reached"]


@pytest.mark.parametrize(
    "run, reached",
    [
        ({"config": {"task": "latch", "cell": "gru", "T": 50}, "solvedAt": 9}, True),
        ({"config": {"task": "latch", "cell": "gru", "T": 49}, "solvedAt": 9}, False),
        ({"config": {"task": "latch", "cell": "lstm"}, "solvedAt": 9}, False),
        ({"config": {"task": "latch", "cell": "gru"}}, False),
        (
            {
                "config": {"task": "latch", "cell": "gru", "readout": "attention"},
                "solvedAt": 9,
            },
            False,
        ),
    ],
)
def test_only_a_gru_at_fifty_steps_solves_the_latch_of_the_mission(judge, run, reached):
    assert judge("gru", [run])["reached"] is reached


@pytest.mark.parametrize("best, reached", [(0.949, True), (0.951, False)])
def test_copying_is_beaten_when_the_mean_loss_is_below_the_memoryless_value(
    judge, best, reached
):
    copy = {"config": {"task": "copy", "T": 10}, "bestMetric": best}
    assert judge("copy", [copy])["reached"] is reached


def seeds(outcomes: list[bool], **config) -> list[dict]:
    return [
        {
            "config": {"seed": k, "task": "latch"} | config,
            "updates": 300,
            "solvedAt": 80 if ok else None,
        }
        for k, ok in enumerate(outcomes)
    ]


def test_a_prediction_is_contradicted_by_one_seed_in_ten(judge):
    mixed = seeds([False] * 9 + [True])
    assert judge("seeds", mixed, "failed")["reached"]
    assert "9 個" in judge("seeds", mixed, "solved")["note"]
    assert not judge("seeds", seeds([False] * 10), "failed")["reached"]
    assert not judge("seeds", mixed[1:], "failed")["reached"]
    # 条件の違う実行は、合わせて数えない
    assert not judge("seeds", [*mixed[:5], *seeds([True] * 5, T=25)], "failed")[
        "reached"
    ]


def test_a_prediction_is_about_the_latch_of_the_rnn_and_comes_before_the_runs(judge):
    others = seeds([True] * 10, task="order") + seeds([True] * 10, cell="gru")
    assert "0 個の種を数え" in judge("seeds", others, "failed")["note"]
    mixed = seeds([False] * 9 + [True])
    assert "0 個の種を数え" in judge("seeds", mixed, "failed", since=10)["note"]
    assert judge("seeds", [*others, *mixed], "failed", since=20)["reached"]


def test_seeds_that_all_contradict_correct_the_prediction(judge):
    told = judge("seeds", seeds([True] * 10), "failed")
    assert not told["reached"] and "予想を改めます" in told["note"]


def test_short_runs_and_runs_with_attention_are_not_asked_about(judge):
    others = seeds([False] * 9 + [True], T=25)
    others += seeds([False] * 9 + [True], readout="attention")
    assert "0 個の種を数え" in judge("seeds", others, "failed")["note"]


def test_the_same_seed_twice_counts_once(judge):
    once = seeds([False] * 8 + [True])
    assert not judge("seeds", [*once, once[0]], "failed")["reached"]


@pytest.fixture
def missions(bench) -> list[dict]:
    """六つの課題。判定の関数は除きます。"""
    return bench.evaluate(
        "async () => (await import('/playground/missions.js')).MISSIONS.map(({ judge, ...m }) => m)"
    )


def titles_of(page: str) -> list[str]:
    """章の見出し。"""
    cells = nbformat.read(CHAPTERS / f"{page}.ipynb", as_version=4).cells
    return [
        line.lstrip("#").strip()
        for cell in cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]


def test_every_mission_points_to_a_section_that_exists(missions):
    assert [each["id"] for each in missions] == IDS
    for each in missions:
        page, anchor = each["link"]["page"], each["link"]["anchor"]
        assert anchor in [slug(title) for title in titles_of(page)], each["link"]


def test_the_first_condition_of_every_mission_is_a_state_of_the_figure(missions):
    for each in missions:
        figure = Playground(**each["start"])
        assert {name: getattr(figure, name) for name in each["start"]} == each["start"]
