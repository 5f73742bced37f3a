// 指と鼠とペンで値を選ぶ。頁を送る指（上下に動く指）は、何も変えない。変えるのは、軽く打つ指と、横に引く指。

const SLOP = 8; // 指がこれだけ動くまでは、打ったとも引いたとも決めない px

/**
 * node を打つか、横に引くと pick を呼ぶ。鼠とペンは、押した所からすぐに選ぶ。
 * @param {Element} node
 * @param {(event: PointerEvent) => void} pick
 * @param {{when?: () => boolean}} [options] when が false の間は、何もしない
 */
export function pickable(node, pick, { when = () => true } = {}) {
  node.classList.add("rf-pick");
  /** @type {{id: number, x: number, y: number, held: boolean, away: boolean} | null} 押している指 */
  let finger = null;
  const hold = (/** @type {PointerEvent} */ event) => {
    finger.held = true;
    node.setPointerCapture(event.pointerId);
    pick(event);
  };
  const far = (/** @type {PointerEvent} */ event) => [Math.abs(event.clientX - finger.x), Math.abs(event.clientY - finger.y)];

  node.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (!event.isPrimary || event.button || !when()) return;
    finger = { id: event.pointerId, x: event.clientX, y: event.clientY, held: false, away: false };
    if (event.pointerType !== "touch") hold(event);
  });
  node.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== finger?.id) return;
    if (finger.held) return pick(event);
    const [across, along] = far(event);
    if (Math.max(across, along) < SLOP || finger.away) return;
    if (across > along) hold(event);
    else finger.away = true;
  });
  node.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== finger?.id) return;
    if (!finger.held && !finger.away) pick(event);
    finger = null;
  });
  // 頁が送られ始めると、ブラウザはここを呼ぶ。
  node.addEventListener("pointercancel", () => (finger = null));
}
