// 数えた数の 95 % 区間。Python の rnnbook.reading.intervals と同じ区間を、同じ言葉で書きます。

const Z = 1.959963984540054; // 標準正規分布の、上側 2.5 % の点

/**
 * n 個のうち k 個だった割合の、ウィルソン (Wilson) の 95 % 区間。
 * |k/n − p| ≤ z √(p (1 − p)/n) を、p について解いたもの。
 * @param {number} k
 * @param {number} n 1 以上
 * @returns {[number, number]}
 */
export function wilson(k, n) {
  const share = k / n;
  const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/**
 * @param {number} k
 * @param {number} n
 * @returns {string} 「95 % 区間 49〜94 %」
 */
export function writeInterval(k, n) {
  const [low, high] = wilson(k, n).map((share) => (100 * share).toFixed(0));
  return `95 % 区間 ${low}〜${high} %`;
}
