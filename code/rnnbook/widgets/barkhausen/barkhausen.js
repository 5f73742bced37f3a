// バルクハウゼン雑音: 応力と雑音を選び、波形、雪崩の大きさの分布、三つのモデルの答えを見る。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { fixed } from "../kit/scales.js";
import { abbm, drawsOf, makeSpecimen, record, withNoise } from "./abbm.js";
import { makeAnswers } from "./answers.js";
import { densityOf, fitExponent, powerLaw, sizesOf } from "./avalanches.js";
import { playButton } from "./sound.js";

const CAPTION = "模型とモデルを、ページの中で計算しています。大きな印が答えの平均、小さな点が一つのバーストの答えです。雪崩は、磁壁を動かす速さを山の 0.3 倍に保った記録から、しきい値を雑音の 4 倍（0.01 以上）として数え、指数は 0.005 から 0.5 で求めます。± は標準誤差で、その 3 倍までを「合います」と言います。";
const NAMES = ["RMS の直線", "窓のリッジ", "GRU"];
const COLORS = ["var(--rf-baseline)", "var(--rf-linear)", "var(--rf-gru)"];
const SHAPES = ["square", "diamond", "circle"];
const MANY = 8; // 平均するときのバーストの数
const STRIPS = 512; // 波形を描く縦の帯の数
const RATE = 8000; // 音にするときの、一秒の点の数
/** 速さを一定にした記録: 速さの山に対する割合、本数、間隔、種 */
const STEADY = { share: 0.3, rows: 8, dt: 0.01, seed: 1000 };
const RANGE = /** @type {[number, number]} */ ([0.005, 0.5]); // 指数を測る大きさ
const REACH = /** @type {[number, number]} */ ([-250, 250]); // 答えの軸 MPa
const SHOWN = /** @type {[number, number]} */ ([0.001, 10]);

/**
 * 速さ c を一定にして測り続けた v と雑音。
 * @param {import("./abbm.js").Constants} model @param {number} seed @param {number} stress
 */
export function steady(model, seed, stress, rows = STEADY.rows, T = model.T) {
  const specimen = makeSpecimen(model, drawsOf(seed));
  const c = STEADY.share * specimen.C * Math.exp((model.drive * stress) / 100);
  const draws = drawsOf(STEADY.seed + seed);
  const signal = abbm(draws, Array.from({ length: rows }, () => new Float64Array(T).fill(c)), specimen.D, STEADY.dt);
  const hiss = signal.map((row) => row.map(() => draws.draw()));
  // τ = 3/2 − c/(2D)
  return { signal, hiss, theory: 1.5 - c / (2 * specimen.D) };
}

/** バーストを、選んだ応力で n 回、零点を合わせるなら 0 MPa でも n 回。 */
export function bursts(model, seed, stress, n, calibrated) {
  const draws = drawsOf(seed);
  const specimen = makeSpecimen(model, draws);
  const stresses = [...new Array(n).fill(stress), ...new Array(calibrated ? n : 0).fill(0)];
  return record(model, draws, specimen, stresses);
}

/**
 * モデルごとの、バーストごとの答えと、その平均。
 * @param {number[][]} told バーストごとの三つの答え。零点を合わせるなら、後ろの半分が 0 MPa のもの
 * @param {boolean} calibrated
 */
export function averaged(told, calibrated) {
  const n = calibrated ? told.length / 2 : told.length;
  return NAMES.map((_, k) => {
    const zero = calibrated ? told.slice(n).reduce((sum, row) => sum + row[k], 0) / n : 0;
    const each = told.slice(0, n).map((row) => row[k] - zero);
    return { each, mean: each.reduce((sum, v) => sum + v, 0) / n };
  });
}

/**
 * 波形を strips 本の縦の帯に分けた、帯ごとの最小と最大の折れ線。横は −1 から 1 の磁場。
 * @param {Float64Array} u @param {number} strips @returns {[number, number][]}
 */
export function envelope(u, strips) {
  const width = u.length / strips;
  return Array.from({ length: strips }, (_, k) => {
    const cut = u.slice(Math.floor(k * width), Math.floor((k + 1) * width));
    const h = -1 + (2 * (k + 0.5)) / strips;
    return /** @type {[number, number][]} */ ([[h, Math.min(...cut)], [h, Math.max(...cut)]]);
  }).flat();
}

