// 最大の特異値。学習の間、少しずつ動く行列について何度も求めるので、前の答えから始める。

const MOST = 300; // 繰り返しの上限

/**
 * W (H, H) の最大の特異値 σ = ‖W‖。Wᵀ W を掛け続けると、v は最も伸びる向きに近づく（べき乗法）。
 * @param {ArrayLike<number>} W 行ごとに一列 @param {Float64Array} v (H,) はじめの向き。求めた向きに書き換える
 * @returns {number}
 */
export function largestSingular(W, v) {
  const H = v.length;
  const Wv = new Float64Array(H);
  let sigma = 0;
  for (let k = 0; k < MOST; k += 1) {
    for (let i = 0; i < H; i += 1) {
      Wv[i] = 0;
      for (let j = 0; j < H; j += 1) Wv[i] += W[i * H + j] * v[j];
    }
    v.fill(0);
    for (let i = 0; i < H; i += 1) {
      for (let j = 0; j < H; j += 1) v[j] += W[i * H + j] * Wv[i];
    }
    // ‖v‖ = 1 なら、‖Wᵀ W v‖ → σ²
    const size = Math.sqrt(v.reduce((sum, w) => sum + w * w, 0));
    if (!(size > 0)) return size;
    for (let j = 0; j < H; j += 1) v[j] /= size;
    const before = sigma;
    sigma = Math.sqrt(size);
    if (Math.abs(sigma - before) < 1e-10 * sigma) break;
  }
  return sigma;
}

/** どの方向の成分もある、はじめの向き（長さ 1）。 @param {number} H */
export function firstDirection(H) {
  const v = Float64Array.from({ length: H }, (_, n) => 1 + Math.sin(n + 1) / 2);
  const size = Math.sqrt(v.reduce((sum, w) => sum + w * w, 0));
  return v.map((w) => w / size);
}
