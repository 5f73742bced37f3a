"""解答例は別の実装と同じ値で、解答例と違う書き方の正しい答えも、正解になります。"""

import numpy as np
import torch
from scipy.special import expit as sigmoid

from rnnbook.exercises.ch05 import padding
from rnnbook.exercises.check import check
from rnnbook.exercises.find import find


def solution_of(name):
    scope = {"np": np, "torch": torch}
    exec(find(name).solution, scope)
    return scope[find(name).asks[0]]


def test_a_step_computed_by_torch_in_float32_is_accepted():
    def my_step(*arguments):
        x, h, W_xh, W_hh, b_h = (torch.tensor(a).float() for a in arguments)
        return torch.tanh(x @ W_xh.T + h @ W_hh.T + b_h)

    assert check("ch01.step", my_step).ok


def test_windows_in_the_torch_shape_and_unbiased_deviation_are_accepted():
    def my_split(series, n_train, p):
        known = series[:n_train]
        z = (series - known.mean()) / known.std(ddof=1)
        x = np.array([z[k : k + p] for k in range(len(z) - p)])[:, :, np.newaxis]
        y, n = z[p:, np.newaxis], n_train - p
        return x[:n], y[:n], x[n:], y[n:]

    assert check("ch01.split", my_split).ok


def test_the_clipping_of_torch_is_accepted():
    def my_clip(grads, max_norm):
        parameters = [torch.nn.Parameter(torch.zeros(g.shape).double()) for g in grads]
        for parameter, g in zip(parameters, grads, strict=True):
            parameter.grad = torch.from_numpy(g.copy())
        torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        return [parameter.grad.numpy() for parameter in parameters]

    assert check("ch02.clip", my_clip).ok


def test_a_symbol_to_pad_with_is_easy_and_the_loss_that_counts_it_looks_small():
    stub = {"np": np}
    exec(find("ch05.padding").stub, stub)
    right = solution_of("ch05.padding")
    for given in padding.inputs():
        assert stub["my_loss"](**given) < right(**given) - 0.1


def test_the_transposed_product_of_a_backward_pass_is_accepted():
    def my_jacobian(h, W):
        dh = np.eye(len(W))  # 各行が h_T の成分一つの勾配
        for h_t in h[:0:-1]:
            dh = (dh * (1 - h_t**2)) @ W
        return dh

    assert check("ch02.jacobian", my_jacobian).ok


def test_detaching_at_the_start_of_the_next_part_is_accepted():
    moved = find("ch02.detach").stub.replace(
        "model(x, h)", "model(x, None if h is None else h.detach())"
    )
    scope = {"torch": torch}
    exec(moved, scope)
    assert check("ch02.detach", scope["my_train"]).ok


def test_the_study_counts_the_same_steps_as_eigenvalues_do():
    # W = 0.8 (I + 5 N) なので W^n = 0.8^n (I + 5 n N)。その最大の特異値を式で
    n = np.arange(1, 200)
    a = 5 * n
    norm = 0.8**n * (a + np.sqrt(a**2 + 4)) / 2
    first = int(n[norm < 0.001][0])
    assert check("ch02.reach", 31, first, "エ").ok


def test_the_lstm_step_is_the_step_of_torch():
    step = solution_of("ch03.lstm_step")
    cell = torch.nn.LSTMCell(2, 3, dtype=torch.float64)
    x, h, c = (torch.randn(4, n, dtype=torch.float64) for n in (2, 3, 3))
    weights = [w.detach().numpy() for w in cell.parameters()]
    ours = step(*(a.numpy() for a in (x, h, c)), *weights[:2], weights[2] + weights[3])
    for mine, theirs in zip(ours, cell(x, (h, c)), strict=True):
        np.testing.assert_allclose(mine, theirs.detach().numpy(), atol=1e-12)


def test_the_forget_bias_halves_the_cell_after_that_many_minutes():
    for interval_s, minutes in ((60, 1), (20, 7), (0.5, 3)):
        n, b_f = solution_of("ch03.furnace")(interval_s, minutes)
        np.testing.assert_allclose(n * interval_s, 60 * minutes)
        np.testing.assert_allclose(sigmoid(b_f) ** n, 0.5, rtol=1e-9)
