// 学習の便りで描き直す間を空ける。便りは描くより速く届くので、届くたびに描くと、遅い画面では頁が重くなる。
import { alarm } from "../kit/scope.js";

const REST = 4; // 描くのにかかった時間の、この倍を休む
const LONGEST = 500; // どんなに遅くても、これより長くは休まない ms

/**
 * 描くのに d ミリ秒かかったら、次の便りでは、4d ミリ秒（500 まで）たつまで描かない。待つ間に届いた便りは、一度に描く。
 * 読者の手で変わったときは、これを通さずに描く。
 * @param {() => void} redraw
 * @returns {{ask: () => void, begin: () => void}} ask は便りが届いたとき、begin は描き始めるときに呼ぶ
 */
export function createPace(redraw) {
  let [start, free] = [0, 0]; // 描き始めた時刻と、これより前には描かない時刻 ms
  let asked = false; // 描いている間に、便りが届いた
  const waiting = alarm(redraw);
  // ブラウザが並べて塗ったあとに鳴る
  const ending = alarm(() => {
    const now = performance.now();
    free = now + Math.min(LONGEST, REST * (now - start));
    if (asked) ask();
  });

  function ask() {
    asked = ending.isSet();
    if (asked || waiting.isSet()) return;
    const wait = free - performance.now();
    if (wait <= 0) redraw();
    else waiting.set(wait);
  }
  function begin() {
    waiting.stop();
    [asked, start] = [false, performance.now()];
    ending.set(0);
  }
  return { ask, begin };
}
