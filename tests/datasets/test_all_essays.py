"""随筆の全体: 第 7 章の 54 編はそのまま、似た作品は同じ部分、払うビット数。"""

import pandas as pd
import pytest

from rnnbook import data
from rnnbook.datasets import all_essays
from rnnbook.datasets.all_essays import all_text_of, load_all_essays, spelled_bits
from rnnbook.datasets.essays import PARTS, TITLE, Characters, load_essays

WORKS = load_all_essays()


def test_the_essays_of_chapter_7_are_among_them_word_for_word():
    texts = {work.text for work in WORKS}
    assert len(texts) == 294
    assert all(work.text in texts for work in load_essays())


def test_works_that_share_their_sentences_stand_in_one_part():
    # 20 字の並びを 1 % より多く分け合う作品は、二組だけです
    owners: dict[int, set[int]] = {}
    for k, work in enumerate(WORKS):
        for t in range(len(work.text) - 19):
            owners.setdefault(hash(work.text[t : t + 20]), set()).add(k)
    shared: dict[tuple[int, int], int] = {}
    for those in owners.values():
        for one in those:
            for other in those - {one}:
                shared[one, other] = shared.get((one, other), 0) + 1
    alike = {
        frozenset(pair)
        for pair, count in shared.items()
        if count > 0.01 * len(WORKS[pair[0]].text)
    }
    titles = {frozenset(WORKS[k].title for k in pair) for pair in alike}
    assert titles == {
        frozenset({"からすうりの花と蛾", "烏瓜の花と蛾"}),
        frozenset({"蛆の効用", "自由画稿"}),
    }
    for one, other in alike:
        assert WORKS[one].part == WORKS[other].part


def test_the_share_of_a_copy_is_one_and_of_strangers_nothing():
    text = {work.title: work.text for work in WORKS}
    one, other = text["からすうりの花と蛾"], text["烏瓜の花と蛾"]
    assert all_essays.shared_share(one, one) == 1
    assert all_essays.shared_share(one, other) > 0.4
    assert all_essays.shared_share(one, text["相撲"]) == 0


def test_every_part_has_enough_to_learn_or_to_judge():
    characters = {part: len(all_text_of(part)) for part in PARTS}
    assert characters["train"] > 1_600_000
    assert characters["valid"] > 70_000 and characters["test"] > 120_000


def test_nothing_but_the_essay_is_left_in_the_text():
    for work in WORKS:
        assert work.text and TITLE not in work.text, work.title
        assert not set("《》｜［］") & set(work.text) or work.part == "train", (
            work.title
        )
        assert "底本：" not in work.text and "入力：" not in work.text, work.title


def test_an_unknown_character_pays_for_one_of_all_code_points():
    table = Characters.most_common("ああいい", V=3)
    assert spelled_bits("あんい", table).tolist() == [0, 16, 0]
    # どの文字も、65,536 個の番号の中にあります
    assert max(max(work.text) for work in WORKS) < chr(all_essays.CODE_POINTS)


def test_a_table_that_does_not_fit_the_text_is_named(monkeypatch, tmp_path):
    fake = tmp_path / "all_works.csv"
    table = pd.read_csv(data.verified_path("essays/all_works.csv"))
    table.loc[5, "characters"] += 1
    table.to_csv(fake, index=False)
    real = data.verified_path
    monkeypatch.setattr(
        data,
        "verified_path",
        lambda f: fake if f.endswith("all_works.csv") else real(f),
    )
    with pytest.raises(data.DataError, match=r"all_works\.csv"):
        load_all_essays()
