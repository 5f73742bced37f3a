"""幅 360 px の画面でも、はみ出さず、押せて、目次が開きます。"""

import pytest

# innerWidth は、はみ出すと一緒に広がるので、画面の幅そのものと比べます。
OVERFLOW = "document.documentElement.scrollWidth - 360"
SMALL = """() => [...document.querySelectorAll(
    ".bd-header-article .btn, nav.bd-links a, .page-toc a, article summary, .prev-next-area a")]
  .filter((element) => element.checkVisibility({visibilityProperty: true}))
  .map((element) => [element.className || element.textContent, element.getBoundingClientRect()])
  .filter(([, box]) => box.height < 40 || box.width < 40)
  .map(([name, box]) => `${name}: ${box.width}×${box.height}`)"""

# 文が欄から出て、隣の欄に重なっている欄
COVERED = """() => [...document.querySelectorAll("article :is(th, td)")]
  .filter((cell) => cell.clientWidth && cell.scrollWidth > cell.clientWidth + 1)
  .map((cell) => cell.innerText.slice(0, 40))"""

# 目次の滑り出る動きが終わったか
STILL = "document.getAnimations().every((one) => one.playState === 'finished')"


@pytest.fixture
def phone(browser):
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        locale="ja-JP",
    )
    yield context.new_page()
    context.close()


def test_no_page_is_wider_than_the_screen(phone, site_url, pages, unfold):
    wide, covered = {}, {}
    for name in pages:
        phone.goto(site_url + name, wait_until="networkidle")
        if (excess := phone.evaluate(OVERFLOW)) > 0:
            wide[name] = excess
        unfold(phone)
        if found := phone.evaluate(COVERED):
            covered[name] = found
    assert wide == {}
    assert covered == {}


def test_the_words_of_a_cell_do_not_lie_on_the_next_cell(phone, sample_url):
    phone.goto(sample_url)
    assert phone.locator("table.dataframe td").last.bounding_box()["height"] > 40
    assert phone.evaluate(COVERED) == []


def test_long_code_and_tables_scroll_by_themselves(phone, sample_url):
    phone.goto(sample_url)
    assert phone.evaluate(OVERFLOW) <= 0
    code = phone.locator("div.cell_input pre").first
    assert code.evaluate("pre => pre.scrollWidth > pre.clientWidth")
    assert code.evaluate("pre => (pre.scrollLeft = 50, pre.scrollLeft)") == 50


def test_the_names_of_rows_stay_while_a_table_moves_sideways(phone, sample_url):
    phone.goto(sample_url)
    table = phone.locator("table.dataframe").first
    area = table.locator("xpath=ancestor::div[contains(@class, 'output')][1]")
    assert area.evaluate("area => (area.scrollLeft = 200, area.scrollLeft)") == 200
    left = area.bounding_box()["x"]
    name, value = table.locator("tbody tr").first.locator("th, td").all()[:2]
    assert name.bounding_box()["x"] >= left
    assert value.bounding_box()["x"] < left
    on_top = "name => document.elementFromPoint(...[name.getBoundingClientRect()].map((box) => [box.x + 5, box.y + 5])[0]) === name"
    name.scroll_into_view_if_needed()
    assert name.evaluate(on_top)


def test_the_inner_names_of_rows_stay_where_names_are_two(phone, sample_url):
    phone.goto(sample_url)
    table = phone.locator("table.dataframe").last
    area = table.locator("xpath=ancestor::div[contains(@class, 'output')][1]")
    assert area.evaluate("area => (area.scrollLeft = 160, area.scrollLeft)") == 160
    left = area.bounding_box()["x"]
    for row in table.locator("tbody tr").all():
        assert row.locator("th").last.bounding_box()["x"] >= left
    assert table.locator("tbody th").first.bounding_box()["x"] < left


@pytest.mark.parametrize(
    ("button", "panel", "beside"),
    [
        ("primary-toggle", "bd-sidebar-primary", {"x": 350, "y": 600}),
        ("secondary-toggle", "bd-sidebar-secondary", {"x": 10, "y": 600}),
    ],
)
def test_the_tables_of_contents_open_and_close(
    phone, sample_url, button, panel, beside
):
    phone.goto(sample_url)
    contents = phone.locator(f".{panel}")
    assert not contents.is_visible()
    phone.locator(f"button.{button}").tap()
    contents.wait_for(state="visible")
    assert contents.bounding_box()["width"] <= 360
    # 開くと、目次の中へ焦点が移ります (Escape はそこで受けます)。
    phone.wait_for_function(f"document.activeElement.closest('.{panel}') !== null")
    phone.keyboard.press("Escape")
    contents.wait_for(state="hidden")
    phone.locator(f"button.{button}").tap()
    contents.wait_for(state="visible")
    phone.wait_for_function(STILL)
    phone.locator(f"label.overlay-{button.removesuffix('-toggle')}").tap(
        position=beside
    )
    contents.wait_for(state="hidden")


def test_what_is_tapped_is_at_least_40_px(phone, sample_url):
    phone.goto(sample_url)
    assert phone.evaluate(SMALL) == []
    for button in ("primary-toggle", "secondary-toggle"):
        panel = f".bd-sidebar-{button.removesuffix('-toggle')}"
        phone.locator(f"button.{button}").tap()
        phone.wait_for_function(f"document.activeElement.closest('{panel}') !== null")
        phone.wait_for_function(STILL)
        assert phone.evaluate(SMALL) == []
        phone.keyboard.press("Escape")
        phone.locator(panel).wait_for(state="hidden")
