"""Seq2Seq: 埋めた所は読まれず、逆順は本当の長さの中だけで、教師強制は一歩ずつと同じです。"""

import numpy as np
import pytest
import torch

from rnnbook.models.eight_bits import pack, unpack
from rnnbook.models.seq2seq import Seq2Seq, shifted
from rnnbook.tasks.symbols import START, Vocabulary
from rnnbook.training.batches import Batch
from rnnbook.training.teacher_forcing import scheduled_sampling, teacher_forcing


@pytest.fixture(params=[False, True], ids=["forward", "reversed"])
def model(request):
    torch.manual_seed(1)
    return Seq2Seq(8, 9, H=12, E=5, reverse=request.param)


def test_padding_changes_nothing(model):
    x = torch.tensor([[3, 4, 5, 6, 7], [5, 3, 0, 0, 0]])
    y = torch.tensor([[3, 8, 2], [4, 2, 0]])
    together = model(x, y, [5, 2])
    torch.testing.assert_close(together[1], model(x[1:, :2], y[1:])[0])
    torch.testing.assert_close(together[0], model(x[:1], y[:1])[0])


def test_the_encoder_is_the_layer_of_torch_read_in_the_promised_order(model):
    x = torch.tensor([[3, 4, 5, 6]])
    order = x.flip(1) if model.reverse else x
    h, (h_S, c_S) = model.encoder(model.embed_x(order))
    memory = model.encode(x)
    torch.testing.assert_close(memory.h, h)
    torch.testing.assert_close(memory.last, (h_S, c_S))


def test_teacher_forcing_equals_one_step_at_a_time(model):
    x, y = torch.tensor([[3, 4, 5]]), torch.tensor([[6, 8, 2]])
    memory = model.encode(x)
    state, scores = memory.last, []
    for given in (START, 6, 8):
        score, state = model.step(torch.tensor([given]), state, memory)
        scores.append(score)
    torch.testing.assert_close(model(x, y), torch.stack(scores, 1))
    assert shifted(y).tolist() == [[START, 6, 8]]


def test_scheduled_sampling_starts_as_teacher_forcing_and_ends_on_its_own_symbols(
    model,
):
    x = torch.randint(3, 8, (4, 5))
    y = torch.randint(3, 9, (4, 6))
    batch = Batch(x, y)
    loss = scheduled_sampling(1.0, updates=1)
    torch.testing.assert_close(loss(model, batch), teacher_forcing(model, batch))
    # 二度目は ε = 1: 渡すのは、いつも自分の選んだ記号
    written = model.greedy(x, 6)
    scores = model(x, written)
    expected = torch.nn.functional.cross_entropy(scores.flatten(0, 1), y.flatten())
    if (written == 2).any() or (written == 0).any():
        pytest.skip("終わりの記号を書いた列は、その先を比べられません")
    torch.testing.assert_close(loss(model, batch), expected)


def test_eight_bits_move_a_weight_by_at_most_half_a_step(model):
    other = Seq2Seq(8, 9, H=12, E=5)
    unpack(other, pack(model))
    for name, weight in model.state_dict().items():
        step = weight.reshape(len(weight), -1).abs().max().item() / 127
        moved = (weight - other.state_dict()[name]).abs().max().item()
        assert moved <= 0.5001 * step, name


def test_a_vocabulary_names_the_letter_it_does_not_have():
    with pytest.raises(ValueError, match="文字 'z'"):
        Vocabulary("abc").encode(["abz"])
    ids, lengths = Vocabulary("abc").encode(["a", "bca"], end=True)
    np.testing.assert_array_equal(lengths, [2, 4])
    assert [Vocabulary("abc").decode(row) for row in ids] == ["a", "bca"]
