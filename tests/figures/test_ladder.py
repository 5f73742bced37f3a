"""記憶のはしごの図: 数は、表で解けた種の数そのものです。"""

import matplotlib

matplotlib.use("agg")
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from rnnbook.experiments import ladder as experiment
from rnnbook.figures import ladder

LENGTHS, SEEDS = (10, 25, 50, 100, 200), range(10)


def made_up(tasks=ladder.TASKS, skip=()):
    """(問題の番号 + モデルの番号 + T の番号) を種の数で割った余りだけの種が解けた表。"""
    rows = [
        (task, model, T, seed, 100.0 if seed < (a + b + c) % 11 else None)
        for a, task in enumerate(tasks)
        for b, model in enumerate(ladder.MODELS)
        for c, T in enumerate(LENGTHS)
        for seed in SEEDS
        if (task, T) not in skip
    ]
    return pd.DataFrame(rows, columns=ladder.COLUMNS)


def test_the_figure_knows_the_models_and_tasks_of_the_experiment():
    assert set(ladder.MODELS) == set(experiment.MODELS)
    assert set(ladder.TASKS) == set(experiment.TASKS)


def test_every_number_in_the_figure_is_the_count_of_solved_seeds():
    axes = [ax for ax in ladder.draw_ladder(made_up()).axes if ax.collections]
    assert len(axes) == len(ladder.TASKS)
    for a, ax in enumerate(axes):
        drawn = {t.get_position(): t.get_text() for t in ax.texts}
        expected = {
            (c, b): str((a + b + c) % 11)
            for b in range(len(ladder.MODELS))
            for c in range(len(LENGTHS))
        }
        assert drawn == expected
        assert [t.get_text() for t in ax.get_xticklabels()] == [str(T) for T in LENGTHS]


def test_the_line_in_every_cell_spans_the_interval_of_its_count():
    axes = [ax for ax in ladder.draw_ladder(made_up()).axes if ax.collections]
    assert len(axes) == len(ladder.TASKS)
    for a, ax in enumerate(axes):
        for line in ax.lines:
            (left, right), (y, _) = line.get_data()
            column, row = round((left + right) / 2), int(y)
            low, high = proportion_confint((a + row + column) % 11, 10, method="wilson")
            span = [(x - column + 0.4) / 0.8 for x in (left, right)]
            assert span == pytest.approx([low, high])
        assert len(ax.lines) == len(ladder.MODELS) * len(LENGTHS)


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
