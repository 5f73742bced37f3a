"""記憶のはしご: 同じ条件で測っているか、表が正しく読めるか。"""

import numpy as np
import pytest
import torch

from rnnbook import data
from rnnbook.experiments import ladder
from rnnbook.lab import engine
from rnnbook.training.many_seeds.loop import clip_each, norms_of
from rnnbook.training.many_seeds.stacked import Stacked

STEPS = [str(n) for n in range(ladder.EVERY, ladder.UPDATES + 1, ladder.EVERY)]


@pytest.mark.parametrize("model", ["rnn", "lstm_chrono", "gru"])
def test_training_ten_seeds_at_once_equals_training_one_seed(model):
    together = ladder.train_many("adding", model, 6, (0, 1, 2), updates=200)
    alone = ladder.train_one("adding", model, 6, 1, updates=200)
    assert np.allclose(together[1]["curve"], alone["curve"], atol=1e-4)


def test_a_solved_seed_leaves_and_the_others_go_on_as_before():
    records = ladder.train_many("latch", "rnn", 25, (0, 1, 2), updates=800)
    solved = [record["solved_at"] for record in records]
    assert len(set(solved)) > 1, "同じ回に解けると、この試験の意味がありません"
    last = int(np.argmax(solved))
    alone = ladder.train_one("latch", "rnn", 25, last, updates=800)
    assert np.allclose(records[last]["curve"], alone["curve"], atol=0.05)
    for record in records:
        assert len(record["curve"]) == record["solved_at"] / ladder.EVERY


@pytest.mark.parametrize("task", ladder.TASKS)
def test_the_yardstick_equals_the_definition_of_the_task(task):
    module = ladder.TASKS[task]
    _, y = module.batch(np.random.default_rng(0), 7, 12)
    rng = torch.Generator().manual_seed(0)
    shape = (*y.shape, module.O) if module.OUTPUT != "value" else y.shape
    y_hat = torch.randn(shape, generator=rng)
    target = torch.as_tensor(y)
    if module.OUTPUT == "class":
        expected = (y_hat.argmax(-1) == target).float().mean()
    elif module.OUTPUT == "value":
        target = target.float()
        expected = torch.nn.functional.mse_loss(y_hat, target)
    else:
        expected = torch.nn.functional.cross_entropy(
            y_hat.flatten(0, 1), target.flatten()
        )
    ours = ladder.score(task, y_hat[None], target[None])
    assert torch.allclose(ours[0], expected)


@pytest.mark.parametrize("task", ladder.TASKS)
@pytest.mark.parametrize("model", ladder.MODELS)
def test_every_model_can_be_made_for_every_task(task, model):
    module = ladder.TASKS[task]
    x, y = module.batch(np.random.default_rng(0), 2, 11)
    made = ladder.new_model(task, model, 11, seed=0)
    y_hat = made(torch.as_tensor(x, dtype=torch.float32))
    assert y_hat.shape[:-1] == (y.shape if module.OUTPUT != "value" else y.shape[:1])


def test_the_stored_table_has_every_point_and_forty_seeds_only_where_some_were_solved():
    table = data.load("ladder")
    points = table.groupby(["task", "model", "T"])
    grid = {tuple(p[key] for key in ladder.WHERE) for p in ladder.EXPERIMENT.points}
    assert set(points.groups) == grid
    for _, rows in points:
        seeds = sorted(rows["seed"])
        assert seeds in (list(range(ladder.FIRST)), list(range(ladder.ALL)))
        solved = rows.query("seed < @ladder.FIRST")["solved_at"].notna().sum()
        some = 0 < solved < ladder.FIRST
        assert len(seeds) == (ladder.ALL if some else ladder.FIRST)


def test_in_the_stored_table_a_seed_stops_where_the_task_says_solved():
    for row in data.load("ladder").to_dict("records"):
        curve = [row[step] for step in STEPS if not np.isnan(row[step])]
        is_solved = ladder.TASKS[row["task"]].is_solved
        solved = [is_solved(metric, row["T"]) for metric in curve]
        assert not any(solved[:-1])
        if not np.isnan(row["solved_at"]):
            assert solved[-1] and row["solved_at"] == len(curve) * ladder.EVERY
            assert np.isnan(row["diverged_at"])
        elif len(curve) < len(STEPS):
            # 有限でなくなった種の物差しは、その手前で終わります
            assert row["diverged_at"] <= (len(curve) + 1) * ladder.EVERY
        else:
            assert not solved[-1]


def test_a_seed_of_the_stored_table_is_diverged_where_its_error_ends_far_above_guessing():
    table = data.load("ladder").query("task in ['adding', 'copy']")
    for row in table.to_dict("records"):
        limit = ladder.DIVERGED * ladder.TASKS[row["task"]].baseline(row["T"])
        if np.isnan(row["solved_at"]) and not row[STEPS[-1]] <= limit:
            at = int(row["diverged_at"])
            after = [row[n] for n in STEPS if int(n) >= at]
            assert all(np.isnan(metric) or metric > limit for metric in after)
            assert at == ladder.EVERY or row[str(at - ladder.EVERY)] <= limit
        else:
            assert np.isnan(row["diverged_at"])


