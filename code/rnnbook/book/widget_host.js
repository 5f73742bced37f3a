// 組んだページの上で、動く図をカーネルなしで描く。図のモジュールは anywidget の約束（AFM）に従う:
// export default { initialize?({ model }), render({ model, el }) }、またはそれを返す関数。
import { isState, keepHeld, parseAddress, readState } from "../widgets/kit/address.js";
import { enter, heldBy, same } from "../widgets/kit/properties.js";
import { Model } from "../widgets/kit/page_model.js";
import { keepHistory } from "./widget_history.js";

/** @param {Element} view @param {unknown} error */
function fail(view, error) {
  console.error(error);
  const note = document.createElement("p");
  note.className = "rnnbook-fault";
  note.textContent = "この図を描けませんでした。ページを読み込み直しても同じなら、ページの上の「ノートブックを保存」で保存し、Colab か手元の Jupyter で開いてください。";
  view.replaceChildren(note);
}

/** @type {{module: string, traits: Record<string, any>}[]} */
const figures = JSON.parse(document.getElementById("rnnbook-figures")?.textContent ?? "[]");
/** 図の名前 → model と、はじめの見える場所 @type {Map<string, {model: Model, view: HTMLElement}>} */
const named = new Map();

/** 同じ名前の図には、二つ目から番号を添える。 @param {string} name */
function freeName(name) {
  let [free, number] = [name, 2];
  for (; named.has(free); number += 1) free = `${name}-${number}`;
  return free;
}

/** 場所が画面に近づくのを待つ。 @param {Element} view @returns {Promise<void>} */
function near(view) {
  return new Promise((done) => {
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      done();
    }, { rootMargin: "50%" });
    watcher.observe(view);
  });
}

/** 別のファイルにある大きな値（学習したモデルの重みなど）を読む。 @param {Model} model @param {string[]} names */
function fetchAll(model, names) {
  return Promise.all(names.map(async (name) => {
    const answer = await fetch(new URL(model.get(name).file, import.meta.url));
    model.set(name, await answer.json());
  }));
}

/** @type {Map<number, {model: Model, widget: Promise<any>, apart: boolean}>} 同じ図の見える場所がいくつあっても、model は一つ */
const prepared = new Map();

/** @param {HTMLElement} view */
function prepare(view) {
  const number = Number(view.dataset.figure);
  if (!prepared.has(number)) {
    const { module, traits } = figures[number];
    const model = new Model(traits, freeName(traits.name ?? "figure"));
    named.set(model.name, { model, view });
    forgetWhenMoved(model);
    const widget = import(new URL(module, import.meta.url).href).then(async ({ default: loaded }) => {
      const found = typeof loaded === "function" ? await loaded() : loaded;
      await found.initialize?.({ model });
      return found;
    });
    const names = Object.keys(traits).filter((name) => traits[name]?.file);
    const whole = names.length ? near(view).then(() => fetchAll(model, names)).then(() => widget) : widget;
    prepared.set(number, { model, widget: whole, apart: names.length > 0 });
  }
  return /** @type {{model: Model, widget: Promise<any>, apart: boolean}} */ (prepared.get(number));
}

/** @param {HTMLElement} view */
async function draw(view) {
  const { model, widget } = prepare(view);
  try {
    const el = document.createElement("div");
    const { render } = await widget;
    view.replaceChildren(el);
    await render({ model, el });
  } catch (error) {
    fail(view, error);
  }
  view.dataset.drawn = "";
}

/**
 * 図のそばに、見るところ、読めなかったもの、元に戻すボタンを出す。
 * @param {HTMLElement} view
 * @param {(string | Node)[]} texts
 * @param {[string, () => void][]} buttons
 */
