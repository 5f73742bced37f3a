// 一つの実行の記録: 更新ごとの損失と物差し、直近の平均、解けた回数。DOM も学習も知らない。

/**
 * @typedef {{step: number, loss: number, metric: number, norm: number, T?: number}} Row 一回の更新。loss と metric は、更新の前のもの。
 *   T はそのときの系列長（省くと、いまの長さ）
 * @typedef {{goal: number | null, metric: string}} Goal 解けたとする値（決めていなければ null）と、物差しの名（"accuracy" なら、大きいほどよい）
 */

/** 直近の平均に使う系列の数。第 3 章が、解けたかを測る系列の数に近い。 */
export const FRESH = 512;

/** はじめの損失の何倍を超えたら、発散とみなすか。 */
export const BURST = 1000;

/** 直近の平均に使う更新の数。B 本ずつで、FRESH 本になるまで。 @param {number} B */
export function windowOf(B) {
  return Math.max(1, Math.ceil(FRESH / B));
}

/** 物差しが、解けたとする値に届いたか。 @param {number} metric @param {Goal} goal */
export function reaches(metric, { goal, metric: name }) {
  if (goal === null) return false;
  return name === "accuracy" ? metric >= goal : metric < goal;
}

/**
 * 空の記録。
 * @param {Record<string, any>} config 実行の設定
 */
export function newHistory(config) {
  return {
    config,
    /** はじめの系列長 @type {number} */ first: config.T,
    /** 途中で、学習率かクリップを変えた */ retuned: false,
    /** 長く続いたので、一時停止した */ rested: false,
    /** @type {Row[]} */ rows: [],
    /** 直近の平均。記録が短い間は、あるだけの平均 @type {number[]} */ smooth: [],
    /** 図の線の点: [更新の回数, 物差し] と [更新の回数, 直近の平均] */
    points: { raw: /** @type {[number, number][]} */ ([]), smooth: /** @type {[number, number][]} */ ([]) },
    /** 長さを変えた所: [そこまでの更新の回数, 新しい長さ] @type {[number, number][]} */ lengths: [],
    /** いまの長さで解けた更新の回数 @type {number | null} */ solvedAt: null,
    /** 損失がはじめて、はじめの BURST 倍を超えた更新の回数 @type {number | null} */ burstAt: null,
    /** はじめの更新の勾配のノルム（時刻ごと） @type {number[] | null} */ firstGradients: null,
    /** @type {number[] | null} */ gradients: null,
    /** 読者のデータの、隠した例での成績 @type {any} */ check: null,
    /** 途中で断られたことと、そのわけ @type {string | null} */ refused: null,
    /** 止まったわけ @type {string | null} */ stopped: null,
  };
}

/** @typedef {ReturnType<typeof newHistory>} History */

/** いまの長さになるまでの、更新の回数。長さを変えていなければ 0。 @param {History} history */
export function lengthFrom({ lengths }) {
  return lengths.length ? lengths[lengths.length - 1][0] : 0;
}

/** 解けるまでの、いまの長さでの更新の回数。解けていなければ null。 @param {History} history */
export function solvedIn(history) {
  return history.solvedAt === null ? null : history.solvedAt - lengthFrom(history);
}

/**
 * 系列長 T での更新を一つ加えるところから見た、その長さのはじめ。
 *
 * 長さを変える頼みが届くまでの更新は、前の長さのもの。変えた所を、その更新のあとへ送る。
 * @param {History} history @param {number} T
 */
function shiftTurns({ lengths, rows, config }, T) {
  let k = lengths.length;
  if (T !== config.T) while (k && lengths[k - 1][1] !== T && lengths[k - 1][0] >= rows.length) k -= 1;
  for (const turn of lengths.slice(k)) turn[0] = rows.length + 1;
  return k ? lengths[k - 1][0] : 0;
}

/**
 * 更新の記録を加える。
 * @param {History} history
 * @param {Row[]} rows
 * @param {Goal} goal
 */
export function addRows(history, rows, goal) {
  const width = windowOf(history.config.B);
  for (const row of rows) {
    const { T = history.config.T } = row;
    const first = shiftTurns(history, T);
    const n = history.rows.push(row);
    const from = Math.max(first, n - width);
    let sum = 0;
    for (let k = from; k < n; k += 1) sum += history.rows[k].metric;
    const mean = sum / (n - from);
    history.smooth.push(mean);
    if (history.burstAt === null && row.loss > BURST * history.rows[0].loss) history.burstAt = n;
    history.points.raw.push([n, row.metric]);
    history.points.smooth.push([n, mean]);
    // 直近の平均が、いまの長さの系列だけでそろってから、解けたかを見る
    const full = T === history.config.T && n - first >= width;
    if (history.solvedAt === null && full && reaches(mean, goal)) history.solvedAt = row.step;
  }
}

/** 長さを変える。解けたかは、ここから数え直す。 @param {History} history @param {number} T */
export function changeLength(history, T) {
  history.config = { ...history.config, T };
  if (history.rows.length) history.lengths.push([history.rows.length, T]);
  [history.solvedAt, history.firstGradients, history.gradients] = [null, null, null];
}

/** あとから別の長さを頼んだあとで断られた長さを、なかったことにする。 @param {History} history @param {number} asked */
export function forgetLength(history, asked) {
  const kept = history.lengths.filter(([, T]) => T !== asked);
  history.lengths = kept.filter(([, T], k) => T !== (k ? kept[k - 1][1] : history.first));
}

/** 断られた長さを、なかったことにする。 @param {History} history @param {number} T いまの長さ */
export function keepLength(history, T) {
  if (history.lengths.length && history.lengths[history.lengths.length - 1][1] === history.config.T) history.lengths.pop();
  history.config = { ...history.config, T };
}

/** 横軸の端: 切りのよい更新の回数。 @param {number} steps */
export function roomFor(steps) {
  const ends = [50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10000, 15000, 20000, 30000, 50000, 100000];
  return ends.find((end) => end >= steps) ?? Math.ceil(steps / 100000) * 100000;
}

/** 正で有限の値の、最も小さいものと大きいもの。なければ [Infinity, 0]。 @param {ArrayLike<number>[]} all @returns {[number, number]} */
export function extremes(all) {
  let [least, most] = [Infinity, 0];
  for (const values of all) {
    for (let k = 0; k < values.length; k += 1) {
      const v = values[k];
      if (!(v > 0 && v < Infinity)) continue;
      if (v < least) least = v;
      if (v > most) most = v;
    }
  }
  return [least, most];
}

/**
 * 勾配のノルムの縦軸: 10 の冪の端。
 * @param {(number[] | null)[]} all 時刻ごとのノルムの並び
 * @param {[number, number] | null} before いままでの端。学習の間は、広がるだけ
 * @returns {[number, number]}
 */
export function decades(all, before) {
  const [least, most] = extremes(all.map((values) => values ?? []));
  if (!most) return before ?? [1e-6, 1];
  let [low, high] = [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most))];
  if (before) [low, high] = [Math.min(low, before[0]), Math.max(high, before[1])];
  // 三桁より狭い軸では、小さな揺れが大きく見える
  return [Math.min(low, high / 1e3), high];
}

/** 最初の時刻まで届いた勾配の、最後の時刻に対する割合。 @param {number[] | null} gradients @returns {number | null} */
export function reach(gradients) {
  if (!gradients?.length) return null;
  const last = gradients[gradients.length - 1];
  return last > 0 && Number.isFinite(last) ? gradients[0] / last : null;
}
