// 組んだページの上で、動く図をカーネルなしで描く。図のモジュールは anywidget の約束（AFM）に従う:
// export default { initialize?({ model }), render({ model, el }) }、またはそれを返す関数。

/** カーネルのない model。値の持ち主は、このページ。 */
class Model {
  /** @type {Map<string, Set<Function>>} */
  #callbacks = new Map();
  /** @type {Record<string, any>} */
  #values;

  /** @param {Record<string, any>} values */
  constructor(values) {
    this.#values = values;
  }

  /** @param {string} name */
  get(name) {
    return this.#values[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (JSON.stringify(this.#values[name]) === JSON.stringify(value)) return;
    this.#values[name] = value;
    for (const event of [`change:${name}`, "change"]) {
      for (const callback of [...(this.#callbacks.get(event) ?? [])]) callback(this, value);
    }
  }

  /** @param {string} events 空白で区切った出来事の名 @param {Function} callback */
  on(events, callback) {
    for (const event of events.split(/\s+/)) {
      if (!this.#callbacks.has(event)) this.#callbacks.set(event, new Set());
      this.#callbacks.get(event)?.add(callback);
    }
  }

  /** @param {string | null} [events] 省くとすべて @param {Function | null} [callback] 省くとすべて */
  off(events, callback) {
    for (const event of events?.split(/\s+/) ?? [...this.#callbacks.keys()]) {
      if (callback) this.#callbacks.get(event)?.delete(callback);
      else this.#callbacks.delete(event);
    }
  }

  save_changes() {}

  // 答えるカーネルはない。
  send() {}
}

/**
 * 一つの図を用意する。同じ図の見える場所がいくつあっても、model は一つ。
 * @param {{module: string, traits: Record<string, any>}} figure
 */
async function prepare({ module, traits }) {
  const loaded = (await import(new URL(`widgets/${module}`, import.meta.url).href)).default;
  const widget = typeof loaded === "function" ? await loaded() : loaded;
  const model = new Model(traits);
  await widget.initialize?.({ model });
  return { widget, model };
}

/** @param {HTMLElement} view @param {unknown} error */
function fail(view, error) {
  console.error(error);
  const note = document.createElement("p");
  note.className = "rnnbook-fault";
  note.textContent = "この図を描けませんでした。ページを読み込み直しても同じなら、ページ上部のボタンから Colab で開いてください。";
  view.replaceChildren(note);
}

const figures = JSON.parse(document.getElementById("rnnbook-figures")?.textContent ?? "[]");
/** @type {Map<number, ReturnType<typeof prepare>>} */
const prepared = new Map();

/** @param {HTMLElement} view */
async function draw(view) {
  try {
    const number = Number(view.dataset.figure);
    if (!prepared.has(number)) prepared.set(number, prepare(figures[number]));
    const { widget, model } = await /** @type {ReturnType<typeof prepare>} */ (prepared.get(number));
    const el = document.createElement("div");
    view.replaceChildren(el);
    await widget.render({ model, el });
  } catch (error) {
    fail(view, error);
  }
  view.dataset.drawn = "";
}

document.querySelectorAll(".rnnbook-view").forEach((view) => draw(/** @type {HTMLElement} */ (view)));
