"""切り詰めた n グラム: すべて残せば元の値、どこまで切っても足して 1、大きさは限りの中。"""

import gzip

import numpy as np
import pytest

from rnnbook.models.grams import Grams
from rnnbook.models.kneser_ney import KneserNey
from rnnbook.models.pruned import PrunedNGram, interpolated, pruned_to, varints
from rnnbook.models.witten_bell import WittenBell

V = 6
TEXT = np.random.default_rng(0).choice(5, 900, p=[0.4, 0.3, 0.15, 0.1, 0.05])
ASKED = np.random.default_rng(1).integers(0, V, 60)
KINDS = pytest.mark.parametrize("kind", [WittenBell, KneserNey])


@KINDS
def test_the_probability_of_every_gram_is_the_one_the_model_gives(kind):
    model = kind(Grams(TEXT, V, 3))
    p, _ = interpolated(model)
    ends = model.grams.find(TEXT)[2]
    assert p[2][ends[2:]] == pytest.approx(model.probabilities(TEXT)[2:])


@KINDS
def test_what_keeps_everything_is_the_model_up_to_the_rounding(kind):
    model = kind(Grams(TEXT, V, 3))
    whole = PrunedNGram(model, threshold=-1e9)
    assert all(kept.all() for kept in whole.kept)
    off = np.log2(whole.probabilities(TEXT) / model.probabilities(TEXT))
    assert abs(off[2:]).max() < 0.5


@KINDS
@pytest.mark.parametrize("threshold", [-1e9, 0.5, 3.0, 20.0])
def test_the_probabilities_sum_to_one_wherever_it_is_cut(kind, threshold):
    model = PrunedNGram(kind(Grams(TEXT, V, 3)), threshold)
    for history in (TEXT[:9], TEXT[40:49], ASKED[:9]):
        rows = [model.probabilities(np.append(history, w))[-1] for w in range(V)]
        assert min(rows) > 0 and sum(rows) == pytest.approx(1)


@KINDS
def test_it_stays_within_the_bytes_and_loses_bits_for_them(kind):
    model = kind(Grams(TEXT, V, 4))
    small, large = pruned_to(model, 120), pruned_to(model, 600)
    assert len(small.packed()) <= 120 < len(large.packed()) <= 600
    cost = [-np.log2(m.probabilities(TEXT)).mean() for m in (small, large)]
    assert cost[1] < cost[0]


def test_the_context_of_what_is_kept_is_kept():
    model = PrunedNGram(KneserNey(Grams(TEXT, V, 4)), threshold=2.0)
    for n in (1, 2, 3):
        parents = model.grams.levels[n].contexts[model.kept[n]]
        assert model.kept[n - 1][parents].all()


def test_the_packed_grams_can_be_read_back():
    model = PrunedNGram(WittenBell(Grams(TEXT, V, 2)), threshold=1.0)
    raw = gzip.decompress(model.packed())
    kept = model.kept[1]
    # 一文字の確率が V 個、続きの数が 5 個（文章に現れない文字 5 は、文脈にならない）、文字の差
    assert len(model.grams.levels[0].codes) == 5
    children, gaps = list(raw[V : V + 5]), list(raw[V + 5 : V + 5 + kept.sum()])
    codes = []
    for context, number in enumerate(children):
        letter = 0
        for _ in range(number):
            letter += gaps.pop(0)
            codes.append(context * V + letter)
    assert codes == model.grams.levels[1].codes[kept].tolist()


def test_a_number_beyond_one_byte_takes_two():
    assert list(varints(np.array([127, 128, 2047]))) == [127, 128, 1, 255, 15]
