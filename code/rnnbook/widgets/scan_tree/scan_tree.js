// 並列スキャンの木: 長さと時刻を選び、組をつなぐ木と、順に求める鎖の、段と回数と値を比べる。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { setInline } from "../kit/text.js";
import { ancestors, combine, doublingSteps, draw, errors, inOrder, pairs, span, workAndDepth } from "./scan.js";
import { scanPicture } from "./tree.js";

const CAPTION = "横が時刻、縦が段です。一段の中の計算は、互いを待ちません。丸の中の数は、その点までに求めた $h$（木では、つないだ組の $B$）、青い線と丸は、選んだ時刻の値に使うものです。鎖の段の高さは、木より縮めてあります。図に触れると、時刻を選べます。";

/** 一桁と 10 の冪で書いた数。 @param {number} value */
export function powerOfTen(value) {
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(value));
  const digit = (value / 10 ** power).toFixed(0);
  return digit === "10" ? `1×$10^{${power + 1}}$` : `${digit}×$10^{${power}}$`;
}

/** 式の中の数。四桁で 0 になる数は、10 の冪で書く。 @param {number} v */
const number = (v) => (v === 0 || Math.abs(v) >= 5e-5 ? fixed(v, 4) : powerOfTen(v));

/** 時刻 first から last までの歩。 @param {number[]} steps */
const during = ([first, last]) => (first === last ? `${first} 歩目` : `${first}〜${last} 歩目`);

/**
 * 選んだ時刻の値を、最後につないだ二つの組から求める式と、順に求める式。
 * @param {import("./scan.js").Pair[]} steps
 * @param {number} t 1 から
 * @returns {[string, string]}
 */
export function equations(steps, t) {
  const h = inOrder(steps);
  const chain = t === 1
    ? `順に: $h_1$ = $b_1$ = ${number(h[0])}`
    : `順に: $h_{${t}}$ = $a_{${t}}$ $h_{${t - 1}}$ + $b_{${t}}$ = ${number(steps[t - 1].a)} × ${number(h[t - 2])} + ${number(steps[t - 1].b)} = ${number(h[t - 1])}`;
  if (t === 1) return ["木: $h_1$ は、はじめから求まっています。", chain];
  const stage = Math.ceil(Math.log2(t));
  const d = 2 ** (stage - 1);
  const below = doublingSteps(steps)[stage - 1];
  const [early, late] = [below[t - d - 1], below[t - 1]];
  return [
    `木: ${during(span(t - d, stage - 1))}のあとに ${during(span(t, stage - 1))}をつなぎ、$h_{${t}}$ = ${number(late.a)} × ${number(early.b)} + ${number(late.b)} = ${number(combine(early, late).b)}`,
    chain,
  ];
}

/** 回数と段と、32 ビットで求めたときの差を言う文。 @param {number} T @param {ReturnType<typeof errors>} worst */
export function describe(T, worst) {
  const { inOrder: chain, doubling: tree } = workAndDepth(T);
  return `$T$ = ${T} のとき、順に求めると ${chain[1]} 段で、つなぐのは ${chain[0]} 回です。木では ${tree[1]} 段で、${tree[0]} 回です。`
    + `32 ビットで求めた値の相対的な差は、大きい所で、順に ${powerOfTen(worst.inOrder)}、木で ${powerOfTen(worst.doubling)}、対数の上では ${powerOfTen(worst.logarithmic)} です。`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  body.classList.add("rf-scans");
  const sliders = el("div", { class: "rf-row" });
  body.append(sliders);
  for (const name of ["T", "t"]) control(sliders, model, name);
  const pick = (/** @type {number} */ t) => assign(model, "t", t);
  const tree = scanPicture(body, { label: "組をつなぐ木", title: "組をつなぐ木（縦は段）", column: "つないだ組の $B$", height: 226, pick });
  const chain = scanPicture(body, { label: "順に求める鎖", title: "順に求める鎖", column: "$h_t$", height: 136, pick });
  const say = liveText(body);
  const lines = [el("p"), el("p")];
  body.append(el("div", { class: "rf-equation" }, ...lines));
  const more = el("div", { class: "rf-row" });
  body.append(more);
  for (const name of ["bias", "seed"]) control(more, model, name);

  return () => {
    const [T, t, bias, seed] = ["T", "t", "bias", "seed"].map(get);
    const drawn = draw(seed, T, bias);
    const steps = pairs(drawn);
    const stages = doublingSteps(steps);
    const h = inOrder(steps);
    const used = ancestors(T, t).map((places) => new Set(places));
    /** @type {[number, number, number][]} */
    const links = [];
    for (let row = 1; row < stages.length; row += 1) {
      for (let p = 1; p <= T; p += 1) {
        links.push([row, p, p]);
        if (p > 2 ** (row - 1)) links.push([row, p - 2 ** (row - 1), p]);
      }
    }
    tree({
      T, t, rows: stages.length, links, at: () => stages.map((_, row) => row),
      used: (row, p) => used[row].has(p), value: (row, p) => stages[row][p - 1].b,
    });
    chain({
      T, t, rows: T, at: (p) => [p - 1], used: (row, p) => p <= t && row === p - 1,
      links: Array.from({ length: T - 1 }, (_, k) => [k + 1, k + 1, k + 2]), value: (_, p) => h[p - 1],
    });
    equations(steps, t).forEach((text, k) => setInline(lines[k], text));
    const worst = errors(drawn);
    say(describe(T, worst));
    const { inOrder: [chainDepth, chainJoins], doubling: [treeJoins, treeDepth] } = workAndDepth(T);
    return {
      a_t: steps[t - 1].a, b_t: steps[t - 1].b, h_t: h[t - 1],
      chain_joins: chainJoins, chain_depth: chainDepth, tree_joins: treeJoins, tree_depth: treeDepth,
      log10_chain_error: Math.log10(worst.inOrder), log10_tree_error: Math.log10(worst.doubling),
    };
  };
});
