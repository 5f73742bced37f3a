"""教える人の住所: fix は引数を固定し、hide は部品を見えなくする。"""

import pytest


@pytest.fixture
def at(page, small_url, drawn):
    """at("unrolled.T=5") は、展開図のページ（T=12, w_hh=-0.9）を、その住所で開き、はじめの図を返します。"""

    def go(hash_: str):
        page.goto("about:blank")
        page.goto(f"{small_url}unrolled.html#{hash_}")
        drawn(page)
        return page.locator(".rnnbook-view").first

    return go


def slider(view, name: str):
    return view.get_by_role("slider", name=name)


HELD = "unrolled.w_hh=0.9&T=5&fix=w_hh&hide=T"


def test_a_fixed_control_does_not_move_and_a_sentence_says_so(at):
    view = at(HELD)
    told = view.locator(".rf-held")
    told.get_by_text("は、このページの住所で固定されているので、動きません").wait_for()
    assert "再帰の重み" in told.inner_text()
    fixed = slider(view, "再帰の重み")
    assert fixed.is_disabled()
    box = fixed.bounding_box()
    view.page.mouse.click(box["x"] + 4, box["y"] + box["height"] / 2)
    slider(view, "入力の重み").press("ArrowLeft")
    view.page.wait_for_function(
        "() => location.hash && document.querySelector('.rf-here').href.includes('w_xh')"
    )
    assert fixed.input_value() == "0.9"


def test_a_hidden_control_is_not_seen_and_keeps_its_value_when_the_rest_starts_over(
    at,
):
    view = at(HELD)
    view.locator(".rf-held").get_by_text("固定").wait_for()
    assert slider(view, "系列長").count() == 0
    assert slider(view, "再帰の重み").count() == 1
    slider(view, "入力の重み").press("ArrowLeft")
    view.get_by_role("button", name="はじめに戻す").click()
    view.page.wait_for_function(
        "() => document.querySelector('.rf-here').href.endsWith('#unrolled.T=5&w_hh=0.9&fix=w_hh&hide=T')"
    )


def test_the_link_to_this_state_keeps_what_is_fixed_and_hidden(at):
    view = at(HELD)
    view.locator(".rf-held").get_by_text("固定").wait_for()
    slider(view, "バイアス").press("ArrowRight")
    view.page.wait_for_function(
        "() => document.querySelector('.rf-here').href.includes('b=0.15')"
    )
    address = view.locator(".rf-here").get_attribute("href")
    view = at(address.split("#")[1])
    view.locator(".rf-held").get_by_text("固定").wait_for()
    assert slider(view, "バイアス").input_value() == "0.15"
    assert slider(view, "再帰の重み").is_disabled()
    assert slider(view, "系列長").count() == 0


def test_a_name_that_no_control_has_is_told_and_the_others_are_held(at):
    view = at("unrolled.T=5&fix=w_hh,ghost&hide=phantom")
    line = view.locator(".rnnbook-told")
    line.get_by_text("phantom").wait_for()
    assert "fix に書かれた「ghost」という引数はありません" in line.inner_text()
    assert "hide に書かれた「phantom」という引数はありません" in line.inner_text()
    assert slider(view, "再帰の重み").is_disabled()
    assert slider(view, "系列長").input_value() == "5"


def test_another_address_frees_what_the_first_held(at):
    view = at(HELD)
    view.locator(".rf-held").get_by_text("固定").wait_for()
    view.page.evaluate("location.hash = '#unrolled.w_hh=0.5'")
    view.page.wait_for_function(
        "() => document.querySelector('.rf-held').textContent === ''"
    )
    assert slider(view, "再帰の重み").is_enabled()
    assert slider(view, "再帰の重み").input_value() == "0.5"
    assert slider(view, "系列長").count() == 1


def test_a_link_of_the_text_does_not_open_what_the_address_holds(at):
    view = at("unrolled.w_hh=0.9&T=7&fix=w_hh&hide=T")
    page = view.page
    view.locator(".rf-held").get_by_text("固定").wait_for()
    link = page.get_by_role("link", name="を 5 に")  # T=5&w_hh=0.5
    link.click()
    told = view.locator(".rnnbook-told")
    told.get_by_text("固定されている w_hh は、変えませんでした。").wait_for()
    assert slider(view, "再帰の重み").is_disabled()
    assert slider(view, "再帰の重み").input_value() == "0.9"
    assert slider(view, "系列長").count() == 0
    address = page.evaluate("location.hash")
    assert address == "#unrolled.T=5&w_hh=0.9&fix=w_hh&hide=T"


def test_the_link_to_this_state_keeps_a_fixed_value_that_has_no_effect_now(
    bench,
):
    table = [
        {"name": "cell", "kind": "choice", "start": "rnn", "choices": [["rnn", ""]]},
        {"name": "rho", "kind": "number", "start": 0.9, "when": ["cell", "rnn"]},
    ]
    address = """async ([table, fix]) => {
      const { writeAddress } = await import("/kit/address.js");
      return writeAddress("figure", table, (name) => ({ cell: "lstm", rho: 1.2 })[name], { fix, hide: [] });
    }"""
    assert bench.evaluate(address, [table, ["rho"]]) == (
        "#figure.cell=lstm&rho=1.2&fix=rho"
    )
    assert bench.evaluate(address, [table, []]) == "#figure.cell=lstm"
