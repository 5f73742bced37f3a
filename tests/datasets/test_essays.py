"""随筆: 作品で分けること、文字の表、壊れたファイル。"""

import bz2

import pandas as pd
import pytest

from rnnbook import data
from rnnbook.datasets import essays
from rnnbook.datasets.essays import PARTS, TITLE, Characters, load_essays, text_of

WORKS = load_essays()


def test_no_line_of_a_work_stands_in_two_parts():
    # 40 字より長い行（段落）が、二つの部分に現れない
    paragraphs = {
        part: {line for line in text_of(part).split("\n") if len(line) > 40}
        for part in PARTS
    }
    assert all(len(found) > 50 for found in paragraphs.values())
    for one in PARTS:
        for other in PARTS[: PARTS.index(one)]:
            assert not paragraphs[one] & paragraphs[other]


def test_every_part_has_enough_to_learn_or_to_judge():
    characters = {part: len(text_of(part)) for part in PARTS}
    assert characters["train"] > 450_000
    assert min(characters["valid"], characters["test"]) > 50_000


def test_nothing_but_the_essay_is_left_in_the_text():
    for work in WORKS:
        assert work.text and TITLE not in work.text, work.title
        assert not set("《》｜［］") & set(work.text), work.title  # ルビと注記の印
        assert "底本：" not in work.text and "入力：" not in work.text, work.title


def test_the_table_of_characters_comes_back_and_marks_the_unknown():
    table = Characters.most_common(text_of("train"), V=1200)
    text = text_of("valid")
    back = table.decode(table.encode(text))
    assert len(table) == 1200 and len(back) == len(text)
    wrong = [b for a, b in zip(text, back, strict=True) if a != b]
    assert set(wrong) == {essays.UNKNOWN} and len(wrong) < 0.05 * len(text)


def test_a_text_that_does_not_fit_its_table_is_named(monkeypatch, tmp_path):
    fake = tmp_path / "essays.txt.bz2"
    fake.write_bytes(bz2.compress("＃ 別の題\n本文\n".encode()))
    real = data.verified_path
    monkeypatch.setattr(
        data, "verified_path", lambda f: fake if f.endswith("bz2") else real(f)
    )
    with pytest.raises(data.DataError, match=r"works\.csv"):
        load_essays()


def test_every_work_names_those_who_typed_and_proofread_it():
    table = pd.read_csv(data.verified_path("essays/works.csv"))
    assert table["title"].tolist() == [work.title for work in WORKS]
    assert table[["typed", "proofread"]].notna().all(axis=None)
    for work, characters in zip(WORKS, table["characters"], strict=True):
        assert len(work.text) == characters, work.title
