// 空孔のあるナノ結晶の回折。rnnbook/materials/diffraction.py と同じ式。

/**
 * @typedef {{N: number, r: number[], pairs: number[], wavelength: number, angles: number[],
 *   cromer: number[][], cromerC: number, air: number, hump: number[], levels: number[]}} Crystal
 * @typedef {{N: number, angles: number[], f2: number[], S: number[], s2: number[], unit: number, ground: number[]}} Tables
 */

/** Q = 4π sin θ / λ @param {number} angle 2θ（度） @param {number} wavelength Å @returns {number} Å⁻¹ */
export function momentum(angle, wavelength) {
  return (4 * Math.PI * Math.sin((angle * Math.PI) / 360)) / wavelength;
}

/** S(Q) = Σ_k p_k sin(Q r_k) / (Q r_k) @param {number} Q @param {number[]} r @param {number[]} pairs @returns {number} */
export function interference(Q, r, pairs) {
  return r.reduce((sum, distance, k) => sum + (pairs[k] * Math.sin(Q * distance)) / (Q * distance), 0);
}

/**
 * 空孔にも B にもよらない表。
 * @param {Crystal} crystal @returns {Tables}
 */
export function tablesOf({ N, r, pairs, wavelength, angles, cromer, cromerC, air, hump, levels }) {
  const Q = angles.map((angle) => momentum(angle, wavelength));
  const s2 = Q.map((q) => (q / (4 * Math.PI)) ** 2);
  // f = Σ a e^(−b s²) + c
  const f2 = s2.map((v) => (cromer.reduce((sum, [a, b]) => sum + a * Math.exp(-b * v), 0) + cromerC) ** 2);
  const S = Q.map((q) => interference(q, r, pairs));
  const unit = Math.max(...f2.map((f, k) => f * (N + Math.exp(-2 * 0.6 * s2[k]) * S[k])));
  // b_0 + b_1 e^(−Q / 1.2) + b_2 exp(−((Q − 2.9) / 0.55)² / 2)
  const ground = Q.map((q) => levels[0] + levels[1] * Math.exp(-q / air) + levels[2] * Math.exp(-(((q - hump[0]) / hump[1]) ** 2) / 2));
  return { N, angles, f2, S, s2, unit, ground };
}

/**
 * 計数の平均 A I / I_max + g 背景。
 * @param {Tables} tables
 * @param {{c: number, B: number, scale: number, ground: number}} how c は %、B は Å²、scale は A、ground は g
 * @returns {number[]}
 */
export function expectedCounts({ N, f2, S, s2, unit, ground: shape }, { c, B, scale, ground }) {
  const left = N * (1 - c / 100); // N − n
  const kept = (left * (left - 1)) / (N * (N - 1));
  // f² [ (N − n) + (N − n)(N − n − 1) / (N(N − 1)) e^(−2Bs²) S ]
  return f2.map((f, k) => (scale * f * (left + kept * Math.exp(-2 * B * s2[k]) * S[k])) / unit + ground * shape[k]);
}
