"""長さ T の問題が、共通の約束（rnnbook.tasks.protocol）を守ることを確かめます。

約束の名（METRIC、baseline、is_solved）を一つでも持つモジュールは、すべてを持ちます。
読みや日付の文を作るモジュールは、長さ T の問題ではないので、どれも持ちません。
"""

import importlib
import pkgutil

import numpy as np
import pytest

from rnnbook import tasks
from rnnbook.tasks import catalogue, copy_memory, selective_copy
from rnnbook.tasks.protocol import METRICS, OUTPUTS, Task

ROOM = [
    importlib.import_module(f"rnnbook.tasks.{module.name}")
    for module in pkgutil.iter_modules(tasks.__path__)
    if module.name != "protocol"
]
TASKS = [each for each in ROOM if {"METRIC", "baseline", "is_solved"} & set(vars(each))]
any_task = pytest.mark.parametrize("task", TASKS, ids=lambda t: t.__name__[14:])


@any_task
def test_every_task_has_every_name_of_the_protocol(task):
    promised = set(Task.__annotations__) | {n for n in vars(Task) if n[0] != "_"}
    assert {"D", "O", "batch", "baseline", "is_solved"} < promised <= set(vars(task))
    assert task.OUTPUT in OUTPUTS and task.METRIC in METRICS


def test_the_tasks_of_the_catalogue_are_tasks_of_the_room():
    assert set(catalogue.TASKS.values()) <= set(TASKS)


@any_task
@pytest.mark.parametrize("extra", [0, 1, 7, 90])
def test_the_shapes_follow_the_declared_sizes(task, extra):
    T = task.MIN_T + extra
    x, y = task.batch(np.random.default_rng(0), 6, T)
    # 写しは 20 時刻、選ぶ写しは K 時刻だけ、T より長い系列です
    length = T + {copy_memory: 20, selective_copy: selective_copy.K}.get(task, 0)
    answers = selective_copy.K if task is selective_copy else length
    assert x.shape == (6, length, task.D)
    shapes = {"class": (6,), "value": (6, task.O), "sequence": (6, answers)}
    assert y.shape == shapes[task.OUTPUT]
    assert (y.dtype.kind == "f") == (task.OUTPUT == "value")


@any_task
def test_every_answer_is_reached_and_none_lies_outside(task):
    _, y = task.batch(np.random.default_rng(0), 500, task.MIN_T + 5)
    if task.OUTPUT == "value":
        low, high = {"adding": (0, 2), "sine": (-1, 1)}[task.__name__[14:]]
        assert low <= y.min() < low + 0.3 and high - 0.3 < y.max() <= high
    else:
        assert np.unique(y).tolist() == list(range(task.O))


@any_task
def test_batches_stream_new_series_and_a_seed_repeats_them(task):
    rng, T = np.random.default_rng(0), task.MIN_T + 5
    first, second = task.batch(rng, 8, T), task.batch(rng, 8, T)
    assert not np.array_equal(first[0], second[0])
    again = task.batch(np.random.default_rng(0), 8, T)
    for ours, repeated in zip(first, again, strict=True):
        np.testing.assert_array_equal(ours, repeated)


@any_task
@pytest.mark.parametrize("name", ["B", "T"])
@pytest.mark.parametrize("wrong", [0, -3, 2.5, "10", True])
def test_a_wrong_size_is_named(task, name, wrong):
    sizes = {"B": 4, "T": task.MIN_T} | {name: wrong}
    with pytest.raises(ValueError, match=f"引数 {name} は .* 以上の整数.*{wrong!r}"):
        task.batch(np.random.default_rng(0), **sizes)


@any_task
def test_a_series_too_short_for_the_task_is_refused_everywhere(task):
    T = task.MIN_T - 1
    for call in (
        lambda: task.batch(np.random.default_rng(0), 4, T),
        lambda: task.baseline(T),
        lambda: task.is_solved(0.5, T),
    ):
        with pytest.raises(ValueError, match=f"引数 T は {task.MIN_T} 以上.*{T} が"):
            call()


@any_task
@pytest.mark.parametrize("T", [10, 100, 1000])
def test_the_baseline_is_not_a_solution_and_a_perfect_answer_is(task, T):
    perfect = 1.0 if task.METRIC == "accuracy" else 0.0
    assert task.is_solved(perfect, T)
    assert not task.is_solved(task.baseline(T), T)


@any_task
@pytest.mark.parametrize("metric", ["0.99", None, float("nan")])
def test_a_metric_that_is_no_number_is_refused(task, metric):
    with pytest.raises(ValueError, match="引数 metric は有限の数"):
        task.is_solved(metric, 50)
