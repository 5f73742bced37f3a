"""遊び場は、学習の間も頁を待たせない: 描く点、触る要素、描き直す間隔に限りがあり、値は失われない。

時間は計算機で変わるので、ここでは数を数える。ミリ秒は make bench が測る。
"""

import re

import numpy as np
import pytest

from rnnbook.widgets.playground import Playground

# 学習の係の代わり。便りは、試験が window.tell(k, 更新の数) で届ける（k は実行の番号、A が 0）
TRAINER = """const told = [];
export function createTrainer({ progress }) {
  const own = { run: 0, step: 0, progress, config: null };
  told.push(own);
  return {
    start(config) { Object.assign(own, { run: own.run + 1, step: 0, config }); return own.run; },
    go() {}, pause() {}, once() {}, setLength() {}, set() {}, look() {}, close() {},
  };
}
window.metric = (n) => 0.5 + 0.4 * Math.sin(n * 12.9898) * Math.sin(n / 700);
window.tell = (k, n) => {
  const own = told[k];
  const { T, H } = own.config;
  const rows = Array.from({ length: n }, (_, i) => ({ step: own.step + i + 1, loss: 1, metric: metric(own.step + i + 1), norm: 1 + i, T }));
  own.step += n;
  const gradients = Array.from({ length: T }, (_, t) => 10 ** (-4 * Math.sin(own.step + t) ** 2));
  const h = Float32Array.from({ length: T * H }, (_, i) => Math.sin(own.step + i));
  own.progress({
    run: own.run, rows, step: own.step, baseline: 0.5, goal: 0.99, gradients, sigma: { W_hh: 1 + own.step / 1e4 }, perSecond: 100 + own.step,
    sizes: { steps: T, T, D: 1, O: 2, output: "class", metric: "accuracy", symbols: null, answers: null },
    look: { x: new Float32Array(T), h, y: [0.4, 0.6], words: "例です。", answer: [1] },
  });
};"""
MOUNT = """async ([css, state]) => {
  document.body.replaceChildren();
  document.head.appendChild(document.createElement("style")).textContent = css;
  const { Model } = await import("/kit/page_model.js");
  window.model = new Model(state, "playground");
  const el = document.body.appendChild(document.createElement("div"));
  (await import("/playground/playground.js")).default.render({ model: window.model, el });
  window.touched = [];
  const name = (node) => node.className?.baseVal || node.className || node.nodeName;
  const watcher = new MutationObserver((all) => window.touched.push(...all.map(({ target, type, attributeName }) => ({
    target: name(target), type, attribute: attributeName, picture: Boolean(target.closest("svg")), closed: Boolean(target.parentElement?.closest("details:not([open])")),
  }))));
  watcher.observe(el, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


@pytest.fixture
def stage(page, modules_url, traits_of):
    """stage(引数…) は、学習の係を替え、時計を止めた遊び場。stage.pass_(ms) で時計を進める。"""
    page.route(
        "**/nn/train/trainer.js",
        lambda route: route.fulfill(body=TRAINER, content_type="text/javascript"),
    )

    def make(**values):
        page.clock.install(time=0)
        page.goto(modules_url + "kit/figure.css")
        page.set_viewport_size({"width": 360, "height": 740})
        figure = Playground(**values)
        page.evaluate(MOUNT, [figure._css, traits_of(figure)])
        page.wait_for_selector("figure svg .rf-axes text", state="attached")
        page.clock.pause_at(60_000)
        page.get_by_role("group", name="学習を動かす").get_by_role(
            "button", name="学習"
        ).dispatch_event("click")
        return page

    return make


def tell(page, updates: int, k: int = 0, wait: int = 100) -> None:
    """更新の便りを一つ届け、描くだけの間を待ちます。"""
    page.evaluate("([k, n]) => tell(k, n)", [k, updates])
    page.clock.run_for(wait)


def touched(page) -> list[dict]:
    """前に聞いてから、書き換えられたもの。"""
    return page.evaluate("() => touched.splice(0)")


def test_a_redraw_touches_the_lines_alone(stage):
    page = stage(T=25)
    for _ in range(3):
        tell(page, 10)
    page.clock.run_for(2000)
    tell(page, 10)  # 文と一行の数を言い直す
    touched(page)
    tell(page, 10)
    found = touched(page)
    # 更新ごとの値、直近の平均、勾配の三本の線の形だけ
    assert {(each["type"], each["attribute"]) for each in found} == {
        ("attributes", "d")
    }
    assert len(found) == 3


def test_two_runs_touch_their_lines_and_the_places_of_their_letters(stage):
    page = stage(T=25, compare="on", cell_B="gru")
    for k in (0, 1, 0, 1):
        tell(page, 10, k)
    page.clock.run_for(2000)
    tell(page, 10, 0)
    touched(page)
    tell(page, 10, 0)
    tell(page, 10, 1)
    kinds = {(each["type"], each["attribute"]) for each in touched(page)}
    assert kinds <= {("attributes", name) for name in ("d", "x", "y")}


def test_words_are_changed_a_few_times_a_second_however_fast_the_news_come(stage):
    page = stage(T=25)
    tell(page, 1)
    touched(page)
    for _ in range(60):
        tell(page, 1, wait=33)
    seconds = 2
    written = [each["target"] for each in touched(page) if not each["picture"]]
    assert set(written) == {"rf-play-facts", "rf-live"}
    assert 4 <= written.count("rf-play-facts") <= seconds / 0.3 + 1
    assert 1 <= written.count("rf-live") <= seconds / 1.5 + 1


def unfold(page) -> None:
    page.locator("details.rf-fold").evaluate_all(
        "all => all.forEach((each) => (each.open = true))"
    )
    page.clock.run_for(2000)


def test_what_is_folded_is_not_written_and_what_is_open_only_when_it_changes(stage):
    page = stage(T=25)
    assert page.locator("details.rf-fold").count() >= 5
    tell(page, 300)
    touched(page)
    for _ in range(10):
        tell(page, 30, wait=200)
    assert [each for each in touched(page) if each["closed"]] == []
    # 開けば、そのときまでのことが書かれる
    unfold(page)
    written = {each["target"] for each in touched(page)}
    assert {"rf-mission-note", "rf-state-said", "CODE"} <= written
    tell(page, 30)
    touched(page)
    tell(page, 30)
    found = touched(page)
    assert {(each["type"], each["attribute"]) for each in found} == {
        ("attributes", "d")
    }
    assert len(found) == 3


DRAWN = """async () => {
  const { valuesIn } = await import("/kit/csv.js");
  const plot = document.querySelector(".rf-plot");
  return {
    width: plot.querySelector("svg").clientWidth,
    lines: [...plot.querySelectorAll("path.rf-line")].map((path) => path.getAttribute("d") ?? ""),
    table: valuesIn(document.querySelector(".rf-body")).map(({ rows }) => rows).filter((rows) => rows.length > 1000),
    values: Array.from({ length: 16500 }, (_, n) => metric(n + 1)),
  };
}"""


def test_a_long_record_draws_two_points_a_column_and_loses_no_value(stage):
    page = stage(T=25)
    for _ in range(3):
        tell(page, 5000)
    tell(page, 500)
    page.clock.run_for(2000)
    touched(page)
    tell(page, 1000)
    # 千回の更新が一度に届いても、触る要素は増えない
    changed = [each["attribute"] for each in touched(page) if each["picture"]]
    assert changed == ["d", "d", "d"]
    found = page.evaluate(DRAWN)
    most = max(len(re.findall("[ML]", line)) for line in found["lines"])
    assert 200 < most <= 2 * found["width"]
    raw, smooth = map(np.array, found["table"])
    values = np.array(found["values"])
    np.testing.assert_array_equal(raw, np.column_stack([np.arange(1, 16501), values]))
    means = np.convolve(values, np.full(16, 1 / 16), mode="valid")
    np.testing.assert_allclose(smooth[15:, 1], means)
    assert "更新 16500 回" in page.locator(".rf-live").first.inner_text()


# 描くのに took ミリ秒かかる図。便りは every ミリ秒ごとに届く。時計は試験が進め、描いた時刻を返す
PACED = """async ([took, every, until]) => {
  const { mounted } = await import("/kit/scope.js");
  const { createPace } = await import("/playground/pace.js");
  let [now, booked, id] = [0, [], 0];
  const old = [performance.now, setTimeout, clearTimeout];
  performance.now = () => now;
  window.setTimeout = (act, wait = 0) => booked.push({ id: (id += 1), at: now + wait, act }) && id;
  window.clearTimeout = (gone) => { booked = booked.filter((each) => each.id !== gone); };
  const drawn = [];
  try {
    let pace;
    const draw = () => {
      drawn.push(now);
      pace.begin();
      now += took;
    };
    const stop = mounted(() => { pace = createPace(draw); }).render({ el: document.body, model: {} });
    for (let next = every; now < until;) {
      const first = booked.sort((a, b) => a.at - b.at)[0];
      if (first && first.at <= next) {
        now = Math.max(now, first.at);
        booked.shift();
        first.act();
      } else {
        now = Math.max(now, next);
        next += every;
        pace.ask();
      }
    }
    pace.ask();
    stop();
    return { drawn, left: booked.length };
  } finally { [performance.now, window.setTimeout, window.clearTimeout] = old; }
}"""


@pytest.mark.parametrize(
    ("took", "every"), [(4, 33), (15, 33), (15, 4), (80, 16), (300, 33)]
)
def test_a_redraw_of_d_milliseconds_is_followed_by_a_rest_of_four_times(
    bench, took, every
):
    found = bench.evaluate(PACED, [took, every, 3000])
    gaps = np.diff(found["drawn"])
    rest = min(500, 4 * took)
    assert gaps.min() >= took + rest
    # 待ちすぎもしない: 休んだあとの、はじめの便りで描く
    assert gaps.max() <= took + rest + every + took
    assert found["left"] == 0


SLICES = """async ([config, slice]) => {
  const { default: serve } = await import("/nn/train/engine.js");
  let [now, later] = [0, null];
  const old = performance.now;
  performance.now = () => (now += 1);
  const notes = [];
  const port = { postMessage: (note) => notes.push(note), onmessage: null };
  try {
    serve(port, { slice, later: (act) => { later = act; } });
    for (const data of [{ kind: "start", run: 1, config }, { kind: "go" }]) port.onmessage({ data });
    for (let k = 0; k < 5; k += 1) later();
    return notes.filter(({ rows }) => rows?.length).map(({ rows }) => rows.length);
  } finally { performance.now = old; }
}"""


def test_where_workers_are_refused_a_slice_ends_within_its_time(bench, config):
    # 時計は、読むたびに 1 ミリ秒進む
    found = bench.evaluate(SLICES, [config(), 8])
    assert len(found) == 5 and max(found) <= 8


HEARD = """window.heard = [];
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => heard.push(data.kind));
  }
};"""


def test_a_page_without_an_address_trains_in_a_worker_too(page, mount):
    """about:blank や閉じ込められた枠では、ブラウザはモジュールのワーカーを断ります。"""
    page.add_init_script(HEARD)
    mount(Playground(T=10, H=4, B=4))
    page.get_by_role("button", name="一回だけ").click()
    page.wait_for_function(
        "() => document.querySelector('.rf-live').textContent.includes('更新 1 回')"
    )
    assert page.evaluate("heard")[:2] == ["ready", "progress"]
