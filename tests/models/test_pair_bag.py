"""隣り合う二語の袋は、組の数だけで答え、離れた語の並びは見ません。"""

from itertools import pairwise

import pytest
import torch

from rnnbook.models.pair_bag import PairBag


def test_the_answer_is_linear_in_the_counts_of_the_pairs():
    torch.manual_seed(0)
    model, x = PairBag(O=3, V=5), torch.randint(5, (8, 7))
    counts = torch.zeros(8, 25)
    for row, words in enumerate(x.tolist()):
        for one, two in pairwise(words):
            counts[row, 5 * one + two] += 1
    expected = model.readout(counts @ model.embedding.weight / 6)
    torch.testing.assert_close(model(x), expected)


def test_the_order_of_two_neighbours_is_seen():
    model = PairBag(O=3, V=5)
    one, two = model(torch.tensor([[1, 2], [2, 1]]))
    assert not torch.allclose(one, two)


def test_a_single_word_has_no_pair_and_is_refused():
    with pytest.raises(ValueError, match="引数 x の長さは 2 以上です"):
        PairBag(O=3, V=5)(torch.zeros(2, 1, dtype=torch.long))
