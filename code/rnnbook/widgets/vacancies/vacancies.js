// 空孔と、それに似たもの: 空孔、温度因子、背景、計数を替えて、三つのモデルの答えを見比べる。
import { poissonCounts } from "../diffraction/counts.js";
import { expectedCounts, tablesOf } from "../diffraction/debye.js";
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { fixed } from "../kit/scales.js";
import { makeReaders, markOf } from "./readers.js";

const CAPTION = "上は、三つのモデルの答えと 90 % 区間（横の線）です。縦の線が本当の空孔の割合です。下は、測った計数（点）と、その平均（線）、背景のない平均（破線）です。散乱の計算も三つのモデルも、このページの中で動いています。";
/** @type {[string, string, string, string][]} モデル、名、色、印 */
const MODELS = [
  ["pls", "PLS", "var(--rf-linear)", "circle"],
  ["cnn", "CNN", "var(--rf-transformer)", "triangle"],
  ["bilstm", "双方向 LSTM", "var(--rf-lstm)", "square"],
];
const RANGE = /** @type {[number, number]} */ ([-6, 20]); // 答えの軸（%）
const MIDDLE = 7;

/**
 * 一度の測定と、三つの答え。
 * @param {import("../diffraction/debye.js").Tables} tables @param {import("./readers.js").Trained} trained
 * @param {(counts: number[]) => Record<string, number>} read
 * @param {{c: number, B: number, scale: number, ground: number, seed: number}} how
 */
export function study(tables, trained, read, how) {
  const mean = expectedCounts(tables, how);
  const counts = poissonCounts(mean, how.seed);
  const told = read(counts);
  const answers = MODELS.map(([name, label]) => {
    const [value, radius] = [told[name], trained.radius[name]];
    return { name, label, value, radius, error: value - how.c, inside: Math.abs(value - how.c) <= radius };
  });
  return { mean, counts, answers, ...markOf(trained, counts) };
}

/** 符号のある数。 @param {number} value */
function signed(value) {
  const text = fixed(value, 1);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/**
 * 答えと印を言う文。
 * @param {number} c 本当の値
 * @param {{answers: {label: string, value: number, error: number, inside: boolean}[], mark: string, why: string}} found
 */
export function describe(c, { answers, mark, why }) {
  const said = answers.map(({ label, value, error, inside }) => `${label} ${fixed(value, 1)} %（${signed(error)}、${inside ? "当たり" : "外れ"}）`);
  return `本当の空孔は ${fixed(c, 1)} %。答え（誤差、90 % 区間）は、${said.join("、")}。図形の印は「${mark}」${why ? `（${why}）` : ""}です。`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const tables = tablesOf(get("crystal"));
  const all = get("trained");
  const readers = Object.fromEntries(Object.entries(all).map(([name, trained]) => [name, makeReaders(trained)]));
  body.classList.add("rf-vacancies");
  control(body, model, "train");
  const say = liveText(body);
  const upper = createPlot(body, {
    label: "三つのモデルの答え", height: 174,
    x: { label: "空孔の割合（%）", domain: RANGE, ticks: [-5, 0, 5, 10, 15, 20] }, y: { label: "答えと 90 % 区間", column: "縦の位置（モデル）", domain: [0.6, 3.8], ticks: [] },
  });
  const truth = upper.ruleX("var(--rf-truth)").named("本当の空孔の割合");
  const rows = MODELS.map(([, label, color, shape]) => ({
    line: upper.line(color, "rf-interval").named(`${label}、90 % 区間（枠の中）`), dot: upper.markers(color, shape, 11).named(`${label}、答え（枠の中）`, ["答え（%）"]), note: upper.notes("var(--rf-ink)"),
  }));
  const sliders = el("div", { class: "rf-knobs" });
  body.append(sliders);
  control(sliders, model, "c", { format: (v) => `${fixed(v, 1)} %` });
  control(sliders, model, "B");
  control(sliders, model, "ground", { format: (v) => `${fixed(v, 1)} 倍` });
  control(sliders, model, "scale");
  control(sliders, model, "seed");
  const lower = createPlot(body, {
    label: "回折図形", height: 160,
    x: { label: "$2θ$（度）", domain: [20, 100] }, y: { label: "計数", domain: [0, 5000] },
  });
  const bare = lower.line("var(--rf-baseline)", "rf-dashed").named("背景のない平均");
  const dots = lower.dots("var(--rf-rnn)", 2.5).named("測った計数");
  const smooth = lower.line("var(--rf-truth)", "rf-thin").named("平均");

  return () => {
    const how = { c: get("c"), B: get("B"), ground: get("ground"), scale: get("scale"), seed: get("seed") };
    const trained = all[get("train")];
    const found = study(tables, trained, readers[get("train")], how);
    truth.set(how.c);
    found.answers.forEach(({ label, value, radius, inside }, k) => {
      const y = 3 - k;
      const [low, high] = RANGE;
      const shown = Math.max(low, Math.min(high, value));
      rows[k].line.set([[Math.max(low, Math.min(high, value - radius)), y], [Math.max(low, Math.min(high, value + radius)), y]]);
      rows[k].dot.set([[shown, y, value]]);
      const beyond = value > high ? " →" : value < low ? " ←" : "";
      // 名は、答えのない側に
      const [side, anchor] = value > MIDDLE ? [low, "start"] : [high, "end"];
      rows[k].note.set([[side, y, `${label} ${fixed(value, 1)} ± ${fixed(radius, 1)}${inside ? "" : "（外れ）"}${beyond}`, 0, -9, anchor]]);
    });
    const top = Math.max(...found.counts);
    const step = 10 ** Math.floor(Math.log10(top)) / 2;
    lower.setDomain({ y: [0, Math.ceil((1.02 * top) / step) * step] });
    const points = (/** @type {number[]} */ values) => values.map((v, k) => /** @type {[number, number]} */ ([tables.angles[k], v]));
    bare.set(how.ground ? points(expectedCounts(tables, { ...how, ground: 0 })) : []);
    dots.set(points(found.counts));
    smooth.set(points(found.mean));
    say(describe(how.c, found));
    return {
      ...Object.fromEntries(found.answers.flatMap(({ name, value, radius }) => [[name, value], [`${name}_radius`, radius]])),
      far: Math.max(...found.far), border: trained.numbers.border, limit: trained.numbers.limit,
    };
  };
});
