"""実験 limits_parallel_gpu: 保存した表はそろい、GPU がなければ、測る前に止まります。"""

import json

import pytest
import torch

from rnnbook.data import DATA, load
from rnnbook.experiments import limits_parallel_gpu as experiment
from rnnbook.experiments import limits_scale_gpu

TABLE = load("limits_parallel_gpu")


def test_the_grid_is_complete_and_word_by_word_stops_where_it_was_not_asked():
    counts = TABLE.groupby(["setting", "way", "T"]).size()
    assert (counts == len(experiment.MODELS) * len(experiment.SEEDS)).all()
    assert TABLE.query("way == 'steps'")["T"].max() < min(experiment.LONGER)
    assert set(TABLE["T"]) == {point["T"] for point in experiment.EXPERIMENT.points}
    assert (TABLE["milliseconds"] > 0).all()


@pytest.mark.parametrize("name", ["limits_parallel_gpu", "limits_scale_gpu"])
def test_the_record_names_the_gpu(name):
    record = json.loads((DATA / "results" / f"{name}.json").read_text())
    assert record["device"].startswith("GPU NVIDIA")


@pytest.mark.skipif(torch.cuda.is_available(), reason="GPU のある計算機では測れます。")
@pytest.mark.parametrize("which", [experiment, limits_scale_gpu])
def test_without_a_gpu_the_run_says_what_it_needs(which):
    with pytest.raises(RuntimeError, match="GPU が要ります"):
        which.train(which.EXPERIMENT.quick[0])


def test_attention_read_at_once_is_faster_at_every_length_here():
    middle = TABLE.groupby(["setting", "way", "model", "T"])["milliseconds"].median()
    ratio = middle.xs("attention", level="model") / middle.xs("lstm", level="model")
    assert (ratio.loc["small", "whole"] < 0.9).all()
    assert (ratio.loc["half", "train"][lambda r: r.index >= 512] < 0.1).all()


def test_the_text_model_reaches_the_same_loss_on_both_machines():
    keys = ["kind", "size", "update"]
    means = [
        load(name).query("data == 1.0").groupby(keys)["valid"].mean()
        for name in ("limits_scale", "limits_scale_gpu")
    ]
    shared = means[0].index.intersection(means[1].index)
    assert len(shared) > 10
    assert (means[0][shared] - means[1][shared]).abs().max() < 0.1