function tell(view, texts, buttons) {
  const old = view.querySelector(":scope > .rnnbook-told");
  const note = old ?? document.createElement("div");
  note.className = "rnnbook-told";
  note.setAttribute("role", "status");
  // 読み上げられるのは、ページにある枠の中身が替わったとき。
  if (!old) view.prepend(note);
  const lines = texts.map((text) => {
    const line = Object.assign(document.createElement("div"), { className: "rnnbook-line" });
    line.append(text);
    return line;
  });
  const row = document.createElement("div");
  row.append(...buttons.map(([text, act]) => {
    const node = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    node.addEventListener("click", act);
    return node;
  }));
  note.replaceChildren(...lines, ...(buttons.length ? [row] : []));
}

/** リンクで動かした図の、動かす前と後の状態。ほかのことで動けば忘れる @type {Map<Model, {view: HTMLElement, before: object, beforeHeld: {fix: string[], hide: string[]}, after: object}>} */
const driven = new Map();

/** 見える場所 → 描き終わり @type {Map<Element, Promise<void>>} */
const drawing = new Map();

/** view を描き終わった次の画面で呼ぶ。 @param {Element} view @param {() => void} act */
const afterDrawing = (view, act) => drawing.get(view)?.then(() => requestAnimationFrame(() => requestAnimationFrame(act)));

/** view の計算が済んだら（aria-busy がなくなったら）呼ぶ。 @param {Element} view @param {() => void} act */
function afterComputing(view, act) {
  if (view.querySelector('[aria-busy="true"]')) requestAnimationFrame(() => afterComputing(view, act));
  else act();
}

/** 図がいま読み上げている文の写し（打った文への返事、畳んだ所（details）、学習につれて変わる文は除く）。なければ空。 @param {HTMLElement} view @returns {Node[]} */
function readout(view) {
  const copy = document.createDocumentFragment();
  const lives = [...view.querySelectorAll("figure [aria-live]:not(.rf-typed-note, details *, .rf-play *)")];
  copy.append("見るところ: ", ...lives.flatMap((live) => [...live.cloneNode(true).childNodes]));
  return lives.length ? [copy] : [];
}

/** リンクのほかのことで図が動いたら、添えた文を片づける。 @param {Model} model */
function forgetWhenMoved(model) {
  model.on("change", () => {
    const state = driven.get(model);
    if (!state || same(state.after, model.state)) return;
    driven.delete(model);
    tell(state.view, [], []);
  });
}

/** 図が画面の外なら、見える所まで送る。 @param {HTMLElement} view */
function show(view) {
  const { top, bottom } = view.getBoundingClientRect();
  const [play, said] = [".rf-play", ".rf-play > .rf-live"].map((name) => view.querySelector(name));
  // 学習の図は縦に長いので、文までが画面になければ、図の上の端を画面の上に合わせる
  if (play && said) {
    if (play.getBoundingClientRect().top < 0 || said.getBoundingClientRect().bottom > innerHeight) play.scrollIntoView({ block: "start" });
  } else if (top < 0 || top > innerHeight / 2 || bottom < innerHeight / 3) view.scrollIntoView({ block: "start" });
}

/** 引数のある図が一つだけなら、その名前。図の名のない住所は、その図のもの。 */
function onlyFigure() {
  const names = [...named].filter(([, { model }]) => model.table.length).map(([name]) => name);
  return names.length === 1 ? names[0] : "";
}

/** ページにない図に宛てた組を述べる文。 @param {[string, {name: string}[]]} entry */
function describeLost([name, pairs]) {
  return name ? `「${name}」という図は、このページにありません。` : `住所の「${pairs[0].name}」の前に、図の名前と . が要ります。`;
}

/**
 * 住所に書かれた状態に、図を合わせる。
 * @param {string} hash
 * @param {HTMLAnchorElement | null} [link] 押されたリンク。題（title）は、見るところ
 */
