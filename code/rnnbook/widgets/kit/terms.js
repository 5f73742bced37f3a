// 数の出どころ: 絵の中の数を指すか、矢印キーで選ぶと、その数を作る項が、そばの枠に並ぶ。
import { el } from "./controls.js";
import { fixed } from "./scales.js";
import { listen } from "./scope.js";
import { setInline } from "./text.js";

/**
 * @typedef {Object} Sum 一つの数と、足すとその数になる項
 * @property {string} name 数の名（式を含む文）
 * @property {number} value
 * @property {{name: string, detail?: string, value: number}[]} terms detail は、数を入れた積
 * @property {string} [then] 和のあとに続く計算を述べる文
 */

const AWAY = 8; // 数と枠の間 px

/** 符号の付いた数。 @param {number} value */
function signed(value) {
  const text = fixed(value, 3);
  return value >= 0 ? `+${text}` : text;
}

/**
 * @template Cell
 * @param {HTMLElement} body 図の部品を置く所。枠もここに入る
 * @param {any} picture 絵（SVG か、数のボタンを並べた所）
 * @param {{find: (event: any) => Cell | null, step: (cell: Cell | null, right: number, down: number) => Cell,
 *   box: (cell: Cell) => {left: number, top: number, width: number, height: number} | null, sum: (cell: Cell) => Sum,
 *   mark: (cell: Cell | null) => void}} picked
 *   find は指された数、step は矢印キーで移る先（はじめは cell が null）、box は枠が隠さない画面の場所（数が見えていなければ null）、
 *   mark は選ばれた数に印を付ける関数
 * @returns {{update: () => void}} 値が変わったときに呼ぶと、見えている枠を書き直す
 */
export function showTerms(body, picture, { find, step, box, sum, mark }) {
  const panel = el("div", { class: "rf-terms", role: "status", hidden: true });
  body.append(panel);
  picture.setAttribute("tabindex", "0");
  picture.setAttribute("role", "application");
  picture.setAttribute("aria-roledescription", "矢印キーで数を選ぶ絵");
  /** @type {Cell | null} いま枠を見せている数 */
  let shown = null;
  /** @type {Cell | null} 最後に選ばれた数。キーは、ここから動く */
  let last = null;

  function update() {
    const place = shown === null ? null : box(shown);
    panel.hidden = !place;
    mark(place ? shown : null);
    if (place) write(sum(/** @type {Cell} */ (shown)), place);
  }

  function show(/** @type {Cell | null} */ cell) {
    shown = cell;
    last = cell ?? last;
    update();
  }

  /** @param {Sum} told @param {{left: number, top: number, width: number, height: number}} place */
  function write({ name, value, terms, then = "" }, place) {
    const line = (/** @type {string} */ tag, /** @type {string} */ text) => {
      const node = el(tag);
      setInline(node, text);
      return node;
    };
    const rows = terms.map((term) => el("li", {}, line("span", term.name), ...(term.detail ? [line("small", term.detail)] : []),
      el("data", { value: term.value }, signed(term.value))));
    const total = line("p", `${name} = `);
    total.className = "rf-total";
    total.append(el("data", { value }, fixed(value, 3)));
    panel.replaceChildren(el("ul", {}, ...rows), total, ...(then ? [line("p", then)] : []));
    // 数の下に置き、図から出るなら上に置く。横は、図の中に収める。
    const area = body.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const middle = place.left + place.width / 2 - area.left;
    const below = place.top + place.height + AWAY - area.top;
    const above = place.top - AWAY - height - area.top;
    panel.style.left = `${Math.max(8, Math.min(area.width - width - 8, middle - width / 2))}px`;
    panel.style.top = `${below + height > area.height && above > 0 ? above : below}px`;
  }

  picture.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && show(find(event)));
  picture.addEventListener("pointerleave", (/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && show(null));
  // 指では、打つと見え、ほかを打つと消える。
  picture.addEventListener("click", (/** @type {PointerEvent} */ event) => event.detail && show(find(event)));
  listen(document, "pointerdown", (event) => picture.contains(event.target) || show(null));
  // 絵の中のボタンに移れば、そのボタンの数を見せる。
  picture.addEventListener("focusin", (/** @type {any} */ event) =>
    event.target.matches(":focus-visible") && show(event.target === picture ? step(last, 0, 0) : find(event)));
  picture.addEventListener("focusout", () => show(null));
  picture.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Escape" && shown !== null) show(null);
    else if (event.key in moves) show(step(last, moves[event.key][0], moves[event.key][1]));
    else return;
    event.preventDefault();
  });
  return { update };
}
