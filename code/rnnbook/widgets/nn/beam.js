// ビーム探索。rnnbook.models.decoding の beam_search と同じ。
import { END } from "./seq2seq.js";

/** @typedef {{symbols: number[], logP: number}} Hypothesis 書いた列と、対数確率の和 */

/** 長さの α 乗で割ったよさ。 @param {Hypothesis} each @param {number} alpha */
export function score({ symbols, logP }, alpha) {
  return logP / Math.max(symbols.length, 1) ** alpha;
}

/**
 * 書きかけを width 個ずつ残して探し、終わりまで書けた列を、よい順に width 個まで返す。
 * @param {(prefix: number[]) => ArrayLike<number>} nextLogP
 * @param {{longest: number, width: number, alpha?: number, start?: number[]}} options start は、必ずそこから始める書きかけ
 * @returns {Hypothesis[]}
 */
export function beamSearch(nextLogP, { longest, width, alpha = 0, start = [] }) {
  let first = { symbols: /** @type {number[]} */ ([]), logP: 0 };
  for (const symbol of start) first = extend(first, symbol, nextLogP(first.symbols));
  if (start.at(-1) === END) return [first];
  /** @type {Hypothesis[]} */
  let open = [first];
  /** @type {Hypothesis[]} */
  const closed = [];
  for (let u = start.length; u < longest && open.length; u += 1) {
    const longer = open.flatMap((each) => {
      const logP = nextLogP(each.symbols);
      return Array.from(logP, (_, symbol) => extend(each, symbol, logP));
    });
    longer.sort((a, b) => b.logP - a.logP);
    const kept = longer.slice(0, width);
    closed.push(...kept.filter(({ symbols }) => symbols.at(-1) === END));
    open = kept.filter(({ symbols }) => symbols.at(-1) !== END);
    const worst = closed.map((each) => score(each, alpha)).sort((a, b) => b - a)[width - 1];
    // この先どう延びても勝てないなら、やめる
    if (open.length && worst !== undefined && open[0].logP / longest ** alpha <= worst) break;
  }
  return closed.sort((a, b) => score(b, alpha) - score(a, alpha)).slice(0, width);
}

/** @param {Hypothesis} each @param {number} symbol @param {ArrayLike<number>} logP @returns {Hypothesis} */
function extend({ symbols, logP: sum }, symbol, logP) {
  return { symbols: [...symbols, symbol], logP: sum + logP[symbol] };
}
