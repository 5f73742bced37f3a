// 物理の物差し: 平均の傾き J = ∂μ/∂θ と、最適な線形の重み w*。rnnbook/materials/powder.py、yardsticks.py と同じ式。
import { expectedCounts, momentum, tablesOf } from "../diffraction/debye.js";

/**
 * @typedef {{c: number, B: number, ground: number}} Specimen c は %、B は Å²、ground は背景の倍率
 * @typedef {import("../diffraction/debye.js").Crystal} Crystal
 */

const SCALE = 4000; // 計数の尺度 A
const B_SPREAD = 0.25; // 対数の標準偏差（B と、A と背景）
const SPREAD = 0.2;
const LARGEST = 10; // c の範囲（%）
const PRIOR = [12 / LARGEST ** 2, 1, 1, 1, 1, 1];

/** A x = e_0 を解く（A は正定値の対称行列）。 @param {number[][]} A @returns {number[]} */
function firstColumn(A) {
  const rows = A.map((row, i) => [...row, i ? 0 : 1]);
  rows.forEach((row, i) => {
    for (let j = i + 1; j < rows.length; j += 1) {
      const factor = rows[j][i] / row[i];
      rows[j] = rows[j].map((v, k) => v - factor * row[k]);
    }
  });
  const x = rows.map(() => 0);
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    const known = x.reduce((sum, v, k) => sum + rows[i][k] * v, 0);
    x[i] = (rows[i][rows.length] - known) / rows[i][i];
  }
  return x;
}

/** 結晶と背景の、どの試料にも共通の表。 @param {Crystal} crystal */
export function physicsOf(crystal) {
  const tables = tablesOf(crystal);
  const { N, f2, S, s2, unit, angles } = tables;
  const shapes = angles.map((angle) => {
    const Q = momentum(angle, crystal.wavelength);
    return [1, Math.exp(-Q / crystal.air), Math.exp(-(((Q - crystal.hump[0]) / crystal.hump[1]) ** 2) / 2)];
  });
  /** 計数の平均 μ。 @param {Specimen} how */
  const mean = ({ c, B, ground }) => Float64Array.from(expectedCounts(tables, { c, B, ground, scale: SCALE }));

  /** J (6, T)。c は % あたり、ほかは標準偏差 1 個あたりの計数。 @param {Specimen} how */
  function jacobian({ c, B, ground }) {
    const left = N * (1 - c / 100); // N − n
    const kept = (left * (left - 1)) / (N * (N - 1));
    const J = Array.from({ length: 6 }, () => new Float64Array(f2.length));
    f2.forEach((f, k) => {
      const [unitCount, debye] = [(SCALE * f) / unit, Math.exp(-2 * B * s2[k]) * S[k]];
      // f² [ −N − (2N(1 − c) − 1) / (N − 1) e^(−2Bs²) S ]、B は −2s² f² … S
      J[0][k] = (unitCount * (-N - ((2 * left - 1) / (N - 1)) * debye)) / 100;
      J[1][k] = unitCount * kept * -2 * s2[k] * debye * B_SPREAD * B;
      J[2][k] = unitCount * (left + kept * debye) * SPREAD;
      for (let b = 0; b < 3; b += 1) J[3 + b][k] = SPREAD * ground * crystal.levels[b] * shapes[k][b];
    });
    return J;
  }

  /** w* = [(F + P)^(−1) J diag(1/μ)]_c（計数あたり）。 @param {Specimen} how */
  function optimal(how) {
    const [J, mu] = [jacobian(how), mean(how)];
    // F = J diag(1/μ) Jᵀ
    const F = J.map((a, i) => J.map((b, j) => a.reduce((sum, v, k) => sum + (v * b[k]) / mu[k], i === j ? PRIOR[i] : 0)));
    const v = firstColumn(F);
    return mu.map((m, k) => v.reduce((sum, weight, i) => sum + (weight * J[i][k]) / m, 0));
  }

  /** 三つの一歩: 空孔 +1 %、B +0.15 Å²、背景 +20 %。計数の平均の、正確な差。 @param {Specimen} how */
  function steps(how) {
    const here = mean(how);
    const moved = [{ ...how, c: how.c + 1 }, { ...how, B: how.B + 0.15 }, { ...how, ground: 1.2 * how.ground }];
    return moved.map((next) => mean(next).map((v, k) => v - here[k]));
  }
  return { angles, mean, jacobian, optimal, steps };
}
