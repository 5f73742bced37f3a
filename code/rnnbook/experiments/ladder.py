"""記憶のはしご: 七つのモデルが五つの問題を解けるか、長さ T を延ばしながら測ります（第 2・3 章）。

どの点も同じ条件です: H = 32、B = 32、Adam、勾配のノルムは 1 でクリップする、毎回新しい系列。
EVERY 回の更新ごとに、学習に使わない系列で物差しを測り、tasks の is_solved を満たした種は
そこで止めます。UPDATES 回で満たさなければ、この予算では解けなかったと記録します。
発散は、解けなかったこととは別の状態です。測るための系列での損失が有限でなくなるか、当てずっぽうの
損失の DIVERGED 倍を超えて、終わりまで戻らなければ、はじめにそうなった回数を diverged_at に残します。
有限でなくなった種の物差しは、その手前で終わります。

どの点も、まず種 FIRST 個で測ります。全部が解けた点と、一つも解けなかった点はそこまでです。
一部だけが解けた点は割合の区間が広いので、種を ALL 個まで増やします。
解けなかったことは、そのモデルにできないことではありません。更新を増やせば解ける点もあります。

学習率は、T = 25 の試し（種 3 個）で 0.003 と 0.01 を比べ、全モデルに一つだけ選びました。

論文: Hochreiter & Schmidhuber (1997)、Le, Jaitly & Hinton (2015)、Tallec & Ollivier (2018)、
      Jozefowicz, Zaremba & Sutskever (2015)。
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.seed_table import from_seed_table, seed_table
from rnnbook.models import catalogue
from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks import copy_memory
from rnnbook.tasks.catalogue import TASKS
from rnnbook.training.losses import require_labels
from rnnbook.training.many_seeds.stacked import Stacked, fit_stacked, losses_of
from rnnbook.training.seeds import seed_everything

MODELS = {key: catalogue.MODELS[key].settings for key in catalogue.LADDER}
LENGTHS = (10, 25, 50, 100, 200)  # 歩。copy では待つ長さで、50 まで測ります
FIRST, ALL = 10, 40  # 種の数。いちどに学習するのは FIRST 個ずつです
H, B, LEARNING_RATE, CLIP = 32, 32, 0.003, 1.0
UPDATES, EVERY, HELD_OUT = 2000, 100, 500
WHERE = ("task", "model", "T")  # 種を除いた、格子の点
DIVERGED = 1000.0  # 当てずっぽうの損失の何倍を、発散とするか

Progress = Callable[[int, float], None]


def new_model(task: str, model: str, T: int, seed: int) -> Recurrent:
    """種を決めて、学習前のモデルを作ります。

    例:
        >>> new_model("copy", "lstm_chrono", T=50, seed=0).recurrent.bias_ih_l0.shape
        torch.Size([128])
    """
    module = TASKS[require_choice("task", task, tuple(TASKS))]
    settings = dict(MODELS[require_choice("model", model, tuple(MODELS))])
    every_step = module.OUTPUT == "sequence"
    if settings.get("forget_bias") == "chrono":
        settings["T_max"] = T + 2 * copy_memory.K if every_step else T
    seed_everything(seed)
    return Recurrent(H, module.O, D=module.D, every_step=every_step, **settings)


def score(task: str, y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """モデルごとの物差し (K,): 正解率、または損失（adding は二乗誤差、copy は交差エントロピー）。"""
    if TASKS[task].METRIC == "accuracy":
        require_labels(y_hat, y)
        return (y_hat.argmax(-1) == y).float().mean(1)
    return losses_of(y_hat, y)


def guessing_loss(task: str, T: int) -> float:
    """記憶なしで得られる損失。分類では、どの答えにも同じ確率を与えたときの交差エントロピーです。

    例:
        >>> round(guessing_loss("order", 10), 3), round(guessing_loss("adding", 10), 3)
        (1.386, 0.167)
    """
    baseline = TASKS[task].baseline(T)
    # 正解率 1/C の当てずっぽうの交差エントロピーは −ln(1/C)
    return -math.log(baseline) if TASKS[task].METRIC == "accuracy" else baseline


def train_many(
    task: str,
    model: str,
    T: int,
    seeds: tuple[int, ...],
    updates: int = UPDATES,
    progress: Progress | None = None,
    device: str = "cpu",
) -> list[dict]:
    """種の数だけ同時に学習し、種ごとの物差しの記録と、どう終わったかを返します。

    記録 curve は EVERY 回ごとの物差し、solved_at は解けた回数（解けなければ None）、diverged_at は
    発散した回数（発散しなければ None）です。有限でなくなった種の curve は、その手前で終わります。
    progress(回数, 物差しの平均) は、物差しを測るたびに呼ばれます。
    """
    module = TASKS[require_choice("task", task, tuple(TASKS))]
    require_positive_int("T", T, module.MIN_T)
    require_positive_int("updates", updates, EVERY)
    # 種ごとに、学習の系列と、測るための系列の乱数を分けます
    streams = [np.random.default_rng([seed, T, 0]) for seed in seeds]
    held_out = _stack(
        [
            module.batch(np.random.default_rng([seed, T, 1]), HELD_OUT, T)
            for seed in seeds
        ]
    )
    held_out = tuple(part.to(device) for part in held_out)
    records = [{"curve": [], "solved_at": None, "diverged_at": None} for _ in seeds]
    alive = list(range(len(seeds)))  # 学習を続けている種
    limit = DIVERGED * guessing_loss(task, T)

    def batches():
        for _ in range(updates):
            x, y = _stack([module.batch(streams[k], B, T) for k in alive])
            yield x.to(device), y.to(device)

    def measure(update: int, stacked: Stacked) -> list[int] | None:
        """物差しを測り、学習を続けるモデルの番号を返します（減らなければ None）。"""
        x, y = (part[alive] for part in held_out)
        with torch.no_grad():
            y_hat = stacked(x)
            metrics = score(task, y_hat, y).tolist()
            losses = losses_of(y_hat, y).tolist()
        rows = []
        for row, (k, metric, loss) in enumerate(
            zip(alive, metrics, losses, strict=True)
        ):
            record = records[k]
            finite = math.isfinite(loss)
            if finite:
                record["curve"].append(metric)
            if finite and module.is_solved(metric, T):
                record["solved_at"], record["diverged_at"] = update, None
                continue
            lost = not finite or loss > limit
            record["diverged_at"] = (record["diverged_at"] or update) if lost else None
            # 有限でなくなった種も外しません。積む数が変わると、積の丸めが変わるからです
            rows.append(row)
        if progress is not None:
            progress(update, float(np.mean(metrics)))
        if len(rows) == len(alive):
            return None
        alive[:] = [alive[i] for i in rows]
        return rows

    fit_stacked(
        [new_model(task, model, T, seed) for seed in seeds],
        batches(),
        learning_rate=LEARNING_RATE,
        clip=CLIP,
        device=device,
        every=EVERY,
        after=measure,
    )
    return records


def train_one(task: str, model: str, T: int, seed: int, **options) -> dict:
    """種を一つ学習します。引数と結果は train_many と同じです。

    例:
        >>> train_one("latch", "irnn", T=5, seed=0, updates=300)["solved_at"]
        100
    """
    return train_many(task, model, T, (seed,), **options)[0]


def point_of(
    task: str, model: str, T: int, seeds: int, updates: int, seed: int = 0
) -> Point:
    """格子の一点: 種 seed から seeds 個を updates 回まで学習します。"""
    return dict(task=task, model=model, T=T, seed=seed, seeds=seeds, updates=updates)


def more(results: list[tuple[Point, dict]]) -> tuple[Point, ...]:
    """一部の種だけが解けた点の、残りの種（FIRST 個ずつ、ALL 個まで）。

    例:
        >>> some = {"seeds": [{"solved_at": 100}] + [{"solved_at": None}] * 9}
        >>> point = point_of("latch", "rnn", 50, FIRST, UPDATES)
        >>> [further["seed"] for further in more([(point, some)])]
        [10, 20, 30]
    """
    return tuple(
        point | {"seed": seed}
        for point, result in results
        if 0 < sum(r["solved_at"] is not None for r in result["seeds"]) < FIRST
        for seed in range(FIRST, ALL, FIRST)
    )


def train(point: Point) -> dict:
    """一点の、種ごとの記録。"""
    seeds = tuple(range(point["seed"], point["seed"] + point["seeds"]))
    where = (point[key] for key in WHERE)
    return {"seeds": train_many(*where, seeds, point["updates"])}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """種ごとの、解けた回数、発散した回数、測った回ごとの物差し。同じ点の種は続けて並びます。"""
    return {
        "ladder": seed_table(
            results,
            WHERE,
            lambda record: {
                "diverged_at": str(record["diverged_at"] or ""),
                **{
                    str(EVERY * (n + 1)): f"{metric:.4g}"
                    for n, metric in enumerate(record["curve"])
                },
            },
        )
    }


def stored() -> list[tuple[Point, dict]]:
    """保存済みの表を、点（種 FIRST 個ずつ）とその結果に戻します。

    例:
        >>> point, result = stored()[0]
        >>> point["task"], point["seeds"], result["seeds"][0]["diverged_at"]
        ('latch', 10, None)
    """
    found = from_seed_table(data.load("ladder"), WHERE, FIRST)
    return [(point | {"updates": UPDATES}, result) for point, result in found]


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直しの中央値と、保存した種の範囲。解けた点は更新の回数、ほかは物差しです。"""
    table, rows = data.load("ladder"), []
    for point, result in results:
        task, model, T = (point[key] for key in WHERE)
        same = table.query("task == @task and model == @model and T == @T")
        solved = [record["solved_at"] for record in result["seeds"]]
        if all(solved):
            what, now, then = "解けた回数", solved, same["solved_at"]
        else:
            what = f"{point['updates']} 回での物差し"
            now = [record["curve"][-1] for record in result["seeds"]]
            then = same[str(point["updates"])]
        middle, low, high = float(np.median(now)), then.min(), then.max()
        row = {"問題": task, "モデル": model, "T": T, "量": what}
        row |= {"測り直し": middle, "最小": low, "最大": high}
        rows.append(row | {"範囲の中": bool(low <= middle <= high)})
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="ladder",
    title="記憶のはしご: 七つのモデルが、五つの問題をどの長さまで解けるか（第 2・3 章）",
    points=tuple(
        point_of(task, model, T, FIRST, UPDATES)
        for T in LENGTHS
        for task in TASKS
        for model in MODELS
        if not (task == "copy" and T > 50)
    ),
    quick=(
        point_of("latch", "lstm_chrono", 50, 3, UPDATES),
        point_of("adding", "rnn", 50, 3, 300),
        point_of("if_then", "irnn", 25, 3, UPDATES),
        point_of("adding", "gru", 10, 3, UPDATES),
    ),
    train=train,
    tables=tables,
    compare=compare,
    more=more,
    stored=stored,
    # 解けた種と、有限でなくなった種は、そこから先を測りません
    empty=("solved_at", "diverged_at", *map(str, range(EVERY, UPDATES + 1, EVERY))),
)


def _stack(pairs: list[tuple[np.ndarray, np.ndarray]]) -> tuple[torch.Tensor, ...]:
    x, y = (np.stack(part) for part in zip(*pairs, strict=True))
    y = torch.from_numpy(y)
    return torch.from_numpy(x.astype(np.float32)), (
        y.float() if y.is_floating_point() else y
    )
