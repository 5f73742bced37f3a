// RNN の遊び場: 問題、セル、系列長を選び、このページの中で学習させ、正解率と勾配が変わるのを見る。
import { figure } from "../kit/figure.js";
import { fold } from "./fold.js";
import { missionsPanel } from "./missions_panel.js";
import { moreSettings } from "./more_settings.js";
import { ownPanel } from "./own_panel.js";
import { programPanel } from "./program_panel.js";
import { seedsPanel } from "./seeds_panel.js";
import { CAPTION, buildStage } from "./stage.js";
import { versusPanel } from "./versus_panel.js";

export default figure(CAPTION, (parts) => {
  const { model, body, redraw } = parts;

  /** @param {import("./stage.js").Stage} stage */
  function extras(stage) {
    ownPanel(stage.place, model);
    moreSettings(fold(body, "ほかの設定").body, model);
    const tasks = fold(body, "六つの課題", redraw);
    const missions = missionsPanel(tasks.body, model, [stage.a, stage.b], stage.anew);
    const pair = fold(body, "二つの実行を並べる", redraw);
    const versus = versusPanel(pair.body, model);
    const seeds = seedsPanel(fold(body, "種を替えて数える").body, model, stage.a, { begin: stage.begin, config: stage.config, changed: redraw });
    const program = fold(body, "PyTorch で写す", redraw);
    const writeProgram = programPanel(program.body, () => ({ config: stage.config(), history: stage.a.history }));
    return {
      draw() {
        missions(tasks.isOpen()); // 種を替える前に、記録を見る
        seeds.update();
        if (pair.isOpen()) versus();
        if (program.isOpen()) writeProgram(stage.a.running);
      },
      changed: seeds.forget, interrupt: seeds.release, halt: seeds.halt,
      borrowed: seeds.holds, seeds: () => seeds.state.band, counted: seeds.told,
    };
  }
  return buildStage(parts, { height: 168, ready: true, extras });
});
