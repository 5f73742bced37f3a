// 警報のしきい値: 方法としきい値を選び、機械の温度の上の警報、誤報、遅れ、費用を見る。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign, rowOf } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { wholes } from "./charts.js";
import { DAY, scoresOf, thinned } from "./scores.js";
import { cost, describe, onsets, outcome } from "./verdict.js";

const CAPTION = "機械の温度の、5 分ごとの記録です。灰色の帯が学習、青い帯が検証、橙の帯が記録に付いている異常の区間で、その中の縦線が異常の印です。丸は異常の区間の中で始まった警報、× は誤報です。下の折れ線が点数、破線がしきい値で、検証の点数の最大が 100 % です。警報は、静かな時間を空けてしきい値を越えるたびに、1 回と数えます。";
const NAMES = /** @type {Record<string, [string, string]>} 見える名と色 */ ({
  band: ["固定の帯", "var(--rf-baseline)"], rolling: ["移動 z", "var(--rf-baseline)"], ewma: ["EWMA", "var(--rf-baseline)"],
  cusum: ["CUSUM", "var(--rf-baseline)"], seasonal: ["季節の素朴な予測", "var(--rf-baseline)"], ridge: ["線形、12 点先", "var(--rf-linear)"], pca: ["PCA", "var(--rf-linear)"],
  gru: ["GRU、12 点先", "var(--rf-gru)"], autoencoder: ["LSTM オートエンコーダ", "var(--rf-lstm)"], random: ["でたらめ", "var(--rf-baseline)"],
});
const LOW = 12; // 描く点数の下の端 %
const AROUND = 2.5; // 異常を大きく見るときの、印の前後の日数

