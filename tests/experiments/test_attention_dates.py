"""実験 attention_dates: 採点は約束を守り、割合の和は 1 で、公開した重みは同じ答えを書きます。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import attention_dates as experiment
from rnnbook.experiments import dates as fixed
from rnnbook.models.date_reader import load_date_reader
from rnnbook.models.looking import SWAPS
from rnnbook.tasks import date_pairs, date_questions, dates

TABLE = load("attention_dates")
SEEN = TABLE[(TABLE["notation"] == "all") & (TABLE["split"] == "seen")]


def share(rows, column):
    return rows[column].sum() / rows["strings"].sum()


def test_the_grid_is_complete():
    for name in ("attention_dates", "attention_dates_loss", "attention_dates_where"):
        assert set(load(name)["seed"]) == set(experiment.SEEDS)
    assert set(TABLE["question"]) == set(date_questions.QUESTIONS)
    swaps = load("attention_dates_swaps").groupby("kind")["swap"].agg(set)
    assert swaps.to_dict() == {kind: set(SWAPS) for kind in date_pairs.pairs()}


def test_hidden_days_are_rewritten_in_every_notation():
    for notation, part in TABLE[TABLE["question"] == "unseen_day"].groupby("notation"):
        if notation != "all":
            bound = 0.975 if notation in dates.WITH_ERA else 0.995
            assert share(part, "right") >= bound, notation


@pytest.mark.parametrize("question", [*date_questions.REFUSED, "february", "edge"])
def test_days_are_judged_by_kind(question):
    # 存在しない日を拒むこと（99 % 以上）は、第5章のモデルの約束です
    bound = 0.98 if question in ("edge", "era_year") else 0.99
    assert share(SEEN[SEEN["question"] == question], "judged") >= bound


def test_the_shares_of_what_is_looked_at_add_up_to_one():
    where = load("attention_dates_where")
    total = where.groupby(["seed", "notation", "written"])[["top", "weight"]].sum()
    np.testing.assert_allclose(total, 1, atol=2e-3)


def test_nothing_swapped_changes_nothing():
    swaps = load("attention_dates_swaps")
    assert (swaps.loc[swaps["swap"] == "none", "changed"] == 0).all()
    sizes = {kind: len(pairs) for kind, pairs in date_pairs.pairs().items()}
    assert (swaps["pairs"] == swaps["kind"].map(sizes)).all()


def test_the_published_weights_write_what_the_experiment_scored():
    model = load_date_reader()
    rng = np.random.default_rng(0)
    for name, bound in (("unseen_day", 0.99), ("leap", 0.97)):
        cases = date_questions.questions()[name]
        chosen = [cases[k] for k in rng.choice(len(cases), 600, replace=False)]
        assert fixed.mark(model, chosen, "last")["right"].mean() > bound, name


def test_a_loss_outside_the_stored_spread_is_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"loss": [9.0]})])["一致"].iloc[0]
