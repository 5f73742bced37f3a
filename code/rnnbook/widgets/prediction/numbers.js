// 読者が打った数を読み（numbers.py と同じ数になる）、測った値と比べる。

const PART = "(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:e[+-]?[0-9]+)?";
const NUMBER = new RegExp(`^([+-]?${PART})(?:/(${PART}))?$`);

/**
 * 打たれた文字を整える。全角の数字と記号、負号の −、三桁ごとの区切り、分数、10 のべき、終わりの単位を読む。
 * @param {string} typed
 * @param {string} [unit]
 * @returns {{text: string, number: number} | null} 数として読めなければ null
 */
export function readNumber(typed, unit = "") {
  let text = typed.normalize("NFKC").replaceAll("−", "-").toLowerCase().replace(/[ \t\r\n]/g, "");
  const end = unit.normalize("NFKC").toLowerCase();
  if (end && text.endsWith(end)) text = text.slice(0, -end.length);
  text = text.replace(/([0-9]),(?=[0-9]{3}(?![0-9]))/g, "$1");
  const [, above, below = "1"] = NUMBER.exec(text) ?? [];
  const number = Number(below) ? Number(above) / Number(below) : NaN;
  return Number.isFinite(number) ? { text, number } : null;
}

/** @param {number} value @param {number} digits 有効数字 */
function written(value, digits) {
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/**
 * 予想と測った値の違いを述べる。差が測った値の 1 割までなら、ほぼ予想どおりとする。
 * @param {number} mine 予想
 * @param {number} measured 測った値
 * @param {string} unit
 * @returns {string}
 */
export function compareNumbers(mine, measured, unit) {
  if (mine === measured) return "予想どおりでした。";
  const close = Math.abs(mine - measured) <= 0.1 * Math.abs(measured);
  const verdict = close ? "ほぼ予想どおりでした。" : "予想とは違いました。";
  if (Math.sign(mine) * Math.sign(measured) < 0) return `${verdict}符号が逆です。`;
  if (!mine || !measured) return `${verdict}差は ${[written(Math.abs(mine - measured), 3), unit].filter(Boolean).join(" ")} です。`;
  // 比は、とても大きな数になって溢れることがある。
  const orders = Math.abs(Math.log10(Math.abs(mine)) - Math.log10(Math.abs(measured)));
  if (orders >= 3) return `${verdict}およそ ${Math.round(orders)} 桁違います。`;
  const [times, back] = [mine / measured, measured / mine];
  if (back >= 2) return `${verdict}測った値は、予想の ${written(back, 2)} 倍です。`;
  return `${verdict}予想は、測った値の ${close ? times.toFixed(2) : written(times, 2)} 倍です。`;
}
