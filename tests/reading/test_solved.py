"""解けた種を数える: 種の総数は組ごとに違ってよく、発散した種は別に数えます。"""

import numpy as np
import pandas as pd
import pytest

from rnnbook import data
from rnnbook.reading.intervals import Counted
from rnnbook.reading.solved import solved_counts


def runs(model: str, T: int, states: str) -> list[dict]:
    """states の一字が一つの種: s は解けた、d は発散した、u はどちらでもない。"""
    return [
        {
            "task": "latch",
            "model": model,
            "T": T,
            "seed": seed,
            "solved_at": 400 if state == "s" else np.nan,
            "diverged_at": 300 if state == "d" else np.nan,
        }
        for seed, state in enumerate(states)
    ]


def test_every_point_is_counted_by_its_own_number_of_seeds():
    table = pd.DataFrame(
        runs("rnn", 200, "ssu") + runs("irnn", 50, "sduud") + runs("rnn", 10, "uu")
    )
    counts = solved_counts(table)
    assert counts.to_dict() == {
        ("latch", "rnn", 200): Counted(2, 3),
        ("latch", "irnn", 50): Counted(1, 5, diverged=2),
        ("latch", "rnn", 10): Counted(0, 2),
    }
    assert solved_counts(table, by=["model"]).to_dict() == {
        "rnn": Counted(2, 5),
        "irnn": Counted(1, 5, diverged=2),
    }


def test_the_stored_ladder_is_counted_as_numpy_counts_it():
    table = data.load("ladder")
    for where, counted in solved_counts(table).items():
        rows = table[(table[["task", "model", "T"]] == list(where)).all(axis=1)]
        assert counted.n == rows["seed"].nunique()
        assert counted.k == np.isfinite(rows["solved_at"]).sum()
        assert counted.diverged == np.isfinite(rows["diverged_at"]).sum()


def test_a_table_without_a_column_is_refused_with_its_name():
    table = pd.DataFrame(runs("rnn", 10, "s")).drop(columns="diverged_at")
    with pytest.raises(ValueError, match="diverged_at がありません"):
        solved_counts(table)


def test_a_seed_that_both_solved_and_diverged_is_refused_with_its_row():
    table = pd.DataFrame(runs("rnn", 10, "us"))
    table.loc[1, "diverged_at"] = 500
    with pytest.raises(ValueError, match="行 1 は"):
        solved_counts(table)
