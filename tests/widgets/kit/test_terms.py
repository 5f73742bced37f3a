"""数の出どころ: 丸や升目を指すか、キーで選ぶと、項が並び、足すとその数になる。"""

import numpy as np
import pytest
from scipy.special import expit

from rnnbook.models.brackets import load_bracket_reader
from rnnbook.widgets.gate_viewer import GateViewer
from rnnbook.widgets.unrolled import Unrolled

WIDTHS = [360, 1280]
PANEL = ".rf-terms"


def sum_of(page) -> tuple[list[float], float]:
    """枠に並んだ項と、その和として書かれた数（丸める前）。"""
    panel = page.locator(PANEL)
    panel.wait_for()
    read = "(all) => all.map((e) => Number(e.value))"
    terms = panel.locator("li data").evaluate_all(read)
    (total,) = panel.locator(".rf-total data").evaluate_all(read)
    return terms, total


def shown(page) -> dict[str, float]:
    """図が見せている数。"""
    return page.evaluate(
        "() => JSON.parse(document.querySelector('.rnnbook-figure').dataset.numbers)"
    )


@pytest.fixture(params=WIDTHS)
def unrolled(request, page, mount):
    """w_hh を負にした展開図を、狭い画面と広い画面に。"""
    page.set_viewport_size({"width": request.param, "height": 800})
    return mount(Unrolled(T=8, w_hh=-0.7, w_xh=1.3, b=0.2, x="sine", t=3))


def inside(page) -> bool:
    """枠は、図の横幅の中にある。"""
    inner, outer = (
        page.locator(each).bounding_box() for each in (PANEL, ".rnnbook-figure")
    )
    return (
        inner["x"] >= outer["x"]
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
        and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    )


def test_a_circle_pointed_at_shows_terms_that_add_up_to_its_number(unrolled):
    page, numbers = unrolled, shown(unrolled)
    page.locator(".rf-now .rf-node").first.hover()
    terms, total = sum_of(page)
    assert len(terms) == 3
    assert sum(terms) == pytest.approx(total, abs=1e-6)
    assert total == pytest.approx(numbers["a_t"], abs=1e-6)
    assert inside(page)
    page.mouse.move(5, 5)
    page.locator(PANEL).wait_for(state="hidden")


def test_every_circle_is_reached_by_keys_and_its_terms_add_up(unrolled):
    page = unrolled
    picture = page.get_by_role("application")
    picture.focus()
    picture.press("ArrowUp")
    for t in range(4, 9):
        picture.press("ArrowRight")
        page.wait_for_function(
            "(t) => document.querySelector('.rf-total').textContent.startsWith(`a${t}`)",
            arg=t,
        )
        terms, total = sum_of(page)
        assert sum(terms) == pytest.approx(total, abs=1e-6)
        page.wait_for_function(
            "(a) => JSON.parse(document.querySelector('.rnnbook-figure').dataset.numbers).a_t === a",
            arg=total,
        )
        assert inside(page)
    picture.press("ArrowDown")
    terms, total = sum_of(page)
    assert terms == [total] == [pytest.approx(shown(page)["x_t"])]
    picture.press("Escape")
    page.locator(PANEL).wait_for(state="hidden")


def test_a_tap_shows_the_terms_and_a_tap_elsewhere_takes_them_away(
    browser, mount_script, traits_of
):
    context = browser.new_context(
        has_touch=True, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    figure = Unrolled(T=4, w_hh=0.5)
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    page.locator(".rf-step .rf-node").first.tap()
    terms, total = sum_of(page)
    assert sum(terms) == pytest.approx(total, abs=1e-6)
    page.locator("figcaption").tap()
    page.locator(PANEL).wait_for(state="hidden")
    context.close()


def test_the_terms_follow_a_control_that_moves(unrolled):
    page = unrolled
    picture = page.get_by_role("application")
    picture.focus()
    picture.press("ArrowUp")
    before = sum_of(page)
    page.evaluate("model.set('b', 0.6)")
    page.wait_for_function(
        "(old) => Number(document.querySelector('.rf-terms li:last-child data').value) !== old",
        arg=before[0][-1],
    )
    terms, total = sum_of(page)
    assert terms[-1] == 0.6
    assert sum(terms) == pytest.approx(total, abs=1e-6)


GATES = ["i", "c_tilde", "f", "c", "o", "h"]  # 絵の中の順


@pytest.fixture(params=WIDTHS)
def gates(request, page, mount):
    """ゲートをのぞく図を、狭い画面と広い画面に。"""
    page.set_viewport_size({"width": request.param, "height": 800})
    return mount(GateViewer("a(b(c)d", t=3, unit=1, fixed="f=0.5"))


def test_every_map_of_gates_is_reached_by_keys_and_its_terms_add_up(gates):
    page = gates
    picture, reader = page.get_by_role("application"), load_bracket_reader()
    reader = reader.with_gate_fixed("f", 0.5)
    trace = reader.trace("a(b(c)d")
    H = reader.params.H
    picture.focus()
    for _ in range(2 * H):  # 忘却ゲートから、いちばん上の図へ
        picture.press("ArrowUp")
    for k in range(len(GATES) * H):
        terms, total = sum_of(page)
        name, unit = GATES[k // H], k % H
        assert sum(terms) == pytest.approx(total, abs=1e-6)
        # 0 に近い重みの項は、一つにまとめる
        weights = getattr(reader.params, f"W_h{name[0]}", np.zeros((H, H)))[unit]
        seen = int((np.abs(weights) >= 5e-4).sum())
        assert len(terms) == {"c": 2, "h": 1}.get(name, 2 + seen + (seen < H))
        value = {"c": total, "h": total, "c_tilde": np.tanh(total)}.get(
            name, expit(total)
        )
        assert value == pytest.approx(getattr(trace, name)[0, 2, unit], abs=1e-6)
        picture.press("ArrowDown")
    assert inside(page)


def test_a_cell_pointed_at_shows_the_terms_of_that_cell(gates):
    page = gates
    cell = page.locator(".rf-heat rect.rf-gate").nth(2)
    cell.scroll_into_view_if_needed()
    cell.hover()
    terms, total = sum_of(page)
    assert sum(terms) == pytest.approx(total, abs=1e-6)
    assert inside(page)
    # 指しただけでは、見る文字とユニットは動かない
    assert page.get_by_role("slider", name="文字").input_value() == "3"
