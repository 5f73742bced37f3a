"""事実を読むモデル: 問いは読み終えたベクトルだけに届き、注意は softmax の重みで読み直します。"""

import numpy as np
import pytest
import torch

from rnnbook.models.fact_reader import FactReader
from rnnbook.tasks import facts


def story(S=3, B=4):
    made = facts.batch(np.random.default_rng(0), B, S)
    asked, _ = facts.questions(made, np.tile(np.arange(S), (B, 1)))
    return torch.from_numpy(made.ids), torch.from_numpy(asked)


def test_the_one_vector_is_all_that_the_answers_see():
    model, (x, asked) = FactReader(H=8), story()
    h = model.read(x)
    q = model.query(asked)
    r = model.seen(h[:, -1:]).expand_as(q)
    expected = model.answer(torch.cat([r, r * q], dim=2))
    y_hat = model(x, asked)
    seen = torch.isfinite(y_hat)
    torch.testing.assert_close(y_hat[seen], expected[seen])


def test_the_attention_is_that_of_pytorch():
    model, (x, asked) = FactReader(H=8, looks_back=True), story()
    h, q = model.read(x), model.query(asked)
    z = torch.nn.functional.scaled_dot_product_attention(q, model.key(h), h, scale=1.0)
    r = model.seen(z)
    expected = model.answer(torch.cat([r, r * q], dim=2))
    y_hat = model(x, asked)
    seen = torch.isfinite(y_hat)
    torch.testing.assert_close(y_hat[seen], expected[seen])


def test_the_side_that_answers_is_as_wide_for_every_vector():
    narrow, wide = FactReader(H=8), FactReader(H=128)
    for part in ("query", "answer"):
        shapes = [
            [p.shape for p in getattr(m, part).parameters()] for m in (narrow, wide)
        ]
        assert shapes[0] == shapes[1]


def test_only_answers_of_the_asked_kind_are_possible():
    model, (x, asked) = FactReader(H=8), story()
    possible = torch.isfinite(model(x, asked)).sum(dim=2)
    np.testing.assert_array_equal(possible, facts.SIZES[asked % 5])


@pytest.mark.parametrize("by_word", [False, True])
def test_the_state_after_a_sentence_does_not_know_the_next(by_word):
    model, (x, _) = FactReader(H=8, by_word=by_word), story()
    steps = facts.WORDS if by_word else 1
    short = model.read(x[:, : facts.WORDS])
    torch.testing.assert_close(model.read(x)[:, :steps], short)


def test_half_a_sentence_is_refused():
    x, asked = story()
    with pytest.raises(ValueError, match="引数 x の長さは 5 の倍数です"):
        FactReader(H=8)(x[:, :7], asked)
