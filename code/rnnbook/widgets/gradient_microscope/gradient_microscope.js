// 勾配顕微鏡: 乱数の重みのネットワークを順伝播、逆伝播させ、勾配が過去へどれだけ届くかを見る。
import { el, control, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot, svg } from "../kit/plot.js";
import { setInline } from "../kit/text.js";
import { H, describeGradient, describeTrained, look, numbersOf, rangeOf, theory } from "./microscope_parts.js";

const CELLS = ["rnn", "lstm", "gru"];
const THEORY = "var(--rf-ink)";
const NAMES = ["cell", "T", "rho", "activation", "b_f", "b_z", "seed"];

/** 凡例の見本。 @param {string} kind CSS のクラス @param {string} color @returns {SVGElement} */
function sample(kind, color) {
  const node = svg("svg", { width: 26, height: 12, "aria-hidden": "true" });
  const band = kind === "rf-band";
  svg("path", { class: band ? kind : `rf-line ${kind}`, d: band ? "M1,1H25V11H1Z" : "M1,6H25", style: `${band ? "fill" : "stroke"}:${color}` }, node);
  return node;
}

const CAPTION = `乱数の重みのネットワーク（$H$ = ${H}）に乱数の系列を入れ、このページの中で順伝播と逆伝播を行った結果です。重みは種で決まり、つまみはその大きさとバイアスだけを変えます。倍率が 1000 分の 1 を切れば勾配消失、1000 を超えれば勾配爆発と呼んでいます。枠より小さい値は下の端に置きます。`;

export default figure(CAPTION, ({ model, get, body }) => {
  control(body, model, "cell");
  // セルごとの部品は同じ場所に重ね、いまのセルのものだけを見せる。
  const stack = el("div", { class: "rf-stack" });
  body.append(stack);
  const own = Object.fromEntries(CELLS.map((cell) => [cell, stack.appendChild(el("div", { class: "rf-pair" }))]));
  control(own.rnn, model, "rho");
  control(own.rnn, model, "activation");
  control(own.lstm, model, "b_f");
  control(own.gru, model, "b_z");
  const say = liveText(body);

  const plots = el("div", { class: "rf-wide-pair" });
  body.append(plots);
  const y = () => ({ label: "", scale: /** @type {"log"} */ ("log"), domain: /** @type {[number, number]} */ ([1e-16, 100]) });
  const main = createPlot(plots, {
    label: "途中の時刻の状態を動かしたとき、最後の隠れ状態が動く倍率", height: 270,
    x: { label: "時刻 $t$", domain: [0, 100], whole: true }, y: y(),
  });
  const side = createPlot(plots, {
    label: "時刻 1 の状態で微分した行列の特異値", height: 270,
    x: { label: "特異値の順位", domain: [0, H + 1], ticks: [1, 2, 4, 6, 8] }, y: y(),
  });
  const parts = Object.fromEntries(CELLS.map((cell) => [cell, MODELS[cell].color]).map(([cell, color]) => [cell, {
    band: main.band(color).named("特異値の範囲"), smallest: main.line(color, "rf-thin").named("最小の特異値"),
    lines: [main.line(THEORY, "rf-dashed").named("理論（破線）"), main.line(THEORY, "rf-dotted").named("理論（点線）")],
    largest: main.line(color).named("最大の特異値（ノルム）"), dots: side.dots(color, 7).named("時刻 1 の特異値"),
    below: side.markers(color, "down", 7).named("時刻 1 の特異値（枠の下の端より小さい）"),
  }]));
  // つまみは図のすぐ下に置く: 狭い画面でも、動かしながら図が見える。
  const common = el("div", { class: "rf-pair" });
  body.append(common);
  control(common, model, "T");
  control(common, model, "seed");
  const legend = el("div", { class: "rf-legend" });
  body.append(legend);
  const trained = el("p", { class: "rf-aside" });
  body.append(trained);

  function draw() {
    const settings = /** @type {import("./microscope_parts.js").Settings} */ (Object.fromEntries(NAMES.map((name) => [name, get(name)])));
    const { cell, T } = settings;
    const { spectra, params } = look(settings);
    const lines = theory(settings, params);
    const [low, high] = rangeOf(spectra);
    const state = cell === "lstm" ? "c" : "h";

    for (const [name, group] of Object.entries(own)) group.classList.toggle("rf-away", name !== cell);
    for (const [name, group] of Object.entries(parts)) Object.values(group).flat().forEach((part) => part.show(name === cell));
    const { band, smallest, largest, dots, below, lines: straight } = parts[cell];

    const range = /** @type {[number, number]} */ ([10 ** low, 10 ** high]);
    main.setDomain({ x: [T > 1 ? 1 : 0, T > 1 ? T : 2], y: range });
    side.setDomain({ y: range });
    main.relabel(`倍率 $\\lVert \\partial h_T/\\partial ${state}_t\\rVert$（対数目盛り）`);
    side.relabel(`$\\partial h_T/\\partial ${state}_1$ の特異値`);
    const value = (/** @type {number} */ log) => 10 ** Math.max(log, low);
    band.set(spectra.map(({ t, logs }) => [t, value(logs[H - 1]), value(logs[0])]));
    largest.set(spectra.map(({ t, logs }) => [t, value(logs[0])]));
    smallest.set(spectra.map(({ t, logs }) => [t, value(logs[H - 1])]));
    // 表の値にも、下の端に置いたことを添える
    const cut = spectra.some(({ logs }) => logs[H - 1] < low) ? `（1e${low} は、それより小さい値）` : "";
    smallest.named(`最小の特異値${cut}`);
    band.named(`特異値の範囲${cut}`);
    straight.forEach((line, i) => lines[i] && line.named(lines[i].name));
    straight.forEach((line, i) => line.set(lines[i] ? [[1, 10 ** (lines[i].slope * (T - 1))], [T, 1]] : []));
    const ranked = [...spectra[0].logs].map((log, i) => /** @type {[number, number]} */ ([i + 1, log]));
    dots.set(ranked.filter(([, log]) => log >= low).map(([i, log]) => [i, value(log)]));
    below.set(ranked.filter(([, log]) => log < low).map(([i]) => [i, value(low)]));

    const kinds = ["rf-dashed", "rf-dotted"];
    const { color } = MODELS[cell];
    const entries = [["", color, "最大の特異値（ノルム）"], ["rf-band", color, "特異値の範囲（最小から最大まで）"],
      ...lines.map(({ name }, i) => [kinds[i], THEORY, name])];
    legend.replaceChildren(...entries.map(([kind, color, text]) => {
      const shown = el("span");
      setInline(shown, text);
      return el("span", {}, sample(kind, color), shown);
    }));
    say(describeGradient(settings, spectra));
    setInline(trained, describeTrained(settings, get("solved")));
    return numbersOf(settings, spectra, lines, get("solved"));
  }
  return draw;
});
