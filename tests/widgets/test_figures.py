"""読者の前の図: 一度だけ描かれ、キーと指に応え、読み上げる数は NumPy の数に等しい。"""

import re

import numpy as np
import pytest

from rnnbook import data
from rnnbook.widgets.forget_dial import ForgetDial
from rnnbook.widgets.lookback import Lookback
from rnnbook.widgets.unrolled import Unrolled


def hidden_states(x, w_hh, w_xh, b) -> np.ndarray:
    h, states = 0.0, []
    for value in x:
        h = np.tanh(w_xh * value + w_hh * h + b)
        states.append(h)
    return np.array(states)


def spoken(view) -> str:
    """読み上げられる文。次の画面の書き換えを待ってから読みます。"""
    view.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    )
    return view.locator("[aria-live]").first.inner_text()


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def spoken_state(view) -> float:
    return number(re.search(r"の隠れ状態は h\d+ = ([−\d.]+)。", spoken(view))[1])


def slider(view, label: str):
    return view.get_by_role("slider", name=label)


def impulse(T: int) -> np.ndarray:
    return (np.arange(T) == 0).astype(float)


def test_each_figure_is_drawn_once_and_views_of_one_figure_move_together(opened):
    page = opened("unrolled")
    views = page.locator(".rnnbook-view")
    assert views.count() == 2
    for n in range(2):
        assert views.nth(n).locator("figure").count() == 1
        assert views.nth(n).locator("svg").count() == 3
    slider(views.nth(0), "再帰の重み").focus()
    page.keyboard.press("ArrowRight")
    first, second = spoken(views.nth(0)), spoken(views.nth(1))
    assert first == second
    assert slider(views.nth(1), "再帰の重み").input_value() == "-0.85"


def test_the_keyboard_moves_the_figure_and_it_says_the_number_numpy_computes(opened):
    view = opened("unrolled").locator(".rnnbook-view").first
    keys = view.page.keyboard
    slider(view, "再帰の重み").focus()
    for _ in range(9):
        keys.press("ArrowRight")  # −0.9 → −0.45
    slider(view, "入力の重み").focus()
    keys.press("ArrowLeft")  # 1.5 → 1.45
    slider(view, "時刻").focus()
    for _ in range(3):
        keys.press("ArrowRight")  # t = 4
    expected = hidden_states(impulse(12), -0.45, 1.45, 0.1)
    assert spoken_state(view) == pytest.approx(expected[3], abs=5.1e-4)
    equation = view.locator(".rf-equation").inner_text()
    assert number(re.findall(r"= ([−\d.]+)$", equation)[0]) == pytest.approx(
        expected[3], abs=5.1e-4
    )
    shown = [
        number(t)
        for t in view.locator(".rf-step .rf-node:nth-child(1) text").all_text_contents()
    ]
    np.testing.assert_allclose(shown, expected[: len(shown)], atol=5.1e-3)


def test_the_pointer_moves_a_slider_and_picks_a_time(opened):
    view = opened("unrolled").locator(".rnnbook-view").first
    slider(view, "再帰の重み").scroll_into_view_if_needed()
    box = slider(view, "再帰の重み").bounding_box()
    view.page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    w_hh = float(slider(view, "再帰の重み").input_value())
    assert w_hh > 0
    view.locator(".rf-step").nth(2).locator("text").first.click()
    assert spoken_state(view) == pytest.approx(
        hidden_states(impulse(12), w_hh, 1.5, 0.1)[2], abs=5.1e-4
    )


@pytest.mark.parametrize(
    ("label", "x"),
    [("一定", np.ones(12)), ("正弦波", np.sin(2 * np.pi * np.arange(1, 13) / 10))],
)
def test_each_shape_of_input_gives_the_states_of_that_input(opened, label, x):
    view = opened("unrolled").locator(".rnnbook-view").first
    view.get_by_label(label).check()
    view.get_by_role("button", name="次へ").click()
    view.get_by_role("button", name="次へ").click()
    assert spoken_state(view) == pytest.approx(
        hidden_states(x, -0.9, 1.5, 0.1)[2], abs=5.1e-4
    )


