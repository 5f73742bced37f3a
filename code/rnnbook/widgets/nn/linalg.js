// 特異値とスペクトル半径。行列は、行ごとに一列に並べた Float64Array。

/**
 * 行どうしが直交するように、行を回す（片側 Jacobi 法）。終わると、行の長さが特異値になる。
 *
 * k 番目の行は exp(logs[k]) · rows[k] を表す。倍率を分けて持つので、行の大きさが 10^{-300} 違っても
 * 桁あふれせず、小さな特異値も比で正しい。others の行も、同じだけ回す。
 * @param {Float64Array} rows (K, N) 書き換える
 * @param {Float64Array} logs (K,) 行の倍率の自然対数
 * @param {Float64Array[]} [others] それぞれ (K, …) 書き換える
 */
export function orthogonalizeRows(rows, logs, others = []) {
  const K = logs.length;
  const N = rows.length / K;
  const squared = new Float64Array(K);
  for (let k = 0; k < K; k += 1) squared[k] = dot(rows, k, k, N);
  for (let sweep = 0, turned = true; turned && sweep < 40; sweep += 1) {
    turned = false;
    for (let k = 0; k < K; k += 1) {
      for (let l = k + 1; l < K; l += 1) {
        // 倍率の大きい方を p とする
        const p = logs[k] >= logs[l] ? k : l;
        const q = k + l - p;
        const inner = dot(rows, p, q, N);
        if (!(Math.abs(inner) > 1e-9 * Math.sqrt(squared[p] * squared[q]))) continue;
        turned = true;
        // 回す角 θ は cot 2θ = (|q|² − |p|²) / (2 p·q)。E は q の倍率の、p の倍率に対する比
        const E = Math.exp(logs[q] - logs[p]);
        const cot = (squared[q] * E * E - squared[p]) / (2 * inner);
        // tan θ / E
        const tan = (cot < 0 ? -1 : 1) / (Math.abs(cot) + Math.hypot(E, cot));
        const cos = 1 / Math.sqrt(1 + (tan * E) ** 2);
        for (const part of [rows, ...others]) turn(part, p, q, part.length / K, cos, cos * tan * E * E, cos * tan);
        squared[p] = dot(rows, p, p, N);
        squared[q] = dot(rows, q, q, N);
      }
    }
  }
}

/** p 番目の行と q 番目の行の内積。 */
export function dot(rows, p, q, N) {
  let sum = 0;
  for (let n = 0; n < N; n += 1) sum += rows[p * N + n] * rows[q * N + n];
  return sum;
}

/** p ← cos p − toP q、q ← toQ p + cos q */
function turn(rows, p, q, N, cos, toP, toQ) {
  for (let n = 0; n < N; n += 1) {
    const a = rows[p * N + n];
    const b = rows[q * N + n];
    rows[p * N + n] = cos * a - toP * b;
    rows[q * N + n] = toQ * a + cos * b;
  }
}

/**
 * 特異値。大きい順。
 * @param {Float64Array} A (K, N)
 * @param {number} K 行の数
 * @returns {Float64Array} (K,)
 */
export function singularValues(A, K) {
  const [rows, logs, N] = [A.slice(), new Float64Array(K), A.length / K];
  orthogonalizeRows(rows, logs);
  return Float64Array.from({ length: K }, (_, k) => Math.sqrt(dot(rows, k, k, N))).sort().reverse();
}

/** スペクトルノルム ‖A‖（最大の特異値）。 @param {Float64Array} A (K, N) @param {number} K @returns {number} */
export function spectralNorm(A, K) {
  return singularValues(A, K)[0];
}

/**
 * スペクトル半径 ρ(W)。Gelfand の公式 ρ = lim ‖Wⁿ‖^{1/n} を、n = 2, 4, 8, … と二乗を重ねて求める。
 * @param {Float64Array} W (H, H)
 * @returns {number}
 */
export function spectralRadius(W) {
  const H = Math.round(Math.sqrt(W.length));
  let [power, logRho] = [W.slice(), 0];
  for (let n = 1; n <= 2 ** 50; n *= 2) {
    // Wⁿ = exp(n · logRho) · power と、いつも長さ 1 の power に分けて持つ
    const size = Math.sqrt(power.reduce((sum, v) => sum + v * v, 0));
    if (size === 0) return 0;
    logRho += Math.log(size) / n;
    const unit = power.map((v) => v / size);
    power = new Float64Array(H * H);
    for (let i = 0; i < H; i += 1) {
      for (let k = 0; k < H; k += 1) {
        const a = unit[i * H + k];
        for (let j = 0; j < H; j += 1) power[i * H + j] += a * unit[k * H + j];
      }
    }
  }
  return Math.exp(logRho);
}

/**
 * スペクトル半径が rho になるように、W 全体を定数倍する。
 * @param {Float64Array} W (H, H)
 * @param {number} rho
 * @returns {Float64Array}
 */
export function withSpectralRadius(W, rho) {
  const scale = rho / spectralRadius(W);
  return W.map((w) => w * scale);
}
