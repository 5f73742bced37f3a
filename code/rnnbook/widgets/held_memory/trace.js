// はじめの値の跡: 隠れ状態に、はじめの一点の違いがどれだけ残っているか。

export const BUDGET = 200; // 更新の上限

/**
 * 跡 m_t = ‖h_t(+) − h_t(−)‖ / (2 √H)。はじめの一点だけが違う、二つの系列を読ませる。
 * @param {number[]} plus h の並び (T·H) @param {number[]} minus @param {number} H @returns {number[]} (T,)
 */
export function traceOf(plus, minus, H) {
  return Array.from({ length: plus.length / H }, (_, t) => {
    let sum = 0;
    for (let k = t * H; k < (t + 1) * H; k += 1) sum += (plus[k] - minus[k]) ** 2;
    return Math.sqrt(sum) / (2 * Math.sqrt(H));
  });
}

/** 跡が level を下回る、はじめの時刻。なければ null。 @param {number[]} trace @param {number} level */
export function fadesAt(trace, level) {
  const at = trace.findIndex((value) => value < level);
  return at < 0 ? null : at + 1;
}