def test_the_reader_draws_the_input_with_keys_and_with_the_pointer(opened):
    view = opened("unrolled").locator(".rnnbook-view").first
    keys, mouse = view.page.keyboard, view.page.mouse
    view.get_by_label("自分で描く").check()
    strip = view.get_by_role("slider", name="入力 x を描く")
    strip.focus()
    keys.press("ArrowRight")  # t = 2
    for _ in range(5):
        keys.press("ArrowUp")  # x_2 = 0.5
    x = impulse(12)  # いま見えている形から始まる
    x[1] = 0.5
    assert strip.get_attribute("aria-valuenow") == "0.5"
    assert spoken_state(view) == pytest.approx(
        hidden_states(x, -0.9, 1.5, 0.1)[1], abs=5.1e-4
    )

    box = strip.bounding_box()
    left, right = box["x"] + 44, box["x"] + box["width"] - 14
    mouse.move(left + (right - left) * 6.5 / 12, box["y"] + 80)
    mouse.down()
    mouse.move(left + (right - left) * 6.5 / 12, box["y"] + 300, steps=3)
    mouse.up()
    x[6] = -1  # 下へ引けば、端で止まる
    assert strip.get_attribute("aria-valuetext") == "時刻 7 の入力は −1.00"
    assert spoken_state(view) == pytest.approx(
        hidden_states(x, -0.9, 1.5, 0.1)[6], abs=5.1e-4
    )


@pytest.mark.parametrize("T", [1, 2, 3])
def test_the_ticks_of_a_short_series_are_its_times(mount, T):
    page = mount(Unrolled(T=T))
    ticks = page.locator("figure svg .rf-axes text[text-anchor=middle]")
    assert ticks.all_text_contents() == [str(t) for t in range(1, T + 1)]


def test_the_series_may_become_shorter_than_the_time_that_is_looked_at(opened):
    view = opened("unrolled").locator(".rnnbook-view").first
    slider(view, "時刻").focus()
    view.page.keyboard.press("End")
    slider(view, "系列長").focus()
    view.page.keyboard.press("Home")
    assert spoken_state(view) == pytest.approx(np.tanh(1.6), abs=5.1e-4)
    assert slider(view, "時刻").input_value() == "1"


def test_play_walks_through_time_and_is_away_where_the_reader_wants_stillness(
    browser, small_url
):
    for motion, shown in (("no-preference", True), ("reduce", False)):
        context = browser.new_context(reduced_motion=motion)
        page = context.new_page()
        page.goto(f"{small_url}unrolled.html")
        page.wait_for_selector(".rnnbook-view[data-drawn] .rf-live")
        play = page.locator(".rf-steps button").nth(1)
        assert play.is_visible() == shown
        if shown:
            play.click()
            page.wait_for_function(
                "document.querySelector('.rf-live').textContent.startsWith('t = 3 ')"
            )
            play.click()
            assert play.inner_text() == "再生"
        context.close()


def test_the_errors_that_are_told_are_those_of_the_stored_experiment(opened):
    view = opened("lookback").locator(".rnnbook-view")
    slider(view, "さかのぼる年数").focus()
    for _ in range(3):
        view.page.keyboard.press("ArrowRight")  # 2 → 3 → 4 → 6
    table = data.load("lookback")
    at_6 = table[table["p"] == 6].groupby("model")["rmse_test"]
    text = spoken(view)
    assert text.startswith("p = 6 年")
    told = [
        float(v) for v in re.findall(r"(?:直前の値|線形自己回帰|RNN) ([\d.]+)", text)
    ]
    np.testing.assert_allclose(
        told, at_6.median()[["last", "linear", "rnn"]], atol=0.051
    )
    low, high = re.search(r"範囲 ([\d.]+)–([\d.]+)", text).groups()
    assert float(low) == pytest.approx(at_6.min()["rnn"], abs=0.051)
    assert float(high) == pytest.approx(at_6.max()["rnn"], abs=0.051)


