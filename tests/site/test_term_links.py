"""前の章の用語は、はじめて使うところで用語の表につながり、押すと説明が出ます。"""

from pathlib import Path

import pytest

from rnnbook.book import glossary, term_links

PAGE = Path(__file__).resolve().parents[2] / f"{glossary.PAGE}.md"


@pytest.fixture
def words(page, sample_url):
    page.goto(sample_url.replace("sample.html", "02_words.html"))
    return page


def test_every_row_of_the_glossary_has_an_address_of_its_own():
    anchors = [term_links.anchor(row) for row in glossary.rows(PAGE.read_text("utf-8"))]
    assert len(set(anchors)) == len(anchors)


def test_only_the_first_use_in_a_sentence_of_a_word_of_an_earlier_chapter_is_a_link(
    words,
):
    links = words.locator("article a.term")
    assert links.all_inner_texts() == ["系列", "系列長"]
    assert links.first.get_attribute("href") == "appendix_glossary.html#term-sequence"
    assert links.first.locator("xpath=..").inner_text().startswith("系列と系列長を")


def test_a_tap_shows_the_row_of_the_glossary_with_its_formula(browser, sample_url):
    context = browser.new_context(
        has_touch=True, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(sample_url.replace("sample.html", "02_words.html"))
    page.locator("a.term", has_text="系列").first.tap()
    note = page.get_by_role("dialog", name="用語 系列")
    note.wait_for()
    assert "けいれつ、sequence" in note.inner_text()
    assert note.locator("math").count() == 1
    box = note.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    note.get_by_role("button", name="閉じる").tap()
    note.wait_for(state="detached")
    context.close()


def test_the_keyboard_opens_the_note_and_escape_gives_the_focus_back(words):
    words.locator("a.term").nth(1).focus()
    words.keyboard.press("Enter")
    note = words.get_by_role("dialog", name="用語 系列長")
    note.wait_for()
    assert words.evaluate("document.activeElement.matches('.term-note')")
    words.keyboard.press("Escape")
    note.wait_for(state="detached")
    assert words.evaluate("document.activeElement.textContent") == "系列長"


@pytest.mark.parametrize("block", ["start", "end"])
def test_the_note_does_not_hide_the_word(words, block):
    words.set_viewport_size({"width": 360, "height": 640})
    words.locator("article").evaluate(
        "a => { a.style.paddingBlock = '100vh'; a.style.display = 'block' }"
    )
    link = words.locator("a.term").first
    link.evaluate(
        "(a, block) => { a.scrollIntoView({ block, behavior: 'instant' }); a.click() }",
        block,
    )
    note = words.get_by_role("dialog", name="用語 系列")
    note.wait_for()
    word, shown = link.bounding_box(), note.bounding_box()
    assert 0 <= word["y"] <= 640
    below = shown["y"] >= word["y"] + word["height"]
    assert below or shown["y"] + shown["height"] <= word["y"]


def test_without_javascript_the_word_leads_to_its_row(browser, sample_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample_url.replace("sample.html", "02_words.html"))
    page.locator("a.term").first.click()
    page.wait_for_url("**/appendix_glossary.html#term-sequence")
    assert page.locator("tr:target").inner_text().startswith("系列")
    context.close()
