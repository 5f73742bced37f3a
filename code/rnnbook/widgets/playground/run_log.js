// この図で行った実行の要約。課題（missions.js）が、達したかどうかを決めるのに使う。
//
// 一つの記録（history.js）が、途中で長さ、学習率、クリップを替えると、そこで区切って別の実行とする。
import { lengthFrom, solvedIn } from "./history.js";

const WINDOW = 16; // 終わりの損失をならす更新の数

/**
 * @typedef {object} Run 一つの実行の要約
 * @property {Record<string, any>} config
 * @property {number} updates この設定での更新の回数
 * @property {number | null} solvedAt 解けた更新の回数
 * @property {number | null} solvedIn 解けるまでの、いまの長さでの更新の回数
 * @property {string | null} stopped 止まったわけ
 * @property {number} first はじめの損失
 * @property {number} worst 最も大きい損失
 * @property {number} last 終わりの 16 回の損失の平均
 * @property {number} bestMetric 直近の平均の物差しの、最も小さいもの
 * @property {number} baseline 記憶なしの物差し
 * @property {number[]} lengths 途中で替える前の系列長
 * @property {boolean} continued 学習率かクリップを、途中で替えた続きか
 * @property {number[] | null} firstGradients @property {number[] | null} gradients
 */

/** 記録を見ていき、実行の要約をためる。 */
export function createRunLog() {
  /** @type {Run[]} */
  const runs = [];
  /** @type {WeakMap<object, {run: Run, from: number, seen: number}>} 記録ごとの、いまの要約 */
  const open = new WeakMap();

  /** @param {import("./history.js").History} history @param {number} from @param {Run | null} before */
  function begin(history, from, before) {
    const { config } = history;
    const lengths = before ? [...before.lengths, ...(before.config.T === config.T ? [] : [before.config.T])] : [];
    const valueChanged = before && (before.config.learning_rate !== config.learning_rate || before.config.clip !== config.clip);
    /** @type {Run} */
    const run = {
      config: { ...config }, updates: 0, solvedAt: null, solvedIn: null, stopped: null, first: NaN, worst: -Infinity, last: NaN, bestMetric: Infinity,
      baseline: NaN, lengths, continued: Boolean(before?.continued || valueChanged), firstGradients: null, gradients: null,
    };
    runs.push(run);
    const entry = { run, from, seen: from };
    open.set(history, entry);
    return entry;
  }

  /** 記録の、まだ見ていない更新を、to 回目まで要約に入れる。 */
  function take(entry, { rows, smooth }, to) {
    const { run, from } = entry;
    for (; entry.seen < to; entry.seen += 1) {
      const { loss } = rows[entry.seen];
      if (entry.seen === from) run.first = loss;
      run.worst = Math.max(run.worst, loss);
      if (entry.seen - from >= WINDOW - 1) run.bestMetric = Math.min(run.bestMetric, smooth[entry.seen]);
    }
    run.updates = to - from;
    const tail = rows.slice(Math.max(from, to - WINDOW), to);
    run.last = tail.reduce((sum, { loss }) => sum + loss, 0) / tail.length;
  }

  /**
   * 記録を一度見る。更新のたびでなくてよい。
   * @param {import("./history.js").History} history @param {number} baseline 記憶なしの物差し
   */
  function see(history, baseline) {
    const { config, rows } = history;
    let entry = open.get(history);
    if (!entry) {
      if (!rows.length && !history.stopped) return;
      entry = begin(history, 0, null);
    } else if (entry.run.config.T !== config.T) {
      // 長さを変えた所は記録に残っている。新しい長さの更新が来るまでは、前の長さの更新が遅れて来る
      const [seen, from] = [entry.seen, lengthFrom(history)];
      const end = history.lengths.find(([at]) => at >= seen)?.[0] ?? rows.length;
      take(entry, history, end);
      if (rows.length <= from && !history.stopped) return;
      entry = begin(history, Math.max(end, from), entry.run);
    } else if (["learning_rate", "clip"].some((name) => entry.run.config[name] !== config[name])) {
      // ほかは、いま見た所で区切る
      take(entry, history, rows.length);
      entry = begin(history, rows.length, entry.run);
    }
    const { run } = entry;
    take(entry, history, rows.length);
    run.baseline = baseline;
    run.solvedAt = history.solvedAt;
    run.solvedIn = solvedIn(history);
    run.stopped = history.stopped;
    run.firstGradients = history.firstGradients;
    run.gradients = history.gradients;
  }

  return { runs, see };
}
