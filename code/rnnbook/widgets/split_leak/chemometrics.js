// 前処理と PLS。rnnbook/materials/preprocessing.py と rnnbook/models/pls.py と同じ式。

const WINDOW = 11; // Savitzky–Golay の窓と次数
const DEGREE = 3;

const dot = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) => {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
};

/** 標準正規変量。 @param {number[][]} X @returns {number[][]} */
export function snv(X) {
  return X.map((x) => {
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    const spread = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (x.length - 1));
    return x.map((v) => (v - mean) / spread);
  });
}

/**
 * 連立方程式を、枢軸を選ぶ掃き出し法で解く。
 * @param {number[][]} A @param {number[]} b @returns {number[]}
 */
function solve(A, b) {
  const rows = A.map((row, i) => [...row, b[i]]);
  const n = b.length;
  for (let k = 0; k < n; k += 1) {
    const best = rows.slice(k).reduce((top, row, i) => (Math.abs(row[k]) > Math.abs(rows[top][k]) ? k + i : top), k);
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let i = 0; i < n; i += 1) {
      if (i === k) continue;
      const share = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j += 1) rows[i][j] -= share * rows[k][j];
    }
  }
  return rows.map((row, k) => row[n] / row[k]);
}

/**
 * 窓の中の点 at での order 階の微分になる、窓の値の重み。
 * @param {number} order @param {number} at 窓の中央から @returns {number[]}
 */
function weights(order, at) {
  const half = (WINDOW - 1) / 2;
  const points = Array.from({ length: WINDOW }, (_, k) => k - half);
  const powers = Array.from({ length: DEGREE + 1 }, (_, k) => k);
  // 多項式の k 乗の項の order 階の微分: k (k − 1) … at^(k − order)
  const slope = powers.map((k) => (k < order ? 0 : powers.slice(k - order + 1, k + 1).reduce((a, b) => a * b, 1) * at ** (k - order)));
  const normal = powers.map((j) => powers.map((k) => points.reduce((sum, u) => sum + u ** (j + k), 0)));
  const coefficients = solve(normal, slope);
  return points.map((u) => powers.reduce((sum, k) => sum + coefficients[k] * u ** k, 0));
}

/** Savitzky–Golay 法の微分。両端は、端の窓の式で。 @param {number[][]} X @param {number} order @returns {number[][]} */
export function derivative(X, order) {
  const T = X[0].length;
  const half = (WINDOW - 1) / 2;
  const rows = Array.from({ length: T }, (_, k) => {
    const middle = Math.max(half, Math.min(T - 1 - half, k));
    return { start: middle - half, w: weights(order, k - middle) };
  });
  return X.map((x) => rows.map(({ start, w }) => dot(w, x.slice(start, start + WINDOW))));
}

/** @param {string} steps 前処理の名 @param {number[][]} X @returns {number[][]} */
export function prepare(steps, X) {
  const parts = { d1: (Z) => derivative(Z, 1), d2: (Z) => derivative(Z, 2), snv, raw: (Z) => Z };
  return steps.split("_").reduce((Z, name) => parts[name](Z), X);
}

/** @typedef {{mean: number[], level: number, parts: {w: number[], p: number[], q: number}[]}} Fitted */

/**
 * PLS を、成分 most 本まで当てる。
 * @param {number[][]} X @param {number[]} y @param {number} most @returns {Fitted}
 */
export function fitPls(X, y, most) {
  const [N, T] = [X.length, X[0].length];
  const mean = Array.from({ length: T }, (_, k) => X.reduce((sum, x) => sum + x[k], 0) / N);
  const level = y.reduce((sum, v) => sum + v, 0) / N;
  const Z = X.map((x) => Float64Array.from(x, (v, k) => v - mean[k]));
  const u = y.map((v) => v - level);
  const parts = [];
  for (let a = 0; a < most; a += 1) {
    // w = Xᵀ y / ‖Xᵀ y‖、t = X w
    const w = new Array(T).fill(0);
    Z.forEach((z, i) => { for (let k = 0; k < T; k += 1) w[k] += z[k] * u[i]; });
    const size = Math.sqrt(dot(w, w)) || 1;
    for (let k = 0; k < T; k += 1) w[k] /= size;
    const t = Z.map((z) => dot(z, w));
    const tt = dot(t, t) || 1;
    // p = Xᵀ t / tᵀ t、q = yᵀ t / tᵀ t
    const p = new Array(T).fill(0);
    Z.forEach((z, i) => { for (let k = 0; k < T; k += 1) p[k] += (z[k] * t[i]) / tt; });
    const q = dot(u, t) / tt;
    Z.forEach((z, i) => { for (let k = 0; k < T; k += 1) z[k] -= t[i] * p[k]; });
    t.forEach((v, i) => (u[i] -= q * v));
    parts.push({ w, p, q });
  }
  return { mean, level, parts };
}

/**
 * 成分 1 本から most 本までの予測。
 * @param {Fitted} fitted @param {number[][]} X @returns {number[][]} [成分の数 − 1][行]
 */
export function predictPls({ mean, level, parts }, X) {
  const told = parts.map(() => new Array(X.length));
  X.forEach((x, i) => {
    const z = x.map((v, k) => v - mean[k]);
    let y = level;
    parts.forEach(({ w, p, q }, a) => {
      const t = dot(z, w);
      for (let k = 0; k < z.length; k += 1) z[k] -= t * p[k];
      y += q * t;
      told[a][i] = y;
    });
  });
  return told;
}

/** @param {number[]} told @param {number[]} truth */
export function rmse(told, truth) {
  return Math.sqrt(told.reduce((sum, v, i) => sum + (v - truth[i]) ** 2, 0) / told.length);
}
