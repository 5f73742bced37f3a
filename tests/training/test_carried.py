"""打ち切った BPTT: 帯は続きから読まれ、状態は引き継がれ、勾配は引き継がれない。"""

import numpy as np
import pytest
import torch

from rnnbook.datasets.essays import Characters
from rnnbook.models.character_model import CharacterModel
from rnnbook.training.carried import CarriedLoss, tracks
from rnnbook.training.character_bits import START, character_bits, per_character

IDS = torch.arange(103)


def test_each_track_goes_on_where_it_stopped_and_y_is_one_ahead():
    batches = tracks(IDS, B=3, T=4, rng=np.random.default_rng(0))
    before = next(batches)
    for _ in range(6):
        x, y = next(batches)
        assert (x[:, 0] == before[1][:, -1]).all()
        assert ((x + 1) % len(IDS) == y).float().mean() > 0.9
        before = x, y


def test_one_pass_reads_almost_every_character_once():
    B, T = 3, 4
    batches = tracks(IDS, B, T, np.random.default_rng(0))
    length = len(IDS) // B
    read = torch.cat([next(batches)[0].flatten() for _ in range((length - 1) // T)])
    assert len(set(read.tolist())) == len(read) >= len(IDS) - B * (T + 2)


def test_a_text_too_short_for_the_tracks_is_refused():
    with pytest.raises(ValueError, match="引数 ids"):
        next(tracks(torch.arange(9), B=3, T=3, rng=np.random.default_rng(0)))


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_two_pieces_have_the_loss_of_one_and_the_gradient_of_the_second_alone(cell):
    torch.manual_seed(0)
    model = CharacterModel(V=7, E=3, H=5, cell=cell)
    x = torch.randint(0, 7, (2, 9))
    loss = CarriedLoss()
    loss(model, (x[:, :4], x[:, 1:5]))
    L = loss(model, (x[:, 4:8], x[:, 5:9]))
    logits, _ = model(x[:, :8])
    whole = torch.nn.functional.cross_entropy(
        logits[:, 4:].flatten(0, 1), x[:, 5:9].flatten()
    )
    assert L.item() == pytest.approx(whole.item(), abs=1e-6)
    # 勾配は、状態を定数とみなしたものと同じ
    L.backward()
    first = CharacterModel(V=7, E=3, H=5, cell=cell)
    first.load_state_dict(model.state_dict())
    state = first(x[:, :4])[1]
    state = tuple(s.detach() for s in state) if cell == "lstm" else state.detach()
    logits, _ = first(x[:, 4:8], state)
    torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), x[:, 5:9].flatten()
    ).backward()
    for mine, theirs in zip(model.parameters(), first.parameters(), strict=True):
        assert mine.grad == pytest.approx(theirs.grad, abs=1e-6)


def test_the_bits_of_a_work_do_not_depend_on_the_pieces_or_on_its_neighbours():
    torch.manual_seed(0)
    table = Characters("〓\nあいうえ")
    model = CharacterModel(V=6, E=3, H=5)
    texts = ["あいうえおあ", "うう", "えあいうえあいうえ"]
    at_once = character_bits(model, table, texts)
    for chunk in (1, 2, 5):
        for one, other in zip(
            character_bits(model, table, texts, chunk=chunk), at_once, strict=True
        ):
            assert one == pytest.approx(other, abs=1e-5)
    for text, bits in zip(texts, at_once, strict=True):
        (alone,) = character_bits(model, table, [text])
        assert alone == pytest.approx(bits, abs=1e-5)
        ids = torch.from_numpy(table.encode(START + text))[None]
        log_p = torch.log_softmax(model(ids[:, :-1])[0], -1)[0]
        by_hand = -log_p[torch.arange(len(text)), ids[0, 1:]] / np.log(2)
        paid = [16.0 * (c == "お") for c in text]
        assert bits == pytest.approx(by_hand.detach().numpy() + paid, abs=1e-5)
    assert per_character(at_once) == pytest.approx(np.concatenate(at_once).mean())
