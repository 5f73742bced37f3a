// 種を十個続けて学習し、直近の平均の幅を帯にする。一つの種だけで言い切らないための部品。
import { button, control, el, liveText } from "../kit/controls.js";
import { writeInterval } from "../kit/interval.js";
import { median } from "../nn/numerics.js";

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
  for (let n = Math.min(stride, steps); n <= steps && n > 0; n += stride) {
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
 */
export function describeSeeds(solved, limit) {
  if (!solved.length) return "";
  const times = /** @type {number[]} */ (solved.filter((at) => at !== null && at <= limit));
  const among = `${solved.length} 個の種のうち ${times.length} 個が、${limit} 回までに解けました（${writeInterval(times.length, solved.length)}）。`;
  return times.length ? `${among}解けた回数の中央値は ${Math.round(median(times))} 回です。` : among;
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
  const act = button(row, `種を ${MANY} 個続けて学習`, () => (state.active ? stop() : start()));
  const say = liveText(parent);
  parent.append(el("p", { class: "rf-small" }, BAND));
  const state = {
    active: false,
    /** @type {import("./history.js").History[]} */ runs: [],
    /** @type {ReturnType<typeof bandOf> | null} */ band: null,
  };

  function start() {
    begin();
    Object.assign(state, { active: true, runs: [], band: null });
    next();
  }
  function stop() {
    state.active = false;
    runner.pause();
    changed();
  }
  function next() {
    runner.pause();
    const first = config();
    runner.restart({ ...first, seed: first.seed + state.runs.length });
    runner.go();
  }
  return {
    state,
    stop: () => state.active && stop(),
    /** 描くたびに呼ぶ。いまの種が終わっていれば、次の種に移る。 */
    update() {
      act.textContent = state.active ? `${state.runs.length + 1} 個目を学習中（やめる）` : `種を ${MANY} 個続けて学習`;
      if (state.active) {
        const { history } = runner;
        const limit = model.get("limit");
        if (history.solvedAt !== null || history.stopped || history.rows.length >= limit) {
          state.runs.push(history);
          if (state.runs.length < MANY) next();
          else stop();
        }
        state.band = bandOf([...state.runs, runner.history].map((run) => run.smooth));
        say(describeSeeds(state.runs.map((run) => run.solvedAt), limit));
      }
    },
    /** 条件が変わったら、帯を消す。 */
    forget() {
      Object.assign(state, { active: false, runs: [], band: null });
      say("");
    },
  };
}