export default figure(CAPTION, ({ model, get, body }) => {
  const x = wholes(get("series")).map((v) => v / 100);
  const [events, how, stops] = [get("events"), get("how"), rowOf(model, "limit").values];
  const last = x.length;

  const methods = el("div", { class: "rf-five" });
  const knobs = el("div", { class: "rf-alarm-knobs" });
  // 絵のあと（広ければ横）に操作部を置く。文は長さが変わるので、どちらも動かさない所に置く
  const [pictures, side] = [el("div", { class: "rf-alarm-pictures" }), el("div", { class: "rf-alarm-side" })];
  body.append(el("div", { class: "rf-alarm-sides" }, pictures, side));
  const say = liveText(body);

  const upper = createPlot(pictures, {
    label: "機械の温度と警報", height: 140,
    x: { label: "", column: "12 月 2 日 21 時からの日数", domain: [0, last / DAY] }, y: { label: "温度（単位の記載なし）", domain: [0, 122], ticks: [0, 50, 100] },
  });
  const lower = createPlot(pictures, {
    label: "点数としきい値", height: 150,
    x: { label: "12 月 2 日 21 時からの日数", domain: [0, last / DAY] },
    y: { label: "点数（検証の最大の %、対数目盛り）", column: "点数（検証の最大の %）", domain: [10, 1200], scale: "log", ticks: [10, 30, 100, 300, 1000] },
  });
  const views = el("div", { class: "rf-five" });
  side.append(methods, knobs, views);
  control(methods, model, "method");
  for (const name of ["limit", "miss", "quiet", "fit"]) control(knobs, model, name);
  control(views, model, "view");
  const spans = [upper, lower].map((plot) => ({
    known: plot.band("var(--rf-line)").named("学習の区間"), held: plot.band("var(--rf-rnn)").named("検証の区間"),
    windows: events.map(({ name }) => plot.band("var(--rf-warn)").named(`異常の区間、${name}`)),
    marks: events.map(({ name }) => plot.ruleX("var(--rf-warn)").named(`異常の印、${name}`)),
  }));
  const heat = upper.line("var(--rf-truth)", "rf-thin").named("温度（間引いた最小と最大）");
  const hits = upper.markers("var(--rf-good)", "circle", 10).named("警報、異常の区間の中");
  const wrong = upper.markers("var(--rf-bad)", "cross", 9).named("警報、誤報");
  const curves = Object.fromEntries(Object.entries(NAMES).map(([name, [label, color]]) => [name, lower.line(color, "rf-thin").named(`点数、${label}（間引いた最小と最大）`)]));
  const level = lower.ruleY("var(--rf-ink)", "rf-dashed").named("しきい値");

  const more = el("details", { class: "rf-alarm-more" }, el("summary", {}, "費用と、ほかの方法の表"));
  body.append(more);
  const price = createPlot(more, {
    label: "しきい値と費用", height: 150,
    x: { label: "しきい値（%、対数目盛り）", column: "しきい値（検証の最大の %）", domain: [24, 420], scale: "log", ticks: [25, 50, 100, 200, 400] }, y: { label: "試験での費用（誤報 1 回を 1 とした合計）", domain: [0, 100] },
  });
  const usual = price.ruleX("var(--rf-baseline)", "rf-dashed");
  const cursor = price.ruleX("var(--rf-warn)", "rf-cursor");
  const silent = price.ruleY("var(--rf-baseline)", "rf-thin").named("いつも鳴らさない");
  const paid = price.line("var(--rf-rnn)").named("費用");
  const spots = price.dots("var(--rf-rnn)", 6).named("いちばん安い");
  const priceNotes = price.notes("var(--rf-ink)");
  pickable(price.root, (event) => {
    const [at] = price.toData(event);
    assign(model, "limit", stops.reduce((best, stop) => (Math.abs(Math.log(stop / at)) < Math.abs(Math.log(best / at)) ? stop : best)));
  });

  const heads = ["方法", "見つけた", "誤報（週）", "費用"].map((text) => el("th", { scope: "col" }, text));
  const caption = el("caption");
  // 一行に収まる、選ぶボタンと同じ短い名
  const listed = /** @type {[string, string][]} */ (rowOf(model, "method").choices)
    .map(([name, label]) => ({ name, row: el("tr"), cells: [0, 1, 2].map(() => el("td")), head: el("th", { scope: "row" }, label) }));
  for (const { row, head, cells } of listed) row.append(head, ...cells);
  more.append(el("table", { class: "rf-alarm-table" }, caption, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...listed.map(({ row }) => row))));

  /** @type {Record<string, ReturnType<typeof scoresOf>>} */
  const made = {};
  return () => {
    const [method, limit, miss, fit, view] = ["method", "limit", "miss", "fit", "view"].map(get);
    const split = get("splits")[fit];
    made[fit] ??= scoresOf(x, split, how, get("stored")[fit]);
    const quiet = get("quiet") / 5;
    const tested = events.filter(({ window: [a] }) => a >= split.test);
    const windows = tested.map(({ window }) => window);
    const judge = (/** @type {string} */ name, /** @type {number} */ percent) => outcome(onsets(made[fit][name], percent, quiet), windows, split.test, last);
    const score = made[fit][method];
    const starts = onsets(score, limit, quiet);
    const result = judge(method, limit);
    const held = starts.filter((t) => t >= split.fit[1] && t < split.test).length;
    const costs = stops.map((stop) => cost(judge(method, stop), miss));
    const best = Math.min(...costs);
    // 同じ費用なら、検証の最大にいちばん近いしきい値
    const cheap = stops.filter((_, k) => costs[k] === best).sort((a, b) => Math.abs(Math.log(a / 100)) - Math.abs(Math.log(b / 100)))[0];
    const days = (last - split.test) / DAY;
    // 誤報は、異常の区間の外の長さで割る
    const calm = days - windows.reduce((sum, [a, b]) => sum + b - a + 1, 0) / DAY;
    const paidHere = cost(result, miss);
    const bestLimit = paidHere === best ? limit : cheap;
    const delays = tested.map(({ mark }, k) => (result.first[k] === null ? null : (result.first[k] - mark) / 12));
    say(describe({
      name: NAMES[method][0], limit, held, heldDays: (split.test - split.fit[1]) / DAY, days, calm, result, miss,
      delays: tested.map(({ name, window: [a, b] }, k) => [name, delays[k], delays[k] !== null || score.slice(a, b + 1).some((v) => v > limit)]),
      best: { limit: bestLimit, cost: best },
    }));

    const shown = view === "all" ? null : events[Number(view)];
    const range = shown ? [shown.mark - AROUND * DAY, Math.min(last, shown.mark + AROUND * DAY)] : [0, last];
    for (const plot of [upper, lower]) plot.setDomain({ x: [range[0] / DAY, range[1] / DAY] });
    const [from, to] = range.map(Math.round);
    spans.forEach(({ known, held: part, windows: bands, marks }, k) => {
      const [bottom, top] = k ? [10, 1200] : [0, 122];
      const span = (/** @type {number} */ a, /** @type {number} */ b) => [[a / DAY, bottom, top], [b / DAY, bottom, top]];
      known.set(span(...split.fit));
      part.set(span(split.fit[1], split.test));
      events.forEach(({ window, mark }, n) => {
        bands[n].set(span(...window));
        marks[n].set(mark / DAY);
        marks[n].show(mark >= from && mark <= to);
      });
    });
    heat.set(thinned(x, from, to));
    for (const name of Object.keys(curves)) curves[name].show(name === method);
    curves[method].set(thinned(score, from, to).map(([day, v]) => [day, Math.max(LOW, v)]));
    level.set(limit);
    const seen = starts.filter((t) => t >= Math.max(from, split.test) && t < to);
    const inside = (/** @type {number} */ t) => windows.some(([a, b]) => t >= a && t <= b);
    hits.set(seen.filter(inside).map((t) => [t / DAY, 113]));
    wrong.set(seen.filter((t) => !inside(t)).map((t) => [t / DAY, 113]));

    const ceiling = 1.1 * Math.max(Math.min(Math.max(...costs), 3 * windows.length * miss), windows.length * miss, 4);
    price.setDomain({ y: [0, ceiling] });
    usual.set(100);
    cursor.set(limit);
    silent.set(windows.length * miss);
    paid.set(stops.map((stop, k) => [stop, Math.min(costs[k], ceiling)]));
    spots.set([[cheap, best]]);
    priceNotes.set([[420, windows.length * miss, "いつも鳴らさない", 0, -4, "end"], [cheap, best, `${best}`, 6, -5]]);
    listed.forEach(({ name, row, cells }) => {
      const each = judge(name, limit);
      const texts = [`${each.found} / ${each.events}`, fixed((7 * each.false_) / calm, 1), String(cost(each, miss))];
      texts.forEach((text, k) => (cells[k].textContent = text));
      if (name === method) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    caption.textContent = `しきい値は、どの方法も、自分の検証の最大の ${limit} % です。`;
    return {
      held, alarms: result.alarms, found: result.found, false: result.false_, weekly: (7 * result.false_) / calm, cost: paidHere,
      best_limit: bestLimit, best_cost: best, ...Object.fromEntries(tested.map((event, k) => [`delay_${events.indexOf(event)}`, delays[k]])),
    };
  };
});
