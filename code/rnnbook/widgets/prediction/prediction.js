// 予想の問い（Prediction）と、その答え（Answer）。ページが二度受け取らずに済むよう、一つのモジュールにしてある。
import { mounted } from "../kit/scope.js";
import { answer } from "./answer.js";
import { ask } from "./question.js";

export default mounted((context) => (context.model.get("about") ? answer(context) : ask(context)));
