"""双方向の図解: 青は右へ、橙は左へ進み、二本のあいだに矢印はありません。"""

import matplotlib

matplotlib.use("agg")
from matplotlib.colors import same_color
from matplotlib.patches import Circle, FancyArrowPatch

from rnnbook.figures.both_ways import draw_both_ways
from rnnbook.figures.style import COLORS


def test_the_two_chains_run_in_opposite_directions_and_never_meet():
    (ax,) = draw_both_ways(T=4).axes
    circles = [p for p in ax.patches if isinstance(p, Circle)]
    assert len(circles) == 4 * 4

    def at(point):
        gaps = [((point - c.center) ** 2).sum() ** 0.5 - c.radius for c in circles]
        return circles[min(range(len(gaps)), key=lambda k: abs(gaps[k]))]

    def kind(circle):
        return next(
            (
                k
                for k in ("rnn", "lstm")
                if same_color(circle.get_edgecolor(), COLORS[k])
            ),
            "other",
        )

    steps = {"rnn": [], "lstm": []}
    for arrow in (p for p in ax.patches if isinstance(p, FancyArrowPatch)):
        start, *_, end = arrow._path_original.vertices
        one, two = kind(at(start)), kind(at(end))
        assert {one, two} != {"rnn", "lstm"}
        if one == two and one in steps:
            steps[one].append(end[0] - start[0])
    assert len(steps["rnn"]) == len(steps["lstm"]) == 3
    assert min(steps["rnn"]) > 0 > max(steps["lstm"])
