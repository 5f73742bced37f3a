"""学習の係は、ワーカーの中でも、断られてページの中でも、同じ学習を進め、続けて届いた便りを一度に渡す。"""

import gzip

import numpy as np
import pytest

from rnnbook.widgets.kit import generated
from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.kit.generated import TRAIN

# trainer を作り、便りを notes に、止まったわけを reasons に控え、本文を実行する。
# until(条件) は、条件が成り立つ便りを待つ
PROGRAM = """async ([config, given]) => {{
  {before}
  const {{ createTrainer }} = await import("/nn/train/trainer.js");
  const notes = [], reasons = [], refusals = [], waiting = [];
  const check = () => waiting.splice(0).forEach((each) => (each.ready() ? each.done() : waiting.push(each)));
  const until = (ready) => new Promise((done) => {{ waiting.push({{ ready, done }}); check(); }});
  const trainer = createTrainer({{
    progress(note) {{ notes.push(note); check(); }},
    stopped(reason) {{ reasons.push(reason); check(); }},
    refused(reason) {{ refusals.push(reason); check(); }},
  }});
  const last = () => notes[notes.length - 1];
  const rows = () => notes.flatMap((note) => note.rows);
  try {{ {body} }} finally {{ trainer.close(); }}
}}"""
REFUSALS = {
    "ワーカーの中": "",
    "すぐに断られる": "window.Worker = class { constructor() { throw new Error('だめ'); } };",
    "後で断られる": """window.Worker = class {
      constructor() { setTimeout(() => this.onerror(new Event("error"))); }
      postMessage() {} terminate() {}
    };""",
}


@pytest.fixture
def talk(page, modules_url):
    """talk(設定, 本文, 値) は、学習の係に頼む本文を実行し、返る値を返します。"""
    page.goto(modules_url + "kit/figure.css")

    def go(settings: dict, body: str, given: object = None, before: str = ""):
        script = PROGRAM.format(body=body, before=before)
        return page.evaluate(script, [settings, given])

    return go


LEARN = """
  const number = trainer.start(config);
  await until(() => notes.length > 0);
  const first = last();
  trainer.go();
  await until(() => rows().length >= given);
  trainer.pause();
  await until(() => notes.length > 0 && "check" in last());
  return { number, first, rows: rows(), last: last(), runs: notes.map((note) => note.run), reasons };
"""


def test_the_first_gradients_of_a_length_are_those_of_its_first_update(
    talk, train, config
):
    body = """
      trainer.start(config);
      trainer.go();
      await until(() => rows().length >= 40);
      const before = last().first;
      trainer.setLength(17);
      await until(() => last().first?.T === 17);
      trainer.pause();
      await until(() => "check" in last());
      return { before, after: last().first, at: rows().findIndex(({ T }) => T === 17) };
    """
    settings = config(task="latch")
    found = talk(settings, body)
    direct = train(
        settings,
        """const seen = [];
        for (let k = 0; k <= given; k += 1) {
          if (k === given) run.setLength(17);
          run.update();
          if (k === 0 || k === given) seen.push(run.gradients);
        }
        return seen;""",
        found["at"],
    )
    assert found["before"]["T"] == settings["T"]
    np.testing.assert_array_equal(list(found["before"]["gradients"]), direct[0])
    np.testing.assert_array_equal(list(found["after"]["gradients"]), direct[1])


@pytest.mark.parametrize("where", REFUSALS)
def test_the_trainer_makes_the_same_run_with_and_without_a_worker(
    talk, train, config, where
):
    settings = config()
    found = talk(settings, LEARN, 40, before=REFUSALS[where])
    direct = train(
        settings, "return Array.from({ length: given }, () => run.update());", 40
    )
    assert found["rows"][:40] == [row | {"T": settings["T"]} for row in direct]
    # どの更新も、抜けず、重ならずに届く
    assert [row["step"] for row in found["rows"]] == list(
        range(1, len(found["rows"]) + 1)
    )
    assert set(found["runs"]) == {found["number"]} and found["reasons"] == []
    first, last = found["first"], found["last"]
    assert (first["rows"], first["step"], first["gradients"]) == ([], 0, None)
    assert last["step"] == len(found["rows"]) and last["kernels"] == "wasm"
    assert len(last["gradients"]) == settings["T"] and last["perSecond"] > 0
    assert len(last["look"]["h"]) == settings["T"] * settings["H"]


