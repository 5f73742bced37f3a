// 実数の場の、二次元の高速フーリエ変換。n は 2 の冪。numpy.fft.rfft2(u.T) と同じ値を、同じ並びで持つ。

/** @typedef {{re: Float64Array, im: Float64Array}} Spectrum 波数 k_x = 0 … n−1、k_y = 0 … n/2 の (n, n/2 + 1) */

/**
 * n × n の場の変換を作る。表と作業の場所は、一度だけ用意する。
 * @param {number} n 2 の冪
 */
export function createFft(n) {
  const half = n / 2;
  const wide = half + 1;
  const place = (/** @type {number} */ w) => ({ re: new Float64Array(n * w), im: new Float64Array(n * w) });
  const [cos, sin] = [Math.cos, Math.sin].map((f) => Float64Array.from({ length: half }, (_, k) => f((2 * Math.PI * k) / n)));
  // ビットを逆順にした番号。この順に並べておくと、変換したあとが正しい順になる
  const turned = new Uint16Array(n);
  for (let k = 1; k < n; k += 1) turned[k] = (turned[k >> 1] >> 1) | (k & 1 ? half : 0);
  const pairs = place(half);
  const rows = place(wide);

  /** w 列を、上から下へ、いちどに変換する: Z_k = Σ_j z_j e^{−sign·2πi jk/n}。 */
  function transform(/** @type {Spectrum} */ { re, im }, /** @type {number} */ w, /** @type {number} */ sign) {
    for (let reach = 1, stride = half; reach < n; reach *= 2, stride /= 2) {
      for (let start = 0; start < n; start += 2 * reach) {
        for (let j = 0; j < reach; j += 1) {
          const c = cos[j * stride];
          const s = -sign * sin[j * stride];
          let a = (start + j) * w;
          let b = a + reach * w;
          for (const end = a + w; a < end; a += 1, b += 1) {
            const p = re[b] * c - im[b] * s;
            const q = re[b] * s + im[b] * c;
            const r = re[a];
            const i = im[a];
            re[b] = r - p; im[b] = i - q;
            re[a] = r + p; im[a] = i + q;
          }
        }
      }
    }
  }

  return {
    /** @returns {Spectrum} 空の場所 */
    empty: () => place(wide),

    /** 場 u (n, n) を変換し、out に入れる。 @param {Float64Array} u @param {Spectrum} out */
    forward(u, out) {
      const { re, im } = pairs;
      // 列 x と x + n/2 を、実部と虚部として、いちどに変換する
      for (let y = 0; y < n; y += 1) {
        for (let x = 0, to = turned[y] * half, from = y * n; x < half; x += 1, to += 1, from += 1) {
          re[to] = u[from]; im[to] = u[from + half];
        }
      }
      transform(pairs, half, 1);
      // 実数の変換の対称性で二つに分け、転置する: A = (Z_k + Z*_{−k}) / 2、B = (Z_k − Z*_{−k}) / 2i
      const { re: real, im: imaginary } = out;
      for (let x = 0; x < half; x += 1) {
        for (let k = 0, a = turned[x] * wide, b = turned[x + half] * wide; k <= half; k += 1, a += 1, b += 1) {
          const z = k * half + x;
          const m = ((n - k) & (n - 1)) * half + x;
          real[a] = (re[z] + re[m]) / 2; imaginary[a] = (im[z] - im[m]) / 2;
          real[b] = (im[z] + im[m]) / 2; imaginary[b] = (re[m] - re[z]) / 2;
        }
      }
      transform(out, wide, 1);
    },

    /** 変換 spectrum から、場 u (n, n) に戻す。 @param {Spectrum} spectrum @param {Float64Array} u */
    inverse(spectrum, u) {
      for (let x = 0; x < n; x += 1) {
        rows.re.set(spectrum.re.subarray(x * wide, (x + 1) * wide), turned[x] * wide);
        rows.im.set(spectrum.im.subarray(x * wide, (x + 1) * wide), turned[x] * wide);
      }
      transform(rows, wide, -1);
      const { re: real, im: imaginary } = rows;
      const { re, im } = pairs;
      // Z_k = A_k + i B_k。負の波数は、共役から
      for (let x = 0; x < half; x += 1) {
        for (let k = 0, a = x * wide, b = (x + half) * wide; k <= half; k += 1, a += 1, b += 1) {
          const z = turned[k] * half + x;
          const m = turned[(n - k) & (n - 1)] * half + x;
          re[m] = real[a] + imaginary[b]; im[m] = real[b] - imaginary[a];
          re[z] = real[a] - imaginary[b]; im[z] = imaginary[a] + real[b];
        }
      }
      transform(pairs, half, -1);
      const scale = 1 / (n * n);
      for (let y = 0; y < n; y += 1) {
        for (let x = 0, from = y * half, to = y * n; x < half; x += 1, from += 1, to += 1) {
          u[to] = re[from] * scale;
          u[to + half] = im[from] * scale;
        }
      }
    },
  };
}
