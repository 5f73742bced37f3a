// 遊び場と同じ学習をする、PyTorch のプログラム。乱数、はじめの重み、バッチ、更新の規則が同じで、損失が一致する。
import { programTask } from "./program_tasks.js";

/**
 * @typedef {{task: string, cell: string, readout: string, start: string, rho: number, forget_bias: null | number | "chrono", T: number, H: number,
 *   B: number, seed: number, learning_rate: number, optimizer: string, clip: number, own: string}} Config
 */

/**
 * プログラム。60 行まで。更新ごとの損失を表示する。
 * @param {Config} config @param {number} updates 更新の回数
 * @param {[number, number][]} [lengths] 途中で系列長を変えたなら、[そこまでの更新の回数, そこからの T]。はじめは [0, T]
 * @returns {string}
 */
export function programText(config, updates, lengths = []) {
  return `"""${titleOf(config)}"""\n${programParts(config, updates, lengths).join("\n\n")}\n`;
}

/**
 * 同じプログラムの、ノートブック（nbformat 4）。
 * @param {Config} config @param {number} updates @param {[number, number][]} [lengths]
 * @returns {string} JSON
 */
export function programNotebook(config, updates, lengths = []) {
  const lines = (/** @type {string} */ source) => source.split(/(?<=\n)/);
  const code = programParts(config, updates, lengths).map((part) => ({
    cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: lines(part),
  }));
  return JSON.stringify({
    cells: [{ cell_type: "markdown", metadata: {}, source: lines(`# RNN の遊び場と同じ学習\n\n${titleOf(config)}`) }, ...code],
    metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" }, language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 4,
  }, null, 1);
}

function titleOf({ task, cell, readout }) {
  return `RNN の遊び場と同じ学習（問題 ${task}、セル ${cell}${readout === "attention" ? "、注意" : ""}）を行い、更新ごとの損失を表示します。`;
}

/** 四つの部分: 条件と乱数、問題、ネットワーク、学習。 */
function programParts(config, updates, lengths) {
  const parts = lengths.map(([from, T], k) => ({ T, count: (lengths[k + 1]?.[0] ?? updates) - from })).filter(({ count }) => count > 0);
  const first = lengths.length ? { ...config, T: lengths[0][1] } : config;
  const { D, O, T, output, batch } = programTask(first, Math.max(first.T, ...parts.map((part) => part.T)));
  const steps = parts.map((part) => ({ ...part, T: programTask({ ...first, T: part.T }, T).T }));
  return [head(config, { D, O, T }, updates), batch, network(config), loop(config, output, steps.some((part) => part.T !== T) ? steps : [])];
}

function head({ H, B, seed }, { D, O, T }, updates) {
  return `import numpy as np
import torch
from torch import nn
torch.set_num_threads(1)
T, H, B, D, O, seed, updates = ${[T, H, B, D, O, seed, updates].join(", ")}

def uniforms(stream, n):
    """流れ stream の、[0, 1) の乱数 n 個（mulberry32）。流れ 0 は重み、s は s 回目のバッチ。"""
    start = (seed * 0x9E3779B1 + stream * 0x85EBCA6B) % 2**32
    z = np.uint32(start) + np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
    z = (z ^ (z >> 15)) * (z | 1)
    z ^= z + (z ^ (z >> 7)) * (z | 61)
    return (z ^ (z >> 14)) / 2.0**32`;
}

const LAYERS = {
  rnn: "nn.RNN(D, H, batch_first=True)",
  relu: 'nn.RNN(D, H, nonlinearity="relu", batch_first=True)',
  lstm: "nn.LSTM(D, H, batch_first=True)",
  gru: "nn.GRU(D, H, batch_first=True)",
  min_gru: "nn.Linear(D, 2 * H)",
};
const MIN_GRU = `
def layer(x):
    """minGRU。h_t = (1 − z_t) ⊙ h_{t−1} + z_t ⊙ h̃_t。"""
    a, candidate = project(x).chunk(2, -1)  # (B, T, H)
    z, h = torch.sigmoid(a), [torch.zeros(B, H)]
    for t in range(x.shape[1]):
        h.append((1 - z[:, t]) * h[-1] + z[:, t] * candidate[:, t])
    return torch.stack(h[1:], 1), h[-1]`;
const NAMES = "W_x, W_h, b = layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0";
const PLAIN = "layer.bias_hh_l0.requires_grad_(False).zero_()  # バイアスは b の一つだけを学習する";
const FILL = `
def fill(*weights):
    """重みに U(−1/√H, 1/√H) の乱数を、行ごとに入れる。"""
    for weight in weights:
        u = np.fromiter(draws, float, weight.numel()).reshape(weight.shape)
        weight.data.copy_(torch.tensor((2 * u - 1) / H**0.5))
`;

/** 重みのある層の名前と、その式。 @param {Config} config @returns {Record<string, string>} */
function layersOf({ cell, readout }) {
  const mix = readout === "attention" ? { mix: "nn.Linear(2 * H, H)" } : {};
  return { [cell === "min_gru" ? "project" : "layer"]: LAYERS[cell], ...mix, readout: "nn.Linear(H, O)" };
}

