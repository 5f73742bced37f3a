// 軌跡と警報: 軌跡を一コマずつ進め、秩序変数と、四つの点数の警報を見る。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { describe, judge } from "./alarms.js";
import { eventOf, framesOf, makeReaders, scoresOf } from "./scores.js";
import { createTally } from "./tally.js";

const CAPTION = "保存した軌跡を、選んだコマまで見せます。軌跡は、どのモデルの学習にも検証にも使っていません。GRU はこのページの中で動いています。許す誤報は、検証の液体のコマ 1000 個あたりの数です。横の破線がしきい値で、越えたコマに丸が付きます。縦の破線が、結晶になったコマです。薄い縦の帯が、見ているコマです。下の四つは、同じ横軸の秩序変数です。";

/** 名、見える名、色、線、いちばん下と上の値 */
const MODELS = /** @type {[string, string, string, string, [number, number]][]} */ ([
  ["Q6", "Q₆", "var(--rf-baseline)", "", [0.03, 0.23]],
  ["Q6_5", "5 コマ平均", "var(--rf-baseline)", "rf-dashed rf-thick", [0.03, 0.23]],
  ["logistic", "ロジスティック回帰", "var(--rf-linear)", "", [0, 1]],
  ["gru", "GRU", "var(--rf-gru)", "", [0, 1]],
]);
/** 列、見える名、範囲 */
const ORDERS = /** @type {[string, string, [number, number], number[]][]} */ ([
  ["Q6", "Q₆", [0, 0.6], [0, 0.2, 0.4, 0.6]],
  ["q6_mean", "q̄₆ の平均", [0.1, 0.5], [0.1, 0.3, 0.5]],
  ["cluster", "最大の塊（個）", [0, 260], [0, 100, 200]],
  ["energy", "エネルギー（$ε$）", [-6.4, -4.6], [-6, -5]],
]);
const TALL = 0.48; // 一行のうち、線を描く高さ

export default figure(CAPTION, ({ model, get, body }) => {
  const rules = get("rules");
  const readers = makeReaders(get("models"));
  const levels = get("levels");
  const knobs = el("div", { class: "rf-knobs2" });
  body.append(knobs);
  control(knobs, model, "run", { format: (v) => `${v}（温度 ${fixed(get("runs")[v - 1].temperature, 2)}）` });
  control(knobs, model, "rate", { format: (v) => `${v} / 1000` });
  control(knobs, model, "frame", { format: (v) => `${v}（${fixed(rules.tau * v, 1)} τ）` });
  const say = liveText(body);

  const pick = (/** @type {ReturnType<typeof createPlot>} */ plot) => pickable(plot.root, (event) =>
    assign(model, "frame", Math.max(rules.width - 1, Math.min(last, Math.round(plot.toData(event)[0])))));
  const last = framesOf(get("runs")[0], rules.columns).length - 1;
  const upper = createPlot(body, {
    label: "四つの点数と警報", height: 238,
    x: { label: "コマ（0.5 τ ごと）", domain: [-1, last + 2], whole: true, ticks: [0, 20, 40, 60, 80, 100] },
    y: { label: "警報の点数（上ほど、結晶になりそう）", column: "縦の位置（行ごと）", domain: [0, MODELS.length], ticks: [] },
  });
  const cursor = upper.ruleX("var(--rf-warn)", "rf-cursor");
  const event_ = upper.ruleX("var(--rf-truth)", "rf-dashed").named("結晶になったコマ");
  const rows = MODELS.map(([, label, color, kind]) => ({
    base: upper.line("var(--rf-faint)", "rf-thin").named(`${label}、行の下の端`), level: upper.line("var(--rf-ink)", "rf-dashed rf-thin").named(`${label}、しきい値`, ["点数"]),
    line: upper.line(color, kind).named(label, ["点数"]), dots: upper.dots(color, 7).named(`${label}、警報の鳴ったコマ`, ["点数"]), note: upper.notes("var(--rf-ink)"),
  }));
  pick(upper);

  const orders = el("div", { class: "rf-orders" });
  body.append(orders);
  const panels = ORDERS.map(([name, label, domain, ticks]) => {
    const plot = createPlot(orders, {
      label: `コマごとの${label.replaceAll("$", "")}`, height: 98,
      x: { label: "", column: "コマ（0.5 τ ごと）", domain: [-1, last + 2] }, y: { label, domain, ticks },
    });
    pick(plot);
    const column = rules.columns.findIndex(([each]) => each === name);
    return { column, cursor: plot.ruleX("var(--rf-warn)", "rf-cursor"), event: plot.ruleX("var(--rf-truth)", "rf-dashed").named("結晶になったコマ"), line: plot.line("var(--rf-rnn)").named(label) };
  });
  const tally = createTally(body, MODELS.map(([name, label]) => [name, label]), levels, rules);

  /** @type {Map<number, {frames: number[][], event: number | null, scores: ReturnType<typeof scoresOf>}>} */
  const read = new Map();
  function readRun(/** @type {number} */ run) {
    if (!read.has(run)) {
      const frames = framesOf(get("runs")[run - 1], rules.columns);
      const event = eventOf(frames.map(([Q6]) => Q6), rules);
      read.set(run, { frames, event, scores: scoresOf(frames, event, rules, readers) });
    }
    return read.get(run);
  }

  return () => {
    const [t, rate] = [get("frame"), get("rate")];
    const { frames, event, scores } = readRun(get("run"));
    const came = event !== null && event <= t;
    cursor.set(t);
    for (const rule of [event_, ...panels.map((panel) => panel.event)]) {
      if (came) rule.set(event);
      rule.show(came);
    }
    /** @type {Record<string, number>} */
    const shown = { event: came ? event : NaN };
    const verdicts = MODELS.map(([name, label, , , [low, high]], k) => {
      const threshold = levels.find((row) => row.model === name && row.rate === rate).threshold;
      const verdict = judge(scores[name], threshold, event, t, rules);
      const bottom = MODELS.length - 1 - k;
      const place = (/** @type {number} */ v) => bottom + TALL * Math.max(0, Math.min(1, (v - low) / (high - low)));
      const seen = scores[name].slice(0, t + 1).flatMap((v, at) => (v === null ? [] : [/** @type {[number, number, number]} */ ([at, place(v), v])]));
      rows[k].base.set([[0, bottom], [last, bottom]]);
      rows[k].level.set([0, last].map((at) => [at, place(threshold), threshold]));
      rows[k].line.set(seen);
      rows[k].dots.set(verdict.heard.map((at) => [at, place(scores[name][at]), scores[name][at]]));
      const now = scores[name][Math.min(t, came ? event - 1 : t)];
      rows[k].note.set([[0, bottom + TALL, `${label} ${fixed(now, 3)}（しきい値 ${fixed(threshold, 3)}）`, 0, -5]]);
      Object.assign(shown, {
        [name]: now, [`${name}_level`]: threshold, [`${name}_heard`]: verdict.heard.length,
        [`${name}_false`]: verdict.false_.length, [`${name}_lead`]: verdict.lead,
      });
      return /** @type {[string, import("./alarms.js").Verdict]} */ ([label, verdict]);
    });
    for (const panel of panels) {
      panel.cursor.set(t);
      panel.line.set(frames.slice(0, t + 1).map((row, at) => [at, row[panel.column]]));
    }
    tally(rate);
    say(describe(t, last, event, verdicts));
    return shown;
  };
});
