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


def test_the_stored_table_has_every_point_of_the_grid():
    table = data.load("ladder")
    stored = set(table[["task", "model", "T", "seed"]].itertuples(index=False))
    grid = {
        (point["task"], point["model"], point["T"], seed)
        for point in ladder.EXPERIMENT.points
        for seed in range(point["seeds"])
    }
    assert stored == grid and len(table) == len(grid)


def test_in_the_stored_table_a_seed_stops_where_the_task_says_solved():
    for row in data.load("ladder").to_dict("records"):
        curve = [row[step] for step in STEPS if not np.isnan(row[step])]
        is_solved = ladder.TASKS[row["task"]].is_solved
        solved = [is_solved(metric, row["T"]) for metric in curve]
        assert not any(solved[:-1])
        if np.isnan(row["solved_at"]):
            # 途中で発散した種の物差しは、そこから先が nan です（IRNN だけ）
            assert not solved[-1]
            assert len(curve) == len(STEPS) or row["model"] == "irnn"
        else:
            assert solved[-1] and row["solved_at"] == len(curve) * ladder.EVERY


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
