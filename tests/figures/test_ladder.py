"""記憶のはしごの図: 数と線は、升目ごとの種の数で数えた割合と区間です。"""

import matplotlib

matplotlib.use("agg")
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from rnnbook.experiments import ladder as experiment
from rnnbook.figures import ladder

LENGTHS = (10, 25, 50, 100, 200)
COLUMNS = ["task", "model", "T", "seed", "solved_at", "diverged_at"]


def count_of(a, b, c):
    """a 番目の問題、b 番目のモデル、c 番目の長さの、解けた種の数と、種の数。"""
    n = 40 if (a + b + c) % 3 == 0 else 10
    return (7 * a + 5 * b + 3 * c) % (n + 1), n


def made_up(tasks=ladder.TASKS, skip=()):
    """種の数の違う升目が混ざった表。順序の、三番目のモデルの T = 50 では、解けない種が発散します。"""
    rows = []
    for a, task in enumerate(tasks):
        for b, model in enumerate(ladder.MODELS):
            for c, T in enumerate(LENGTHS):
                k, n = count_of(a, b, c)
                lost = 300.0 if (a, b, c) == (1, 2, 2) else None
                rows += [
                    (task, model, T, seed, 100.0, None)
                    if seed < k
                    else (task, model, T, seed, None, lost)
                    for seed in range(n)
                    if (task, T) not in skip
                ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_figure_knows_the_models_and_tasks_of_the_experiment():
    assert set(ladder.MODELS) == set(experiment.MODELS)
    assert set(ladder.TASKS) == set(experiment.TASKS)


def test_every_number_in_the_figure_is_the_share_of_its_own_seeds():
    axes = [ax for ax in ladder.draw_ladder(made_up()).axes if ax.collections]
    assert len(axes) == len(ladder.TASKS)
    for a, ax in enumerate(axes):
        drawn = {t.get_position(): t.get_text() for t in ax.texts}
        expected = {
            (c, b): "全" if k == n else f"{100 * k / n:.0f}"
            for b in range(len(ladder.MODELS))
            for c in range(len(LENGTHS))
            for k, n in [count_of(a, b, c)]
        }
        assert drawn == expected
        assert [t.get_text() for t in ax.get_xticklabels()] == [str(T) for T in LENGTHS]


def test_the_line_in_every_cell_spans_the_interval_of_its_count():
    axes = [ax for ax in ladder.draw_ladder(made_up()).axes if ax.collections]
    assert len(axes) == len(ladder.TASKS)
    for a, ax in enumerate(axes):
        lines = [line for line in ax.lines if line.get_marker() == "None"]
        for line in lines:
            (left, right), (y, _) = line.get_data()
            column, row = round((left + right) / 2), int(y)
            k, n = count_of(a, row, column)
            low, high = proportion_confint(k, n, method="wilson")
            span = [(x - column + 0.4) / 0.8 for x in (left, right)]
            assert span == pytest.approx([low, high])
        assert len(lines) == len(ladder.MODELS) * len(LENGTHS)


def test_a_cross_marks_the_cell_with_diverged_seeds_and_no_other():
    figure = ladder.draw_ladder(made_up())
    crosses = {
        (ax.get_title(), round(line.get_xdata()[0]), round(line.get_ydata()[0]))
        for ax in figure.axes
        for line in ax.lines
        if line.get_marker() == "x"
    }
    assert crosses == {("順序", 2, 2)}


def test_a_length_that_was_not_measured_has_no_column():
    figure = ladder.draw_ladder(made_up(skip={("copy", 200)}))
    copy = next(ax for ax in figure.axes if ax.get_title() == "写し")
    assert [t.get_text() for t in copy.get_xticklabels()] == ["10", "25", "50", "100"]


def test_a_model_that_was_not_measured_at_a_length_has_an_empty_cell():
    table = made_up()
    missing = (
        (table["task"] == "copy") & (table["model"] == "gru") & (table["T"] == 200)
    )
    copy = ladder.draw_ladder(table[~missing]).axes[4]
    drawn = {t.get_position() for t in copy.texts}
    assert (4, 6) not in drawn and len(drawn) == 7 * len(LENGTHS) - 1


def test_the_numbers_stay_legible_on_a_phone_and_inside_their_cells():
    figure = ladder.draw_ladder(made_up())
    figure.canvas.draw()
    pixels = 320 / (figure.get_figwidth() * 72)  # スマートフォンの画面での 1 ポイント
    for ax in (ax for ax in figure.axes if ax.collections):
        cell = np.abs(ax.transData.transform((1, 1)) - ax.transData.transform((0, 0)))
        for text in ax.texts:
            box = text.get_window_extent()
            assert text.get_fontsize() * pixels >= 11
            assert box.width < cell[0] and box.height < cell[1] * 1.05


def test_a_table_without_a_column_is_refused_with_its_name():
    with pytest.raises(ValueError, match="solved_at がありません"):
        ladder.draw_ladder(made_up().drop(columns="solved_at"))
