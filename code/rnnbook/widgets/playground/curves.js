// 二つの図: 更新の回数と物差し、時刻ごとの勾配のノルム。実行の記録を渡すと、描き直す。
import { MODELS } from "../kit/models.js";
import { createPlot } from "../kit/plot.js";
import { decades, extremes, roomFor } from "./history.js";
import { metricName, sizesOf } from "./sentence.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./runner.js").About} About */

const LOOKS = { rnn: "rnn", relu: "irnn", lstm: "lstm", gru: "gru", min_gru: "gru" };

/** 実行の線の色。注意があれば、セルによらず注意機構の色。 @param {Record<string, any>} config */
export function colorOf({ cell, readout }) {
  return MODELS[readout === "attention" ? "attention" : LOOKS[cell]].color;
}

/**
 * 解けた回数の点を、下の端から積む。
 * @param {number[]} times 種ごとの解けた回数（解けなければ 0）
 * @param {(part: number) => number} at 軸の割合（0 から 1）を値にする
 * @returns {[number, number][]}
 */
export function stacked(times, at) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  const step = Math.min(0.045, 0.5 / Math.max(1, times.length));
  return times.filter(Boolean).map((time) => {
    const count = counts.get(time) ?? 0;
    counts.set(time, count + 1);
    return [time, at(0.04 + step * count)];
  });
}

/**
 * 更新の回数と物差しの図。
 * @param {Element} parent
 * @param {number} height
 */
export function createCurves(parent, height) {
  const y = { label: "正解率", domain: /** @type {[number, number]} */ ([0, 1]), scale: /** @type {"linear" | "log"} */ ("linear") };
  const plot = createPlot(parent, { label: "更新ごとの正解率か損失", height, x: { label: "更新の回数", domain: [0, 100], whole: true }, y });
  const measured = plot.dots("var(--rf-muted)", 4);
  measured.node.style.strokeOpacity = "0.55";
  const band = plot.band("var(--rf-muted)");
  const middle = plot.line("var(--rf-muted)", "rf-dashed");
  const guess = plot.ruleY("var(--rf-baseline)", "rf-thick");
  guess.node.style.strokeDasharray = "5 3";
  const goal = plot.ruleY("var(--rf-good)", "rf-thick");
  const raw = plot.line("var(--rf-muted)", "rf-thin");
  raw.node.style.strokeOpacity = "0.45";
  const lengths = plot.lines("var(--rf-warn)", "rf-dashed");
  const lines = [plot.line("var(--rf-rnn)"), plot.line("var(--rf-rnn)")];
  lines[1].node.style.strokeDasharray = "7 4";
  const notes = plot.notes("var(--rf-ink)");

  /**
   * @param {{runs: History[], about: About | null, times: number[] | undefined, seeds: {steps: number, band: [number, number, number][], middle: [number, number][]} | null}} shown
   */
  return ({ runs, about, times, seeds }) => {
    const { metric } = about?.sizes ?? sizesOf(runs[0].config);
    const accuracy = metric === "accuracy";
    const steps = Math.max(...runs.map((run) => run.rows.length), seeds?.steps ?? 0);
    const solved = (times ?? []).filter(Boolean).sort((p, q) => p - q);
    const usual = solved.length ? solved[Math.floor(solved.length / 2)] : 0;
    const x = /** @type {[number, number]} */ ([0, roomFor(Math.max(50, steps, usual))]);
    let [low, high] = accuracy ? [0, 1.02] : [0.01, 10];
    if (!accuracy && about) {
      const seen = extremes(runs.map((run) => run.smooth));
      const least = Math.min(about.goal ?? about.baseline / 10, about.baseline, seen[0]);
      const most = Math.max(about.baseline, seen[1]);
      [low, high] = [10 ** Math.floor(Math.log10(least / 1.5)), 10 ** Math.ceil(Math.log10(Math.min(most, about.baseline * 1e3)))];
    }
    const domain = /** @type {[number, number]} */ ([low, high]);
    // 目盛りの種類も、setDomain が並べ直すときに読まれる
    y.scale = accuracy ? "linear" : "log";
    plot.relabel(`${metricName(metric)}（太い線は、直近の平均）`);
    plot.setDomain({ x, y: domain });
    const at = (/** @type {number} */ part) => (accuracy ? low + part * (high - low) : low * (high / low) ** part);
    measured.set(about ? stacked(times ?? [], at) : []);
    band.set(seeds?.band ?? []);
    middle.set(seeds?.middle ?? []);
    guess.show(about !== null);
    goal.show(about !== null && about.goal !== null);
    if (about) guess.set(about.baseline);
    if (about?.goal) goal.set(about.goal);
    raw.set(runs[0].points.raw);
    lines.forEach((line, k) => {
      line.node.style.stroke = runs[k] ? colorOf(runs[k].config) : "none";
      line.set(runs[k]?.points.smooth ?? []);
    });
    lengths.set(runs[0].lengths.map(([step]) => [[step, low || 1e-9], [step, high]]));
    const outside = solved.filter((time) => time > x[1]).length; // 図の右に出た点
    const ends = runs.length > 1 ? runs.map((run, k) => [run.smooth.length, run.smooth[run.smooth.length - 1] ?? NaN, "AB"[k], 6, 4]) : [];
    notes.set([
      ...(about ? [[x[1], about.baseline, "記憶なし", 0, accuracy ? 14 : -5, "end"], [x[1], about.goal ?? NaN, "解けた", 0, accuracy ? 15 : -5, "end"]] : []),
      ...(about && outside ? [[x[1], at(0.2), `点 ${outside} 個は、この右 →`, 0, 0, "end"]] : []),
      ...runs[0].lengths.map(([step, T]) => [step, at(0.9), `T = ${T}`, 4, 0]),
      ...ends.filter(([step]) => step),
    ]);
  };
}

