"""図: 矢印は節の縁で終わり、文字は読め、見せるソースは本物です。"""

import inspect
import warnings

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.path import Path

from rnnbook.cells import rnn
from rnnbook.figures.diagrams import draw_shapes, draw_unrolled
from rnnbook.figures.style import COLORS
from rnnbook.reading.source import show_source, without_docstrings


def patches(ax, kind):
    return [p for p in ax.patches if isinstance(p, kind)]


@pytest.mark.parametrize("draw", [draw_unrolled, draw_shapes])
def test_every_arrow_starts_and_ends_on_the_border_of_a_node(draw):
    figure = draw()
    figure.canvas.draw()
    for ax in figure.axes:
        circles = patches(ax, Circle)
        arrows = patches(ax, FancyArrowPatch)
        assert arrows
        points_per_unit = ax.transData.get_matrix()[0, 0] * 72 / figure.dpi
        for arrow in arrows:
            path = arrow.get_path()
            drawn = path.vertices[path.codes != Path.CLOSEPOLY]  # データの座標
            distance = np.array(
                [np.hypot(*(drawn - c.center).T) - c.radius for c in circles]
            )  # (節, 点)
            assert distance.min() > -0.02, "矢印が節の中に入っています"
            # 矢の先の点は、先の縁取り（1.4 pt の線の留め継ぎ、約 2 pt）の分だけ手前にあります
            near = distance * points_per_unit < 2.2
            touched = np.flatnonzero(near.any(axis=1))
            assert near.sum() >= 2, "矢印の両端が節の縁に届いていません"
            is_loop = Path.CURVE4 in path.codes
            assert len(touched) == (1 if is_loop else 2)


@pytest.mark.parametrize("T", [1, 2, 3, 4])
def test_the_unrolled_diagram_names_every_weight_and_state(T):
    (ax,) = draw_unrolled(T).axes
    texts = [t.get_text() for t in ax.texts]
    for weight in ("W_{xh}", "W_{hh}", "W_{hy}"):
        assert (
            texts.count(f"${weight}$") == 1 + T
        )  # 折りたたんだ図に一つ、展開図に T 個
    for t in range(1, T + 1):
        assert {f"$x_{t}$", f"$h_{t}$", rf"$\hat{{y}}_{t}$"} <= set(texts)
    assert "$h_0$" in texts
    assert len(patches(ax, FancyArrowPatch)) == 3 + 3 * T


def test_an_unrolling_that_would_not_be_legible_is_refused():
    with pytest.raises(ValueError, match=r"引数 T は 1, 2, 3, 4 のどれかです。9"):
        draw_unrolled(9)


def test_the_four_shapes_have_their_inputs_and_outputs():
    inputs_outputs = []
    for ax in draw_shapes().axes:
        texts = [t.get_text() for t in ax.texts]
        inputs_outputs.append(
            tuple(sum(t.startswith(f"${k}") for t in texts) for k in ("x", r"\hat{y}"))
        )
    assert inputs_outputs == [(4, 1), (1, 4), (4, 4), (2, 2)]


@pytest.mark.parametrize("draw", [draw_unrolled, draw_shapes])
def test_text_stays_legible_on_a_phone_and_does_not_overlap(draw):
    figure = draw()
    figure.canvas.draw()
    pixels_per_point = 320 / (
        figure.get_size_inches()[0] * 72
    )  # 幅 360 ピクセルの画面で
    for ax in figure.axes:
        assert all(t.get_fontsize() * pixels_per_point >= 11 for t in ax.texts)
        boxes = [t.get_window_extent() for t in ax.texts]
        for i, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_japanese_characters_have_glyphs():
    with warnings.catch_warnings():
        warnings.simplefilter(
            "error", UserWarning
        )  # 字がないと matplotlib が警告します
        figure, ax = plt.subplots()
        ax.set_title("隠れ状態・勾配消失（ＢＰＴＴ）−1")
        ax.plot([-1, 1])
        figure.canvas.draw()


def test_each_meaning_has_its_own_colour():
    assert len(set(COLORS.values())) == len(COLORS)


def test_the_source_shown_is_the_real_one_with_its_file():
    shown = show_source(rnn.rnn_cell).data
    assert shown.startswith("`code/rnnbook/cells/rnn.py` の `rnn_cell`\n\n```python\n")
    assert inspect.getsource(rnn.rnn_cell).rstrip() in shown


def test_a_decorated_function_is_shown_with_its_own_file():
    from rnnbook.models.looking import swapped

    shown = show_source(swapped).data
    assert shown.startswith("`code/rnnbook/models/looking.py` の `swapped`\n")


def test_the_source_without_docstrings_computes_the_same():
    code = without_docstrings(inspect.getsource(rnn))
    assert '"""' not in code and "# h_t = φ(a_t)" in code
    names = {"__name__": "copy_of_rnn"}
    import sys
    import types

    sys.modules["copy_of_rnn"] = types.ModuleType("copy_of_rnn")  # dataclass が探します
    try:
        exec(code, names)
    finally:
        del sys.modules["copy_of_rnn"]
    params = rnn.RNNParams.random(2, 3, np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(2, 4, 2))
    np.testing.assert_array_equal(
        names["rnn_forward"](x, names["RNNParams"](**vars(params))).h,
        rnn.rnn_forward(x, params).h,
    )


def test_an_object_without_source_is_named():
    with pytest.raises(ValueError, match=r"引数 obj は、ソースのある.*42"):
        show_source(42)