function follow(hash, link = null) {
  const { known, lost } = planOf(hash, Boolean(link));
  // 前に押したリンクの文は、ほかの図に残っているものも片づける。
  for (const { view } of driven.values()) tell(view, [], []);
  known.forEach(({ model, view, values, held, faults, locked, refused }, k) => {
    const { before, beforeHeld } = driven.get(model) ?? { before: model.state, beforeHeld: heldBy(model) };
    driven.delete(model);
    if (link?.matches(".rf-here")) return; // 「この状態へのリンク」では、図は動かない
    give(model, values, held);
    if (locked) trail.stay(model.address());
    const told = [...(refused.length ? [`固定されている ${refused.join("、")} は、変えませんでした。`] : []), ...faults.map((fault) => `読めないので使いませんでした: ${fault}。`), ...(k ? [] : lost)];
    const back = /** @type {[string, () => void]} */ (["元に戻す", () => {
      driven.delete(model);
      give(model, before, beforeHeld);
      trail.stay(model.address());
      tell(view, [], []);
      link?.focus();
    }]);
    const toText = /** @type {[string, () => void]} */ (["文に戻る", () => link?.focus()]);
    if (!k) show(view);
    if (!link && !told.length) return;
    afterDrawing(view, () => afterComputing(view, () => {
      driven.set(model, { view, before, beforeHeld, after: model.state });
      tell(view, [...(link ? readout(view) : []), ...told], [...(same(before, model.state) ? [] : [back]), ...(link ? [toText] : [])]);
      if (!k) show(view); // 文とボタンの分だけ、図が下がった
    }));
  });
  const [first] = named.values();
  if (!known.length && first) {
    tell(first.view, lost, []);
    show(first.view);
  }
}

/**
 * 住所が求める、図ごとの値。lost は、ページにない図を述べる文。
 * 本文のリンクは、教える人の固定を外さない（locked）。refused は、固定されていて変えない引数。
 * @param {string} hash
 * @param {boolean} byLink
 */
function planOf(hash, byLink) {
  const wanted = [...parseAddress(hash, onlyFigure())];
  const known = wanted.filter(([name]) => named.has(name)).map(([name, pairs]) => {
    const { model, view } = /** @type {{model: Model, view: HTMLElement}} */ (named.get(name));
    const { values, held, faults } = readState(model.table, pairs);
    const now = heldBy(model);
    const locked = byLink && !held.fix.length && !held.hide.length && now.fix.length + now.hide.length > 0;
    const refused = locked ? keepHeld(now, values, pairs, model.state) : [];
    return { name, model, view, values, held: locked ? now : held, faults, locked, refused };
  });
  return { known, lost: wanted.filter(([name]) => !named.has(name)).map(describeLost) };
}

/** 図に状態を渡す。渡した回数が変わるので、図は、同じ値でも渡されたことを知る。 @param {Model} model @param {object} values @param {{fix: string[], hide: string[]}} held */
function give(model, values, held) {
  enter(model, values, held);
  model.set("_given", (model.get("_given") ?? 0) + 1);
}

const trail = keepHistory({
  moved(hash) {
    const moving = planOf(hash, true).known.filter(({ model, values, held }) => !same([model.state, heldBy(model)], [values, held]));
    return Object.fromEntries(moving.map(({ name, model }) => [name, { values: model.state, held: heldBy(model) }]));
  },
  follow,
  restore(states) {
    for (const [name, { values, held }] of Object.entries(states)) {
      const { model, view } = named.get(name) ?? {};
      if (!model || !view) continue;
      driven.delete(model);
      tell(view, [], []);
      give(model, values, held);
    }
  },
});

document.addEventListener("click", (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.('a[href^="#"]'));
  if (!link || event.defaultPrevented || !isState(link.hash) || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  trail[link.matches(".rf-here") ? "stay" : "advance"](link.hash);
  follow(link.hash, link);
});

const views = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".rnnbook-view")]);
views.forEach((view) => drawing.set(view, draw(view)));
// 大きな値を待つ図は、見えるまで描かれない。
const soon = views.filter((view) => !prepare(view).apart).map((view) => drawing.get(view));
Promise.all(soon).then(trail.arrive);
