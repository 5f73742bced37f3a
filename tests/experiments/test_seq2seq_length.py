"""実験 seq2seq_length: 表はそろい、採点と勾配は、式と自動微分のものです。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import seq2seq_length as experiment
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks import copying

TABLE = load("seq2seq_length")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "T"])["seed"].nunique().unstack()
    assert set(counts.index) == set(experiment.MODELS)
    assert list(counts.columns) == list(experiment.LENGTHS)
    assert (counts == len(experiment.SEEDS)).all(axis=None)


def test_a_string_is_right_at_most_as_often_as_its_symbols():
    assert (TABLE["right"] <= TABLE["free"] + 1e-9).all()
    # 正しい記号を渡しても、はじめの記号は同じ
    first = load("seq2seq_length_positions").query("position == 1")
    np.testing.assert_allclose(first["free"], first["forced"])


def test_a_model_that_knows_nothing_is_right_by_chance():
    torch.manual_seed(0)
    model = Seq2Seq(len(copying.SYMBOLS), len(copying.SYMBOLS), H=8)
    found = experiment.score(model, T=6, strings=400)
    assert np.mean(found["forced_at"]) / 400 < 0.25
    assert found["right"] < 8


@pytest.mark.parametrize("reverse", [False, True])
def test_the_own_gradient_is_that_of_one_loss_for_one_symbol(reverse):
    torch.manual_seed(1)
    V = len(copying.SYMBOLS)
    model = Seq2Seq(V, V, H=6, E=3, reverse=reverse).double()
    found = experiment.own_gradients(model, T=4)
    x, y = copying.batch(np.random.default_rng(0), 64, 4)
    # 一列ずつ、埋め込みの表の代わりに one-hot を動かす
    norms = np.zeros((64, 4))
    for n in range(64):
        order = x[n][::-1].copy() if reverse else x[n]
        e = model.embed_x(torch.tensor(order[None])).detach().requires_grad_()
        _, last = model.encoder(e)
        for u in range(4):
            given = [1, *y[n][:u]]
            s, _ = model.decoder(model.embed_y(torch.tensor([given])), last)
            loss = -model.readout(s[:, -1]).log_softmax(1)[0, y[n][u]]
            (de,) = torch.autograd.grad(loss, e, retain_graph=True)
            norms[n, u] = de[0, 3 - u if reverse else u].norm()
    np.testing.assert_allclose(found, norms.mean(0), rtol=1e-6)


def test_a_curve_outside_the_stored_spread_is_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    wrong = [[-1.0] * len(experiment.LENGTHS)]
    again = experiment.compare([(point, {"looks": wrong})])
    assert not again["一致"].any()
