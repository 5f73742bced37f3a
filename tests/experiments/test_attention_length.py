"""実験 attention_length: 表はそろい、固定のベクトルと同じ条件で、外れた曲線は断られます。"""

import torch

from rnnbook.data import load
from rnnbook.experiments import attention_length as experiment
from rnnbook.experiments import seq2seq_length as fixed
from rnnbook.models.attention import SCORES, AttentionSeq2Seq

TABLE = load("attention_length")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["score", "T"])["seed"].nunique().unstack()
    assert set(counts.index) == set(SCORES)
    assert list(counts.columns) == list(experiment.LENGTHS)
    assert (counts == len(experiment.SEEDS)).all(axis=None)
    assert (TABLE["right"] <= TABLE["free"] + 1e-9).all()


def test_the_budget_is_that_of_the_fixed_vector():
    assert experiment.UPDATES == fixed.UPDATES
    assert fixed.MODELS["forward"][0] == experiment.H
    steps = [name for name in TABLE if name.isdigit()]
    assert steps == [name for name in load("seq2seq_length") if name.isdigit()]


def test_looking_at_the_own_symbol_is_counted():
    torch.manual_seed(0)
    model = AttentionSeq2Seq(11, 11, H=6)
    assert 0 <= experiment.diagonal(model, 8) < 0.5
    assert experiment.diagonal(model, 1) == 1.0


def test_a_curve_outside_the_stored_spread_is_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    wrong = [[-1.0] * len(experiment.LENGTHS)]
    assert not experiment.compare([(point, {"looks": wrong})])["一致"].any()
