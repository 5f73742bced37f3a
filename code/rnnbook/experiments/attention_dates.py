"""日付の書き換えに、注意機構を加える: 隠した日の正解率、どこを見るか、差し替えると何が変わるか（第 6 章）。

実験 dates の last（判定を後に書く）と、データ、H、更新の回数、学習率をそろえ、デコーダに内積の注意を
加えます。読む向きは前からです。

- scores: 実験 dates と同じ試験の採点。
- where: 隠した日で、書く役（年、月、日、判定）ごとに、いちばん大きな重みが読む側のどの役にあるか。
- swaps: 判定を書く所で、注意が見るもの、はじめの状態、文脈ベクトル、書いた日付のどれか一つだけを、別の年のものにする。
- parts: 読んだ状態のうち、一つの役の所だけを別の日付のものにして、どの役の数字が変わるか。

attention_dates_weights は、中央の種（隠した日の正解の数）の重みを 8 ビットにしたもので、図が使います。
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.experiments import dates as fixed
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.attention import AttentionSeq2Seq
from rnnbook.models.date_reader import new_date_reader
from rnnbook.models.eight_bits import COLUMNS, pack
from rnnbook.models.looking import SWAPS, looked_at, padded, partly_swapped, swapped
from rnnbook.tasks import date_pairs, date_questions, date_split, dates
from rnnbook.tasks.date_parts import SOURCE_PARTS, TARGET_PARTS, parts_of
from rnnbook.training.threads import one_thread

SEEDS, FORM = tuple(range(5)), "last"
UPDATES, EVERY, AGAIN = fixed.UPDATES, fixed.EVERY, 200
EACH = 400  # 書き方ごとに、どこを見るかを測る日の数
DIGITS = ("year", "month", "day")  # 差し替える役


def tensors(cases: list[date_split.Case]) -> tuple[torch.Tensor, ...]:
    """書かれた日付の (x, y, lengths)。"""
    return tuple(map(torch.from_numpy, date_split.encode(cases, FORM)))


def some(question: str, each: int) -> dict[str, list[date_split.Case]]:
    """試験 question から、書き方ごとに each 個まで。"""
    cases = date_questions.questions()[question]
    found = {}
    for notation in dates.NOTATIONS:
        same = [case for case in cases if case[0] == notation]
        order = np.random.default_rng(6).permutation(len(same))[:each]
        found[notation] = [same[k] for k in order]
    return found


@torch.no_grad()
def where(model: AttentionSeq2Seq) -> list[dict]:
    """書き方、書く役、読む役ごとの、いちばん大きな重みがあった割合 top と、重みの平均 weight。"""
    rows = []
    for notation, cases in some("unseen_day", EACH).items():
        x, y, lengths = tensors(cases)
        alpha = model.weights(x, y, lengths).numpy()  # (B, U, S)
        parts = [parts_of(dates.write(*case)) for case in cases]
        top = looked_at(alpha, parts)
        roles = padded(parts, alpha.shape[2])  # (B, S)
        for target, at in TARGET_PARTS.items():
            at = list(at)
            for source in SOURCE_PARTS:
                weight = (alpha[:, at] * (roles == source)[:, None]).sum(2).mean()
                rows.append(
                    {
                        "notation": notation,
                        "written": target,
                        "read": source,
                        "top": float((top[:, at] == source).mean()),
                        "weight": float(weight),
                    }
                )
    return rows


def swaps(model: AttentionSeq2Seq) -> list[dict]:
    """判定が反対になる組で、一つだけを差し替えたとき、判定が変わった数と、もとの正しい判定の数。"""
    rows = []
    verdict = TARGET_PARTS["verdict"][0]
    for kind, pairs in date_pairs.pairs().items():
        mine, other = (tensors(list(side)) for side in zip(*pairs, strict=True))
        own = swapped(model, mine, other, "none")[:, verdict]
        for what in SWAPS:
            said = swapped(model, mine, other, what)[:, verdict]
            rows.append(
                {
                    "kind": kind,
                    "swap": what,
                    "pairs": len(pairs),
                    "changed": int((said != own).sum()),
                    "right": int((said == mine[1][:, verdict]).sum()),
                }
            )
    return rows


def parts(model: AttentionSeq2Seq) -> list[dict]:
    """二つの日付で違う数字のうち、読んだ状態の一つの役を差し替えて、相手の数字になった割合。"""
    rows = []
    for notation, cases in some("unseen_day", EACH).items():
        roles = [parts_of(dates.write(*case)) for case in cases]
        last = dict(zip(roles, cases, strict=True))  # 同じ並びの、終わりのもの
        other = tensors([last[row] for row in roles])
        mine = tensors(cases)
        differ = mine[1] != other[1]  # (B, U)
        for source in DIGITS:
            names = {source, f"{source}_mark"} | (
                {"era"} if source == "year" else set()
            )
            place = np.isin(padded(roles, mine[0].shape[1]), list(names))
            said = partly_swapped(model, mine, other, torch.from_numpy(place))
            said = said == other[1]
            for target in DIGITS:
                at = list(TARGET_PARTS[target])
                share = said[:, at][differ[:, at]].float().mean().item()
                row = {"notation": notation, "swapped": source, "written": target}
                rows.append(row | {"other": share})
    return rows


def train(point: Point) -> dict:
    """一つの種の学習の損失と、試験、見る所、差し替え（章の測り直しでは、損失だけ）。"""
    model, history = fixed.learn(new_date_reader, FORM, point["seed"], point["updates"])
    result = {"loss": history.train_loss}
    if point["updates"] < UPDATES:
        return result
    model.eval()
    with one_thread():
        found = {"where": where(model), "swaps": swaps(model), "parts": parts(model)}
    found["scores"] = fixed.scores(model, FORM)
    return result | found | {"weights": pack(model)}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """採点、見る所、差し替え、役ごとの差し替え、損失、図の重み。"""
    made = {
        name: pd.DataFrame(
            [
                {"seed": point["seed"]} | row
                for point, each in results
                for row in each[name]
            ]
        )
        for name in ("scores", "where", "swaps", "parts")
    }
    scored = made.pop("scores")
    made[""] = scored
    made["loss"] = pd.DataFrame(
        [
            {"seed": point["seed"]}
            | {EVERY * (n + 1): f"{loss:.4f}" for n, loss in enumerate(each["loss"])}
            for point, each in results
        ]
    )
    seed = fixed.middle_seed(scored)
    (weights,) = (each["weights"] for point, each in results if point["seed"] == seed)
    made["weights"] = pd.DataFrame(weights, columns=COLUMNS)
    return {
        "attention_dates" + (f"_{name}" if name else ""): table.to_csv(
            index=False, float_format="%.4f", lineterminator="\n"
        )
        for name, table in made.items()
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した損失が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    stored, rows = data.load("attention_dates_loss"), []
    for point, result in results:
        row = {"種": point["seed"], "更新": AGAIN}
        values = stored[str(AGAIN)]
        rows.append(row | beside_stored(result["loss"][-1], values, slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="attention_dates",
    title="日付の書き換えに注意機構を加える: 正解率、どこを見るか、差し替え（第 6 章）",
    points=tuple({"seed": seed, "updates": UPDATES} for seed in SEEDS),
    # 保存した種とは別の種で、はじめの AGAIN 回だけ
    quick=({"seed": 100, "updates": AGAIN},),
    train=train,
    tables=tables,
    compare=compare,
)