function network(config) {
  const layers = layersOf(config);
  return [
    `${Object.keys(layers).join(", ")} = ${Object.values(layers).join(", ")}`,
    "draws = iter(uniforms(0, 10**6))",
    config.cell === "min_gru" ? MIN_GRU : NAMES,
    FILL,
    ...firstWeights(config),
  ].join("\n");
}

/** はじめの重みを決める行。 @param {Config} config @returns {string[]} */
function firstWeights({ task, cell, readout, start, rho, forget_bias }) {
  const out = `${readout === "attention" ? "mix.weight, mix.bias, " : ""}readout.weight, readout.bias`; // 再帰の重みのあと
  if (cell === "min_gru") return [`fill(project.weight, project.bias, ${out})`];
  if (cell === "gru") return gru(out);
  if (cell === "rnn" || cell === "relu") return [...recurrent(start, rho, out), PLAIN];
  const lines = [`fill(W_x, W_h, b, ${out})`, PLAIN];
  if (forget_bias === "chrono") {
    lines.push("# b_f = ln(1 + u (T − 2))、b_i = −b_f。u は b_f を引いた乱数で、T は読む時刻の数", "u = (b.data[H : 2 * H] * H**0.5 + 1) / 2",
      `b.data[H : 2 * H] = torch.log(1 + u * ${task === "copy" ? "(T + 18)" : "max(0, T - 2)"})`, "b.data[:H] = -b.data[H : 2 * H]");
  } else if (forget_bias !== null) lines.push(`b.data[H : 2 * H] = ${forget_bias}  # 忘却ゲートのバイアス`);
  return lines;
}

const gru = (/** @type {string} */ out) => [
  "layer.bias_hh_l0.data.zero_()",
  `fill(W_x, W_h, b, layer.bias_hh_l0[2 * H :], ${out})`,
  "for weight in (W_x, W_h, b):  # 本書の z_t は、PyTorch の 1 − z_t。σ(−a) = 1 − σ(a)",
  "    weight.data[H : 2 * H] *= -1",
  "# bias_hh は、候補の分 b_hh だけを学習する",
  "layer.bias_hh_l0.register_hook(lambda g: torch.cat([0 * g[: 2 * H], g[2 * H :]]))",
];

/** RNN のはじめの重み。 @param {string} start @param {number} rho @param {string} out 読み出しの重み @returns {string[]} */
function recurrent(start, rho, out) {
  const rest = `fill(b, ${out})`;
  if (start === "uniform") return [`fill(W_x, W_h, b, ${out})`];
  if (start === "identity") return ["fill(W_x)", `W_h.data = ${rho} * torch.eye(H)`, rest, "b.data.zero_()"];
  if (start === "radius") {
    return ["fill(W_x, W_h)", `W_h.data *= ${rho} / np.abs(np.linalg.eigvals(W_h.detach().numpy())).max()  # ρ = ${rho}`, rest];
  }
  return ["fill(W_x)", "# 正規乱数の行列（Box–Muller 法）の行を、直交させる", "u = np.fromiter(draws, float, 2 * H * H).reshape(H, H, 2)",
    "normal = np.sqrt(-2 * np.log(1 - u[:, :, 0])) * np.cos(2 * np.pi * u[:, :, 1])",
    "q, r = np.linalg.qr(normal.T)", `W_h.data.copy_(torch.tensor(${rho} * (q * np.sign(np.diag(r))).T))`, rest];
}

const RULES = {
  adam: (/** @type {number} */ rate) => `torch.optim.Adam(weights, lr=${rate})`,
  momentum: (/** @type {number} */ rate) => `torch.optim.SGD(weights, lr=${rate}, momentum=0.9)`,
  sgd: (/** @type {number} */ rate) => `torch.optim.SGD(weights, lr=${rate})`,
};

const LOSSES = {
  class: "nn.functional.cross_entropy(readout(h[:, -1]), torch.tensor(y))",
  value: "nn.functional.mse_loss(readout(h[:, -1]), torch.tensor(y, dtype=torch.float32))",
  sequence: "nn.functional.cross_entropy(readout(h).flatten(0, 1), torch.tensor(y).flatten())",
};
const ATTENTION = `    e = h @ h.mT  # e_s = h_t · h_s。(B, T, T)
    alpha = (e - torch.full_like(e, 1e9).triu()).softmax(-1).tril(-1)  # s < t の所だけ
    h = mix(torch.cat([alpha @ h, h], -1)).tanh()  # m = tanh(W_m [h̄; h_t] + b_m)
`;

function loop(config, output, steps) {
  const { readout, learning_rate, optimizer, clip } = config;
  const each = steps.length
    ? `for s, T in enumerate(${steps.map(({ T, count }) => `[${T}] * ${count}`).join(" + ")}, 1):  # 途中で T を変えた`
    : "for s in range(1, updates + 1):";
  return `weights = [${Object.keys(layersOf(config)).map((name) => `*${name}.parameters()`).join(", ")}]
optimizer = ${RULES[optimizer](learning_rate)}
${each}
    x, y = batch(s)
    h, _ = layer(torch.tensor(x, dtype=torch.float32))  # (B, T, H)
${readout === "attention" ? ATTENTION : ""}    loss = ${LOSSES[output]}
    optimizer.zero_grad()
    loss.backward()
${clip > 0 ? `    nn.utils.clip_grad_norm_(weights, ${clip})\n` : ""}    optimizer.step()
    print(s, f"{loss.item():.6f}")`;
}
