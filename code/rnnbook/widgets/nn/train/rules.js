// 勾配から作る一歩の決め方。式は rnnbook.training と PyTorch に同じ。

/** 二つの平均の場所を持つ規則と、その名前。 */
export const OPTIMIZERS = ["adam", "momentum", "sgd"];

/**
 * 勾配のノルムを clip 以下に縮める倍率。clip = 0 なら縮めない。
 * @param {number} norm @param {number} clip
 */
export function clipScale(norm, clip) {
  // g ← g · min(1, c / (‖g‖ + 10⁻⁶))   clip_grad_norm_ と同じ
  return clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
}

/**
 * θ を一歩動かす。m と v は規則の覚えている平均、step は何回目か（1 から）。
 * @param {string} optimizer @param {any} kernels
 * @param {{theta: Float32Array, gradient: Float32Array, m: Float32Array, v: Float32Array}} state
 * @param {number} scale @param {number} rate @param {number} step
 */
export function stepRule(optimizer, kernels, { theta, gradient, m, v }, scale, rate, step) {
  const n = theta.length;
  if (optimizer === "adam") kernels.adam(theta, gradient, m, v, n, scale, rate, step);
  else if (optimizer === "momentum") kernels.momentum(theta, gradient, m, n, scale, rate);
  else kernels.sgd(theta, gradient, n, scale, rate);
}
