// 雪崩の大きさの分布。rnnbook.materials.barkhausen の avalanches と fit_exponent と同じ。

/**
 * しきい値を続けて超える区間の大きさ S = Σ v dt。端で切れたものは数えない。
 * @param {ArrayLike<number>[]} rows @param {number} threshold @param {number} dt @returns {number[]}
 */
export function sizesOf(rows, threshold, dt) {
  const found = [];
  for (const row of rows) {
    let [sum, whole] = [0, false]; // whole は、始まりを見た雪崩か
    for (let t = 0; t < row.length; t += 1) {
      if (row[t] > threshold) sum += row[t];
      else {
        if (whole && sum > 0) found.push(sum * dt);
        [sum, whole] = [0, true];
      }
    }
  }
  return found;
}

/**
 * low から high の間の S が S^(−τ) に従うとしたときの、最尤の τ と、その標準誤差。雪崩が 10 個なければ NaN。
 * @param {number[]} sizes @param {number} low @param {number} high @returns {{tau: number, error: number, n: number}}
 */
export function fitExponent(sizes, low, high) {
  const x = sizes.filter((S) => S >= low && S <= high).map((S) => Math.log(S / low));
  const n = x.length;
  if (n < 10) return { tau: NaN, error: NaN, n };
  const L = Math.log(high / low);
  const mean = x.reduce((sum, v) => sum + v, 0) / n;
  let [a, b] = [0, 4];
  for (let step = 0; step < 60; step += 1) {
    const g = 1 - (a + b) / 2; // x の密度は e^(g x)、0 ≤ x ≤ L
    const expected = Math.abs(g * L) < 1e-9 ? L / 2 : L / (1 - Math.exp(-g * L)) - 1 / g;
    // 平均が大きすぎれば、τ を大きくする
    if (expected > mean) a = (a + b) / 2;
    else b = (a + b) / 2;
  }
  // τ の標準誤差は 1/√(n Var x)
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
  return { tau: (a + b) / 2, error: 1 / Math.sqrt(n * variance), n };
}

/**
 * 対数で等しい幅の升ごとの密度 P(S)。
 * @param {number[]} sizes @param {number} low @param {number} high @param {number} perDecade
 * @returns {[number, number][]} (升の中央, 密度)。空の升は除く
 */
export function densityOf(sizes, low, high, perDecade) {
  const bins = Math.round(Math.log10(high / low) * perDecade);
  const counts = new Array(bins).fill(0);
  for (const S of sizes) {
    const k = Math.floor(Math.log10(S / low) * perDecade);
    if (k >= 0 && k < bins) counts[k] += 1;
  }
  const edge = (/** @type {number} */ k) => low * 10 ** (k / perDecade);
  return counts.map((count, k) => /** @type {[number, number]} */ ([edge(k + 0.5), count / (sizes.length * (edge(k + 1) - edge(k)))]))
    .filter(([, density]) => density > 0);
}

/**
 * 理論の線 A S^(−τ)。low から high の面積を、そこに入る雪崩の割合にそろえる。
 * @param {number} tau @param {number} share @param {number} low @param {number} high @returns {[number, number][]}
 */
export function powerLaw(tau, share, low, high) {
  const area = Math.abs(tau - 1) < 1e-9 ? Math.log(high / low) : (high ** (1 - tau) - low ** (1 - tau)) / (1 - tau);
  return [[low, (share / area) * low ** -tau], [high, (share / area) * high ** -tau]];
}
