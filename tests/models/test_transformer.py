"""Transformer と語の袋: PyTorch と同じ値、前だけを見ること、埋めた所を読まないこと、語順。"""

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.models.bag import Bag
from rnnbook.models.transformer import Block, SelfAttention, Transformer, sinusoids

X = torch.randint(1, 14, (5, 9), generator=torch.Generator().manual_seed(0))


def new(**how) -> Transformer:
    torch.manual_seed(1)
    return Transformer(3, V=14, **{"layers": 2, **how}).eval()


@pytest.mark.parametrize("causal", [False, True])
def test_a_block_is_the_encoder_layer_of_pytorch(causal):
    torch.manual_seed(0)
    block = Block(16, 4, causal).double()
    layer = nn.TransformerEncoderLayer(
        16, 4, 64, 0.0, "gelu", batch_first=True, norm_first=True
    ).double()
    pairs = {
        "self_attn.in_proj_": block.attention.query_key_value,
        "self_attn.out_proj.": block.attention.mix,
        "linear1.": block.widen,
        "linear2.": block.narrow,
        "norm1.": block.norm_1,
        "norm2.": block.norm_2,
    }
    for name, part in pairs.items():
        for kind in ("weight", "bias"):
            layer.get_parameter(name + kind).data.copy_(getattr(part, kind))
    x = torch.randn(3, 7, 16, dtype=torch.float64)
    hidden = nn.Transformer.generate_square_subsequent_mask(7, dtype=torch.float64)
    expected = layer(x, src_mask=hidden if causal else None)
    torch.testing.assert_close(block(x), expected, atol=1e-12, rtol=0)


def test_the_waves_are_those_of_the_formula():
    p = sinusoids(T=50, E=6).numpy()
    for t in (0, 7, 49):
        for i in range(3):
            angle = t / 10_000 ** (2 * i / 6)
            np.testing.assert_allclose(p[t, 2 * i], np.sin(angle), atol=1e-5)
            np.testing.assert_allclose(p[t, 2 * i + 1], np.cos(angle), atol=1e-5)


def test_a_causal_model_does_not_see_what_comes_later():
    later = X.clone()
    later[:, 5:] = 0
    looking_ahead = []
    for causal in (True, False):
        model = new(causal=causal, every_step=True)
        looking_ahead.append((model(X) - model(later))[:, :5].abs().max().item())
    assert looking_ahead[0] < 1e-6 < 1e-3 < looking_ahead[1]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("every_step", [False, True])
def test_the_answers_do_not_depend_on_the_padding(causal, every_step):
    model, lengths = new(causal=causal, every_step=every_step), [9, 4, 1, 7, 2]
    padded = nn.functional.pad(X, (0, 6))
    found, short = model(padded, lengths), model(X, lengths)
    for row, n in enumerate(lengths):
        alone = model(X[row : row + 1, :n])[0]
        for each in (found, short):
            part = each[row, :n] if every_step else each[row]
            torch.testing.assert_close(part, alone, atol=1e-5, rtol=0)


def test_only_a_model_with_positions_sees_the_order():
    turned = torch.cat([X[:, :-1].flip(1), X[:, -1:]], dim=1)  # 最後の語はそのまま
    for model, sees in (
        (new(positions=False), False),
        (new(), True),
        (Bag(3, V=14), False),
    ):
        moved = (model(X) - model(turned)).abs().max().item()
        assert (moved > 1e-3) == sees


def test_the_bag_does_not_read_the_padding():
    bag, padded = Bag(3, V=14), nn.functional.pad(X, (0, 6))
    torch.testing.assert_close(bag(padded, [9] * 5), bag(X), atol=1e-6, rtol=0)


def test_one_word_at_a_time_is_the_same_attention():
    attention, x = SelfAttention(16, 4, causal=True), torch.randn(2, 11, 16)
    past, found = None, []
    for t in range(11):
        y, past = attention.step(x[:, t : t + 1], past)
        found.append(y)
    torch.testing.assert_close(torch.cat(found, 1), attention(x), atol=1e-5, rtol=0)
    assert past[0].shape == (2, 4, 11, 4)  # 覚えた鍵は、読んだ語の数だけ


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"E": 30, "heads": 4}, "引数 heads は E = 30 を割り切る"),
        ({"layers": 0}, "引数 layers"),
        ({"causal": "no"}, "引数 causal"),
    ],
)
def test_a_wrong_argument_is_named(how, message):
    with pytest.raises(ValueError, match=message):
        Transformer(3, V=14, **how)


@pytest.mark.parametrize("model", [new(), Bag(3, V=14)])
def test_a_word_outside_the_vocabulary_is_named(model):
    with pytest.raises(ValueError, match="引数 x"):
        model(torch.full((1, 3), 14))
