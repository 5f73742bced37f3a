"""実験 characters_samples: 書き方ごとの文章がそろい、繰り返しとらしさが本文の言うとおりであること。"""

from rnnbook.data import load
from rnnbook.experiments import characters_samples as experiment

TABLE = load("characters_samples")
MEAN = TABLE.groupby("setting")[list(experiment.MEASURES)].mean()


def test_every_setting_has_its_texts_of_the_same_length():
    assert len(TABLE) == len(experiment.EXPERIMENT.points)
    assert (TABLE["text"].str.len() == experiment.CHARACTERS).all()
    assert not TABLE["text"].str.contains("〓")[TABLE["setting"] != "real"].any()


def test_the_likeliest_character_alone_repeats_itself():
    assert MEAN["repeated"]["greedy"] > 0.5
    assert MEAN["repeated"]["temperature 1.0"] < 0.05


def test_a_higher_temperature_is_less_likely_to_both_readers():
    order = [f"temperature {t}" for t in ("0.5", "0.8", "1.0", "1.3")]
    for reader in ("net", "kneser_ney"):
        found = [MEAN[reader][setting] for setting in order]
        assert found == sorted(found)


def test_the_real_text_is_likelier_to_the_ngram_than_what_is_written_at_temperature_1():
    assert MEAN["kneser_ney"]["real"] < MEAN["kneser_ney"]["temperature 1.0"]


def test_the_same_seed_writes_the_same_text():
    assert experiment.written("top-k 10", 3) == experiment.written("top-k 10", 3)
