"""上の欄のボタン、明暗の切り替え、文字の読みやすさ。"""

import pytest

SCHEMES = ("light", "dark")


@pytest.mark.parametrize(
    ("scheme", "turn"),
    [
        ("dark", 0),
        ("light", 1),
        *(pytest.param(s, None, marks=pytest.mark.weekly) for s in SCHEMES),
    ],
)
def test_all_text_is_readable_against_its_ground(
    browser, site_url, in_turn, unfold, contrast, scheme, turn
):
    context = browser.new_context(color_scheme=scheme, locale="ja-JP")
    page, low = context.new_page(), {}
    for name in in_turn(turn):
        page.goto(site_url + name, wait_until="networkidle")
        unfold(page)
        answer = contrast(page)
        assert answer["count"] > 0
        low |= {(name, element): ratio for element, ratio in answer["low"].items()}
    context.close()
    assert low == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_parts_of_a_chapter_are_readable_in_both_modes(
    browser, sample_url, unfold, contrast, scheme
):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(sample_url)
    unfold(page)
    answer = contrast(page)
    assert answer["count"] > 60  # 語ごとに色の付いたコードまで見ています
    assert answer["low"] == {}
    context.close()


@pytest.mark.parametrize(
    "spoil",
    [
        "p.style.color = '#999'",
        "p.style.opacity = 0.3",
        "p.parentElement.style.opacity = 0.3",
    ],
)
def test_a_pale_or_faded_paragraph_would_be_found(page, sample_url, contrast, spoil):
    page.emulate_media(color_scheme="light")
    page.goto(sample_url)
    page.evaluate(
        f"(() => {{ const p = document.querySelector('article p'); {spoil}; }})()"
    )
    assert any(name.startswith("P.") for name in contrast(page)["low"])


def shown_theme(page) -> str:
    return page.evaluate("document.documentElement.dataset.theme")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_first_visit_follows_the_reader_system(browser, sample_url, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(sample_url)
    assert shown_theme(page) == scheme
    context.close()


def test_the_theme_button_changes_the_colours_and_is_remembered(page, sample_url):
    page.emulate_media(color_scheme="light")
    page.goto(sample_url)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".theme-switch-button").click()
    assert shown_theme(page) == "dark"
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert after != before
    page.reload()
    assert shown_theme(page) == "dark"
    assert page.locator(".theme-switch:visible").get_attribute("data-mode") == "dark"


def test_without_scripts_the_text_is_still_there_and_coloured(browser, sample_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample_url)
    assert page.locator("article h1").is_visible()
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.locator(".bd-header-article button:visible").count() == 0
    context.close()


def test_the_full_screen_button_fills_the_screen(page, sample_url):
    page.goto(sample_url)
    page.locator(".btn-fullscreen-button").click()
    page.wait_for_function("document.fullscreenElement !== null")


def test_a_text_page_has_no_notebook_buttons(page, site_url):
    page.goto(site_url + "chapters/index.html")
    assert page.locator("a.btn-colab, a.btn-notebook").count() == 0
    assert page.locator(".theme-switch-button, .btn-fullscreen-button").count() == 2


def test_every_icon_has_a_picture(page, sample_url):
    page.goto(sample_url)
    bare = page.evaluate(
        """() => [...document.querySelectorAll('[class*="fa-"], .book-icon')]
          .filter((icon) => getComputedStyle(icon).maskImage === "none")
          .map((icon) => icon.className)"""
    )
    assert page.locator('[class*="fa-"]').count() >= 8
    assert bare == []


def test_the_footer_states_both_licences(page, sample_url):
    page.goto(sample_url)
    footer = page.locator("footer.bd-footer-content").inner_text()
    assert "CC BY 4.0" in footer and "MIT" in footer


def test_a_line_of_text_holds_38_to_42_characters(page, sample_url):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(sample_url)
    paragraph = page.locator("article p").first
    width, size = paragraph.evaluate(
        "p => [p.clientWidth, parseFloat(getComputedStyle(p).fontSize)]"
    )
    assert 38 <= width / size <= 42
