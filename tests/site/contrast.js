// 見える文字ごとに、文字と実際の地の色の明るさの比 (WCAG 2) を求めます。
// paper なら、地の色を刷らない白い紙として測ります。図の文字は、下に描かれた形の上で測ります。
// 測るのは、within の選ぶ要素の中だけです。
({ paper, within }) => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const remember = (work, kept = new Map()) => (key) => {
    if (!kept.has(key)) kept.set(key, work(key));
    return kept.get(key);
  };
  const parse = remember((text) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const over = ([r, g, b, a], back) => [r, g, b].map((v, i) => v * a + back[i] * (1 - a));
  const faded = (color, opacity) => [...color.slice(0, 3), color[3] * opacity];

  /** 要素の地の色。 */
  const ground = remember((element) => {
    if (!element) return [255, 255, 255];
    const style = getComputedStyle(element);
    const color = parse(style.backgroundColor);
    const drawn = !paper || style.printColorAdjust === "exact";
    if (drawn && color[3] === 1) return color;
    return over(drawn ? color : [0, 0, 0, 0], ground(element.parentElement));
  });

  /** 要素と、それを囲む要素の、合わせた不透明度。 */
  const opacity = remember((element) => element
    ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);

  /** 形を切る枠。切られていなければ、形そのもの。枠で切られて見えない所は、塗られていません。 */
  const frame = (shape) => shape.hasAttribute("clip-path")
    ? document.querySelector(shape.getAttribute("clip-path").slice(4, -1)).firstElementChild
    : shape;

  /** 図の、塗られて見える形。描いた順に並びます。 */
  const shapes = remember((svg) => [...svg.querySelectorAll("rect, circle, ellipse, path, polygon")]
    .map((shape) => ({ shape, paint: getComputedStyle(shape), matrix: shape.getScreenCTM()?.inverse() }))
    .filter(({ paint: { fill, visibility }, matrix }) => fill !== "none" && !fill.startsWith("url")
      && visibility !== "hidden" && matrix));

  /** 図の文字の下にある形の色を、描いた順に重ねた色。 */
  const under = (text, back) => {
    const style = getComputedStyle(text);
    if (style.stroke !== "none" && style.paintOrder.startsWith("stroke")) {
      return over(parse(style.stroke), back);
    }
    const box = text.getBoundingClientRect();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
    for (const { shape, paint, matrix } of shapes(text.ownerSVGElement)) {
      if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const at = middle.matrixTransform(matrix);
      if (!shape.isPointInFill(at) || !frame(shape).isPointInFill(at)) continue;
      back = over(faded(parse(paint.fill), paint.fillOpacity * paint.opacity), back);
    }
    return back;
  };

  const light = (color) => color
    .map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const low = new Map();
  let count = 0;
  for (const element of document.querySelectorAll(`${within} *:not(script, style, option, title, desc)`)) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || element.closest(":disabled, .headerlink, annotation, .skip-link")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    count += 1;
    const style = getComputedStyle(element);
    const drawn = element.closest("text");
    let back = ground(drawn ? drawn.ownerSVGElement.parentElement : element);
    if (drawn) back = under(drawn, back);
    const full = drawn ? faded(parse(style.fill), style.fillOpacity) : parse(style.color);
    const ink = faded(full, opacity(element));
    const pair = [light(over(ink, back)), light(back)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const name = `${element.tagName}.${element.getAttribute("class")}: ${element.textContent.trim().slice(0, 20)}`;
    if (ratio < (large && !paper ? 3 : 4.5)) low.set(name, ratio.toFixed(2));
  }
  return { count, low: Object.fromEntries(low) };
}