/**
 * 時刻ごとの勾配のノルムの図。
 * @param {Element} parent
 * @param {number} height
 */
export function createGradients(parent, height) {
  const plot = createPlot(parent, {
    label: "時刻ごとの勾配のノルム（対数）", height,
    x: { label: "時刻 $t$", domain: [1, 25], whole: true },
    y: { label: "勾配のノルム $\\|\\partial L/\\partial h_t\\|$", domain: [1e-6, 1], scale: "log" },
  });
  const first = plot.line("var(--rf-muted)", "rf-dotted");
  const lines = [plot.line("var(--rf-rnn)"), plot.line("var(--rf-rnn)")];
  lines[1].node.style.strokeDasharray = "7 4";
  const notes = plot.notes("var(--rf-ink)");
  /** @type {[number, number] | null} */
  let domain = null;
  /** @type {History | null} */
  let before = null;
  let steps = 0;

  /** @param {{runs: History[], about: About | null}} shown */
  return ({ runs, about }) => {
    const now = (about?.sizes ?? sizesOf(runs[0].config)).steps;
    if (runs[0] !== before || now !== steps) domain = null;
    [before, steps] = [runs[0], now];
    domain = decades(runs.flatMap((run) => [run.gradients, run.firstGradients]), domain);
    plot.setDomain({ x: [1, Math.max(2, now)], y: domain });
    const points = (/** @type {number[] | null} */ values) => (values ?? []).map((v, t) => /** @type {[number, number]} */ ([t + 1, v > 0 ? v : NaN]));
    first.set(points(runs[0].firstGradients));
    lines.forEach((line, k) => {
      line.node.style.stroke = runs[k] ? colorOf(runs[k].config) : "none";
      line.set(points(runs[k]?.gradients ?? null));
    });
    notes.set(runs.length > 1 ? runs.map((run, k) => [1, run.gradients?.[0] > 0 ? run.gradients[0] : NaN, "AB"[k], 4, -6]) : []);
  };
}
