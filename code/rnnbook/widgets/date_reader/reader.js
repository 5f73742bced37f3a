// 見えなくする字の場所と、試験のための、いくつもの日付の書き写し。
import { letterOf, LONGEST, numbersOf, symbolsOf } from "../dates/writer.js";
import { beamSearch } from "../nn/beam.js";
import { attentionWriter, makeAttention } from "../nn/attention.js";

const PLACES = "123456789abcd";

/** 場所の字の列 → 場所（0 から）。 @param {string} cut はじめは - @returns {Set<number>} */
export function placesOf(cut) {
  return new Set([...cut.slice(1)].map((letter) => PLACES.indexOf(letter)));
}

/** 場所 → 字の列。 @param {Iterable<number>} places @returns {string} */
export function cutOf(places) {
  return `-${[...places].sort((a, b) => a - b).map((s) => PLACES[s]).join("")}`;
}

/**
 * u 番目を書くときに s 番目を見えなくするか。
 * @param {string} cut
 * @param {string} when one か all
 * @param {number} chosen 選んだ記号（0 から）
 * @returns {(u: number, s: number) => boolean}
 */
export function cutter(cut, when, chosen) {
  const places = placesOf(cut);
  return (u, s) => places.has(s) && (when === "all" || u === chosen);
}

/**
 * 試験のために: いくつもの日付を、書きかけから続けて書かせる。
 * @param {import("../nn/seq2seq.js").Packed[]} packed
 * @param {string[]} texts
 * @param {string[]} starts 書きかけ
 * @param {string[]} cuts 見えなくする場所（どの記号を書くときも）
 * @returns {{written: string, logP: number, alpha: number[][]}[]}
 */
export function readMany(packed, texts, starts, cuts) {
  const model = makeAttention(packed);
  return texts.map((text, n) => {
    const after = attentionWriter(model, model.read(numbersOf(text)), cutter(cuts[n], "all", 0));
    const [found] = beamSearch((prefix) => after(prefix).logP, { longest: LONGEST, width: 1, start: symbolsOf(starts[n]) });
    const symbols = found?.symbols ?? [];
    return {
      written: symbols.map(letterOf).join(""),
      logP: found?.logP ?? 0,
      alpha: symbols.map((_, u) => Array.from(after(symbols.slice(0, u)).alpha)),
    };
  });
}