NO_FRAMES = """
  window.requestAnimationFrame = () => { throw new Error("便りを渡すだけで、画面を描かせている"); };
"""


def test_notes_that_come_together_are_handed_over_at_once_without_a_frame(talk, config):
    body = """
      trainer.start(config);
      await until(() => notes.length > 0);
      // ページの中の係は、頼むとすぐに便りを返す
      for (let k = 0; k < 5; k += 1) trainer.once();
      const before = notes.length;
      await until(() => notes.length > 1);
      return { before, after: notes.length, steps: last().rows.map((row) => row.step) };
    """
    found = talk(config(), body, before=REFUSALS["すぐに断られる"] + NO_FRAMES)
    assert found == {"before": 1, "after": 2, "steps": [1, 2, 3, 4, 5]}


def test_the_length_the_rate_and_the_example_can_be_changed_on_the_way(talk, config):
    body = """
      trainer.start(config);
      trainer.go();
      await until(() => rows().length >= 5);
      trainer.setLength(17);
      trainer.set({ learning_rate: 0 });
      await until(() => last().sizes.steps === 17 && last().rows.length);
      trainer.look(Array.from({ length: 17 }, (_, t) => t / 17));
      await until(() => last().look.words === null);
      trainer.pause();
      await until(() => "check" in last());
      const look = last().look;
      trainer.look();
      await until(() => last().look.words !== null);
      return { look, h: look.h.length, steps: rows().map((row) => row.step), reasons };
    """
    found = talk(config(), body)
    assert found["look"]["x"] == pytest.approx(np.arange(17) / 17, abs=1e-7)
    assert found["h"] == 17 * config()["H"] and found["reasons"] == []
    assert found["steps"] == list(range(1, len(found["steps"]) + 1))


def test_every_update_carries_the_length_it_was_made_at(talk, config):
    body = """
      trainer.start(config);
      trainer.go();
      await until(() => rows().length >= 5);
      trainer.setLength(17);
      await until(() => rows().some(({ T }) => T === 17));
      trainer.pause();
      await until(() => "check" in last());
      const before = rows().length;
      trainer.once();
      await until(() => rows().length > before);
      return rows().map(({ T }) => T);
    """
    settings = config()
    found = talk(settings, body)
    turn = found.index(17)
    assert set(found[:turn]) == {settings["T"]} and set(found[turn:]) == {17}


def test_every_look_without_an_example_shows_a_new_one(talk, config):
    body = """
      trainer.start(config);
      await until(() => notes.length > 0);
      const seen = [last().look.words];
      for (let k = 0; k < 2; k += 1) {
        const from = notes.length;
        trainer.look();
        await until(() => notes.length > from);
        seen.push(last().look.words);
      }
      return seen;
    """
    assert len(set(talk(config(task="order"), body))) == 3


def test_the_readers_example_gives_way_when_the_length_changes(talk, config):
    body = """
      trainer.start(config);
      trainer.look(new Array(10).fill(0.5));
      await until(() => notes.length > 0 && last().look.words === null);
      trainer.setLength(6);
      await until(() => last().sizes.T === 6);
      return last().look;
    """
    look = talk(config(), body)
    assert len(look["x"]) == 6 and look["words"]


def test_one_press_makes_one_update(talk, config):
    body = """
      trainer.start(config);
      for (let k = 1; k <= 3; k += 1) {
        trainer.once();
        await until(() => rows().length === k);
      }
      return last().step;
    """
    assert talk(config(), body) == 3


