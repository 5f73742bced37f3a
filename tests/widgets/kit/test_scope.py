"""外された図は、借りたものをすべて返します。"""

import json
import re

# 図を描き、動かし、外し、返されていないものを数える
LEAKS = """async ([esm, state]) => {
  const held = {};
  const count = (kind, change) => (held[kind] = (held[kind] ?? 0) + change);
  const undo = [];
  const patch = (owner, name, make) => {
    const old = owner[name];
    owner[name] = make(old);
    undo.push(() => (owner[name] = old));
  };
  // 図の外にあって、図より長く生きるもの
  const outside = (target) => target === window || target === document || target === document.documentElement
    || target === document.body || target === document.head || target instanceof MediaQueryList || target === visualViewport || target === document.fonts;
  patch(EventTarget.prototype, "addEventListener", (old) => function (...given) {
    if (outside(this ?? window)) count(`${given[0]} を聞く`, 1);
    return old.apply(this ?? window, given);
  });
  patch(EventTarget.prototype, "removeEventListener", (old) => function (...given) {
    if (outside(this ?? window)) count(`${given[0]} を聞く`, -1);
    return old.apply(this ?? window, given);
  });
  for (const name of ["ResizeObserver", "IntersectionObserver", "MutationObserver"]) {
    patch(window, name, (Old) => class extends Old {
      observe(...given) { if (!this.used) count(name, 1); this.used = true; super.observe(...given); }
      disconnect() { if (this.used) count(name, -1); this.used = false; super.disconnect(); }
    });
  }
  const booked = { setInterval: "clearInterval", setTimeout: "clearTimeout", requestAnimationFrame: "cancelAnimationFrame" };
  for (const [book, cancel] of Object.entries(booked)) {
    const open = new Set();
    patch(window, book, (old) => (act, ...rest) => {
      const id = old((...given) => {
        if (book !== "setInterval" && open.delete(id)) count(book, -1);
        act(...given);
      }, ...rest);
      open.add(id);
      count(book, 1);
      return id;
    });
    patch(window, cancel, (old) => (id) => {
      if (open.delete(id)) count(book, -1);
      old(id);
    });
  }
  const heard = [];
  const model = {
    get: (name) => state[name], save_changes() {},
    set(name, value) {
      state[name] = value;
      heard.filter(([event]) => event === `change:${name}`).forEach(([, call]) => call());
    },
    send: (content) => content.kernel && heard.filter(([event]) => event === "msg:custom").forEach(([, call]) => call({ kernel: "here" })),
    on: (event, call) => heard.push([event, call]),
    off(event, call) {
      const i = heard.findIndex(([e, c]) => e === event && c === call);
      if (i >= 0) heard.splice(i, 1);
    },
  };
  const el = document.body.appendChild(document.createElement("div"));
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const clean = (await import(url)).default.render({ model, el });
  const before = { ...held, listeners: heard.length };
  for (const part of el.querySelectorAll("button, input, summary, .rf-step")) {
    part.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    if (part.type === "range") {
      part.value = part.min;
      part.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  clean();
  el.remove();
  const after = { ...held, listeners: heard.length };
  undo.forEach((back) => back());
  return [before, after];
}"""


def state_of(figure) -> str:
    """図のすべての値。"""
    state = {k: v for k, v in figure.get_state().items() if k != "layout"}
    return json.loads(json.dumps(state, default=str, sort_keys=True))


def test_a_figure_that_is_removed_gives_back_all_that_it_borrowed(page, any_kind, make):
    page.goto("about:blank")
    figure = make(any_kind)
    before, after = page.evaluate(LEAKS, [figure._esm, state_of(figure)])
    assert before["listeners"] > 0
    assert {what: left for what, left in after.items() if left} == {}


RAW = re.compile(
    r"setInterval|setTimeout|requestAnimationFrame|new \w+Observer|model\.on\("
    r"|(?:window|document|matchMedia\([^)]*\))\.(?:addEventListener|addListener)"
)


def test_only_the_scope_borrows_from_the_page(any_kind):
    """図のモジュールに書いてよいのは、返すところまで引き受ける kit/scope.js の部品だけです。

    学習の口（nn/train/trainer.js）は図を知らないので、借りたものを自分の close で返します。
    """
    modules = any_kind._esm.split("// ---- ")
    found = {text.split("\n")[0] for text in modules if RAW.search(text)}
    assert found - {"trainer.js", "engine_source.js"} == {"scope.js"}


OUTSIDE = """async () => {
  const { every } = await import("/kit/scope.js");
  try { every(1000, () => {}); } catch (error) { return error.message; }
}"""


def test_borrowing_outside_a_figure_is_an_error(bench):
    assert "描いている場所がありません" in bench.evaluate(OUTSIDE)


LATE = """async () => {
  const { mounted, here, every } = await import("/kit/scope.js");
  const calls = [];
  let later;
  const stop = mounted(() => { later = here(() => calls.push(every(1000, () => {}))); }).render({});
  later();
  stop();
  later();
  return calls.length;
}"""


def test_what_is_called_after_the_removal_does_nothing(bench):
    assert bench.evaluate(LATE) == 1