class Scripted:
    """学習の代わりに、測るたびに決まった答えを返すモデル。測った種の番号を覚えます。"""

    def __init__(self, monkeypatch, answers):
        self.answers, self.asked = answers, []
        monkeypatch.setattr(ladder, "fit_stacked", self.fit)

    def fit(self, models, batches, *, every, after, **_):
        rows = list(range(len(models)))
        for n, answer in enumerate(self.answers, 1):
            self.asked.append(rows)

            def stacked(x, answer=answer, rows=rows):
                filled = [torch.full((x.shape[1], 1), answer[k]) for k in rows]
                return torch.stack(filled)

            kept = after(n * every, stacked)
            if kept == []:
                return
            rows = rows if kept is None else [rows[k] for k in kept]


def test_a_seed_that_loses_its_numbers_is_diverged_and_stays_beside_the_others(
    monkeypatch,
):
    lost = float("nan")
    script = Scripted(monkeypatch, [[1.0, 1.0], [1.0, lost], [1.0, lost]])
    fine, gone = ladder.train_many("adding", "irnn", 10, (0, 1), updates=300)
    assert (fine["diverged_at"], len(fine["curve"])) == (None, 3)
    assert (gone["diverged_at"], len(gone["curve"])) == (200, 1)
    # 外すと、積む数が変わり、ほかの種の丸めが変わります
    assert script.asked == [[0, 1]] * 3


def test_a_huge_error_is_diverged_only_if_it_stays(monkeypatch):
    huge = 1e10
    Scripted(monkeypatch, [[huge, 1.0], [1.0, huge], [1.0, huge]])
    back, gone = ladder.train_many("adding", "irnn", 10, (0, 1), updates=300)
    assert back["diverged_at"] is None and len(back["curve"]) == 3
    assert gone["diverged_at"] == 200 and len(gone["curve"]) == 3


def test_a_classifier_without_numbers_is_diverged_although_its_accuracy_is_finite(
    monkeypatch,
):
    def fit(models, batches, *, every, after, **_):
        after(every, lambda x: torch.full((1, x.shape[1], 2), float("nan")))

    monkeypatch.setattr(ladder, "fit_stacked", fit)
    record = ladder.train_one("latch", "irnn", 10, 0, updates=100)
    assert record == {"curve": [], "solved_at": None, "diverged_at": 100}


@pytest.mark.parametrize(
    ("solved", "seeds"), [(0, []), (1, [10, 20, 30]), (9, [10, 20, 30]), (10, [])]
)
def test_only_a_point_between_none_and_all_gets_more_seeds(solved, seeds):
    result = {"seeds": [{"solved_at": 100 if k < solved else None} for k in range(10)]}
    point = ladder.EXPERIMENT.points[0]
    further = ladder.more([(point, result)])
    assert further == tuple(point | {"seed": seed} for seed in seeds)


def test_the_table_written_from_the_stored_points_is_the_stored_table():
    path = data.verified_path("results/ladder.csv")
    texts = ladder.tables(ladder.stored())
    assert texts["ladder"] == path.read_text(encoding="utf-8")


def test_a_part_measured_again_lies_inside_the_stored_range():
    table = engine.remeasure(ladder.EXPERIMENT)
    assert table["範囲の中"].all(), table.to_string()


@pytest.mark.parametrize(
    "change", [{"task": "sine"}, {"model": "transformer"}, {"T": 1}, {"updates": 5}]
)
def test_a_wrong_argument_is_named_in_the_error(change):
    good = {"task": "latch", "model": "rnn", "T": 10, "seed": 0, "updates": 100}
    with pytest.raises(ValueError, match=f"引数 {next(iter(change))} "):
        ladder.train_one(**good | change)


@pytest.mark.parametrize("model", ladder.MODELS)
@pytest.mark.parametrize("task", ["latch", "copy"])
def test_nothing_stays_on_the_cpu_when_another_device_is_asked_for(model, task):
    # "meta" は計算をしない実行環境です。CPU に残るものがあれば、実行環境の違いとして止まります
    models = [ladder.new_model(task, model, 10, seed) for seed in (0, 1)]
    stacked = Stacked(models, "meta")
    rng = np.random.default_rng(0)
    x, y = (
        torch.tensor(np.stack([part, part])).to("meta")
        for part in ladder.TASKS[task].batch(rng, 4, 10)
    )
    optimizer = torch.optim.Adam(list(stacked.parameters()))
    stacked.backward(x.float(), y)
    weights = list(stacked.parameters())
    clip_each(weights, norms_of(weights, each=True), 1.0)
    optimizer.step()
    stacked.keep([1, 0], optimizer)
    assert ladder.score(task, stacked(x.float()), y).device.type == "meta"
