"""日付の書き換え: 暦にない日を断る記号を、先に書くか、後に書くか（第 5・6 章）。

答えの書き方（tasks.dates の bare、first、last）だけを替えて、同じモデルを同じ回数だけ学習します。
first と last は、書く記号もその数も同じで、判定の場所だけが違います。bare は × だけで断ります。
試験は乱数で引かず、隠した日のすべてを、すべての書き方で並べます（tasks.date_questions）。

dates_weights は、last の中央の種（隠した日の正解の数）の重みを 8 ビットにしたもので、図が使います。
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.date_writer import new_date_writer
from rnnbook.models.eight_bits import COLUMNS, pack
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks import date_questions, date_split, dates
from rnnbook.training.annealed import fit_annealed
from rnnbook.training.loop import History
from rnnbook.training.metrics import exact
from rnnbook.training.seeds import seed_everything
from rnnbook.training.teacher_forcing import teacher_forcing
from rnnbook.training.threads import one_thread

SEEDS = tuple(range(5))
BATCH_SIZE, LEARNING_RATE, UPDATES, EVERY, CLIP = 128, 0.006, 2000, 100, 1.0
AGAIN = 200  # 章が測り直す更新の回数


def learn(
    new_model: Callable[[], Seq2Seq], form: str, seed: int, updates: int = UPDATES
) -> tuple[Seq2Seq, History]:
    """一つの種で、new_model() を updates 回まで学習し、モデルと記録を返します。"""
    seed_everything(seed)
    model = new_model()
    history = fit_annealed(
        model,
        date_split.batches(np.random.default_rng(seed), BATCH_SIZE, form),
        updates=UPDATES,
        every=EVERY,
        until=updates,
        loss=teacher_forcing,
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    return model, history


def mark(model: Seq2Seq, cases: list[date_split.Case], form: str) -> pd.DataFrame:
    """書かせて、一つずつ採点します。right は文字列のすべて、judged は断るかどうかが正しいか。"""
    x, y, lengths = date_split.encode(cases, form)
    rows = []
    with one_thread():
        for part in np.array_split(np.arange(len(x)), max(1, len(x) // 2000)):
            parts = (torch.from_numpy(array[part]) for array in (x, y, lengths))
            rows.append(_mark(model, *parts))
    return pd.concat(rows, ignore_index=True)


def _mark(model: Seq2Seq, x: torch.Tensor, y: torch.Tensor, lengths: torch.Tensor):
    written = model.greedy(x, dates.LONGEST_TARGET, lengths)
    (refusal,) = dates.TARGET.encode([dates.NO])[0][0]
    refused, wanted = (written == refusal).any(1), (y == refusal).any(1)
    columns = {"right": exact(written, y), "judged": refused == wanted}
    return pd.DataFrame({name: each.numpy() for name, each in columns.items()})


def train(point: Point) -> dict:
    """一点の学習の損失と、試験の採点（章の測り直しでは、損失だけ）。"""
    model, history = learn(
        new_date_writer, point["form"], point["seed"], point["updates"]
    )
    result = {"loss": history.train_loss}
    if point["updates"] < UPDATES:
        return result
    return result | {
        "scores": scores(model, point["form"]),
        "weights": pack(model) if point["form"] == "last" else [],
    }


def scores(model: Seq2Seq, form: str) -> list[dict]:
    """試験、隠した日か、書き方ごとの、文字列の数と、間違いのない日の数。"""
    rows = []
    for name, cases in date_questions.questions().items():
        marked = mark(model, cases, form).assign(
            question=name,
            split=[
                "hidden" if "unseen_day" in date_split.hidden(case) else "seen"
                for case in cases
            ],
            notation=[case[0] for case in cases],
            day=[str(date_split.triple_of(case)) for case in cases],
        )
        for keys, group in marked.groupby(["question", "split", "notation"]):
            rows.append(dict(zip(("question", "split", "notation"), keys, strict=True)))
            rows[-1] |= count(group)
        for keys, group in marked.groupby(["question", "split"]):
            rows.append(dict(zip(("question", "split"), keys, strict=True)))
            rows[-1] |= {"notation": "all"} | count(group)
    return rows


def count(marked: pd.DataFrame) -> dict:
    """文字列と日の数。日は、どの書き方でも正しいものを数えます。"""
    by_day = marked.groupby("day")[["right", "judged"]].all()
    return {
        "strings": len(marked),
        "right": int(marked["right"].sum()),
        "judged": int(marked["judged"].sum()),
        "days": len(by_day),
        "days_right": int(by_day["right"].sum()),
    }


def middle_seed(scored: pd.DataFrame) -> int:
    """隠した日の正解の数が、まん中の種。図は、この種の重みを使います。"""
    main = scored.query("question == 'unseen_day' and notation == 'all'")
    main = main.sort_values("right", kind="stable")
    return main["seed"].iloc[(len(main) - 1) // 2]


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """採点、損失、図の重み。"""
    where = [{key: point[key] for key in ("form", "seed")} for point, _ in results]
    pairs = list(zip(where, (result for _, result in results), strict=True))
    scored = pd.DataFrame([w | row for w, each in pairs for row in each["scores"]])
    losses = pd.DataFrame(
        [
            w | {EVERY * (n + 1): f"{loss:.4f}" for n, loss in enumerate(each["loss"])}
            for w, each in pairs
        ]
    )
    seed = middle_seed(scored[scored["form"] == "last"])
    (weights,) = (
        each["weights"] for w, each in pairs if w == {"form": "last", "seed": seed}
    )
    made = {
        "dates": scored,
        "dates_loss": losses,
        "dates_weights": pd.DataFrame(weights, columns=COLUMNS),
    }
    return {
        name: table.to_csv(index=False, lineterminator="\n")
        for name, table in made.items()
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した損失が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    stored, rows = data.load("dates_loss"), []
    for point, result in results:
        values = stored.loc[stored["form"] == point["form"], str(AGAIN)]
        row = {"書き方": point["form"], "種": point["seed"], "更新": AGAIN}
        rows.append(row | beside_stored(result["loss"][-1], values, slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="dates",
    title="日付の書き換え: 判定を先に書くか後に書くか、隠した日・年・書き方（第 5・6 章）",
    points=tuple(
        {"form": form, "seed": seed, "updates": UPDATES}
        for form in ("last", "first", "bare")
        for seed in SEEDS
    ),
    # 保存した種とは別の種で、はじめの AGAIN 回だけ
    quick=({"form": "last", "seed": 100, "updates": AGAIN},),
    train=train,
    tables=tables,
    compare=compare,
)
