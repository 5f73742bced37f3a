"""第 1 章の演習: 解答は通り、ひな型とよくある間違いは、正しいヒントで落ちます。"""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rnnbook.exercises.check import check, exercises

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
ALL = exercises()


def run(code):
    """ひな型か解答のコードを動かし、定義された関数を返します。"""
    names = {"np": np}
    exec(code, names)
    (function,) = (v for k, v in names.items() if k.startswith("my_"))
    return function


@pytest.mark.parametrize("name", ALL)
def test_the_solution_passes(name):
    result = check(name, run(ALL[name].solution))
    assert result.ok and repr(result).startswith("正解です。")


@pytest.mark.parametrize("name", ALL)
def test_the_stub_is_reported_as_not_written(name):
    result = check(name, run(ALL[name].stub))
    assert not result.ok and repr(result).startswith("まだです。まだ書かれていません。")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("empty", [..., NotImplementedError])
def test_an_ellipsis_or_not_implemented_is_not_written_either(name, empty):
    def answer(*_):
        if empty is NotImplementedError:
            raise empty
        return empty

    assert "まだ書かれていません" in check(name, answer).reason


def a(x, h, W_xh, W_hh, b_h):
    return x @ W_xh.T + h @ W_hh.T + b_h


def windows(z, p):
    return np.array([z[k : k + p] for k in range(len(z) - p)]), z[p:]


def whole_scale(s, n, p):
    x, y = windows((s - s.mean()) / s.std(), p)
    return x[: n - p], y[: n - p], x[n - p :], y[n - p :]


def counts_windows_instead_of_points(s, n, p):
    x, y = windows((s - s[:n].mean()) / s[:n].std(), p)
    return x[:n], y[:n], x[n:], y[n:]


def target_inside(s, n, p):
    x, y = windows((s - s[:n].mean()) / s[:n].std(), p)
    x = np.column_stack([x[:, 1:], y])
    return x[: n - p], y[: n - p], x[n - p :], y[n - p :]


def not_scaled(s, n, p):
    x, y = windows(s, p)
    return x[: n - p], y[: n - p], x[n - p :], y[n - p :]


def test_part_alone(s, n, p):
    z = (s - s[:n].mean()) / s[:n].std()
    return *windows(z[:n], p), *windows(z[n:], p)


test_part_alone.__test__ = False


def shuffled(s, n, p):
    x, y = windows((s - s[:n].mean()) / s[:n].std(), p)
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], y[order]
    return x[: n - p], y[: n - p], x[n - p :], y[n - p :]


MISTAKES = [
    ("ch01.step", lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W.T), "バイアス"),
    (
        "ch01.step",
        lambda x, h, U, W, b: np.tanh(x @ U.T + h @ W + b),
        "`W_hh` の向きが逆",
    ),
    ("ch01.step", a, "tanh を通していません"),
    ("ch01.step", lambda x, h, U, W, b: np.tanh(x @ U.T + b), "一つ前の隠れ状態"),
    ("ch01.step", lambda x, h, U, W, b: np.tanh(x @ U.T + h * W + b), "要素ごと"),
    ("ch01.step", lambda x, h, U, W, b: np.tanh(x @ U + h @ W + b), "転置"),
    (
        "ch01.step",
        lambda x, h, U, W, b: 1 / (1 + np.exp(-a(x, h, U, W, b))),
        "シグモイド",
    ),
    ("ch01.step", lambda x, h, U, W, b: x @ U.T + h @ W.T, "バイアス"),
    ("ch01.step", lambda x, h, U, W, b: np.tanh(a(x, h, U, W, b)).T, "(3, 4)"),
    ("ch01.step", lambda x, h: np.tanh(x), "引数の数"),
    ("ch01.count", lambda D, H, O: H * D + H * H + O * H, "バイアス b_h（H 個）と b_y"),
    ("ch01.count", lambda D, H, O: H * D + H * H + H, "出力の重み W_hy"),
    ("ch01.count", lambda D, H, O: H * D + H * H + 2 * H + O * H + O, "二本"),
    ("ch01.count", lambda D, H, O: "たくさん", "整数が要ります"),
    ("ch01.count", lambda D, H, O: np.zeros(3), "整数が要ります"),
    ("ch01.split", whole_scale, "試験期間の値が混ざっています"),
    (
        "ch01.split",
        counts_windows_instead_of_points,
        "当てる点が試験期間に入り込んでいます",
    ),
    ("ch01.split", target_inside, "当てる点そのもの"),
    ("ch01.split", not_scaled, "標準化されていません"),
    ("ch01.split", test_part_alone, "p 個少なく"),
    ("ch01.split", shuffled, "並べ替えはしません"),
    ("ch01.split", lambda s, n, p: (s[:n], s[n:]), "四つの配列"),
    ("ch01.split", lambda s, n, p: ([[1], [1, 2]], 1, 2, 3), "数の配列ではなく"),
    ("ch01.backward", lambda dh, h, W: (dh, dh @ W), "tanh の微分"),
    (
        "ch01.backward",
        lambda dh, h, W: ((1 - h**2) * dh, ((1 - h**2) * dh) @ W.T),
        "向きが逆",
    ),
    ("ch01.backward", lambda dh, h, W: ((1 - h**2) * dh, dh @ W), "`da` ではなく `dh`"),
    (
        "ch01.backward",
        lambda dh, h, W: (dh * (1 - np.tanh(h) ** 2), dh),
        "もう一度 tanh",
    ),
]


