// ページの側から、学習の係（engine.js）に頼む。係はワーカーの中で動き、ページを待たせない。
//
// ワーカーが断られるところでは、同じプログラムをページの中で、8 ミリ秒ずつ動かす。何も取りに行かず、何も送らない。
import { ENGINE } from "../engine_source.js";

const PAGE_SLICE = 8; // ページの中で、一続きに計算してよい時間（ミリ秒）

/** プログラムの住所。 @param {string} text */
const addressOf = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));

/**
 * ワーカーのプログラム。モジュールでないワーカーにする: 親のない住所（about:blank、閉じ込められた枠）では、
 * ブラウザが、モジュールのワーカーだけを断る。
 */
const workerText = () => `"use strict";\n${ENGINE.replace("export default function serve", "function serve")}`;

/** ページの中の係。 @param {(data: any) => void} heard */
async function onPage(heard) {
  const url = addressOf(ENGINE);
  const { default: serve } = await import(url).finally(() => URL.revokeObjectURL(url));
  const port = { postMessage: (/** @type {any} */ data) => heard(data), onmessage: /** @type {any} */ (null) };
  let timer = 0;
  serve(port, { slice: PAGE_SLICE, later: (/** @type {() => void} */ act) => { timer = setTimeout(act, 0); } });
  return { send: (/** @type {any} */ data) => port.onmessage({ data }), close: () => clearTimeout(timer) };
}

/**
 * 学習を頼む口を作る。
 *
 * progress(便り) は、係が報せるたび（毎秒 30 回ほど）に呼ばれる。続けて届いた便りは一度に渡り、頼んだ関数が終わる前に
 * 呼ばれることはない。便りは engine.js の report の値で、rows には前の便りからの更新がすべて入る。stopped(文) は、学習が続けられないとき（損失が有限でなくなった、大きさが合わない）に呼ばれる。
 * refused(文, {asked, T}) は、途中で頼んだこと（setLength、set、look）だけが断られ、学習は前のまま続くときに呼ばれる。
 * asked は断られた長さ（長さを頼んだのでなければ undefined）、T はいまの長さ。
 * @param {{progress: (message: any) => void, stopped: (sentence: string) => void, refused?: (sentence: string, lengths: {asked?: number, T: number}) => void}} heard
 */
export function createTrainer({ progress, stopped, refused = stopped }) {
  const url = addressOf(workerText());
  /** @type {{send: (data: any) => void, close: () => void} | null} */
  let engine = null;
  let [run, going, closed] = [0, false, false];
  /** @type {any[]} 係が答えるまでに頼んだこと */
  let asked = [];
  /** @type {any} まだ渡していない便り */
  let news = null;
  let telling = false; // 渡すことになっている

  /** @param {any} message */
  function hear(message) {
    if (closed) return;
    if (message.kind === "ready") return;
    if (message.run !== run) return; // 前の学習の、遅れて来た便り
    if (message.kind === "stopped") {
      going = false;
      tell();
      stopped(message.sentence);
      return;
    }
    if (message.kind === "refused") {
      refused(message.sentence, message);
      return;
    }
    const rows = news ? [...news.rows, ...message.rows] : message.rows;
    news = { ...news, ...message, rows };
    if (!telling) queueMicrotask(tell);
    telling = true;
  }

  /** ためた便りを、一度に渡す。 */
  function tell() {
    const message = news;
    [news, telling] = [null, false];
    if (message && !closed) progress(message);
  }

  /** ページの中の係に替え、ここまでに頼んだことを、頼み直す。 */
  async function moveToPage() {
    try {
      engine = await onPage(hear);
      asked.splice(0).forEach(engine.send);
    } catch {
      stopped("このページでは、学習の計算を始められません。ブラウザの設定が、ページの中で作ったプログラムを断っています。");
    }
  }

  function open() {
    /** @type {Worker} */
    let worker;
    try {
      worker = new Worker(url);
    } catch {
      moveToPage();
      return;
    }
    let ready = false;
    worker.onmessage = ({ data }) => {
      if (data.kind === "ready") {
        ready = true;
        engine = { send: (message) => worker.postMessage(message), close: () => worker.terminate() };
        asked.splice(0).forEach(engine.send);
      }
      hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      worker.terminate();
      if (closed) return;
      if (ready) stopped("学習の計算が、途中で止まりました。やり直すと、はじめから学習します。");
      else moveToPage();
    };
  }

  /** @param {any} message */
  function send(message) {
    if (engine) engine.send(message);
    else asked.push(message);
  }

  const seen = () => going && send({ kind: document.hidden ? "pause" : "go" });
  document.addEventListener("visibilitychange", seen);
  open();

  return {
    /** 学習を始める準備をする。返す番号は、便りの run と同じ。 @param {Record<string, any>} config */
    start(config) {
      [run, going, news] = [run + 1, false, null];
      send({ kind: "start", run, config });
      return run;
    },
    go() {
      going = true;
      if (!document.hidden) send({ kind: "go" });
    },
    pause() {
      going = false;
      send({ kind: "pause" });
    },
    once() {
      going = false;
      send({ kind: "once" });
    },
    /** @param {number} T */
    setLength: (T) => send({ kind: "setLength", T }),
    /** @param {{learning_rate?: number, clip?: number}} values */
    set: (values) => send({ kind: "set", values }),
    /** 例 x（省くと、新しい例）を読ませる。 @param {number[]} [x] */
    look: (x) => send({ kind: "look", x }),
    close() {
      closed = true;
      document.removeEventListener("visibilitychange", seen);
      engine?.close();
      URL.revokeObjectURL(url);
    },
  };
}
