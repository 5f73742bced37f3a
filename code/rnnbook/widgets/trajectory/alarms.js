// 鳴った警報を、当たり、誤報、まだ分からないものに分け、文にする。

/** @typedef {{lead: number, heard: number[], false_: number[], open: number[]}} Verdict */

/**
 * コマ t までに鳴った警報。
 *   当たり        結晶になる前の horizon コマに鳴った。lead は、そのはじめの警報から結晶までのコマの数
 *   誤報          鳴ってから horizon コマ、結晶にならなかった
 *   まだ分からない  t までの記録では、どちらとも言えない
 * 結晶になったコマ e は、記録の終わりの look コマでは決まらない。
 * @param {(number | null)[]} scores @param {number} threshold @param {number | null} event @param {number} t
 * @param {import("./scores.js").Rules} rules
 * @returns {Verdict}
 */
export function judge(scores, threshold, event, t, { horizon, look }) {
  const heard = scores.flatMap((v, at) => (at <= t && v !== null && v > threshold ? [at] : []));
  const came = event !== null && event <= t;
  const known = Math.min(t, scores.length - look); // ここまでに e があれば、分かっている
  const isHit = (/** @type {number} */ at) => came && at >= event - horizon;
  const isFalse = (/** @type {number} */ at) => !isHit(at) && (came || at + horizon <= known);
  const hits = heard.filter(isHit);
  return {
    lead: hits.length ? event - hits[0] : 0,
    heard,
    false_: heard.filter(isFalse),
    open: heard.filter((at) => !isHit(at) && !isFalse(at)),
  };
}

/**
 * コマ t までを言う文。
 * @param {number} t @param {number} last 記録の終わりのコマ @param {number | null} event @param {[string, Verdict][]} all 名と判定
 */
export function describe(t, last, event, all) {
  const came = event !== null && event <= t;
  const list = (/** @type {(verdict: Verdict) => string} */ word) =>
    all.map(([name, verdict]) => [name, word(verdict)]).filter(([, text]) => text).map(([name, text]) => `${name} ${text}`).join("、");
  const parts = [`コマ ${t} まで。`];
  parts.push(came ? `コマ ${event} で結晶になりました。` : t >= last ? "記録の終わりまで、結晶になりません。" : "まだ、結晶になっていません。");
  if (came) parts.push(`警報は、${list(({ lead }) => (lead ? `${lead} コマ前` : "見落とし"))}。`);
  const wrong = list(({ false_ }) => (false_.length ? `${false_.length} コマ` : ""));
  if (wrong) parts.push(`誤報は、${wrong}。`);
  const open = list(({ open: [first] }) => (first === undefined ? "" : `コマ ${first}`));
  if (open) parts.push(`鳴りはじめは、${open}。`, t >= last ? "記録が足りず、当たりか誤報かを言えません。" : "当たりか誤報かは、まだ分かりません。");
  if (!came && !wrong && !open) parts.push("警報は鳴っていません。");
  return parts.join("");
}
