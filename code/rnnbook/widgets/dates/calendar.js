// 書かれた日付を読み、暦にあるかを判定する。rnnbook.tasks.dates と rnnbook.tasks.eras と同じ。

/** @typedef {{name: string, letter: string, base: number, first: string, last: string}} Era */
/** @typedef {{notation: string, era: string | null, year: number, month: number, day: number}} Written */

const KANJI = "〇一二三四五六七八九";
export const LETTERS = `0123456789${KANJI}十年月日元明治大正昭和平成令MTSHR./-`;
export const LONGEST_TEXT = 13;

/** 全角を半角に、合字の元号を二文字に、小文字を大文字に直し、空白を除く。 @param {string} text */
export function normalise(text) {
  return text.normalize("NFKC").toUpperCase().replaceAll("−", "-").replaceAll("零", "〇").replace(/\s/g, "");
}

/** 漢数字 1 から 99。読めなければ NaN。 @param {string} text */
function fromKanji(text) {
  const [, tens, ten, ones] = /^([二三四五六七八九]?)(十?)([一二三四五六七八九]?)$/.exec(text) ?? [];
  if (ten === undefined || (tens && !ten && ones)) return NaN;
  const value = (/** @type {string} */ letter) => KANJI.indexOf(letter);
  if (!ten) return value(tens || ones);
  return 10 * (tens ? value(tens) : 1) + (ones ? value(ones) : 0);
}

/** @param {string} text */
function toNumber(text) {
  if (text === "元") return 1;
  if (/^\d+$/.test(text)) return Number(text);
  return text.length === 4 ? Number([...text].map((letter) => KANJI.indexOf(letter)).join("")) : fromKanji(text);
}

/** 書き方の名前と形。上から順に試す。 @param {Era[]} eras @returns {[string, RegExp][]} */
function patterns(eras) {
  const [era, letter] = [`(${eras.map(({ name }) => name).join("|")})`, `([${eras.map((each) => each.letter).join("")}])`];
  const [n, k] = ["(\\d{1,2})", `([${KANJI.slice(1)}十]{1,3})`];
  return /** @type {[string, string][]} */ ([
    ["era_kanji", `${era}(元|${k.slice(1, -1)})年${k}月${k}日`],
    ["era_digits", `${era}(元|\\d{1,2})年${n}月${n}日`],
    ["letter_zero", `${letter}(\\d\\d)\\.(\\d\\d)\\.(\\d\\d)`],
    ["letter_dot", `${letter}${n}\\.${n}\\.${n}`],
    ["letter_slash", `${letter}${n}/${n}/${n}`],
    ["west_digits", `()(\\d{4})年${n}月${n}日`],
    ["west_slash", `()(\\d{4})/${n}/${n}`],
    ["west_hyphen", "()(\\d{4})-(\\d\\d)-(\\d\\d)"],
    ["west_kanji", `()([${KANJI}]{4})年${k}月${k}日`],
    ["west_plain", "()(\\d{4})(\\d\\d)(\\d\\d)"],
  ]).map(([name, text]) => [name, new RegExp(`^${text}$`)]);
}

/**
 * 書かれた日付を年月日に分ける。読めなければ、理由の文。
 * @param {string} typed
 * @param {Era[]} eras
 * @returns {Written | string}
 */
export function readDate(typed, eras) {
  const text = normalise(typed);
  if (!text) return "日付を入れてください。";
  const strange = [...typed].find((letter) => [...normalise(letter)].some((each) => !LETTERS.includes(each)));
  if (strange) return `「${strange}」は、日付の文字として読めません。`;
  if (text.length > LONGEST_TEXT) return `日付は ${LONGEST_TEXT} 文字までです。${text.length} 文字あります。`;
  for (const [notation, pattern] of patterns(eras)) {
    const [, era, ...parts] = pattern.exec(text) ?? [];
    if (!parts.length) continue;
    const numbers = parts.map(toNumber);
    const wrong = numbers.findIndex(Number.isNaN);
    if (wrong >= 0) return `「${parts[wrong]}」は、1 から 99 の漢数字として読めません。`;
    const found = eras.find(({ name, letter }) => name === era || letter === era);
    return { notation, era: found?.name ?? null, year: numbers[0], month: numbers[1], day: numbers[2] };
  }
  return `「${text}」は、十通りの書き方のどれでもありません。たとえば R8.11.21 や 2026年11月21日 と書きます。`;
}

const pad = (/** @type {number} */ n, size = 2) => String(n).padStart(size, "0");
const isLeap = (/** @type {number} */ year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/**
 * 暦にあるかを判定する。
 * @param {Written} written
 * @param {Era[]} eras
 * @returns {{written: string, refusal: string | null, reason: string}}
 */
export function judge({ era: name, year, month, day }, eras) {
  const era = eras.find((each) => each.name === name);
  const western = year + (era?.base ?? 0);
  const iso = `${pad(western, 4)}-${pad(month)}-${pad(day)}`;
  const [first, last] = [Number(eras[0].first.slice(0, 4)), Number(eras[eras.length - 1].last.slice(0, 4))];
  const refuse = (/** @type {string} */ refusal, /** @type {string} */ reason) => ({ written: iso, refusal, reason });
  if (year === 0 && era) return refuse("era_year", `${era.name}に0年はありません。はじめは元年です。`);
  if (era?.name === "明治" && western === first - 1 && (month === 12 ? day > 2 : month > 12)) return refuse("old", `明治5年は12月2日までで、翌日が明治${first - era.base}年1月1日です。`);
  if (era?.name === "明治" && western < first) return refuse("old", `明治5年12月2日までは旧暦で、西暦の日付には計算で直せません。新しい暦は明治${first - era.base}年1月1日からです。`);
  if (month < 1 || month > 12) return refuse("day", `${month}月はありません。`);
  if (day < 1 || day > [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]) return refuse("day", `${month}月に${day}日はありません。`);
  if (western < first || western > last) return refuse("range", `本書が扱うのは ${first} 年から ${last} 年です。`);
  const lastYear = era ? Number(era.last.slice(0, 4)) - era.base : 0;
  if (era && year > lastYear) return refuse("era_year", `${era.name}に${year}年はありません。最後は${lastYear}年です。`);
  if (month === 2 && day === 29 && !isLeap(western)) return refuse("leap", `${western} 年は平年で、2月29日はありません。`);
  const [, m, d] = (era?.first ?? "").split("-").map(Number);
  const [, lm, ld] = (era?.last ?? "").split("-").map(Number);
  const eraOf = /** @type {Era} */ (eras.find((each) => each.first <= iso && iso <= each.last));
  if (era && iso < era.first) return refuse("side", `${era.name}は元年${m}月${d}日からで、${month}月${day}日は${eraOf.name}${western - eraOf.base}年です。`);
  if (era && iso > era.last && iso === eraOf.first && ["明治", "大正"].includes(era.name)) return refuse("side", `${month}月${day}日には二つの元号があります。本書では${eraOf.name}元年とします。`);
  if (era && iso > era.last) return refuse("side", `${era.name}は${lastYear}年${lm}月${ld}日までで、${month}月${day}日は${eraOf.name}元年です。`);
  return { written: iso, refusal: null, reason: "" };
}

/**
 * 試験のために: 読んで判定したもの。読めなければ理由の文。
 * @param {string[]} texts
 * @param {Era[]} eras
 */
export function readAndJudge(texts, eras) {
  return texts.map((text) => {
    const written = readDate(text, eras);
    return typeof written === "string" ? written : { ...written, ...judge(written, eras) };
  });
}
