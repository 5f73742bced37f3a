"""指: ページを送る指は何も変えず、打つ指と横に引く指が変えます。"""

import json

import pytest

PHONE = {"width": 360, "height": 740}
# 触れて動くものすべて
TOUCHED = (
    ".rf-pick:visible, .rf-plot svg:visible, .rf-diagram svg:visible, "
    ".rf-letters button:visible"
)


@pytest.fixture
def phone(browser):
    """触れる画面の頁と、指を動かす finger(始まり, 終わり)。"""
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, locale="ja-JP"
    )
    page = context.new_page()
    session = context.new_cdp_session(page)

    def finger(start, end, steps=10):
        def send(kind, *points):
            touches = [{"x": x, "y": y} for x, y in points]
            session.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches}
            )

        send("touchStart", start)
        for k in range(1, steps + 1):
            part = k / steps
            at = [a + (b - a) * part for a, b in zip(start, end, strict=True)]
            send("touchMove", at)
        send("touchEnd")
        # 届いた出来事がみな済むまで
        page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
        )

    yield page, finger
    context.close()


# 描き終えると、線の図には目盛りが、言葉だけの図には読み上げる文がある
DRAWN = "figure svg .rf-axes text:visible, figure .rf-live:not(:empty):visible"
ROOM = "document.body.style.padding = '0 0 1500px'"
SPOT = """(e) => {
  e.scrollIntoView({ block: "center" });
  const box = e.getBoundingClientRect();
  return [box.x + 0.72 * box.width, Math.min(box.y + 0.45 * box.height, innerHeight - 40)];
}"""


def place(page, mount_script, figure):
    """図を、上下に送れる頁に置きます。"""
    page.set_content('<meta name="viewport" content="width=device-width">')
    page.evaluate(mount_script, [figure._esm, figure._css, _values(figure)])
    page.wait_for_selector(DRAWN)
    # まだ読んでいる、または学習している図は、済むと高さが変わる
    page.wait_for_function(
        "() => !document.querySelector('[aria-busy=true]')", timeout=600_000
    )
    page.evaluate(ROOM)


def _values(figure):
    state = {k: v for k, v in figure.get_state().items() if k != "layout"}
    return json.loads(json.dumps(state, default=str, sort_keys=True))


def values_of(page, figure):
    names = [prop.name for prop in figure.table()]
    return page.evaluate("(names) => names.map((n) => model.get(n))", names)


def start_of(kind, make):
    """絵も触れる状態の図。"""
    return make(kind, **({"x": "drawn"} if kind.__name__ == "Unrolled" else {}))


def test_a_finger_that_scrolls_changes_nothing(phone, mount_script, kind, make):
    page, finger = phone
    figure = start_of(kind, make)
    place(page, mount_script, figure)
    parts = page.locator(TOUCHED).all()
    assert len(parts) >= 2
    for part in parts:
        x, y = part.evaluate(SPOT)
        before, top = values_of(page, figure), page.evaluate("scrollY")
        finger((x, y), (x + 4, y - 150))
        page.wait_for_function("(top) => scrollY > top + 60", arg=top)
        assert values_of(page, figure) == before


def test_a_tap_and_a_drag_to_the_side_move_every_slider(
    phone, mount_script, kind, make
):
    page, finger = phone
    figure = make(kind)
    place(page, mount_script, figure)
    for track in page.locator(".rf-track:visible").all():
        slider = track.locator("input")
        slider.press("Home")
        low = slider.input_value()
        x, y = track.evaluate(SPOT)
        finger((x, y), (x, y), steps=1)
        tapped = slider.input_value()
        assert float(tapped) > float(low)
        finger((x, y), (x - 90, y + 3))
        assert float(slider.input_value()) < float(tapped)


# 図の絵のうち、触れて値を選ぶもの: 図、はじめの引数、絵の読み上げ、選ばれる引数
CHARTS = [
    ("GateViewer", {"t": 2}, "一文字ごとの、開いた括弧が残っている確率", "t"),
    ("GateViewer", {"t": 2}, "ゲートと状態のマス目", "t"),
    ("LengthAccuracy", {"T": 10}, "長さ T と正解率", "T"),
    (
        "LengthAccuracy",
        {"updates": 100},
        "更新の回数と、選んだ T での正解率",
        "updates",
    ),
    ("ForgetDial", {"b_f": -3.0}, "忘却ゲートのバイアス b_f と半減期", "b_f"),
    ("Lookback", {"p": 1}, "さかのぼる年数 p と試験期間の RMSE", "p"),
]


@pytest.mark.parametrize(("name", "start", "label", "value"), CHARTS)
def test_a_chart_takes_a_tap_and_a_drag_to_the_side(
    phone, mount_script, every_kind, make, name, start, label, value
):
    page, finger = phone
    (kind,) = [each for each in every_kind if each.__name__ == name]
    place(page, mount_script, make(kind, **start))
    x, y = page.locator(f"svg[aria-label^='{label}']").evaluate(SPOT)
    finger((x, y), (x, y), steps=1)
    tapped = page.evaluate("(n) => model.get(n)", value)
    assert tapped > start[value]
    finger((x, y), (x - 120, y + 5))
    assert page.evaluate("(n) => model.get(n)", value) < tapped


def test_a_finger_draws_the_input_to_the_side_and_a_tap_sets_one_value(
    phone, mount_script
):
    from rnnbook.widgets.unrolled import Unrolled

    page, finger = phone
    place(page, mount_script, Unrolled(T=10, x="drawn"))
    x, y = page.locator("svg.rf-pick").evaluate(SPOT)
    finger((x, y - 10), (x, y - 10), steps=1)
    assert page.evaluate("model.get('drawn').filter((v) => v !== 0).length") == 1
    finger((x, y - 10), (x - 180, y + 8), steps=30)
    assert page.evaluate("model.get('drawn').filter((v) => v !== 0).length") > 3
