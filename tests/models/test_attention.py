"""注意つきの Seq2Seq: 手で書いた注意と同じで、埋めた所は見ず、隠した所は書くものに届きません。"""

import copy

import numpy as np
import pytest
import torch

from rnnbook.cells.attention import AdditiveParams, additive_attention, dot_attention
from rnnbook.models.attention import SCORES, AttentionSeq2Seq
from rnnbook.models.decoding import greedy, of_model
from rnnbook.models.looking import looked_at, partly_swapped, swapped


@pytest.fixture(params=SCORES)
def model(request):
    torch.manual_seed(1)
    return AttentionSeq2Seq(8, 9, H=12, E=5, score=request.param).double()


X = torch.tensor([[3, 4, 5, 6, 7], [5, 3, 0, 0, 0]])
Y = torch.tensor([[3, 8, 2], [4, 2, 0]])


def test_the_weights_are_those_of_the_hand_written_cells(model):
    memory = model.encode(X, [5, 2])
    s, _ = model.decoder(
        model.embed_y(torch.tensor([[1, 3, 8], [1, 4, 2]])), memory.last
    )
    s, h = s.detach().numpy(), memory.h.detach().numpy()
    real = memory.real.numpy()
    if model.score == "dot":
        trace = dot_attention(s, h, h, real)
    else:
        w = {name: p.detach().numpy() for name, p in model.named_parameters()}
        params = AdditiveParams(
            w["W_1.weight"], w["W_2.weight"], w["W_1.bias"], w["v.weight"][0]
        )
        trace = additive_attention(s, h, h, params, real)
    alpha = model.weights(X, Y, [5, 2]).detach().numpy()
    np.testing.assert_allclose(alpha, trace.alpha, atol=1e-12)


def test_padding_changes_nothing(model):
    together = model(X, Y, [5, 2])
    torch.testing.assert_close(together[1], model(X[1:, :2], Y[1:])[0])
    alpha = model.weights(X, Y, [5, 2])
    assert (alpha[1, :, 2:] == 0).all()
    torch.testing.assert_close(alpha.sum(2), torch.ones(2, 3, dtype=torch.float64))


def test_teacher_forcing_equals_one_step_at_a_time(model):
    memory = model.encode(X[:1])
    state, scores = memory.last, []
    for given in (1, 3, 8):
        score, state = model.step(torch.tensor([given]), state, memory)
        scores.append(score)
    torch.testing.assert_close(model(X[:1], Y[:1]), torch.stack(scores, 1))


def test_the_search_of_chapter_5_reads_it_as_it_stands(model):
    written = model.greedy(X[:1], 6)[0]
    found = greedy(of_model(model, X[0].numpy()), 6).symbols
    assert list(found) == written[: len(found)].tolist()


def test_a_hidden_place_can_hold_anything(model):
    cut = torch.zeros(1, 3, 5, dtype=torch.bool)
    cut[:, 1, 2] = True  # 二つめの記号を書くときに、三つめを隠す
    memory = model.encode(X[:1])
    real = memory.real[:, None] & ~cut
    changed = memory.h.clone()
    changed[:, 2] = 9.0
    before = model.forced(memory._replace(real=real), Y[:1])[0]
    after = model.forced(memory._replace(real=real, h=changed), Y[:1])[0]
    torch.testing.assert_close(before[:, 1], after[:, 1])
    assert not torch.allclose(before[:, 0], after[:, 0])


def test_swapping_every_way_is_writing_for_the_other(model):
    with torch.no_grad():
        model.readout.weight.mul_(20)
    mine, other = (X[:1], Y[:1], [5]), (X[:1].flip(1), Y[:1].flip(1), [5])
    own = model(mine[0], mine[1]).argmax(2)
    torch.testing.assert_close(swapped(model, mine, other, "none"), own)
    both = swapped(model, (mine[0], other[1], [5]), other, "both")
    torch.testing.assert_close(both, model(other[0], other[1]).argmax(2))
    # 状態をすべて差し替えるのは、見るものを差し替えるのと同じ
    everywhere = torch.ones(1, 5, dtype=torch.bool)
    torch.testing.assert_close(
        partly_swapped(model, mine, other, everywhere),
        swapped(model, mine, other, "h"),
    )
    # 書いたものを替えても、はじめの記号は同じ
    assert swapped(model, mine, other, "y")[0, 0] == own[0, 0]


def test_a_swapped_context_is_all_that_changes(model):
    """状態を読まないモデルは相手の答えになり、文脈ベクトルを読まないモデルは変わらない。"""
    mine, other = (X[:1], Y[:1], [5]), (X[:1].flip(1), Y[:1].flip(1), [5])
    H = model.mix.out_features
    for unused, expected in ((slice(H, None), other), (slice(H), mine)):
        blind = copy.deepcopy(model)
        with torch.no_grad():
            blind.readout.weight.mul_(20)
            blind.mix.weight[:, unused] = 0
        said = swapped(blind, mine, other, "context")
        torch.testing.assert_close(said, blind(*expected[:2]).argmax(2))


def test_the_largest_weight_is_named_by_its_role():
    alpha = np.array([[[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]])
    found = looked_at(alpha, [("year", "month", "day")])
    assert found.tolist() == [["month", "year"]]


def test_a_wrong_argument_is_named(model):
    with pytest.raises(ValueError, match="引数 score は 'dot', 'additive'"):
        AttentionSeq2Seq(8, 9, H=4, score="cosine")
    with pytest.raises(ValueError, match="引数 what は"):
        swapped(model, (X, Y, [5, 2]), (X, Y, [5, 2]), "c")
