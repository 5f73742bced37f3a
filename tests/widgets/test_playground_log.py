"""実行の要約（run_log.js）は、記録を見た回数によらず、途中で替えた所で区切られる。"""

import pytest

SEE = """async ([steps, every]) => {
  const { addRows, changeLength, newHistory } = await import("/playground/history.js");
  const { createRunLog } = await import("/playground/run_log.js");
  const log = createRunLog();
  const goal = { goal: 0.9, metric: "accuracy" };
  let [history, count] = [null, 0];
  for (const step of steps) {
    if (step.start) history = newHistory({ B: 512, T: 10, clip: 1, learning_rate: 0.1, ...step.start });
    if (step.T) changeLength(history, step.T);
    if (step.set) {
      history.config = { ...history.config, ...step.set };
      log.see(history, 0.5);
    }
    if ("stopped" in step) history.stopped = step.stopped;
    if (step.gradients) [history.firstGradients, history.gradients] = [step.gradients, step.gradients];
    for (const [loss, metric] of step.rows ?? []) {
      addRows(history, [{ step: history.rows.length + 1, loss, metric, norm: 1, T: step.of }], goal);
      count += 1;
      if (count % every === 0) log.see(history, 0.5);
    }
    log.see(history, 0.5);
  }
  return log.runs;
}"""


@pytest.fixture
def runs(bench):
    """runs(すること…, every=何回ごとに見るか) は、たまった要約。"""
    return lambda *steps, every=1: bench.evaluate(SEE, [list(steps), every])


LOSSES = [[2.0, 0.4], [50.0, 0.3], *[[1.0, 0.5]] * 20, [0.5, 0.95]]


@pytest.mark.parametrize("every", [1, 3, 100])
def test_a_run_is_summed_up_the_same_however_often_it_is_seen(runs, every):
    (run,) = runs({"start": {"seed": 3}, "rows": LOSSES}, every=every)
    assert (run["updates"], run["first"], run["worst"]) == (23, 2, 50)
    assert run["last"] == pytest.approx((15 + 0.5) / 16)
    assert (run["solvedAt"], run["baseline"]) == (23, 0.5)
    assert run["config"]["seed"] == 3 and run["lengths"] == []


def test_a_record_without_an_update_is_no_run_unless_it_stopped(runs):
    assert runs({"start": {}}) == []
    (run,) = runs({"start": {}}, {"stopped": "発散"})
    assert run["stopped"] == "発散" and run["updates"] == 0


def test_a_change_of_length_ends_a_run_and_keeps_where_it_came_from(runs):
    before, after, last = runs(
        {"start": {}, "rows": LOSSES},
        {"T": 25, "rows": LOSSES[:5]},
        {"T": 50, "rows": LOSSES[:3]},
    )
    assert before["solvedAt"] == 23 and before["config"]["T"] == 10
    assert after["solvedAt"] is None and after["updates"] == 5
    assert (last["config"]["T"], last["lengths"]) == (50, [10, 25])
    assert not last["continued"]


@pytest.mark.parametrize("every", [1, 3, 100])
def test_late_updates_belong_to_the_length_before(runs, every):
    before, after = runs(
        {"start": {}, "rows": LOSSES[:4], "of": 10},
        {"T": 50},
        {"rows": LOSSES[-2:], "of": 10},
        {"rows": LOSSES[2:5], "of": 50},
        every=every,
    )
    assert (before["config"]["T"], before["updates"]) == (10, 6)
    assert (after["config"]["T"], after["updates"]) == (50, 3)
    assert after["solvedAt"] is None and after["first"] == 1


def test_a_run_counts_the_updates_at_its_own_length(runs):
    _, after = runs({"start": {}, "rows": LOSSES[:4]}, {"T": 50, "rows": LOSSES})
    assert (after["solvedAt"], after["solvedIn"]) == (27, 23)


@pytest.mark.parametrize("change", [{"clip": 0}, {"learning_rate": 0.3}])
def test_a_value_changed_on_the_way_makes_a_run_that_is_continued(runs, change):
    before, after = runs(
        {"start": {}, "rows": LOSSES}, {"set": change, "rows": LOSSES[:4]}
    )
    assert not before["continued"] and after["continued"]
    assert after["first"] == 2 and after["updates"] == 4


def test_what_stopped_stays_stopped_when_the_clip_lets_it_go_on(runs):
    before, after = runs(
        {"start": {"clip": 0}, "rows": LOSSES[:2]},
        {"stopped": "発散"},
        {"stopped": None, "set": {"clip": 1}, "rows": LOSSES[:4]},
    )
    assert before["stopped"] == "発散" and after["stopped"] is None


def test_the_record_of_another_run_is_another_run(runs):
    found = runs(*({"start": {"seed": k}, "rows": LOSSES[:2]} for k in range(12)))
    assert [run["config"]["seed"] for run in found] == list(range(12))
