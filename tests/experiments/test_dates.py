"""実験 dates: 保存した採点は約束を守り、公開した 8 ビットの重みは、同じ答えを書きます。"""

import numpy as np
import pandas as pd
import pytest

from rnnbook.data import load
from rnnbook.experiments import dates as experiment
from rnnbook.models.date_writer import load_date_writer
from rnnbook.tasks import date_questions, date_split, dates, eras

TABLE = load("dates")
LOSS = load("dates_loss")
ALL = TABLE[TABLE["notation"] == "all"]


def share(rows: pd.DataFrame, column: str) -> float:
    return rows[column].sum() / rows["strings"].sum()


def test_the_grid_is_complete():
    points = {(p["form"], p["seed"]) for p in experiment.EXPERIMENT.points}
    assert set(zip(TABLE["form"], TABLE["seed"], strict=True)) == points
    assert set(zip(LOSS["form"], LOSS["seed"], strict=True)) == points
    assert set(TABLE["question"]) == set(date_questions.QUESTIONS)


def test_every_question_counts_the_strings_that_were_asked():
    for name, cases in date_questions.questions().items():
        rows = ALL[ALL["question"] == name].groupby(["form", "seed"])["strings"].sum()
        assert (rows == len(cases)).all(), name


def test_hidden_days_are_rewritten_in_every_notation():
    rows = TABLE[(TABLE["form"] == "last") & (TABLE["question"] == "unseen_day")]
    for notation, part in rows.groupby("notation"):
        assert share(part, "right") >= 0.995, notation


@pytest.mark.parametrize("question", [*date_questions.REFUSED, "february"])
def test_days_are_judged_by_kind(question):
    rows = ALL[
        (ALL["form"] == "last")
        & (ALL["question"] == question)
        & (ALL["split"] == "seen")
    ]
    assert share(rows, "judged") >= 0.99, question


def test_the_days_beside_a_change_of_era_are_all_judged_rightly():
    # 前後二日は学習に必ず入る。改元の年のほかの日は、すべてを並べて 99 %
    near = {(day.year, day.month, day.day) for day in eras.edges()}
    for name in ("edge", "side"):
        cases = [
            case
            for case in date_questions.questions()[name]
            if date_split.triple_of(case) in near and not date_split.hidden(case)
        ]
        assert len(cases) > 50
        assert experiment.mark(load_date_writer(), cases, "last")["judged"].all(), name
        rows = ALL[(ALL["form"] == "last") & (ALL["question"] == name)]
        assert share(rows, "judged") >= 0.99, name


def test_the_published_weights_write_what_the_experiment_scored():
    model = load_date_writer()
    rng = np.random.default_rng(0)
    for name, bound in (("unseen_day", 0.99), ("leap", 0.97), ("side", 0.97)):
        cases = date_questions.questions()[name]
        chosen = [cases[k] for k in rng.choice(len(cases), 600, replace=False)]
        assert experiment.mark(model, chosen, "last")["right"].mean() > bound, name


def test_a_changed_answer_is_counted_by_string_and_by_day():
    cases = date_questions.questions()["leap"][:12]
    marked = pd.DataFrame(
        {"right": [True] * 11 + [False], "judged": True, "day": ["a"] * 6 + ["b"] * 6}
    )
    found = experiment.count(marked)
    assert len(cases) == found["strings"] == 12
    assert (found["right"], found["days"], found["days_right"]) == (11, 2, 1)


def test_a_loss_outside_the_stored_spread_is_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    again = experiment.compare([(point, {"loss": [9.0]})])
    assert not again["一致"].iloc[0]


def test_the_three_forms_differ_only_in_the_mark():
    from rnnbook.tasks.eras import judge

    verdict = judge("平成", 40, 5, 3)
    written = {form: dates.answer(verdict, form) for form in dates.ANSWERS}
    assert written == {"bare": "×", "first": "×2028-05-03", "last": "2028-05-03×"}
