// 戻るボタン: リンクで図が動くたびに履歴を一つ加え、あとにする履歴には、動かす前の状態を残す。
//
// 履歴に残すのは {at, before}。at は図がいる状態の印で、節へのリンクのように図を動かさない移動では変わらない。
// before は、そこから進むリンクが動かした図の、動かす前の状態。どちらも、このタブの履歴のほかには残らない。
import { isState } from "../widgets/kit/address.js";

/** @typedef {Record<string, {values: Record<string, any>, held: {fix: string[], hide: string[]}}>} States 図の名前 → 引数の値と、固定されたもの */

/**
 * @param {{moved: (hash: string) => States, follow: (hash: string) => void, restore: (states: States) => void}} figures
 *   moved は、住所に従うと動く図の、いまの状態。follow は住所に従い、restore は残した状態に戻す
 * @returns {{advance: (hash: string) => void, stay: (hash: string) => void, arrive: () => void}}
 */
export function keepHistory({ moved, follow, restore }) {
  let at = history.state?.at ?? Math.random();
  history.replaceState({ ...history.state, at }, "");

  /** 履歴を加えずに、住所だけを替える。 @param {string} hash */
  const stay = (hash) => history.replaceState({ at }, "", hash);

  /** リンクの住所に進む。動く図がなければ、住所だけを替える。 @param {string} hash */
  function advance(hash) {
    const before = moved(hash);
    if (!Object.keys(before).length) return stay(hash);
    history.replaceState({ at, before }, "");
    at = Math.random();
    history.pushState({ at }, "", hash);
  }

  /** 図を、いまの履歴の状態にする: 残した状態か、住所に書かれた状態。 */
  function arrive() {
    if (history.state?.before) restore(history.state.before);
    else if (isState(location.hash)) follow(location.hash);
  }

  /** 戻る、進む、住所を打ち替える、のどれか。 */
  function travel() {
    const { state } = history;
    if (state?.at === at || !(state || isState(location.hash))) return;
    at = state?.at ?? Math.random();
    history.replaceState({ ...state, at }, "");
    arrive();
  }
  addEventListener("popstate", travel);
  addEventListener("hashchange", travel);
  return { advance, stay, arrive };
}
