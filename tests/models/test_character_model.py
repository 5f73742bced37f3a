"""文字の言語モデル: 手書きの式との一致、続きから読むこと、丸めた重み。"""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.testing import assert_close as close

from rnnbook.models import few_bits
from rnnbook.models.character_model import CELLS, LSTM, PAGE, CharacterModel


def made(cell="gru", V=11, E=4, H=6):
    torch.manual_seed(0)
    model = CharacterModel(V, E, H, cell=cell)
    with torch.no_grad():
        model.bias.normal_()
    return model


X = torch.tensor([[1, 5, 3, 10, 0], [2, 2, 7, 4, 9]])


def test_the_logits_are_the_equation_written_out():
    model = made()
    W = {name: p.detach().numpy().astype(float) for name, p in model.named_parameters()}
    E, H = W["embedding.weight"], 6
    for row, logits in zip(X.numpy(), model(X)[0].detach().numpy(), strict=True):
        h = np.zeros(H)
        for k, found in zip(row, logits, strict=True):
            a = W["recurrent.weight_ih_l0"] @ E[k] + W["recurrent.bias_ih_l0"]
            b = W["recurrent.weight_hh_l0"] @ h + W["recurrent.bias_hh_l0"]
            r, z = 1 / (1 + np.exp(-(a + b)[: 2 * H].reshape(2, H)))
            new = np.tanh(a[2 * H :] + r * b[2 * H :])
            h = (1 - z) * new + z * h
            o = W["project.weight"] @ h + W["project.bias"]
            assert found == pytest.approx(E @ o + W["bias"], abs=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_reading_in_pieces_with_the_state_is_reading_at_once(cell):
    model = made(cell)
    whole, _ = model(X)
    first, state = model(X[:, :2])
    second, _ = model(X[:, 2:], state)
    close(torch.cat([first, second], 1), whole, atol=1e-6, rtol=0)


def test_the_two_cells_have_nearly_the_same_number_of_weights():
    count = [
        sum(p.numel() for p in CharacterModel(*size, cell=cell).parameters())
        for size, cell in ((PAGE, "gru"), (LSTM, "lstm"))
    ]
    assert count[0] == 271_544 and abs(count[1] / count[0] - 1) < 0.03


def test_the_bias_starts_from_the_frequencies():
    model = CharacterModel(3, 2, 4, frequencies=torch.tensor([1.0, 1.0, 2.0]))
    assert model.bias.exp().tolist() == pytest.approx([0.25, 0.25, 0.5])


def test_a_number_outside_the_table_is_named():
    with pytest.raises(ValueError, match="x"):
        made()(torch.tensor([[11]]))


@pytest.mark.parametrize("bits", [3, 4, 5, 6])
def test_a_rounded_weight_is_within_half_a_step_of_the_weight(bits):
    model, rounded = made(), made()
    few_bits.unpack(rounded, pd.DataFrame(few_bits.pack(model.state_dict(), bits)))
    for (name, W), R in zip(
        model.named_parameters(), rounded.parameters(), strict=True
    ):
        if W.dim() == 2:
            step = W.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
            assert ((W - R).abs() <= 0.5 * step + 1e-3).all(), name
        else:
            close(R, W, atol=2e-3, rtol=0)


def test_training_reads_what_will_be_shipped_and_its_gradient_goes_straight_through():
    model, shipped = made(), made()
    used = few_bits.straight_through(model, 4)
    few_bits.unpack(shipped, few_bits.pack(model.state_dict(), 4))
    for name, W in shipped.named_parameters():
        close(used[name], W, atol=2e-3, rtol=0)
    logits, _ = torch.func.functional_call(model, used, (X,))
    logits.square().mean().backward()
    there, _ = shipped(X)
    there.square().mean().backward()
    for W, S in zip(model.parameters(), shipped.parameters(), strict=True):
        close(W.grad, S.grad, atol=5e-3, rtol=0)
