"""ライブラリの英文を検索に貼ると、付録「学習しないとき」のその節に行けます。"""

from urllib.parse import quote

import pytest

from rnnbook.training.faults.catalogue import FAULTS

PASTED = [text for text in FAULTS.values() if text] + [
    "cudnn RNN backward can only be called in training mode",
    "RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor",
    "expected scalar type Long but found Float",
]


@pytest.mark.parametrize("text", PASTED, ids=lambda text: text[:30])
def test_a_pasted_message_finds_the_appendix(page, site_url, text):
    page.goto(f"{site_url}search.html?q={quote(text.removeprefix('RuntimeError: '))}")
    first = page.locator(".search-title").first
    first.wait_for()
    assert "学習しないとき" in first.inner_text()


@pytest.mark.one_chapter
def test_a_row_of_the_table_leads_to_its_section(page, site_url):
    page.goto(site_url + "chapters/appendix_not_learning.html")
    link = page.locator("td a", has_text="二度目の逆伝播で止まる")
    target = link.get_attribute("href").removeprefix("#")
    assert page.locator(f'[id="{target}"]').count() == 1
    section = page.locator("section", has=page.locator(f'[id="{target}"]')).last
    own = page.locator(f'section[id="{target}"]')
    found = own if own.count() else section
    assert "二度目の逆伝播で止まる" in found.locator("h3").first.inner_text()
