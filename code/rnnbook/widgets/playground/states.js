// 一つの例を読んだときの隠れ状態を、色の升目で描く。横が時刻、縦がユニット。毎回描き直すので、画素を直に塗る。
import { el } from "../kit/controls.js";
import { fixed } from "../kit/scales.js";
import { changingText } from "../kit/text.js";
import { pickable } from "../kit/touch.js";

/** 要素の CSS の色を、赤、緑、青の数にする。 @param {HTMLElement} node */
export function rgb(node) {
  return (getComputedStyle(node).color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/**
 * 升目の画素（赤、緑、青、不透明度）。正と負を色で、大きさを濃さで示す。
 * @param {ArrayLike<number>} h 時刻ごとに、ユニットの値が続く（T × H）
 * @param {number} T
 * @param {number} H
 * @param {number[][]} colors 正の色と、負の色
 * @returns {Uint8ClampedArray} H 行、T 列
 */
export function pixels(h, T, H, colors) {
  let limit = 1;
  for (let k = 0; k < T * H; k += 1) limit = Math.max(limit, Math.abs(h[k]) || 0);
  const out = new Uint8ClampedArray(4 * T * H);
  for (let t = 0; t < T; t += 1) {
    for (let unit = 0; unit < H; unit += 1) {
      const value = h[t * H + unit];
      const place = 4 * (unit * T + t);
      out.set(colors[value < 0 ? 1 : 0], place);
      out[place + 3] = Number.isFinite(value) ? Math.round((255 * Math.abs(value)) / limit) : 0;
    }
  }
  return out;
}

/**
 * @param {Element} parent
 * @param {{label: string, word: (t: number) => string, picked: (t: number) => void}} options
 *   word は時刻 t の入力の名、picked は時刻が選ばれたときに呼ぶ
 */
export function createStates(parent, { label, word, picked }) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { tabindex: 0, role: "img", "aria-label": `${label}。矢印のキーで、見る時刻とユニットを選べます。` }));
  const cursor = el("span", { class: "rf-cell-mark" });
  const board = el("div", { class: "rf-state-board" }, canvas, cursor);
  const said = el("p", { class: "rf-state-said", "aria-live": "polite" });
  const probes = [el("i", { class: "rf-plus-probe" }), el("i", { class: "rf-minus-probe" })];
  parent.append(el("div", { class: "rf-states" }, board, ...probes, said));
  let [T, H] = [0, 0];
  /** @type {ArrayLike<number>} */
  let values = [];
  /** @type {number[][]} 正の色と、負の色 */
  let colors = [];
  const chosen = { t: 1, unit: 1 };
  const say = changingText(said);

  function point() {
    if (!T) return;
    chosen.t = Math.max(1, Math.min(T, chosen.t));
    chosen.unit = Math.max(1, Math.min(H, chosen.unit));
    const { t, unit } = chosen;
    Object.assign(cursor.style, { left: `${(100 * (t - 1)) / T}%`, width: `${100 / T}%`, top: `${(100 * (unit - 1)) / H}%`, height: `${100 / H}%` });
    say(`時刻 ${t} の入力は ${word(t)}、ユニット ${unit} の $h_{${t}}$ は ${fixed(values[(t - 1) * H + unit - 1], 3)} です。青が正、橙が負です。`);
  }

  pickable(canvas, (event) => {
    const box = canvas.getBoundingClientRect();
    chosen.t = Math.floor(((event.clientX - box.left) / box.width) * T) + 1;
    chosen.unit = Math.floor(((event.clientY - box.top) / box.height) * H) + 1;
    point();
    picked(chosen.t);
  });
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    chosen.t += move[0];
    chosen.unit += move[1];
    point();
    picked(chosen.t);
  });

  /**
   * @param {ArrayLike<number>} h 時刻ごとに、ユニットの値が続く
   * @param {number} units
   * @param {boolean} quiet 升目だけを描き、文と、主題の色は前のまま
   */
  return (h, units, quiet) => {
    [values, H] = [h, units];
    T = Math.round(values.length / H);
    if (!T) return;
    // 色を読むと、ブラウザが見た目を決め直す
    if (!quiet || !colors.length) colors = probes.map(rgb);
    if (canvas.width !== T || canvas.height !== H) [canvas.width, canvas.height] = [T, H];
    canvas.getContext("2d")?.putImageData(new ImageData(pixels(values, T, H, colors), T, H), 0, 0);
    if (!quiet) point();
  };
}
