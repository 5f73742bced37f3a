"""保存が例外になる画面（クッキーを禁じた設定、満杯の保存場所）。覚えないほかは、変わりません。"""

import pytest

BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { configurable: true, enumerable: true,
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } });
}"""
FULL = """Storage.prototype.setItem = () => {
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError"); };"""


@pytest.mark.parametrize("fault", [BLOCKED, FULL], ids=["blocked", "full"])
def test_the_theme_button_works_where_nothing_can_be_kept(page, sample_url, fault):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: message.type == "error" and faults.append(message.text),
    )
    page.add_init_script(fault)
    page.emulate_media(color_scheme="light")
    page.goto(sample_url)
    button = page.locator(".theme-switch-button")
    themes = []
    for _ in range(3):
        button.click()
        themes.append(page.evaluate("document.documentElement.dataset.theme"))
    assert themes == ["dark", "light", "light"]  # 暗い、明るい、画面の設定どおり
    button.click()
    page.reload()  # 主題は、離れるときに目次の位置を保存しようとします
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert faults == []


def test_every_page_opens_without_complaint_where_storage_is_blocked(
    browser, site_url, pages
):
    context = browser.new_context()
    context.add_init_script(BLOCKED)
    faults = {}
    for name in pages:
        page = context.new_page()
        page.on("pageerror", lambda error, name=name: faults.update({name: str(error)}))
        page.goto(site_url + name, wait_until="networkidle")
        page.close()
    context.close()
    assert faults == {}
