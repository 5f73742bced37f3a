"""実験 characters_read: 混合は検証で選ばれ、近い文字ほど効くこと。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.datasets.all_essays import works_of
from rnnbook.experiments import characters_read as experiment
from rnnbook.training.character_bits import character_bits, ids_of

TABLE = load("characters_read")
REACH = load("characters_read_reach").set_index("context")
GRADIENTS = load("characters_read_gradients").set_index("distance")


def mean(part, column):
    rows = TABLE[TABLE["part"] == part]
    return (rows[column] * rows["characters"]).sum() / rows["characters"].sum()


def test_every_held_out_work_is_read():
    titles = [work.title for part in experiment.HELD for work in works_of(part)]
    assert TABLE["title"].tolist() == titles


@pytest.mark.parametrize("part", experiment.HELD)
def test_the_mixture_is_better_than_either(part):
    best = min(mean(part, "net"), mean(part, "kneser_ney"))
    assert mean(part, "mixture") < best - 0.05


def test_the_weight_of_the_mixture_leaves_something_to_both():
    assert 0 < TABLE["weight"].iloc[0] < 1


def test_the_network_of_the_mixture_is_the_one_of_the_page():
    page = load("characters_page")
    seed = page.groupby("seed")["bits_page"]
    found = [
        np.allclose(rows.to_numpy(), TABLE["net"].to_numpy(), atol=2e-3)
        for _, rows in seed
    ]
    assert sum(found) == 1


def test_most_of_what_is_read_is_near():
    assert REACH["more"][1] > 1 and REACH["more"][2] > 0.4
    assert abs(REACH["more"][64]) < 0.05 and abs(REACH["more"][256]) < 0.01
    assert GRADIENTS["norm"][1] > 10 * GRADIENTS["norm"][16]


def test_a_window_as_long_as_all_that_came_before_has_the_bits_of_reading_on():
    model, table = experiment.shipped()
    work = min(works_of("test"), key=lambda work: len(work.text))
    (bits,) = character_bits(model, table, [work.text[:40]])
    ids = ids_of(table, work.text[:40])
    log_p = experiment._last_log_p(model, torch.from_numpy(ids[None, :-1]))
    assert -log_p[0, ids[-1]].item() / np.log(2) == pytest.approx(bits[-1], abs=1e-4)


def test_the_places_are_late_enough_in_their_works():
    where = experiment.places_in(np.random.default_rng(0), 300)
    lengths = [len(work.text) for work in works_of("test")]
    assert all(experiment.EARLIEST <= t < lengths[k] for k, t in where)
