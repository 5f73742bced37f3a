"""戻るボタン: 本文のリンクで動いた図は、戻ると前の状態になり、ページを離れません。"""

import pytest
from playwright.sync_api import expect

from rnnbook.widgets.unrolled import Unrolled

LINKS = [("#unrolled.T=7", ""), ("#unrolled-2.T=9", "")]


@pytest.fixture
def lengths(open_page):
    """lengths() は、図が二つと、それぞれを動かすリンクと、節へのリンクのあるページ。"""

    def go(hash_=""):
        page = open_page([Unrolled(), Unrolled()], LINKS, hash_)
        page.evaluate(
            "() => document.body.insertAdjacentHTML('beforeend', '<a id=\"section\" href=\"#links\">節へ</a>')"
        )
        page.link = page.locator("#links a").nth
        return page

    return go


def expect_lengths(page, *values):
    for slider, value in zip(
        page.get_by_role("slider", name="系列長").all(), values, strict=True
    ):
        expect(slider).to_have_value(str(value))


def test_back_returns_to_what_the_reader_had_set_by_hand_and_forward_to_the_link(
    lengths,
):
    page = lengths()
    page.get_by_role("slider", name="系列長").first.press("ArrowRight")
    expect_lengths(page, 11, 10)
    before = page.url
    page.link(0).click()
    expect_lengths(page, 7, 10)
    page.get_by_role("slider", name="系列長").first.press("ArrowRight")
    expect_lengths(page, 8, 10)
    page.go_back()
    expect_lengths(page, 11, 10)
    assert page.url == before
    page.go_forward()
    expect_lengths(page, 7, 10)
    assert page.url.endswith(LINKS[0][0])


def test_back_moves_only_the_figure_that_the_link_moved(lengths):
    page = lengths()
    page.link(0).click()
    page.link(1).click()
    expect_lengths(page, 7, 9)
    page.get_by_role("slider", name="系列長").first.press("ArrowRight")
    page.go_back()
    expect_lengths(page, 8, 10)
    page.go_back()
    expect_lengths(page, 10, 10)


def test_a_link_that_moves_nothing_adds_nothing_to_go_back_through(lengths):
    page = lengths()
    page.link(0).click()
    expect_lengths(page, 7, 10)
    entries = page.evaluate("history.length")
    page.link(0).click()
    page.get_by_role("link", name="この状態へのリンク").first.click()
    expect(page.locator(".rnnbook-line")).to_have_count(0)
    assert page.evaluate("history.length") == entries


def test_back_from_a_section_leaves_the_figures_as_they_are(lengths):
    page = lengths()
    page.link(0).click()
    page.get_by_role("slider", name="系列長").first.press("ArrowRight")
    page.locator("#section").click()
    assert page.url.endswith("#links")
    page.go_back()
    page.wait_for_url("**" + LINKS[0][0])
    page.link(1).click()  # 図が動いたあとで、はじめの図が 8 のままか
    expect_lengths(page, 8, 9)


def test_the_page_read_again_after_back_stands_where_back_led(lengths, drawn):
    page = lengths()
    page.get_by_role("slider", name="系列長").first.press("ArrowRight")
    page.link(0).click()
    expect_lengths(page, 7, 10)
    page.go_back()
    expect_lengths(page, 11, 10)
    page.reload()
    drawn(page)
    expect_lengths(page, 11, 10)
    page.go_forward()
    expect_lengths(page, 7, 10)


def test_an_address_typed_over_is_followed_and_back_returns_to_the_link(lengths):
    page = lengths()
    page.link(0).click()
    page.evaluate("location.hash = '#unrolled.T=5'")
    expect_lengths(page, 5, 10)
    page.go_back()
    expect_lengths(page, 7, 10)
