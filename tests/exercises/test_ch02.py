"""第 2 章の演習: よくある間違いは、それぞれのヒントで落ちます（共通の約束は test_ch01.py）。"""

import numpy as np
import pytest
import torch

from rnnbook.exercises.check import check


def product(steps):
    whole = np.eye(len(steps[0]))
    for step in steps:
        whole = step @ whole
    return whole


def right(h, W):
    return [np.diag(1 - h_t**2) @ W for h_t in h]


def by_torch(grads, limit, clip):
    parameters = [torch.nn.Parameter(torch.zeros(g.shape).double()) for g in grads]
    for parameter, g in zip(parameters, grads, strict=True):
        parameter.grad = torch.from_numpy(g.copy())
    clip(parameters, limit)
    return [parameter.grad.numpy() for parameter in parameters]


def norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads))


MISTAKES = [
    ("jacobian", lambda h, W: product(right(h, W)), "時刻 2 から T"),
    ("jacobian", lambda h, W: product([W] * (len(h) - 1)), "1 - h_t^2"),
    ("jacobian", lambda h, W: product(right(h, W)[1:][::-1]), "掛ける順が逆"),
    (
        "jacobian",
        lambda h, W: product([np.diag(1 - np.tanh(v) ** 2) @ W for v in h[1:]]),
        "もう一度 tanh",
    ),
    ("jacobian", lambda h, W: product([W * (1 - v**2) for v in h[1:]]), "行に掛けます"),
    ("jacobian", lambda h, W: product(right(h, W.T)[1:]), "向きが逆"),
    ("jacobian", lambda h, W: product(right(h, W)[:-1]), "h_{t-1}"),
    ("jacobian", lambda h, W: np.prod(right(h, W)[1:], axis=0), "`@`"),
    ("jacobian", lambda h, W: right(h, W), "(5, 3, 3)"),
    ("clip", lambda g, c: [v * c / norm(g) for v in g], "超えたときだけ"),
    ("clip", lambda g, c: list(g), "縮んでいません"),
    ("clip", lambda g, c: [np.clip(v, -c, c) for v in g], "値によるクリッピング"),
    (
        "clip",
        lambda g, c: [v * min(1, c / np.linalg.norm(v)) for v in g],
        "配列ごとに縮めています",
    ),
    ("clip", lambda g, c: [v * min(1, c / norm(g) ** 2) for v in g], "平方根"),
    (
        "clip",
        lambda g, c: [v * min(1, c / sum(map(np.linalg.norm, g))) for v in g],
        "ノルムを足しています",
    ),
    ("clip", lambda g, c: g[0], "配列のリスト"),
    ("vanish", lambda W, g: bool(abs(np.linalg.eigvals(W)).max() < 1 / g), "固有値"),
    ("vanish", lambda W, g: bool(np.linalg.norm(W, 2) < 1), "境目は $1/\\gamma$"),
    ("vanish", lambda W, g: bool(np.linalg.norm(W, 2) < g), "境目は $1/\\gamma$"),
    ("vanish", lambda W, g: bool(np.linalg.norm(W) < 1 / g), "フロベニウス"),
    ("vanish", lambda W, g: np.linalg.norm(W, 2), "True か False"),
]


@pytest.mark.parametrize(("name", "answer", "words"), MISTAKES)
def test_a_typical_mistake_fails_with_its_own_hint(name, answer, words):
    result = check(f"ch02.{name}", answer)
    assert not result.ok
    assert words in repr(result) and words in result._repr_markdown_()


def test_the_answer_of_torch_is_accepted():
    result = check(
        "ch02.clip", lambda g, c: by_torch(g, c, torch.nn.utils.clip_grad_norm_)
    )
    assert result.ok


def test_the_transposed_product_of_a_backward_pass_is_accepted():
    def my_jacobian(h, W):
        dh = np.eye(len(W))  # 各行が h_T の成分一つの勾配
        for h_t in h[:0:-1]:
            dh = (dh * (1 - h_t**2)) @ W
        return dh

    assert check("ch02.jacobian", my_jacobian).ok


def test_false_for_every_matrix_is_no_answer():
    assert not check("ch02.vanish", lambda W, g: False).ok
    assert not check("ch02.vanish", lambda W, g: True).ok
