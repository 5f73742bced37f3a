// 分け方とうそ: 分け方と前処理を選び、試験の誤差と、新しい試料での誤差を比べる。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { fitPls, predictPls, prepare, rmse } from "./chemometrics.js";
import { divide, measure } from "./specimens.js";

const CAPTION = "作り物のスペクトルと PLS を、このページの中で計算しています。青は分けた試験の測定、橙は同じ作り方の新しい試料 200 個です。破線は、どんなモデルも、新しい試料ではそれより小さくできない誤差、細い線は、新しい試料に学習の平均を答える誤差です。";
const REPEATS = 10; // 一つの試料を測る回数
const NEW = 200; // 使う場の代わりの、新しい試料の数
const MOST = 20; // PLS の成分の数の上限
const FRESH = 1000; // 新しい試料の種は、ここから

/**
 * 一つの条件での、成分の数ごとの誤差と予測。
 * @param {import("./specimens.js").Constants} model
 * @param {{split: string, steps: string, size: number, seed: number}} how
 */
export function study(model, { split, steps, size, seed }) {
  const scans = measure(model, seed, size, REPEATS);
  const fresh = measure(model, FRESH + seed, NEW, 1);
  const { train, test } = divide(scans, split, seed);
  const [X, Z] = [scans.X, fresh.X].map((rows) => prepare(steps, rows));
  const take = (/** @type {any[]} */ values, /** @type {number[]} */ rows) => rows.map((row) => values[row]);
  const fitted = fitPls(take(X, train), take(scans.c, train), Math.min(MOST, train.length - 1));
  const truth = take(scans.c, test);
  const told = predictPls(fitted, take(X, test));
  const toldFresh = predictPls(fitted, Z);
  return {
    truth, told, fresh: fresh.c, toldFresh,
    test: told.map((row) => rmse(row, truth)),
    real: toldFresh.map((row) => rmse(row, fresh.c)),
    mean: rmse(fresh.c.map(() => fitted.level), fresh.c),
  };
}

/**
 * 試験の誤差と、新しい試料での誤差を言う文。
 * @param {number} test @param {number} real @param {number} best @param {string} split
 */
export function describe(test, real, best, split) {
  const ratio = `${fixed(real / test, 1)} 倍`;
  const low = `試験の値は、新しい試料ではどんなモデルも下回れない ${fixed(best, 2)} % より小さ`;
  const verdict = test < best
    ? split === "scans" ? `${low}く、漏れています。` : `${low}いのですが、試験の試料が少ないと、偶然に下回ることがあります。`
    : `どんなモデルも、新しい試料では ${fixed(best, 2)} % を下回れません。`;
  return `試験の RMSE は ${fixed(test, 2)} %、新しい試料では ${fixed(real, 2)} %（${ratio}）。${verdict}`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const constants = get("model");
  body.classList.add("rf-leak");
  for (const name of ["split", "steps"]) control(body, model, name);
  const sliders = el("div", { class: "rf-knobs3" });
  body.append(sliders);
  for (const name of ["components", "size", "seed"]) control(sliders, model, name);
  const say = liveText(body);
  const range = /** @type {[number, number]} */ ([0, 40]);
  const upper = createPlot(body, {
    label: "本当の値と予測", height: 196,
    x: { label: "本当の成分（%）", domain: range }, y: { label: "予測した成分（%）", domain: range },
  });
  const diagonal = upper.line("var(--rf-baseline)", "rf-thin").named("予測が本当の値と等しい線");
  const freshDots = upper.dots("var(--rf-lstm)", 4).named("新しい試料");
  const testDots = upper.dots("var(--rf-rnn)", 5).named("試験");
  const lower = createPlot(body, {
    label: "PLS の成分の数と誤差", height: 196,
    x: { label: "PLS の成分の数 $A$", domain: [0.5, MOST + 0.5], whole: true },
    y: { label: "RMSE（%、対数目盛り）", column: "RMSE（%）", domain: [0.1, 20], scale: "log", ticks: [0.1, 0.3, 1, 3, 10] },
  });
  const cursor = lower.ruleX("var(--rf-warn)", "rf-cursor");
  const bound = lower.ruleY("var(--rf-baseline)", "rf-dashed").named("どんなモデルも下回れない誤差");
  const mean = lower.ruleY("var(--rf-baseline)", "rf-thin").named("平均を答える");
  const meanNote = lower.notes("var(--rf-ink)");
  const [real, test] = [lower.line("var(--rf-lstm)").named("新しい試料"), lower.line("var(--rf-rnn)").named("試験")];
  const names = [lower.notes("var(--rf-ink)"), lower.notes("var(--rf-ink)")];
  pickable(lower.root, (event) => assign(model, "components", Math.max(1, Math.min(MOST, Math.round(lower.toData(event)[0])))));

  let key = "";
  /** @type {ReturnType<typeof study>} */ let found;
  return () => {
    const how = Object.fromEntries(["split", "steps", "size", "seed"].map((name) => [name, get(name)]));
    if (key !== JSON.stringify(how)) {
      key = JSON.stringify(how);
      found = study(constants, /** @type {any} */ (how));
    }
    const A = Math.min(get("components"), found.test.length);
    diagonal.set([[range[0], range[0]], [range[1], range[1]]]);
    freshDots.set(found.fresh.map((c, i) => [c, found.toldFresh[A - 1][i]]));
    testDots.set(found.truth.map((c, i) => [c, found.told[A - 1][i]]));
    cursor.set(A);
    bound.set(constants.best);
    mean.set(found.mean);
    meanNote.set([[MOST, found.mean, "平均を答える", 0, 14, "end"]]);
    const points = (/** @type {number[]} */ errors) => errors.map((v, a) => [a + 1, v]);
    real.set(points(found.real));
    test.set(points(found.test));
    names[0].set([[3, found.real[2], "新しい試料", 0, -8]]);
    const at = Math.min(10, found.test.length);
    names[1].set([[at, found.test[at - 1], "試験", 0, 16]]);
    say(describe(found.test[A - 1], found.real[A - 1], constants.best, get("split")));
    return { rmse_test: found.test[A - 1], rmse_new: found.real[A - 1], best: constants.best, rmse_mean: found.mean };
  };
});
