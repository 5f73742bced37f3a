// 章に置く、小さな遊び場。押されるまでワーカーを作らない。
import { figure } from "../kit/figure.js";
import { CAPTION, buildStage } from "./stage.js";

export default figure(CAPTION, (parts) => buildStage(parts, { height: 156, ready: false }));
