"""LSTM と GRU の図解: 式に出てくる名前が一つずつあり、矢印は箱か丸か道に届きます。"""

import matplotlib

matplotlib.use("agg")
import pytest
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnnbook.figures.gated_cells import draw_gru, draw_lstm

EXPECTED = {  # ゲートと候補、掛け算、足し算
    draw_lstm: ({"f_t", "i_t", r"\tilde{c}_t", "o_t", "c_{t-1}", "c_t", "h_t"}, 3, 1),
    draw_gru: ({"z_t", "r_t", r"\tilde{h}_t", "1-z_t", "h_{t-1}", "h_t"}, 2, 1),
}


@pytest.mark.parametrize("draw", EXPECTED)
def test_the_diagram_has_every_letter_and_operation_of_the_equations(draw):
    names, products, sums = EXPECTED[draw]
    (ax,) = draw().axes
    texts = [t.get_text().strip("$") for t in ax.texts]
    assert names <= set(texts)
    assert texts.count(r"\times") == products and texts.count("+") == sums


@pytest.mark.parametrize("draw", EXPECTED)
def test_every_arrow_into_a_node_ends_on_its_border(draw):
    (ax,) = draw().axes
    circles = [p for p in ax.patches if isinstance(p, Circle)]
    boxes = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    ends = []
    for arrow in (p for p in ax.patches if isinstance(p, FancyArrowPatch)):
        end = arrow._path_original.vertices[-1]
        on_circle = any(
            abs(((end - c.center) ** 2).sum() ** 0.5 - c.radius) < 1e-9 for c in circles
        )
        on_box = any(
            abs(end[1] - b.get_y()) < 1e-9
            or abs(end[1] - b.get_y() - b.get_height()) < 1e-9
            or abs(end[0] - b.get_x()) < 1e-9
            for b in boxes
        )
        ends.append(on_circle or on_box or end[0] > 7.5)  # 右端は外へ出る矢印
    assert ends and all(ends)
