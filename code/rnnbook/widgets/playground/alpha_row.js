// 注意の重み α を、時刻ごとの棒で描く。α は h だけで決まるので、見ている例の h から求める。
import { el } from "../kit/controls.js";
import { fixed } from "../kit/scales.js";
import { changingText } from "../kit/text.js";
import { rgb } from "./states.js";

const TALL = 24; // 棒の高さの段の数

/**
 * 時刻 t の答えが、時刻 1 … t − 1 の h を見る重み: e_s = h_t · h_s、α = softmax(e)。
 * @param {ArrayLike<number>} h 時刻ごとに、ユニットの値が続く @param {number} H @param {number} t 1 から
 * @returns {number[]}
 */
export function weightsAt(h, H, t) {
  const e = Array.from({ length: t - 1 }, (_, s) => {
    let sum = 0;
    for (let n = 0; n < H; n += 1) sum += h[(t - 1) * H + n] * h[s * H + n];
    return sum;
  });
  const top = Math.max(...e);
  const grown = e.map((v) => Math.exp(v - top));
  const total = grown.reduce((sum, v) => sum + v, 0);
  return grown.map((v) => v / total);
}

const FEW = 8; // これより少なければ、等しいかどうかを言わない

/** 重みを言う文。 @param {number[]} alpha @param {number} t */
export function alphaWords(alpha, t) {
  if (!alpha.length) return `時刻 ${t} より前には、見る所がありません。`;
  const most = Math.max(...alpha);
  const many = (/** @type {number} */ v) => fixed(v, v < 0.1 ? 3 : 2);
  if (alpha.length >= FEW && most < 2 / alpha.length) return `時刻 ${t} の答えは、どの時刻の $h$ も、ほぼ等しく見ます（最大の $\\alpha$ = ${many(most)}、等しく見れば ${many(1 / alpha.length)}）。棒の高さが $\\alpha$ です。`;
  return `時刻 ${t} の答えは、時刻 ${alpha.indexOf(most) + 1} の $h$ を最も強く見ます（$\\alpha$ = ${many(most)}、等しく見れば ${many(1 / alpha.length)}）。棒の高さが $\\alpha$ です。`;
}

/**
 * 棒の画素（赤、緑、青、不透明度）。いちばん高い棒を、段のすべてにする。
 * @param {number[]} alpha @param {number} T @param {number[]} color
 */
function barPixels(alpha, T, color) {
  const out = new Uint8ClampedArray(4 * T * TALL);
  const most = Math.max(...alpha);
  alpha.forEach((value, s) => {
    const steps = Math.round((TALL * value) / most);
    for (let k = 0; k < steps; k += 1) out.set([...color, 255], 4 * ((TALL - 1 - k) * T + s));
  });
  return out;
}

/** 棒の場所を作り、描く関数を返す。 @param {Element} parent */
export function createAlphaRow(parent) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { role: "img", "aria-label": "注意の重み。横が時刻、棒の高さが重み" }));
  const said = el("p", { class: "rf-small", "aria-live": "polite" });
  const probe = el("i", { class: "rf-alpha-probe" });
  const place = el("div", { class: "rf-alpha" }, canvas, said, probe);
  parent.append(place);
  const say = changingText(said);
  /** @type {number[]} 棒の色 */
  let color = [];

  /**
   * @param {ArrayLike<number>} h @param {{H: number, steps: number, readout: string, output: string}} sizes
   * @param {number | null} chosen 選んだ時刻。まだなら、終わりの時刻。終わりにだけ答える問題では、いつも終わりの時刻
   * @param {boolean} [quiet] 棒だけを描き、文と、主題の色は前のまま
   */
  return (h, { H, steps: T, readout, output }, chosen, quiet = false) => {
    const shows = readout === "attention";
    if (place.hidden === shows) place.hidden = !shows;
    if (!shows) return;
    const t = output === "sequence" ? Math.min(chosen ?? T, T) : T;
    const alpha = weightsAt(h, H, t);
    if (canvas.width !== T || canvas.height !== TALL) [canvas.width, canvas.height] = [T, TALL];
    // 色を読むと、ブラウザが見た目を決め直す
    if (!quiet || !color.length) color = rgb(probe);
    canvas.getContext("2d")?.putImageData(new ImageData(barPixels(alpha, T, color), T, TALL), 0, 0);
    if (!quiet) say(alphaWords(alpha, t));
  };
}
