// 学習の便りで描き直す間を空ける。便りは描くより速く届くので、届くたびに描くと、遅い画面では頁が重くなる。
import { lend } from "../kit/scope.js";

const REST = 4; // 描くのにかかった時間の、この倍を休む

/**
 * 描くのに d ミリ秒かかったら、次の便りでは、4d ミリ秒たつまで描かない。待つ間に届いた便りは、一度に描く。
 * 読者の手で変わったときは、これを通さずに描く。
 * @param {() => void} redraw
 * @returns {{ask: () => void, begin: () => void}} ask は便りが届いたとき、begin は描き始めるときに呼ぶ
 */
export function createPace(redraw) {
  let free = 0; // これより前には描かない時刻 ms
  let [waiting, ending] = [0, 0]; // 次に描く予約と、描き終わりを知る予約
  let asked = false; // 描いている間に、便りが届いた
  lend(() => [waiting, ending].forEach(clearTimeout));

  function ask() {
    if (ending) asked = true;
    else if (!waiting) {
      const wait = free - performance.now();
      if (wait <= 0) redraw();
      else waiting = setTimeout(draw, wait);
    }
  }
  function draw() {
    waiting = 0;
    redraw();
  }
  function begin() {
    clearTimeout(waiting);
    clearTimeout(ending);
    [waiting, asked] = [0, false];
    const start = performance.now();
    // 予約は、ブラウザが並べて塗ったあとに呼ばれる
    ending = setTimeout(() => {
      const now = performance.now();
      [ending, free] = [0, now + REST * (now - start)];
      if (asked) ask();
    });
  }
  return { ask, begin };
}