/** 答えと指数を言う文。 */
export function describe({ stress, means, learned, noise, usual, many, calibrated, tau, error, theory }) {
  const how = `${many ? `${MANY} 回の平均` : "1 回のバースト"}${calibrated ? "、0 MPa で零点合わせ" : ""}`;
  const answers = means.map((v, k) => `${NAMES[k]} ${fixed(v, 0)}`).join("、");
  const outside = [
    stress < learned[0] || stress > learned[1] ? `応力は、学習した ${fixed(learned[0], 0)} から ${learned[1]} MPa の外です。` : "",
    Math.abs(noise - usual) > 1e-9 ? `雑音は、学習した ${fixed(usual, 1)} と違います。` : "",
  ].join("");
  const verdict = Math.abs(tau - theory) <= 3 * error ? "と合います" : tau > theory ? "より大きく出ています" : "より小さく出ています";
  return `本当は ${fixed(stress, 0)} MPa、答えは ${answers} MPa（${how}）。${outside}雪崩の指数は ${fixed(tau, 2)} ± ${fixed(error, 2)} で、理論の ${fixed(theory, 2)} ${verdict}。`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const constants = get("model");
  const answer = makeAnswers(get("weights"), constants.window);
  const pair = (/** @type {string[]} */ names) => {
    const row = el("div", { class: "rf-two" });
    body.append(row);
    for (const name of names) control(row, model, name, name === "stress" ? { format: (v) => fixed(v, 0) } : {});
  };
  pair(["stress", "noise"]);
  pair(["bursts", "zero"]);
  const say = liveText(body);
  const told = createPlot(body, {
    label: "三つのモデルが答えた応力", height: 124,
    x: { label: "答えた応力（MPa）", domain: REACH }, y: { label: "モデル（縦の線は本当の応力）", column: "縦の位置（モデル）", domain: [0.5, 3.5], ticks: [] },
  });
  const truth = told.ruleX("var(--rf-truth)", "rf-thick").named("本当の応力");
  const dots = COLORS.map((color, k) => told.dots(color, 4).named(`${NAMES[k]}、バーストごと`));
  const means = COLORS.map((color, k) => told.markers(color, SHAPES[k], 9).named(`${NAMES[k]}、平均`));
  const names = told.notes("var(--rf-ink)");
  names.set(NAMES.map((name, k) => [REACH[0], 3 - k, name, -40, 4]));
  const law = createPlot(body, {
    label: "雪崩の大きさの分布と理論の指数", height: 146,
    x: { label: "雪崩の大きさ $S$（対数目盛り）", column: "雪崩の大きさ $S$", domain: SHOWN, scale: "log" },
    y: { label: "密度 $P$（対数目盛り。橙は理論の傾き）", column: "密度 $P$", domain: [1e-4, 1e3], scale: "log" },
  });
  const theoryLine = law.line("var(--rf-warn)", "rf-thick").named("理論の傾き");
  const counts = law.dots("var(--rf-rnn)", 6).named("数えた雪崩");
  const trace = createPlot(body, {
    label: "一つめのバーストの波形", height: 104,
    x: { label: "磁場 $h$", domain: [-1, 1] }, y: { label: "コイルの電圧 $u$", domain: [-1, 8] },
  });
  const line = trace.line("var(--rf-truth)", "rf-thin").named("一つめのバースト（帯ごとの最小と最大）");
  const foot = el("div", { class: "rf-two" });
  body.append(foot);
  let wave = new Float64Array(1);
  playButton(foot, `音を聞く（${fixed(constants.T / RATE, 1)} 秒）`, RATE, () => wave);
  control(foot, model, "seed");

  const kept = /** @type {Record<string, {key: string, value: any}>} */ ({});
  /** 引数が同じなら、前の計算を使う。 */
  const once = (/** @type {string} */ name, /** @type {any[]} */ given, /** @type {() => any} */ act) => {
    const key = JSON.stringify(given);
    if (kept[name]?.key !== key) kept[name] = { key, value: act() };
    return kept[name].value;
  };
  return () => {
    const [stress, noise, seed] = ["stress", "noise", "seed"].map(get);
    const [many, calibrated] = [get("bursts") === "eight", get("zero") === "minus"];
    const n = many ? MANY : 1;
    const { signal, hiss } = once("bursts", [stress, seed, n, calibrated], () => bursts(constants, seed, stress, n, calibrated));
    const found = once("told", [stress, noise, seed, n, calibrated], () => {
      const u = withNoise(signal, hiss, noise);
      return { u: u[0], answers: averaged(u.map(answer), calibrated) };
    });
    const long = once("steady", [stress, seed], () => steady(constants, seed, stress));
    const sizes = once("sizes", [stress, noise, seed], () =>
      sizesOf(withNoise(long.signal, long.hiss, noise), Math.max(0.01, 4 * noise), STEADY.dt));
    const { tau, error, n: within } = fitExponent(sizes, ...RANGE);
    wave = found.u;
    truth.set(stress);
    found.answers.forEach(({ each, mean }, k) => {
      dots[k].set(many ? each.map((v) => [v, 3 - k]) : []);
      means[k].set([[mean, 3 - k]]);
    });
    line.set(envelope(found.u, STRIPS));
    counts.set(densityOf(sizes, ...SHOWN, 5));
    theoryLine.set(powerLaw(long.theory, within / sizes.length, ...RANGE));
    say(describe({
      stress, noise, many, calibrated, tau, error, theory: long.theory, usual: constants.usual,
      learned: constants.learned, means: found.answers.map(({ mean }) => mean),
    }));
    const [rms, ridge, gru] = found.answers.map(({ mean }) => mean);
    return { rms, ridge, gru, tau, tau_error: error, tau_theory: long.theory };
  };
});
