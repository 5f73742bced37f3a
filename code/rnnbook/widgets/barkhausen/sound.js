// 波形を音にする。押されるまで、何も鳴らさず、AudioContext も作らない。
import { button } from "../kit/controls.js";
import { lend } from "../kit/scope.js";

const LOUD = 0.12; // 電圧 1 の音の大きさ
const SMOOTH = 128; // 引き去る、ゆっくりした成分の窓

/**
 * 波形からゆっくりした成分（前の 128 点の平均）を引き、−0.8 から 0.8 に収める。
 * @param {ArrayLike<number>} u @returns {Float32Array}
 */
export function audible(u) {
  const sound = new Float32Array(u.length);
  let sum = 0;
  for (let t = 0; t < u.length; t += 1) {
    sum += u[t] - (t >= SMOOTH ? u[t - SMOOTH] : 0);
    const slow = sum / Math.min(t + 1, SMOOTH);
    sound[t] = Math.max(-0.8, Math.min(0.8, LOUD * (u[t] - slow)));
  }
  return sound;
}

/**
 * 押すと波形を鳴らし、もう一度押すと止めるボタン。
 * @param {Element} parent @param {string} label @param {number} rate 一秒の点の数 @param {() => ArrayLike<number>} wave
 * @returns {HTMLButtonElement}
 */
export function playButton(parent, label, rate, wave) {
  /** @type {AudioContext | null} */ let context = null;
  /** @type {AudioBufferSourceNode | null} */ let source = null;
  const write = (/** @type {string} */ text) => (node.firstChild.textContent = text);
  const stop = () => {
    source?.stop();
    source = null;
    write(label);
  };
  const node = button(parent, label, () => {
    if (source) return stop();
    if (!("AudioContext" in window)) return write("このブラウザでは音を出せません");
    context ??= new AudioContext();
    const sound = audible(wave());
    const buffer = context.createBuffer(1, sound.length, rate);
    buffer.copyToChannel(sound, 0);
    source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = stop;
    source.start();
    write("止める");
  });
  lend(() => {
    source?.stop();
    context?.close();
  });
  return node;
}
