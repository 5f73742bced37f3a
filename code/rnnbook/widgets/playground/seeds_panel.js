// 種を十個続けて学習し、直近の平均の幅を帯にする。一つの種だけで言い切らないための部品。
import { button, control, el, liveText } from "../kit/controls.js";
import { writeInterval } from "../kit/interval.js";
import { changingText } from "../kit/text.js";
import { median } from "../nn/numerics.js";
import { windowOf } from "./history.js";
import { metricName, writeMetric } from "./sentence.js";

export const MANY = 10;
const BAND = `上の図の灰の帯は、種 ${MANY} 個の最小から最大まで、細い破線は中央値です。解けた種は、そこで止めた値のまま続けます。`;

/**
 * 種ごとの記録を、帯と真ん中の線にする。解けてやめた種は、やめたときの値のまま数える。
 * @param {number[][]} all 種ごとの、更新ごとの直近の平均
 * @param {number} most 点の数
 */
export function bandOf(all, most = 150) {
  const kept = all.filter((values) => values.length);
  const steps = Math.max(0, ...kept.map((values) => values.length));
  const stride = Math.max(1, Math.ceil(steps / most));
  /** @type {[number, number, number][]} */
  const band = [];
  /** @type {[number, number][]} */
  const middle = [];
  for (let k = 1; k <= Math.ceil(steps / stride); k += 1) {
    const n = Math.min(k * stride, steps); // 終わりの点は、いつも steps
    const values = kept.map((each) => each[Math.min(n, each.length) - 1]);
    band.push([n, Math.min(...values), Math.max(...values)]);
    middle.push([n, median(values)]);
  }
  return { steps, band, middle };
}

/**
 * 数えた結果を言う文。
 * @param {(number | null)[]} solved 終わった種の、解けた回数
 * @param {number} limit
 * @param {string} [task] 自分の系列には、解けたとする値がない。自分の規則では、学習の例に答えられたかを数える
 */
export function describeSeeds(solved, limit, task = "") {
  if (!solved.length) return "";
  if (task === "own_series") return `${solved.length} 個の種を、${limit} 回ずつ学習しました。`;
  const done = task === "own_rule" ? "学習の例にほぼすべて正解しました" : "解けました";
  const times = /** @type {number[]} */ (solved.filter((at) => at !== null && at <= limit));
  const among = `${solved.length} 個の種のうち ${times.length} 個が、${limit} 回までに${done}（${writeInterval(times.length, solved.length)}）。`;
  return times.length ? `${among}その ${times.length} 個の回数の中央値は ${Math.round(median(times))} 回です。` : among;
}

/**
 * 帯の右の端を言う文。
 * @param {number[][]} all 種ごとの、更新ごとの直近の平均
 * @param {string} metric
 */
export function describeEnds(all, metric) {
  const ends = all.filter((values) => values.length).map((values) => values[values.length - 1]);
  if (ends.length < 2) return "";
  const [least, most, middle] = [Math.min(...ends), Math.max(...ends), median(ends)].map((v) => writeMetric(metric, v));
  return `灰の帯の右の端は、${metricName(metric)} ${least} から ${most} までで、中央値は ${middle} です。`;
}

/**
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {import("./runner.js").Runner} runner A の実行。十個の間は、これを借りる
 * @param {{begin: () => void, config: () => Record<string, any>, changed: () => void}} owner
 */
export function seedsPanel(parent, model, runner, { begin, config, changed }) {
  const row = el("div", { class: "rf-row" });
  parent.append(row);
  control(row, model, "limit");
  const label = changingText(button(row, `種を ${MANY} 個続けて学習`, () => (state.active ? stop() : start())));
  const say = liveText(parent);
  parent.append(el("p", { class: "rf-small" }, BAND));
  const state = {
    active: false,
    /** 数え終わり、図に終わりの種を見せている。読者が動かすまで続く */ shown: false,
    /** 数えた結果 */ said: "",
    /** @type {import("./history.js").History[]} */ runs: [],
    /** @type {ReturnType<typeof bandOf> | null} */ band: null,
  };

  function start() {
    const { B, task } = config();
    const [need, limit] = [windowOf(B), model.get("limit")];
    if (task !== "own_series" && limit < need) {
      say(`B = ${B} では、解けたかを直近 ${need} 回の平均で判じます。「更新の上限」を ${need} 回より大きくします。`);
      return;
    }
    begin();
    Object.assign(state, { active: true, shown: false, said: "", runs: [], band: null });
    next();
  }
  function stop() {
    Object.assign(state, { active: false, shown: true });
    runner.pause();
    changed();
    return true;
  }
  function next() {
    runner.pause();
    const first = config();
    runner.restart({ ...first, seed: first.seed + state.runs.length });
    runner.go();
  }
  return {
    state,
    /** A の実行を借りている。 */
    holds: () => state.active || state.shown,
    /** 数えるのをやめ、途中の種を見せる。数えていなければ false。 */
    halt: () => state.active && stop(),
    /** 借りた実行を返す。帯は残る。 */
    release() {
      if (state.active) stop();
      state.shown = false;
    },
    /** 図の主な文に添える文。 */
    told() {
      const { seed } = runner.history.config;
      if (state.active) return `種 ${seed} を学習中です（${MANY} 個のうち ${state.runs.length} 個が済みました）。`;
      return state.said + (state.shown ? `太い線と勾配の図は、${state.runs.length === MANY ? "終わりの" : "途中の"}種 ${seed} のものです。` : "");
    },
    /** 描くたびに呼ぶ。いまの種が終わっていれば、次の種に移る。 */
    update() {
      label(state.active ? `${state.runs.length + 1} 個目を学習中（やめる）` : `種を ${MANY} 個続けて学習`);
      if (state.active) {
        const { history } = runner;
        const limit = model.get("limit");
        if (history.solvedAt !== null || history.stopped || history.rows.length >= limit) {
          state.runs.push(history);
          if (state.runs.length < MANY) next();
          else stop();
        }
        // 更新はまとめて届くので、上限を過ぎた分は帯に入れない
        const all = (state.active ? [...state.runs, runner.history] : state.runs).map((run) => run.smooth.slice(0, limit));
        state.band = bandOf(all);
        state.said = describeSeeds(state.runs.map((run) => run.solvedAt), limit, history.config.task);
        if (!state.active) state.said += describeEnds(all, runner.about?.sizes.metric ?? "");
        say(state.said);
      }
    },
    /** 条件が変わったら、帯を消す。 */
    forget() {
      Object.assign(state, { active: false, shown: false, said: "", runs: [], band: null });
      say("");
    },
  };
}
