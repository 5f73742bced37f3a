"""読者の文章: 題の行、文字コード、短い文書はファイルと行で述べ、双子の文書は離しません。"""

import numpy as np
import pytest

from rnnbook.datasets.own_text import read_documents, split_documents

LONG = "炉の温度を一分に五度ずつ上げ、六百度で一時間保った。" * 3
WRONG = {
    "": "文書がありません",
    "本文から始まる\n": "1 行目の前に、題の行がありません",
    "＃ 一\n短い\n": "1 行目の文書「一」は 2 文字",
    f"＃ 一\n{LONG}\n# 二\n\n": "3 行目の文書「二」は 0 文字",
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_fault_is_named_by_file_and_line(text, tmp_path):
    (tmp_path / "notes.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=WRONG[text]) as caught:
        read_documents(tmp_path / "notes.txt")
    assert "notes.txt" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_three_encodings_read_the_same(encoding, tmp_path):
    (tmp_path / "notes.txt").write_text(f"＃ 一\r\n{LONG}\r\n", encoding=encoding)
    assert read_documents(tmp_path / "notes.txt") == [("一", LONG)]


def test_a_file_that_is_not_text_or_not_there_is_named(tmp_path):
    (tmp_path / "x.bin").write_bytes(bytes([0x81, 0x20, 0xFF, 0xFE]) * 9)
    with pytest.raises(ValueError, match="UTF-8 でも Shift_JIS でも"):
        read_documents(tmp_path / "x.bin")
    with pytest.raises(ValueError, match="読めません"):
        read_documents(tmp_path / "nothing.txt")


def documents(n):
    rng = np.random.default_rng(0)
    return [
        (f"{k}", "".join(map(chr, rng.integers(0x4E00, 0x9000, size=200))))
        for k in range(n)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_twins_stay_together_and_every_part_has_a_document(seed):
    plain = documents(7)
    given = [*plain, ("双子", plain[2][1][:120] + "ほかの文" * 20)]
    works = split_documents(given, (0.6, 0.2, 0.2), np.random.default_rng(seed))
    assert works[2].part == works[7].part
    assert {work.part for work in works} == {"train", "valid", "test"}
    assert [(work.title, work.text) for work in works] == given


def test_three_copies_of_one_document_cannot_be_split():
    text = documents(1)[0][1]
    same = [(str(k), text) for k in range(3)]
    with pytest.raises(ValueError, match="違う文書は 1 つ"):
        split_documents(same, (0.6, 0.2, 0.2), np.random.default_rng(0))


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.5, 0.5, 0.5), (1.2, -0.1, -0.1)])
def test_shares_that_are_not_three_parts_of_one_are_named(shares):
    with pytest.raises(ValueError, match="引数 shares"):
        split_documents(documents(4), shares, np.random.default_rng(0))
