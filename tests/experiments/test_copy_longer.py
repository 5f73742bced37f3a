"""実験 copy_longer: 比は記憶なしの損失に対するもので、測り直しは保存した幅に入ります。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import copy_longer, ladder
from rnnbook.tasks import copy_memory

TABLE = load("copy_longer")
STEPS = [
    str(n) for n in range(copy_longer.KEEP, copy_longer.UPDATES + 1, copy_longer.KEEP)
]


def test_the_grid_is_complete():
    assert (TABLE.groupby("model")["seed"].nunique() == copy_longer.SEEDS).all()
    assert set(TABLE["model"]) == set(ladder.MODELS)
    assert TABLE.columns[3:].tolist() == STEPS


def test_the_first_updates_agree_with_those_of_the_ladder():
    # 同じ種、同じ条件の学習です。積む数 K が違うので、丸めの差は育ちます
    stored = load("ladder").query("task == 'copy' and T == @copy_longer.T")
    before = stored.groupby("model")["1000"].median() / copy_memory.baseline(10)
    ours = TABLE.groupby("model")["1000"].median()
    np.testing.assert_allclose(ours, before.loc[ours.index], atol=0.05)


def test_measuring_again_agrees_with_the_stored_spread():
    points = copy_longer.EXPERIMENT.quick
    again = copy_longer.compare([(p, copy_longer.train(p)) for p in points])
    assert again["一致"].all(), again.to_string()


def test_a_network_that_remembers_nothing_is_a_disagreement():
    point = {"model": "lstm_chrono", "seed": 0}
    again = copy_longer.compare([(point, {"seeds": [{"ratio": [1.5]}]})])
    assert not again["一致"].iloc[0]


def test_the_ratio_is_one_for_a_network_that_knows_only_the_blanks(monkeypatch):
    loss = 10 * np.log(8) / 30
    record = {"curve": [loss] * 20, "solved_at": None}
    monkeypatch.setattr(ladder, "train_many", lambda *_: [record])
    result = copy_longer.train({"model": "rnn", "seed": 0, "seeds": 1, "updates": 2000})
    assert result["seeds"][0]["ratio"] == pytest.approx([1.0, 1.0])
