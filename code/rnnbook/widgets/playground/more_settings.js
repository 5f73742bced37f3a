// ほかの設定: 隠れ次元、学習率、クリップ、はじめの重み、バッチ、種。
import { control, el } from "../kit/controls.js";
import { watch } from "../kit/scope.js";
import { select } from "./select.js";

/** 学習率の書き方。 @param {number} v */
const plain = (v) => String(v);

/** @param {Element} parent @param {import("../kit/controls.js").Model} model */
export function moreSettings(parent, model) {
  const grid = el("div", { class: "rf-play-grid" });
  parent.append(grid);
  for (const name of ["H", "learning_rate", "clip", "B", "seed"]) control(grid, model, name, { format: plain });
  const place = el("div");
  grid.append(place);
  control(place, model, "rho");
  select(grid, model, "optimizer");
  const update = () => {
    const recurrent = ["rnn", "relu"].includes(model.get("cell"));
    place.hidden = !recurrent || model.get("start") === "uniform";
  };
  watch(model, ["cell", "start"], update);
  update();
}
