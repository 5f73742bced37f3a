"""用語の表は、読みと英語を持ち、検索の言いかえになります。"""

import re
from pathlib import Path

import pytest
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document

from rnnbook.book import glossary

PAGE = Path(__file__).resolve().parents[2] / f"{glossary.PAGE}.md"


def rows():
    return glossary.rows(PAGE.read_text("utf-8"))


def table(*lines):
    """reStructuredText の表を読んだ文書。"""
    document = new_document("", get_default_settings(Parser))
    Parser().parse("\n".join([".. list-table::", "", *lines]), document)
    return document


def test_every_term_has_a_reading_and_an_english_name():
    assert len(rows()) > 40
    for row in rows():
        keys = glossary.read_row(row)["keys"]
        assert any(re.search("[ぁ-ゖァ-ヶ]", key) for key in keys), row
        assert any(re.fullmatch(r"[A-Za-z][A-Za-z \-]+", key) for key in keys), row


def test_a_reading_holds_no_kanji():
    assert [row for row in rows() if re.search("[一-龥]", row[1])] == []


def test_a_row_of_a_page_becomes_a_term():
    head = [
        f"   {'*' if i == 0 else ' '} - {c}" for i, c in enumerate(glossary.COLUMNS)
    ]
    body = ["   * - 再帰（RNN）", "     - さいき", "     - recurrent, looped"]
    document = table(
        *head, *body, "     - 意味", "     - 1", "     - 回帰（統計の語）、循環"
    )
    assert glossary.terms(document) == [
        {
            "names": ["再帰", "RNN"],
            "keys": ["さいき", "recurrent", "looped", "回帰", "循環"],
        }
    ]


def test_columns_in_another_order_are_named_in_the_error():
    document = table("   * - 英語", "     - 用語")
    with pytest.raises(ValueError, match=r"用語、読み、英語.*いまは 英語、用語"):
        glossary.terms(document)
