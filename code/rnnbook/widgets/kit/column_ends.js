// 点の多い折れ線を、画素の列ごとの上下の端にする。画面で見える線は変わらず、描く点だけが減る。

/**
 * 折れ線の点のうち、描くもの。同じ画素の列に続く点からは、最も小さい点と最も大きい点だけを、元の順で残す。
 * 描けない点（NaN など）は、線の切れ目。列をまたぐ切れ目だけを、一つの点にして残す（列の中の切れ目は見えない）。
 * @param {[number, number][]} points
 * @param {(x: number) => number} column 横の値の、画素の列
 * @param {(point: [number, number]) => boolean} known 描ける点か
 * @returns {[number, number][]} 横の値が増えていく線なら、描ける点は列ごとに 2 つまで
 */
export function columnEnds(points, column, known) {
  /** @type {[number, number][]} */
  const kept = [];
  let [now, low, high] = [NaN, -1, -1]; // いまの列と、その中で最も小さい点、大きい点の番号
  let gap = -1; // いまの列の点のあとにある切れ目
  const close = () => {
    if (low < 0) return;
    kept.push(points[Math.min(low, high)]);
    if (low !== high) kept.push(points[Math.max(low, high)]);
  };
  for (let k = 0; k < points.length; k += 1) {
    const point = points[k];
    if (!known(point)) {
      gap = k;
      continue;
    }
    const place = Math.floor(column(point[0]));
    if (place !== now) {
      close();
      if (gap >= 0) kept.push(points[gap]);
      [now, low, high] = [place, k, k];
    } else if (point[1] < points[low][1]) low = k;
    else if (point[1] > points[high][1]) high = k;
    gap = -1;
  }
  close();
  return kept;
}
