// 一つの答えに、入力のどの点が効いたかの地図と、順位の相関。rnnbook/materials/attribution.py、yardsticks.py と同じ計算。

/** @typedef {import("./models.js").Model} Model */

/** 勾配の地図 S = u ∂ŷ/∂x。 @param {Model} model @param {Float64Array} x @param {Float64Array} unit u @returns {Float64Array} */
export function saliency(model, x, unit) {
  return model.slope(x).map((v, k) => unit[k] * v);
}

/**
 * 積分した勾配 A。積分は、中点則で steps 点。
 * @param {Model} model @param {Float64Array} x @param {Float64Array} base 基準 x' @param {number} steps
 * @returns {Float64Array}
 */
export function integratedGradients(model, x, base, steps) {
  const total = new Float64Array(x.length);
  for (let n = 0; n < steps; n += 1) {
    const alpha = (n + 0.5) / steps;
    model.slope(x.map((v, k) => base[k] + alpha * (v - base[k]))).forEach((v, k) => (total[k] += v));
  }
  // A = (x − x') · 平均_α ∂ŷ/∂x (x' + α (x − x'))
  return total.map((v, k) => ((x[k] - base[k]) * v) / steps);
}

/**
 * 隠す地図 M。width 点ずつを基準に替える。
 * @param {Model} model @param {Float64Array} x @param {Float64Array} base @param {number} width
 * @returns {Float64Array}
 */
export function masking(model, x, base, width) {
  const told = model.answer(x);
  const change = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    const hidden = x.slice();
    hidden.set(base.subarray(from, from + width), from);
    // M = ŷ(x) − ŷ(隠した x)
    change.fill(told - model.answer(hidden), from, from + width);
  }
  return change;
}

/** 順位（1 から）。同じ値には、平均の順位。 @param {ArrayLike<number>} values @returns {number[]} */
export function ranks(values) {
  const order = Array.from(values, (_, k) => k).sort((a, b) => values[a] - values[b]);
  const rank = new Array(order.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to += 1;
    for (let k = from; k < to; k += 1) rank[order[k]] = (from + to + 1) / 2;
    from = to;
  }
  return rank;
}

/** 大きさ |a| と |b| の、順位の相関 ρ。値がすべて同じなら NaN。 @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function agreement(a, b) {
  const [r, s] = [a, b].map((v) => ranks(Array.from(v, Math.abs)).map((rank) => rank - (v.length + 1) / 2));
  const sum = (/** @type {number[]} */ u, /** @type {number[]} */ v) => u.reduce((total, value, k) => total + value * v[k], 0);
  return sum(r, s) / Math.sqrt(sum(r, r) * sum(s, s));
}
