// 重みの並び。すべての重みは一本のベクトル θ の一部で、名前は cells.js と同じ。

/** セルのゲートの並び。PyTorch と同じ順で、候補は c（LSTM）と h（RNN、GRU、minGRU）。 */
export const GATES = {
  rnn: ["h"],
  relu: ["h"],
  lstm: ["i", "f", "c", "o"],
  gru: ["r", "z", "h"],
  min_gru: ["z", "h"],
};

/** 答えを決める所: 答える時刻の h だけから（last）、それまでの h も見比べて（attention）。 */
export const READOUTS = ["last", "attention"];

/**
 * θ の中の、まとめた重みの形。この順に並ぶ。
 * @param {string} cell @param {number} D @param {number} H @param {number} O @param {string} readout
 * @returns {{name: string, rows: number, columns: number, from: number}[]}
 */
export function blocksOf(cell, D, H, O, readout) {
  const G = GATES[cell].length;
  const blocks = [["W_x", G * H, D]];
  if (cell !== "min_gru") blocks.push(["W_h", G * H, H]);
  blocks.push(["b", G * H, 1]);
  if (cell === "gru") blocks.push(["b_hh", H, 1]);
  if (readout === "attention") blocks.push(["W_m", H, 2 * H], ["b_m", H, 1], ["W_y", O, H], ["b_y", O, 1]);
  else blocks.push(["W_hy", O, H], ["b_y", O, 1]);
  let next = 0;
  return blocks.map(([name, rows, columns]) => {
    const from = next;
    next += rows * columns;
    return { name, rows, columns, from };
  });
}

/** 重みの数。 @param {{rows: number, columns: number}[]} blocks */
export function countOf(blocks) {
  return blocks.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

/** θ の、まとめた重み: W_x (G·H, D)、W_h (G·H, H)、b (G·H)、b_hh (H)、W_hy (O, H)、b_y (O)。注意では W_hy の代わりに W_m (H, 2H)、b_m (H)、W_y (O, H)。 @param {Float32Array} theta @param {any[]} blocks @returns {Record<string, Float32Array>} */
export function packed(theta, blocks) {
  return Object.fromEntries(blocks.map(({ name, rows, columns, from }) => [name, theta.subarray(from, from + rows * columns)]));
}

/** θ の、ゲートごとの名前の重み: W_xi、W_hi、b_i など。 @param {Float32Array} theta @param {any[]} blocks @param {string} cell @returns {Record<string, Float32Array>} */
export function named(theta, blocks, cell) {
  const [found, gates] = [{}, GATES[cell]];
  for (const [name, values] of Object.entries(packed(theta, blocks))) {
    if (!["W_x", "W_h", "b"].includes(name)) {
      found[name] = values;
      continue;
    }
    const size = values.length / gates.length;
    gates.forEach((gate, k) => {
      found[name === "b" ? `b_${gate}` : name + gate] = values.subarray(k * size, (k + 1) * size);
    });
  }
  return found;
}
