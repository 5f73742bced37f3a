"""紙に刷るとき: 暗い画面で読んでいても、紙の上の文字はどれも読めます。"""

import pytest

IS_LIGHT = "document.documentElement.dataset.theme === 'light'"
IS_DARK = "document.documentElement.dataset.theme === 'dark'"


@pytest.fixture
def dark(page, site_url):
    """dark(name) は、明暗のボタンで暗くしたページを開きます。"""
    page.emulate_media(color_scheme="light")

    def visit(name):
        page.goto(site_url + name, wait_until="networkidle")
        if page.locator("html").get_attribute("data-theme") != "dark":
            page.locator(".theme-switch-button").click()
        assert page.locator("html").get_attribute("data-theme") == "dark"
        return page

    return visit


def test_paper_gets_light_colours_from_the_dark_theme(dark, chapters, contrast):
    low = {}
    for name in chapters:
        page = dark(name)
        page.emulate_media(media="print")
        page.wait_for_function(IS_LIGHT)
        answer = contrast(page, paper=True)
        assert answer["count"] > 0
        low |= {(name, text): ratio for text, ratio in answer["low"].items()}
        page.emulate_media(media="screen")
    assert low == {}


def test_folds_are_open_on_paper_and_closed_again_on_the_screen(dark):
    page = dark("chapters/01_rnn_basics.html")
    closed = page.locator("article details:not([open])")
    before = closed.count()
    assert before > 0
    page.emulate_media(media="print")
    page.wait_for_function(IS_LIGHT)
    assert closed.count() == 0
    page.emulate_media(media="screen")
    page.wait_for_function(IS_DARK)
    assert closed.count() == before


def test_what_the_browser_prints_is_light(dark):
    page = dark("chapters/appendix_notation.html")
    page.evaluate(
        """addEventListener("beforeprint", () => {
          globalThis.printed = document.documentElement.dataset.theme })"""
    )
    page.pdf()
    assert page.evaluate("globalThis.printed") == "light"
    page.wait_for_function(IS_DARK)
