"""長い並びの n グラム: 第 7 章の n グラム、辞書で数えた式、足して 1 になることとの一致。"""

from collections import Counter, defaultdict

import numpy as np
import pytest

from rnnbook.models.grams import Grams
from rnnbook.models.kneser_ney import FALLBACK, KneserNey, discounts
from rnnbook.models.ngram import NGram
from rnnbook.models.witten_bell import WittenBell

V = 6
TEXT = np.random.default_rng(0).choice(5, 900, p=[0.4, 0.3, 0.15, 0.1, 0.05])
ASKED = np.random.default_rng(1).integers(0, V, 60)


def by_dictionary(text, order, history, w):
    """式のとおりに、辞書で数えた修正クネーザー–ナイ。"""

    def counts(n):
        grams = [tuple(text[k : k + n]) for k in range(len(text) - n + 1)]
        if n == order:
            return Counter(grams)
        before = defaultdict(set)
        for k in range(1, len(text) - n + 1):
            before[tuple(text[k : k + n])].add(text[k - 1])
        return Counter({gram: len(found) for gram, found in before.items()})

    p = 1 / V
    for n in range(1, min(order, len(history) + 1) + 1):
        a = counts(n)
        kinds = Counter(a.values())
        D = FALLBACK
        if all(kinds[k] for k in (1, 2, 3, 4)):
            Y = kinds[1] / (kinds[1] + 2 * kinds[2])
            tried = [k - (k + 1) * Y * kinds[k + 1] / kinds[k] for k in (1, 2, 3)]
            if all(0 < d < k for k, d in enumerate(tried, 1)):
                D = tried
        h = tuple(history[len(history) - n + 1 :])
        after = {gram: c for gram, c in a.items() if gram[:-1] == h}
        total = sum(after.values())
        if not total:
            return p
        taken = {gram: D[min(c, 3) - 1] for gram, c in after.items()}
        kept = after.get((*h, w), 0) - taken.get((*h, w), 0)
        p = kept / total + sum(taken.values()) / total * p
    return p


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_kneser_ney_is_the_formula_counted_by_a_dictionary(order):
    text = TEXT.tolist()
    found = KneserNey(Grams(TEXT, V, order)).probabilities(ASKED)
    for t, p in enumerate(found):
        history = ASKED[max(t - order + 1, 0) : t].tolist()
        assert p == pytest.approx(by_dictionary(text, order, history, ASKED[t]))


@pytest.mark.parametrize("kind", [WittenBell, KneserNey])
@pytest.mark.parametrize("order", [1, 3, 7])
def test_the_probabilities_of_all_characters_sum_to_one(kind, order):
    model = kind(Grams(TEXT, V, order))
    for history in (TEXT[:9], TEXT[40:49], ASKED[:9], np.full(4, V - 1)):
        rows = [model.probabilities(np.append(history, w))[-1] for w in range(V)]
        assert min(rows) > 0 and sum(rows) == pytest.approx(1)


@pytest.mark.parametrize("order", [1, 2, 4, 6])
def test_witten_bell_is_the_ngram_of_chapter_7(order):
    found = WittenBell(Grams(TEXT, V, order)).probabilities(ASKED)
    assert found == pytest.approx(NGram(TEXT, V, order).probabilities(ASKED))


@pytest.mark.parametrize("kind", [WittenBell, KneserNey])
def test_a_shorter_order_comes_out_of_the_same_counts(kind):
    grams = Grams(TEXT, V, 5)
    for order in (1, 2, 4):
        own = kind(Grams(TEXT, V, order)).probabilities(ASKED)
        assert kind(grams.shortened(order)).probabilities(ASKED) == pytest.approx(own)


def test_grams_too_long_for_one_integer_are_counted():
    # 2048 ** 7 は 64 ビットの整数に収まらない
    grams = Grams(TEXT, 2048, 7)
    windows = Counter(tuple(TEXT[k : k + 7].tolist()) for k in range(len(TEXT) - 6))
    assert sorted(grams.levels[6].counts) == sorted(windows.values())


def test_a_text_too_short_for_the_discounts_uses_the_fixed_ones():
    assert discounts(np.array([1, 1, 2])) == FALLBACK


def test_a_text_shorter_than_the_order_is_refused():
    with pytest.raises(ValueError, match="引数 ids"):
        Grams(np.array([0, 1]), V, 3)
