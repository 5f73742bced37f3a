"""並列スキャン（PyTorch）: 値も勾配も、64 ビットで順に求めたものと 1e-5 まで同じです。"""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells import scan as by_hand
from rnnbook.models.scan import logarithmic, scan


def values_and_gradients(a, b, w, method, dtype):
    a, b = (v.detach().clone().to(dtype).requires_grad_() for v in (a, b))
    h = scan(a, b, method)
    (h * w.to(dtype)).sum().backward()
    return h.detach().double(), a.grad.double(), b.grad.double()


def agree(T, method, seed=0):
    torch.manual_seed(seed)
    # 掛ける数は −1 から 1。すぐに忘れるものも、ほとんど忘れないものも混ぜる
    a = torch.tanh(3 * torch.randn(2, T, 3, dtype=torch.float64))
    a[..., 0] = torch.sigmoid(torch.randn(2, T, dtype=torch.float64))
    b, w = torch.randn(2, 2, T, 3, dtype=torch.float64)
    exact = values_and_gradients(a, b, w, "in_order", torch.float64)
    found = values_and_gradients(a, b, w, method, torch.float32)
    for mine, theirs in zip(found, exact, strict=True):
        gap = (mine - theirs).abs().max() / theirs.abs().max().clamp(min=1e-9)
        assert gap < 1e-5


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.sampled_from(["doubling", "blocks"]), st.integers(0, 99))
def test_random_lengths_agree_with_going_in_order(T, method, seed):
    agree(T, method, seed)


@pytest.mark.parametrize("method", ["doubling", "blocks"])
@pytest.mark.parametrize("T", [1, 2, 1001, 4097])
def test_lengths_at_and_beside_powers_of_two_agree(T, method):
    agree(T, method)


@pytest.mark.parametrize("method", ["doubling", "blocks"])
def test_the_longest_length_agrees_with_the_scan_by_hand(method):
    torch.manual_seed(0)
    z = torch.sigmoid(torch.randn(1, 16_384, 4, dtype=torch.float64))
    b, w = z * torch.randn_like(z), torch.randn_like(z)
    found = values_and_gradients(1 - z, b, w, method, torch.float32)
    a, b, w = (v[0].numpy() for v in (1 - z, b, w))
    h = by_hand.scan_in_order(a, b)
    exact = h, *by_hand.scan_backward(a, h, w)[:2]
    for mine, theirs in zip(found, exact, strict=True):
        assert abs(mine[0].numpy() - theirs).max() < 1e-5 * abs(theirs).max()


def test_the_inputs_are_left_as_they_were():
    a, b = torch.rand(1, 9, 2), torch.rand(1, 9, 2)
    before = a.clone(), b.clone()
    for method in ("doubling", "blocks"):
        scan(a, b, method)
    assert torch.equal(a, before[0]) and torch.equal(b, before[1])


def test_the_scan_over_logarithms_is_right_on_short_sequences_in_64_bits():
    a, b = torch.rand(2, 2, 20, 3, dtype=torch.float64) + 0.01
    found = logarithmic(a.log(), b.log())
    torch.testing.assert_close(found, scan(a, b, "in_order"))


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (torch.ones(1, 3, 2), torch.ones(1, 4, 2), "同じ形"),
        (torch.ones(3, 2), torch.ones(3, 2), "引数 a"),
        (torch.ones(1, 0, 2), torch.ones(1, 0, 2), "1 以上"),
    ],
)
def test_shapes_that_do_not_fit_are_named(a, b, words):
    with pytest.raises(ValueError, match=words):
        scan(a, b)
