"""探し方: 幅が十分なビーム探索は、すべての列を調べたものに等しくなります。"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.models.decoding import beam_search, exhaustive, greedy, of_model
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks.symbols import END

V = 5


def random_search(seed):
    """書きかけごとに決まった、でたらめな次の記号の確率。"""

    def next_log_p(prefix):
        rng = np.random.default_rng([seed, *prefix])
        scores = rng.normal(0, 2, V)
        return scores - np.log(np.exp(scores).sum())

    return next_log_p


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    longest=st.integers(1, 4),
    alpha=st.sampled_from([0.0, 0.6, 1.0]),
)
def test_a_wide_beam_equals_exhaustive_search(seed, longest, alpha):
    next_log_p = random_search(seed)
    every = exhaustive(next_log_p, V, longest, alpha)
    found = beam_search(next_log_p, longest, width=V**longest, alpha=alpha)
    assert [each.symbols for each in found] == [each.symbols for each in every]
    np.testing.assert_allclose(
        [each.score(alpha) for each in found], [each.score(alpha) for each in every]
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_beam_of_one_is_greedy(seed):
    next_log_p = random_search(seed)
    one, plain = beam_search(next_log_p, 12, width=1), greedy(next_log_p, 12)
    assert [each.symbols for each in one] == ([plain.symbols] if plain.closed else [])


def test_a_beam_continues_from_what_is_already_written():
    next_log_p = random_search(3)
    every = [each for each in exhaustive(next_log_p, V, 4) if each.symbols[:1] == (4,)]
    found = beam_search(next_log_p, 4, width=V**4, start=(4,))
    assert [each.symbols for each in found] == [each.symbols for each in every]
    assert beam_search(next_log_p, 4, width=3, start=(4, END))[0].symbols == (4, END)


def test_length_normalisation_lets_a_longer_string_win():
    def next_log_p(prefix):
        p = (
            [1e-12, 1e-12, 0.4, 0.6, 1e-12]
            if not prefix
            else [1e-12, 1e-12, 0.62, 0.38, 1e-12]
        )
        return np.log(p)

    assert beam_search(next_log_p, 3, 9)[0].symbols == (END,)
    assert beam_search(next_log_p, 3, 9, alpha=1.0)[0].symbols == (3, END)


def test_greedy_on_the_model_equals_the_batch_of_the_model():
    torch.manual_seed(0)
    model = Seq2Seq(8, 8, H=16, reverse=True)
    with torch.no_grad():
        model.readout.weight.mul_(8)
    x = torch.randint(3, 8, (6, 5))
    together = model.greedy(x, 7)
    for row, written in zip(x, together, strict=True):
        alone = greedy(of_model(model, row.numpy()), 7).symbols
        assert list(alone) == written[: len(alone)].tolist()


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 width"):
        beam_search(random_search(0), 3, width=0)
    with pytest.raises(ValueError, match="引数 next_log_p"):
        greedy(None, 3)
