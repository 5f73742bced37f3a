// 一つの見える場所が借りたものを、場所が外されるときにすべて返す。
// 聞き手、見張り、タイマー、次の画面の予約は、この部品を通して借りる。場所を描いている間に借りたものは、その場所のものになる。

/** @typedef {import("./controls.js").Model} Model */
/** @typedef {{stops: Set<() => void>, closed: boolean}} Scope */

/** @type {Scope | null} いま描いている場所 */
let current = null;

/**
 * scope の中で act を呼ぶ。
 * @template T
 * @param {Scope} scope
 * @param {() => T} act
 * @returns {T}
 */
function within(scope, act) {
  const outer = current;
  current = scope;
  try {
    return act();
  } finally {
    current = outer;
  }
}

/**
 * 返す方法を、いまの場所に預ける。
 * @param {() => void} stop
 * @returns {() => void} 先に返すときに呼ぶ関数
 */
export function lend(stop) {
  if (!current) throw new Error("描いている場所がありません。render の中で呼んでください。");
  const { stops } = current;
  const once = () => stops.delete(once) && stop();
  stops.add(once);
  return once;
}

/**
 * いまの場所の中で動く関数にする。あとから呼ばれて部品を作る関数に使う。場所が外されたあとは、何もしない。
 * @template {any[]} A
 * @param {(...given: A) => void} act
 * @returns {(...given: A) => void}
 */
export function here(act) {
  const scope = /** @type {Scope} */ (current);
  return (...given) => scope.closed || within(scope, () => act(...given));
}

/**
 * @param {Model} model
 * @param {string} event
 * @param {Function} callback
 */
export function hear(model, event, callback) {
  model.on(event, callback);
  return lend(() => model.off(event, callback));
}

/**
 * 値のどれかが変わったら callback を呼ぶ。
 * @param {Model} model
 * @param {string[]} names
 * @param {() => void} callback
 */
export function watch(model, names, callback) {
  names.forEach((name) => hear(model, `change:${name}`, callback));
}

/**
 * ページの出来事を聞く。図の中の要素には要らない（要素と一緒に消える）。
 * @param {EventTarget} target
 * @param {string} event
 * @param {(event: any) => void} callback
 */
export function listen(target, event, callback) {
  target.addEventListener(event, callback);
  return lend(() => target.removeEventListener(event, callback));
}

/**
 * ms ごとに act を呼ぶ。
 * @param {number} ms
 * @param {() => void} act
 * @returns {() => void} やめる関数
 */
export function every(ms, act) {
  const timer = setInterval(act, ms);
  return lend(() => clearInterval(timer));
}

/**
 * 一度だけ鳴る時計。鳴ると act を呼ぶ。鳴る前に掛け直せば、前の約束は消える。
 * @param {() => void} act
 * @returns {{set: (ms: number) => void, stop: () => void, isSet: () => boolean}}
 */
export function alarm(act) {
  let timer = 0;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  lend(stop);
  return {
    stop,
    isSet: () => timer !== 0,
    set(ms) {
      stop();
      timer = setTimeout(() => {
        timer = 0;
        act();
      }, ms);
    },
  };
}

/**
 * 次の画面の書き換えで一度だけ draw を呼ぶ関数を返す。
 * @param {() => void} draw
 * @returns {() => void}
 */
export function onceAFrame(draw) {
  let waiting = 0;
  lend(() => cancelAnimationFrame(waiting));
  return () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      draw();
    });
  };
}

/**
 * 要素の幅か、使える書体が変わるたびに layout(幅) を呼ぶ。はじめの一度はすぐに呼ぶ。
 * @param {Element} node
 * @param {(width: number) => void} layout
 */
export function onWidth(node, layout) {
  let last = 0;
  const check = () => {
    const width = Math.floor(node.getBoundingClientRect().width);
    if (width > 0 && width !== last) layout((last = width));
  };
  const observer = new ResizeObserver(check);
  observer.observe(node);
  lend(() => observer.disconnect());
  listen(document.fonts, "loadingdone", () => last && layout(last));
  check();
}

/**
 * 描く関数を、借りたものを返す関数を返す render（AFM の約束）にする。
 * @param {(context: {model: Model, el: HTMLElement}) => void} draw
 * @returns {{render: (context: {model: Model, el: HTMLElement}) => () => void}}
 */
export function mounted(draw) {
  return {
    render(context) {
      const scope = { stops: new Set(), closed: false };
      within(scope, () => draw(context));
      return () => {
        scope.closed = true;
        [...scope.stops].forEach((stop) => stop());
      };
    },
  };
}
