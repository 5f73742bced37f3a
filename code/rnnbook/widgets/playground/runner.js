// 一つの実行: 学習の係（nn/train/trainer.js）に頼み、返ってきた値を記録に加える。
import { lend } from "../kit/scope.js";
import { createTrainer } from "../nn/train/trainer.js";
import { change } from "./config.js";
import { addRows, changeLength, forgetLength, keepLength, newHistory } from "./history.js";

/** これだけ更新するごとに、一時停止する。記録が画面を重くしないように。 */
export const REST_EVERY = 100_000;

/**
 * @typedef {Object} About 実行について、はじめに分かること
 * @property {{steps: number, T: number, D: number, O: number, output: string, metric: string}} sizes
 * @property {number} baseline 記憶なしの物差し
 * @property {number | null} goal 解けたとする値。決めていなければ null
 */

/**
 * @param {() => void} changed 何かが変わったときに呼ぶ
 * @param {(T: number) => void} back 長さが断られたときに、いまの長さを渡す
 * @param {() => void} [told] 学習の便りが届いたときに呼ぶ
 */
export function createRunner(changed, back, told = changed) {
  /** @type {any} */
  let trainer = null;
  let number = 0; // いまの実行の番号。前の実行の遅れて来た返事は使わない
  const runner = {
    history: newHistory({}),
    /** @type {About | null} */ about: null,
    /** @type {any} いちばん新しい返事 */ latest: null,
    running: false,

    /**
     * 設定を受け取る。変わった所に応じて、作り直すか、続きの重みで進む。
     * @param {Record<string, any>} config
     * @param {"here" | "changed" | "start"} [from] 長さ、学習率、クリップだけが変わったとき、続きの重みで進む（here）か、
     *   作り直す（changed）か。start は、何も変わっていなくても作り直す
     */
    set(config, from = "here") {
      const { history } = runner;
      const what = trainer ? change(history.config, config) : "restart";
      if (from === "start" && (what !== "same" || history.rows.length)) return runner.restart(config);
      if (what === "same") return;
      if (from === "changed" || what === "restart" || (what === "length" && !history.rows.length)) return runner.restart(config);
      const { T, learning_rate, clip } = history.config;
      history.refused = null;
      history.stopped = null; // 発散していても、替えた値で、手前の重みから進める
      if (what === "length") changeLength(history, config.T);
      history.config = { ...config };
      // ワーカーのない画面では、ここで断られることもある
      if (T !== config.T) trainer.setLength(config.T);
      if (learning_rate !== config.learning_rate || clip !== config.clip) {
        history.retuned ||= history.rows.length > 0;
        trainer.set({ learning_rate: config.learning_rate, clip: config.clip });
      }
      changed();
    },
    /** はじめの重みに戻す。学習の途中なら、はじめから学習を続ける。 @param {Record<string, any>} [config] */
    restart(config = runner.history.config) {
      open();
      const { running } = runner;
      if (running) trainer.pause();
      [runner.history, runner.about, runner.latest] = [newHistory({ ...config }), null, null];
      number = trainer.start({ ...config });
      if (running) trainer.go();
      changed();
    },
    go() {
      if (runner.history.stopped) runner.restart();
      [runner.history.rested, runner.history.refused] = [false, null];
      runner.running = true;
      trainer.go();
      changed();
    },
    pause() {
      if (!runner.running) return;
      runner.running = false;
      trainer.pause();
      changed();
    },
    once() {
      runner.pause();
      if (runner.history.stopped) runner.restart();
      trainer.once();
    },
    /** 一つの例に、いまの重みで答えさせる。 @param {number[]} [x] 省くと、新しい例 */
    look: (x) => trainer?.look(x),
    ready: () => trainer !== null,
  };

  const open = lendable(() => {
    trainer ??= createTrainer({ progress, stopped, refused });
    return () => trainer?.close();
  });

  /** @param {any} message */
  function progress(message) {
    if (message.run !== undefined && message.run !== number) return;
    const { history } = runner;
    runner.latest = message;
    if (message.sizes) runner.about = { sizes: message.sizes, baseline: message.baseline, goal: message.goal };
    if (message.check) history.check = message.check;
    addRows(history, message.rows, { goal: message.goal, metric: message.sizes.metric });
    // 長さを変える頼みが届くまでは、前の長さの勾配が来る
    if (message.gradients && message.sizes.T === history.config.T) {
      history.gradients = Array.from(message.gradients);
    }
    // はじめの更新のもの。まとめて届く便りの gradients は、その終わりの更新のもの
    if (message.first && message.first.T === history.config.T) history.firstGradients ??= Array.from(message.first.gradients);
    const { length } = history.rows;
    if (runner.running && Math.floor(length / REST_EVERY) > Math.floor((length - message.rows.length) / REST_EVERY)) {
      history.rested = true;
      runner.pause();
    }
    told();
  }

  /** @param {string} sentence */
  function stopped(sentence) {
    runner.history.stopped = sentence;
    runner.running = false;
    changed();
  }

  /** 途中の頼みが断られた。学習は、前のまま続く。 @param {string} sentence @param {{asked?: number, T: number}} lengths */
  function refused(sentence, { asked, T }) {
    const { history } = runner;
    // そのあとで別の長さを頼んであれば、断られた長さを忘れるだけ
    if (asked !== undefined && asked !== history.config.T) return forgetLength(history, asked);
    history.refused = sentence;
    if (asked !== undefined && T !== asked) {
      keepLength(history, T);
      back(T);
    }
    changed();
  }

  return runner;
}

/** はじめて呼ばれたときに act を呼び、act が返す関数を、図が外されるときに呼ぶ。 @param {() => () => void} act */
function lendable(act) {
  /** @type {(() => void) | null} */
  let close = null;
  lend(() => close?.());
  return () => (close ??= act());
}

/** @typedef {ReturnType<typeof createRunner>} Runner */