def test_the_forecasts_that_are_drawn_are_those_of_the_stored_experiment(opened):
    view = opened("lookback").locator(".rnnbook-view")
    table = data.load("lookback_forecasts")
    rnn = table[(table["model"] == "rnn") & (table["p"] == 2)].sort_values("year")
    path = view.locator("svg").nth(1).locator("path.rf-line").nth(2).get_attribute("d")
    pixels = np.array(
        [[float(v) for v in pair.split(",")] for pair in path[1:].split("L")]
    )
    # 画面の位置は、値の一次式のはず
    assert len(pixels) == len(rnn)
    for column, values in ((0, rnn["year"]), (1, rnn["forecast"])):
        fit = np.polynomial.Polynomial.fit(values, pixels[:, column], 1)
        assert np.abs(fit(values.to_numpy()) - pixels[:, column]).max() < 0.2


def test_models_can_be_hidden_and_p_picked_on_the_plot(opened):
    view = opened("lookback").locator(".rnnbook-view")
    view.get_by_role("checkbox", name="直前の値").uncheck()
    assert "直前の値" not in spoken(view)
    box = view.locator("svg").first.bounding_box()
    view.page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 100)
    assert spoken(view).startswith("p = 32 年")


def test_a_quiz_is_answered_with_the_keyboard_and_gives_a_reason_for_each_choice(
    opened,
):
    page = opened("quiz")
    view = page.locator(".rnnbook-view")
    first = view.locator("fieldset").first
    grade = first.get_by_role("button", name="答え合わせ")
    progress = view.locator(".rf-progress")
    assert grade.is_disabled()
    assert progress.inner_text() == "2 問中 0 問に正解しています。"

    first.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")  # 「1」
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "× ちがいます。 ちがう理由 1。" in first.locator(".rf-answer").inner_text()
    assert progress.inner_text() == "2 問中 0 問に正解しています。"

    first.get_by_role("radio").nth(2).check()
    assert (
        first.locator(".rf-answer").inner_text() == ""
    )  # 選び直すと、前の答えは消える
    grade.click()
    assert "ちがう理由 2。" in first.locator(".rf-answer").inner_text()

    first.get_by_role("radio").first.check()
    grade.click()
    assert "○ 正解です。 約束です。" in first.locator(".rf-answer").inner_text()
    first.locator("summary").click()
    assert "「2」: ちがう理由 2。" in first.locator("ul").inner_text()
    assert progress.inner_text() == "2 問中 1 問に正解しています。"

    second = view.locator("fieldset").nth(1)
    second.get_by_role("radio", name="b").check()
    second.get_by_role("button").click()
    assert progress.inner_text() == "すべて正解です。"


@pytest.mark.parametrize("name", ["quiz", "faults"])
def test_text_never_becomes_html(opened, name):
    page = opened(name)
    for radio in page.get_by_role("radio").all():
        radio.check()
        for button in page.get_by_role("button", name="答え合わせ").all():
            if button.is_enabled():
                button.click()
    assert page.locator(".rnnbook-view img, .rnnbook-view script").count() == 0
    assert page.title() != "attacked"
    if name == "quiz":
        assert "<img src=x" in page.locator("legend").first.inner_text()
        assert page.locator("legend sub").inner_text() == "0"
        assert page.locator("legend code").inner_text() == "h = 0"


def test_the_chapter_draws_each_of_its_figures(page, site_dir, site_url):
    name = "chapters/01_rnn_basics.html"
    text = (site_dir / name).read_text("utf-8")
    expected = text.count('class="rnnbook-view"')
    assert expected >= 3, "第 1 章に図が三つ以上あるはずです。"
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site_url + name)
    page.wait_for_function(
        f"document.querySelectorAll('.rnnbook-view[data-drawn] > div > .rnnbook-figure').length === {expected}"
    )
    assert page.locator(".rnnbook-fault").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert errors == []


@pytest.mark.parametrize("figure", [Unrolled, Lookback, ForgetDial])
def test_a_figure_drawn_before_it_is_on_the_page_appears_and_lets_go_when_removed(
    detached, figure
):
    left = detached(figure())
    assert left["steps"] + left["lines"] >= 4
    assert left["listeners"] == 0
