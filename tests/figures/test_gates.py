"""ゲートの図: 升目の数は記録の数で、目盛りは読んだ文字です。"""

import matplotlib

matplotlib.use("agg")
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from rnnbook.cells.lstm import LSTMParams, lstm_forward
from rnnbook.figures.gates import gate_map
from rnnbook.figures.style import COLORS

TEXT = "a(b(c)d).e"


@pytest.fixture
def trace():
    rng = np.random.default_rng(0)
    params = LSTMParams.random(D=3, H=5, rng=rng, forget_bias=3)
    return lstm_forward(4 * rng.normal(size=(1, len(TEXT), 3)), params)


def panels(figure):
    return [ax for ax in figure.axes if ax.get_title(loc="left")]


def test_each_panel_holds_the_numbers_of_its_gate_or_state(trace):
    figure = gate_map(trace, TEXT)
    titles = ["入力ゲート", "候補", "忘却ゲート", "セル状態", "出力ゲート", "隠れ状態"]
    names = ["i", "c_tilde", "f", "c", "o", "h"]
    for ax, title, name in zip(panels(figure), titles, names, strict=True):
        assert ax.get_title(loc="left").startswith(title)
        (mesh,) = ax.collections
        values = getattr(trace, name)[0].T
        top = 1.0 if name in ("i", "f", "o") else max(1.0, np.abs(values).max())
        colors = mesh.get_array()  # (H, T, 4)
        # 濃さが大きさ、色が符号。0 は地の色のままです
        np.testing.assert_allclose(colors[..., 3], np.abs(values) / top)
        ink = COLORS["truth"] if name in ("i", "f", "o") else COLORS["rnn"]
        expected = np.where(
            (values < 0)[..., None], to_rgb(COLORS["warn"]), to_rgb(ink)
        )
        np.testing.assert_allclose(colors[..., :3], expected)


def test_the_ticks_are_the_characters_that_were_read(trace):
    figure = gate_map(trace, TEXT, unit=4)
    bottom = panels(figure)[-1]
    assert [t.get_text() for t in bottom.get_xticklabels()] == list(TEXT)
    for ax in panels(figure):
        (frame,) = ax.patches
        assert (frame.get_y(), frame.get_height()) == (3.5, 1)
        assert frame.get_width() == len(TEXT)


def test_no_text_lies_on_another(trace):
    figure = gate_map(trace, TEXT)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [
        t
        for ax in figure.axes
        for t in (
            *ax.get_xticklabels(),
            *ax.get_yticklabels(),
            ax.title,
            ax._left_title,
        )
        if t.get_text() and t.get_visible()
    ]
    boxes = [t.get_window_extent(renderer) for t in texts]
    for n, a in enumerate(boxes):
        for b in boxes[:n]:
            assert not a.shrunk(0.9, 0.8).overlaps(b.shrunk(0.9, 0.8))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": "abc"}, "引数 labels は長さ T = 10（40 まで）の並びです。長さ 3"),
        ({"unit": 5}, "引数 unit は 0 以上 4 以下の数です。5"),
        ({"unit": -1}, "引数 unit は 0 以上の整数です。-1"),
    ],
)
def test_a_wrong_argument_is_named(trace, change, message):
    with pytest.raises(ValueError, match=message):
        gate_map(**{"trace": trace, "labels": TEXT} | change)


def test_only_one_series_is_drawn_at_a_time():
    params = LSTMParams.random(D=1, H=2, rng=np.random.default_rng(0))
    two = lstm_forward(np.zeros((2, 3, 1)), params)
    with pytest.raises(ValueError, match=r"引数 trace は一本の系列.*B = 2 が"):
        gate_map(two, "abc")
