"""実験 characters: 格子はそろい、LSTM は平滑化した n グラムに届かず、文章が多いほどよいこと。"""

from rnnbook.data import load
from rnnbook.datasets.all_essays import works_of
from rnnbook.experiments import characters as experiment
from rnnbook.experiments import characters_ngrams, characters_page

TABLE = load("characters")
TEST = experiment.overall(TABLE).xs("test", level="part")


def test_every_point_reads_every_held_out_work():
    keys = ["cell", "share", "seed"]
    found = {tuple(row) for row in TABLE[keys].itertuples(index=False)}
    assert found == {tuple(p[k] for k in keys) for p in experiment.EXPERIMENT.points}
    for _, rows in TABLE.groupby(keys):
        titles = [work.title for part in experiment.HELD for work in works_of(part)]
        assert rows["title"].tolist() == titles


def test_more_text_is_better():
    page = characters_page.overall(load("characters_page"), "bits")["test"]
    curve = [TEST["gru", share] for share in (1 / 16, 1 / 4)]
    assert curve[0].min() > curve[1].max() and curve[1].min() > page.max()


def test_kneser_ney_is_better_on_every_amount_of_text():
    ngrams = characters_ngrams.overall(load("characters_ngrams"))
    ngrams = ngrams[(ngrams["part"] == "test") & (ngrams["model"] == "kneser_ney")]
    best = ngrams.groupby("share")["bits"].min()
    for share in (1 / 16, 1 / 4):
        assert best[share] < TEST["gru", share].min()
    assert best[1.0] < TEST["lstm", 1.0].min()


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    rows = [
        {"part": part, "title": "題", "characters": 9, "bits": 9.0}
        for part in experiment.HELD
    ]
    result = {"rows": rows, "weights": 1, "seconds": 1}
    assert not experiment.compare([(point, result)])["一致"].any()
