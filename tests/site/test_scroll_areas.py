"""横に動く所は、キーボードだけでも動かせます。動かない所は、焦点を受けません。"""

import pytest


@pytest.fixture
def narrow(page, sample_url):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(sample_url)
    page.locator("article [tabindex='0'][role='group']").first.wait_for()
    return page


def test_the_arrow_key_moves_a_long_line_of_code(narrow):
    code = narrow.locator("div.cell_input pre").first
    assert code.get_attribute("aria-label") == "横に動かせるコード"
    code.focus()
    narrow.keyboard.press("ArrowRight")
    narrow.wait_for_function(
        "document.querySelector('div.cell_input pre').scrollLeft > 0"
    )


def test_only_what_moves_takes_the_focus(narrow):
    wrong = narrow.evaluate(
        """() => [...document.querySelectorAll(
            "article :is(pre, .pst-scrollable-table-container, .text_html, .formula-scroll)")]
          .filter((area) => area.checkVisibility())
          .filter((area) => (area.scrollWidth > area.clientWidth) !== (area.tabIndex === 0))
          .map((area) => area.outerHTML)"""
    )
    assert wrong == []


def test_a_wider_screen_takes_the_focus_away_again(narrow):
    table = narrow.locator(".pst-scrollable-table-container").first
    table.evaluate("area => { area.style.width = '40px' }")
    narrow.wait_for_function(
        "document.querySelector('.pst-scrollable-table-container').tabIndex === 0"
    )
    table.evaluate("area => { area.style.width = '900px' }")
    narrow.wait_for_function(
        "document.querySelector('.pst-scrollable-table-container').tabIndex === -1"
    )
