// 図が使う計算。描くことから離した純粋な関数だけを置き、NumPy と PyTorch に照らして検査します。

/**
 * 種から決まる一様乱数 [0, 1)（mulberry32）。
 * @param {number} seed 整数
 * @returns {() => number}
 */
export function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * 平均 0、分散 1 の正規乱数（Box–Muller 法）。
 * @param {() => number} random 一様乱数
 * @returns {() => number}
 */
export function normal(random) {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * 中央値。
 * @param {number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
