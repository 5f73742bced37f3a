// 損失と、その勾配と、物差し。found に {loss, metric} を書く（学習のあいだ、新しい場所を取らないため）。

/**
 * 交差エントロピーの平均と、正解率。答えない所（y = −1）は数えない。logits (n, O) を ∂L/∂logits に書き換える。
 * @param {Float32Array} logits @param {Int32Array} y (n,) @param {number} O @param {{loss: number, accuracy: number}} found
 */
export function crossEntropy(logits, y, O, found) {
  let [asked, right, sum] = [0, 0, 0];
  for (const label of y) asked += label >= 0 ? 1 : 0;
  for (let k = 0; k < y.length; k += 1) {
    const from = k * O;
    if (y[k] < 0) {
      for (let n = from; n < from + O; n += 1) logits[n] = 0;
      continue;
    }
    let [top, best] = [-Infinity, 0];
    for (let n = 0; n < O; n += 1) {
      if (logits[from + n] > top) [top, best] = [logits[from + n], n];
    }
    const label = logits[from + y[k]];
    let total = 0;
    for (let n = from; n < from + O; n += 1) total += logits[n] = Math.exp(logits[n] - top);
    // −ln p_y = ln Σ e^{l} − l_y
    sum += Math.log(total) + top - label;
    right += best === y[k] ? 1 : 0;
    // ∂L/∂l = (p − onehot(y)) / 数
    for (let n = from; n < from + O; n += 1) {
      logits[n] = (logits[n] / total - (n === from + y[k] ? 1 : 0)) / asked;
    }
  }
  found.loss = sum / asked;
  found.accuracy = right / asked;
}

/**
 * 平均二乗誤差。y_hat (n,) を ∂L/∂ŷ に書き換える。
 * @param {Float32Array} y_hat @param {Float32Array} y @param {{loss: number, accuracy: number}} found
 */
export function squaredError(y_hat, y, found) {
  let sum = 0;
  for (let k = 0; k < y.length; k += 1) {
    const error = y_hat[k] - y[k];
    sum += error * error;
    // ∂L/∂ŷ = 2 (ŷ − y) / 数
    y_hat[k] = (2 * error) / y.length;
  }
  found.loss = sum / y.length;
}
