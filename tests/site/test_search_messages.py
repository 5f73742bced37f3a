"""ライブラリの英文を検索に貼ると、付録「学習しないとき」のその節に行けます。"""

from urllib.parse import quote

import pytest

from rnnbook.training.faults.catalogue import FAULTS

# 短い英文は、エラーの種類まで貼ると、ほかの章のコードと紛れません
KINDS = {"index out of range in self": "IndexError: index out of range in self"}
PASTED = [KINDS.get(text, text) for text in FAULTS.values() if text] + [
    "cudnn RNN backward can only be called in training mode",
    "'lengths' argument should be a 1D CPU int64 tensor",
    "expected scalar type Long but found Float",
]


@pytest.mark.parametrize("text", PASTED, ids=lambda text: text[:30])
def test_a_pasted_message_finds_the_appendix(page, site_url, text):
    page.goto(f"{site_url}search.html?q={quote(text)}")
    first = page.locator(".search-title").first
    first.wait_for()
    assert "学習しないとき" in first.inner_text()


def test_a_row_of_the_table_leads_to_the_section_of_its_name(page, site_url):
    page.goto(site_url + "chapters/appendix_not_learning.html")
    link = page.locator("td a", has_text="二度目の逆伝播で止まる")
    assert link.get_attribute("href") == "#二度目の逆伝播で止まる"
    heading = page.locator("section#二度目の逆伝播で止まる > h3")
    assert "二度目の逆伝播で止まる" in heading.inner_text()