def test_a_hidden_tab_pauses_and_goes_on_when_it_is_seen_again(talk, config):
    body = """
      let hidden = false;
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      const show = (value) => { hidden = value; document.dispatchEvent(new Event("visibilitychange")); };
      trainer.start(config);
      trainer.go();
      await until(() => rows().length > 0);
      show(true);
      await until(() => "check" in last());
      const step = last().step;
      trainer.look();
      await until(() => last().look.words !== null && !("check" in last()));
      const still = last().step;
      show(false);
      await until(() => last().step > step);
      return { step, still };
    """
    found = talk(config(), body)
    assert found["still"] == found["step"]


STOPS = {
    "発散": (
        dict(cell="relu", task="adding", optimizer="sgd", clip=0, learning_rate=1000),
        "trainer.start(config); trainer.go();",
        "有限でなくなりました",
    ),
    "大きさ": (
        dict(T=5000, H=256, B=1024),
        "trainer.start(config);",
        "MB が要ります",
    ),
}


@pytest.mark.parametrize("why", STOPS)
def test_what_stops_a_run_is_said_and_a_new_start_works(talk, config, why):
    changes, body, words = STOPS[why]
    body += """
      await until(() => reasons.length > 0);
      const finite = rows().every((row) => Number.isFinite(row.loss));
      const number = trainer.start(given);
      await until(() => notes.length > 0 && last().run === number);
      trainer.once();
      await until(() => last().step === 1);
      return { reasons, finite };
    """
    found = talk(config(**changes), body, config())
    assert len(found["reasons"]) == 1 and words in found["reasons"][0]
    assert found["finite"]


REQUESTS = {
    "長さ": ("trainer.setLength(5000);", "MB が要ります"),
    "学習率": ("trainer.set({ learning_rate: -1 });", "学習率 learning_rate"),
    "例": ("trainer.look([1, 2]);", "例 x は 10 時刻"),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_refused_request_is_said_and_the_run_goes_on(talk, config, what):
    request, words = REQUESTS[what]
    body = f"""
      trainer.start(config);
      trainer.go();
      await until(() => rows().length > 0);
      {request}
      await until(() => refusals.length > 0);
      const step = last().step;
      await until(() => last().step > step);
      return {{ refusals, reasons, T: last().sizes.T }};
    """
    found = talk(config(B=128, H=16), body)
    assert len(found["refusals"]) == 1 and words in found["refusals"][0]
    assert found["reasons"] == [] and found["T"] == 10


def test_a_late_note_of_an_old_run_is_dropped(talk, config):
    body = """
      trainer.start(config);
      trainer.go();
      await until(() => rows().length > 0);
      const number = trainer.start({ ...config, seed: 8 });
      const from = notes.length;
      await until(() => notes.length > from);
      return { number, runs: notes.slice(from).map((note) => [note.run, note.step, note.rows.length]) };
    """
    found = talk(config(), body)
    assert found["runs"] == [[found["number"], 0, 0]]


def test_the_readers_series_is_judged_on_what_was_held_out(talk, config):
    own = ", ".join(f"{np.sin(0.5 * t):.3f}" for t in range(60))
    found = talk(config(task="own_series", own=own), LEARN, 5)
    check = found["last"]["check"]
    assert (
        check["count"] == 18 and check["error"] > 0 and check["last"] > check["linear"]
    )
    assert found["last"]["goal"] is None


def test_the_engine_weighs_less_than_25_kilobytes():
    assert len(gzip.compress(generated.program("nn/train/engine.js").encode())) < 25_000


def test_a_figure_that_does_not_train_reads_and_carries_no_engine(monkeypatch):
    made = []
    monkeypatch.setattr(generated, "_engine_js", lambda: made.append(1))
    root = TRAIN.parents[1] / "unrolled" / "unrolled.js"
    assert "createRun" not in bundle(root, generated.modules())
    assert made == []


def test_the_engine_asks_nothing_of_the_network():
    engine = generated.program("nn/train/engine.js")
    for word in (
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "importScripts",
        "import(",
        "http",
    ):
        assert word not in engine, word
