"""実験 characters_page: 種と作品がそろい、重みは検証で選ばれ、表の値はその重みのものであること。"""

import gzip

import pytest
import torch

from rnnbook.data import load, verified_path
from rnnbook.datasets.all_essays import works_of
from rnnbook.experiments import characters_ngrams
from rnnbook.experiments import characters_page as experiment
from rnnbook.lab.engine import remeasure

TABLE = load("characters_page")


def test_every_seed_reads_every_held_out_work():
    for (_, part), rows in TABLE.groupby(["seed", "part"]):
        assert rows["title"].tolist() == [work.title for work in works_of(part)]
    assert sorted(set(TABLE["seed"])) == list(experiment.SEEDS)


def test_rounding_to_eight_bits_costs_almost_nothing():
    assert ((TABLE["bits_8"] - TABLE["bits"]).abs() < 0.02).all()


def test_the_shipped_weights_are_those_of_the_best_seed_of_the_validation():
    agreed = remeasure(experiment.EXPERIMENT)
    assert agreed["一致"].all()
    assert agreed["種"].tolist() == [experiment.overall(TABLE)["valid"].idxmin()]


def test_the_weights_and_the_table_fit_the_page():
    size = sum(
        len(gzip.compress(verified_path(f"results/{name}.csv").read_bytes(), 9))
        for name in ("characters_page_weights", "characters_page_characters")
    )
    assert size < 300_000


def test_the_table_of_characters_is_the_one_of_the_training_text():
    stored = load("characters_page_characters")
    assert stored.equals(experiment.character_table())
    assert len(stored) == experiment.PAGE.V
    assert stored["count"].iloc[1:].is_monotonic_decreasing


def test_the_page_is_below_every_witten_bell_and_every_ngram_of_its_bytes():
    ngrams = characters_ngrams.overall(load("characters_ngrams"))
    ngrams = ngrams[ngrams["part"] == "test"].set_index("model")
    page = experiment.overall(TABLE)["test"]
    assert TABLE["bytes"].max() < 155_000
    assert page.max() < ngrams.loc["witten_bell", "bits"].min()
    for model in ("pruned_witten_bell", "pruned_kneser_ney"):
        rows = ngrams.loc[model]
        fits = rows[rows["size"] <= 155_000]
        assert page.max() < fits["bits"].min()
    # なめらかにする方法を替えた、縮めない n グラムには届かない
    assert page.min() > ngrams.loc["kneser_ney", "bits"].min()


def test_the_page_can_only_be_the_model_of_the_book():
    model = experiment.unpacked(load("characters_page_weights"))
    logits, _ = model(torch.tensor([[1, 2, 3]]))
    assert logits.shape == (1, 3, experiment.PAGE.V)
    assert logits.isfinite().all()


def test_a_wrong_result_is_seen_as_a_disagreement():
    stored = TABLE[(TABLE["seed"] == 0) & (TABLE["part"] == "valid")]
    rows = stored[["part", "title", "characters"]].to_dict("records")
    result = {"rows": [row | {"bits_page": 9.0} for row in rows]}
    assert not experiment.compare([({"shipped": True}, result)])["一致"].any()


def test_the_mean_over_works_counts_characters():
    rows = TABLE[(TABLE["seed"] == 0) & (TABLE["part"] == "test")]
    by_hand = (rows["bits_page"] * rows["characters"]).sum() / rows["characters"].sum()
    assert experiment.overall(TABLE)["test", 0] == pytest.approx(by_hand)
