// PyTorch のプログラムのうち、一回分の系列を作る関数 batch。乱数を使う順は nn/train の問題と同じ。
import { parseRule, ruleSteps } from "./own_rule.js";
import { parseSeries } from "./own_series.js";

const LATCH = `def batch(s):
    """はじめの一点の符号（1 か 0）を、標準偏差 0.2 の雑音の中で覚える。"""
    u = uniforms(s, B * (2 * T - 1)).reshape(B, -1)
    y = (2 * u[:, 0]).astype(int)
    # 正規乱数 √(−2 ln(1 − u)) cos(2πv)（Box–Muller 法）
    noise = np.sqrt(-2 * np.log(1 - u[:, 1::2])) * np.cos(2 * np.pi * u[:, 2::2])
    x = np.column_stack([2 * y - 1, 0.2 * noise])  # (B, T)
    return x[:, :, None], y`;

const ORDER = `def batch(s):
    """二か所の X か Y が、どの順に現れたか。記号は E B a b c d X Y。"""
    u = uniforms(s, B * (4 + T)).reshape(B, -1)
    first = T // 10 + ((2 * T // 10 + 1 - T // 10) * u[:, 0]).astype(int)
    second = 5 * T // 10 + ((6 * T // 10 + 1 - 5 * T // 10) * u[:, 1]).astype(int)
    is_y = (2 * u[:, 2:4]).astype(int)  # X なら 0、Y なら 1
    ids = 2 + (4 * u[:, 4:]).astype(int)
    ids[:, 0], ids[:, -1] = 0, 1
    ids[np.arange(B), first] = 6 + is_y[:, 0]
    ids[np.arange(B), second] = 6 + is_y[:, 1]
    return np.eye(D)[ids], 2 * is_y[:, 0] + is_y[:, 1]`;

const ADDING = `def batch(s):
    """印の付いた二つの数を覚えて、和を答える。"""
    u = uniforms(s, B * (2 + T)).reshape(B, -1)
    first = (T // 2 * u[:, 0]).astype(int)
    second = T // 2 + ((T - T // 2) * u[:, 1]).astype(int)
    x, rows = np.zeros((B, T, 2)), np.arange(B)
    x[:, :, 0] = u[:, 2:]
    x[rows, first, 1] = x[rows, second, 1] = 1
    return x, (x[rows, first, 0] + x[rows, second, 0])[:, None]`;

const COPY = `def batch(s):
    """10 個の記号（0–7）を覚え、T 時刻待って書き出す。空白は 8、合図は 9。"""
    symbols = (8 * uniforms(s, B * 10)).astype(int).reshape(B, 10)
    ids = np.full((B, T + 20), 8)
    y = ids.copy()
    ids[:, :10], ids[:, T + 9], y[:, T + 10 :] = symbols, 9, symbols
    return np.eye(D)[ids], y`;

const IF_THEN = `def batch(s):
    """if の次の条件（三通り）を、関係のない語をはさんで覚える。語は 14 種類。"""
    u = uniforms(s, B * (1 + T)).reshape(B, -1)
    y = (3 * u[:, 0]).astype(int)
    ids = 4 + (8 * u[:, 1:]).astype(int)
    ids[:, 0], ids[:, 1], ids[:, -2], ids[:, -1] = 0, 1 + y, 12, 13
    return np.eye(D)[ids], y`;

const BRACKETS = `def batch(s):
    """開いた括弧が残っているか（1 か 0）を、一文字ごとに答える。文字は ( ) . a b c d e。"""
    u = uniforms(s, B * (1 + 2 * T)).reshape(B, -1)
    q = np.array([1 / 64, 1 / 32, 1 / 16, 1 / 8])[(4 * u[:, :1]).astype(int)]
    v, letters = u[:, 1 : T + 1] / q, 3 + (5 * u[:, T + 1 :]).astype(int)
    ids = np.select([v < 1, v < 2, v < 2.25], [0, 1, 2], letters)
    depth, depths = np.zeros(B, dtype=int), np.zeros((B, T), dtype=int)
    for t in range(T):
        ids[:, t] = np.where((ids[:, t] == 0) & (depth == 4), letters[:, t], ids[:, t])
        depths[:, t] = depth = np.maximum(depth + (ids[:, t] == 0) - (ids[:, t] == 1), 0) * (ids[:, t] != 2)
    return np.eye(D)[ids], (depths > 0).astype(int)`;

const SINE = `def batch(s):
    """位相の違う正弦波の、次の一点を当てる。"""
    # x_t = sin(φ + 0.1 t)
    wave = np.sin(2 * np.pi * uniforms(s, B)[:, None] + 0.1 * np.arange(T + 1))
    return wave[:, :T, None], wave[:, T:]`;

const OWN_RULE = (/** @type {import("./own_rule.js").Rule} */ rule, /** @type {number} */ longest) => `symbols = ${text(rule.symbols.join(""))}
words = ${text(rule.train.map((n) => rule.examples[n].ids.map((id) => rule.symbols[id]).join("")).join(" "))}.split()
answers = np.array([${rule.train.map((n) => rule.examples[n].answer).join(", ")}])  # 答え ${rule.answers.join("、")} の番号
inputs = np.zeros((len(words), ${longest}, D))
for n, word in enumerate(words):
    inputs[n, range(len(word)), [symbols.index(letter) for letter in word]] = 1

def batch(s):
    """学習の例から、B 個を選ぶ。"""
    n = (len(words) * uniforms(s, B)).astype(int)
    return inputs[n, :T], answers[n]`;

const OWN_SERIES = (/** @type {import("./own_series.js").Series} */ series) => `numbers = np.array([${series.numbers.join(", ")}])
known = numbers[: ${series.cut}]  # はじめの 7 割
series = (numbers - known.mean()) / known.std()

def batch(s):
    """直前の T 個から、次の一つを当てる。"""
    start = ((len(known) - T) * uniforms(s, B)).astype(int)
    window = series[start[:, None] + np.arange(T + 1)]  # (B, T + 1)
    return window[:, :T, None], window[:, T:]`;

/** @param {string} letters 文字と数字と空白 @returns {string} Python の文字列 */
function text(letters) {
  return `"${letters}"`;
}

const FIXED = {
  latch: { D: 1, O: 2, output: "class", batch: LATCH },
  order: { D: 8, O: 4, output: "class", batch: ORDER },
  adding: { D: 2, O: 1, output: "value", batch: ADDING },
  copy: { D: 10, O: 9, output: "sequence", batch: COPY },
  if_then: { D: 14, O: 3, output: "class", batch: IF_THEN },
  brackets: { D: 8, O: 2, output: "sequence", batch: BRACKETS },
  sine: { D: 1, O: 1, output: "value", batch: SINE },
};

/**
 * 問題ごとの、形と batch。T は、プログラムの中の系列長。longest は、途中で変えるときの、いちばん長い T。
 * @param {{task: string, T: number, own: string}} config @param {number} [longest]
 * @returns {{D: number, O: number, T: number, output: string, batch: string}}
 */
export function programTask({ task, T, own }, longest = T) {
  if (task === "own_rule") {
    const rule = parseRule(own);
    return { D: rule.symbols.length, O: rule.answers.length, T: ruleSteps(rule, T), output: "class", batch: OWN_RULE(rule, ruleSteps(rule, longest)) };
  }
  if (task === "own_series") return { D: 1, O: 1, T, output: "value", batch: OWN_SERIES(parseSeries(own)) };
  return { T, ...FIXED[task] };
}
