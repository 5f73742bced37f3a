"""一本のベクトルを通して、何字まで写せるか: 写しの正解率と長さ、H、読む向き（第 5・6 章）。

長さ 5 から 15 の列を写すように学習し、長さ 1 から 20 で試します（16 からは学習にない長さです）。
比べるのは、隠れ次元 H、読む向き、書いた記号を渡す学習（scheduled sampling）です。fixed_ の二つは
長さ 12 だけで学習し、読む向きの効きが、長さの混ざりによるのかを調べます。

一記号ごとの正解率は、自分の書いた記号を渡したもの（free）と、正しい記号を渡したもの（forced）の二つです。
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.seq2seq import Seq2Seq, shifted
from rnnbook.tasks import copying
from rnnbook.training.annealed import fit_annealed
from rnnbook.training.metrics import exact
from rnnbook.training.seeds import seed_everything
from rnnbook.training.teacher_forcing import scheduled_sampling, teacher_forcing
from rnnbook.training.threads import one_thread

BATCH_SIZE, LEARNING_RATE, UPDATES, EVERY, CLIP = 64, 0.005, 1500, 300, 1.0
SHORTEST, LONGEST, FIXED = 5, 15, 12  # 学習する長さ
LENGTHS = tuple(range(1, 21))
POSITIONS = (10, 15)  # 記号の位置ごとに採点する長さ
FEW, MANY = 200, 500  # 途中と終わりの、試験の列の数
AGAIN = 300

SEEDS = tuple(range(5))

# モデルの名前 → H、後ろから読むか、学習のしかた
MODELS = {
    "forward": (64, False, "mixed"),
    "reversed": (64, True, "mixed"),
    "small": (32, False, "mixed"),
    "sampled": (64, False, "sampled"),
    "fixed_forward": (64, False, "fixed"),
    "fixed_reversed": (64, True, "fixed"),
    "large": (128, False, "mixed"),
}


def batches(rng: np.random.Generator, how: str) -> Iterator[tuple]:
    """学習のバッチ。一つのバッチの中の長さは同じです。"""
    while True:
        mixed = int(rng.integers(SHORTEST, LONGEST + 1))
        yield copying.batch(rng, BATCH_SIZE, FIXED if how == "fixed" else mixed)


@torch.no_grad()
def score(model: Seq2Seq, T: int, strings: int) -> dict:
    """長さ T の列 strings 本の採点。*_at は位置ごとの正解の数 (T,) です。"""
    model.eval()
    x, y = map(torch.from_numpy, copying.batch(np.random.default_rng(T), strings, T))
    with one_thread():
        written = model.greedy(x, T + 1)
        forced = model(x, y).argmax(2)
    return {
        "right": int(exact(written, y).sum()),
        "free_at": (written == y)[:, :T].sum(0).tolist(),
        "forced_at": (forced == y)[:, :T].sum(0).tolist(),
    }


def own_gradients(model: Seq2Seq, T: int = LONGEST) -> list[float]:
    """u 番目に書く記号の損失が、読んだ u 番目の記号の埋め込みに届かせる勾配のノルム (T,)。

    列 64 本のノルムの平均です。
    """
    x, y = map(torch.from_numpy, copying.batch(np.random.default_rng(0), 64, T))
    x = x.flip(1) if model.reverse else x
    e = model.embed_x(x).detach().requires_grad_()
    with one_thread():
        _, last = model.encoder(e)
        s, _ = model.decoder(model.embed_y(shifted(y)), last)
        losses = torch.nn.functional.cross_entropy(
            model.readout(s).transpose(1, 2), y, reduction="none"
        )  # (B, U)
        norms = []
        for u in range(T):
            (de,) = torch.autograd.grad(losses[:, u].sum(), e, retain_graph=True)
            read_at = T - 1 - u if model.reverse else u
            norms.append(de[:, read_at].norm(dim=1).mean().item())
    return norms


def train(point: Point) -> dict:
    """一つのモデルの一つの種を学習し、途中と終わりを採点します。"""
    H, reverse, how = MODELS[point["model"]]
    seed_everything(point["seed"])
    model = Seq2Seq(len(copying.SYMBOLS), len(copying.SYMBOLS), H, reverse=reverse)
    looks, gradients = [], [own_gradients(model)]

    def look(model: Seq2Seq, _: object) -> None:
        looks.append([score(model, T, FEW)["right"] / FEW for T in LENGTHS])
        if len(looks) == 1:
            gradients.append(own_gradients(model))

    fit_annealed(
        model,
        batches(np.random.default_rng(point["seed"]), how),
        updates=UPDATES,
        every=EVERY,
        until=point["updates"],
        look=look,
        loss=scheduled_sampling(0.5, UPDATES) if how == "sampled" else teacher_forcing,
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    if point["updates"] < UPDATES:
        return {"looks": looks}
    gradients.append(own_gradients(model))
    scores = {str(T): score(model, T, MANY) for T in LENGTHS}
    return {"looks": looks, "gradients": gradients, "scores": scores}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """長さごとの正解率（途中も）、位置ごとの正解率、位置ごとの勾配。"""
    lengths, positions, gradients = [], [], []
    for point, result in results:
        where = {"model": point["model"], "seed": point["seed"]}
        for k, T in enumerate(LENGTHS):
            found = result["scores"][str(T)]
            row = where | {"T": T, "right": found["right"] / MANY}
            for name in ("free", "forced"):
                row[name] = sum(found[f"{name}_at"]) / (MANY * T)
            for n, each in enumerate(result["looks"]):
                row[str(EVERY * (n + 1))] = each[k]
            lengths.append(row)
        for T in POSITIONS:
            found = result["scores"][str(T)]
            for u in range(T):
                row = where | {"T": T, "position": u + 1}
                for name in ("free", "forced"):
                    row[name] = found[f"{name}_at"][u] / MANY
                positions.append(row)
        for updates, norms in zip(
            (0, EVERY, UPDATES), result["gradients"], strict=True
        ):
            for u, norm in enumerate(norms):
                row = where | {"updates": updates, "position": u + 1}
                gradients.append(row | {"norm": f"{norm:.3e}"})
    made = {"": lengths, "_positions": positions, "_gradients": gradients}
    return {
        f"seq2seq_length{name}": pd.DataFrame(rows).to_csv(
            index=False, float_format="%.4f", lineterminator="\n"
        )
        for name, rows in made.items()
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した途中の正解率が、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    stored, rows = data.load("seq2seq_length"), []
    for point, result in results:
        for T in (5, 8):
            same = (stored["model"] == point["model"]) & (stored["T"] == T)
            again = result["looks"][0][LENGTHS.index(T)]
            row = {"モデル": point["model"], "種": point["seed"], "長さ": T}
            values = stored.loc[same, str(AGAIN)]
            rows.append(row | beside_stored(again, values, slack=0.05))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="seq2seq_length",
    title="写しの正解率と長さ: 隠れ次元、読む向き、scheduled sampling（第 5・6 章）",
    points=tuple(
        {"model": model, "seed": seed, "updates": UPDATES}
        for model in MODELS
        for seed in SEEDS
    ),
    # 保存した種とは別の種で、はじめの AGAIN 回だけ
    quick=({"model": "reversed", "seed": 100, "updates": AGAIN},),
    train=train,
    tables=tables,
    compare=compare,
)