@pytest.mark.parametrize(("name", "answer", "words"), MISTAKES)
def test_a_typical_mistake_fails_with_its_own_hint(name, answer, words):
    result = check(name, answer)
    assert not result.ok
    assert words in repr(result) and words in result._repr_markdown_()


def test_two_mistakes_at_once_are_both_named():
    result = check("ch01.step", lambda x, h, U, W, b: x @ U.T + h @ W)
    assert all(word in result.hint for word in ("向きが逆", "バイアス", "tanh"))


def test_the_error_of_the_reader_is_shown_with_its_line_and_never_raised():
    def my_step(x, h, W_xh, W_hh, b_h):
        return np.tanh(x @ W_xh.T + h @ W_hh.T + b_x)  # noqa: F821

    result = check("ch01.step", my_step)
    assert "`return np.tanh(x @ W_xh.T + h @ W_hh.T + b_x)" in result.reason
    assert (
        "NameError" in result.reason
        and "b_x" in result.reason
        and "名前" in result.hint
    )


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(4, 3, requires_grad=True),
        "文字",
        [[1, 2], [3]],
        {},
        1j,
        np.nan,
        object(),
    ],
)
@pytest.mark.parametrize("name", ALL)
def test_a_strange_value_never_raises(name, value):
    assert not check(name, lambda *_: value).ok


def test_leaving_the_program_never_ends_the_notebook():
    def answer(*_):
        raise SystemExit(1)

    assert "SystemExit" in check("ch01.step", answer).reason


def test_calling_the_function_before_the_check_is_explained():
    assert "括弧を付けずに" in check("ch01.count", 42).hint


def test_an_error_message_of_the_reader_is_not_markup():
    def answer(*_):
        raise ValueError("<b>太字</b> `x`\n# 見出し")

    shown = check("ch01.step", answer)._repr_markdown_()
    assert "`<b>太字</b> 'x' # 見出し`" in shown  # コードの中なので、文字のまま出ます


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"'ch01\.step'.*'ch01\.stpe' が渡されました"):
        check("ch01.stpe", None)


def test_an_answer_in_the_torch_shape_and_unbiased_deviation_is_accepted():
    def my_split(s, n, p):
        x, y = windows((s - s[:n].mean()) / s[:n].std(ddof=1), p)
        x, y = x[:, :, np.newaxis], y[:, np.newaxis]
        return x[: n - p], y[: n - p], x[n - p :], y[n - p :]

    assert check("ch01.split", my_split).ok


@pytest.mark.parametrize("name", ALL)
def test_the_chapter_shows_the_stub_and_the_folded_solution_that_are_tested(name):
    (file,) = CHAPTERS.glob(f"{name[2:4]}_*.ipynb")
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    prose = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    (asked,) = (source for source in code if f'check("{name}"' in source)
    assert ALL[name].stub.rstrip() in asked
    folded = f"```python\n{ALL[name].solution.rstrip()}\n```"
    assert any("<details>" in text and folded in text for text in prose)
