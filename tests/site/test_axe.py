"""だれにでも読めるページか: axe が WCAG 2.2 AA と良い習慣に照らして、何も見つけません。"""

import pytest
from axe_playwright_python.sync_playwright import Axe

COLOUR = "color-contrast"
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
        "best-practice",
    ],
    "rules": {COLOUR: {"enabled": False}},
    "resultTypes": ["violations"],
}
# 色は字ごとに時間がかかります。数式とコードの字は、test_theme.py が一つ残らず測っています。
COLOURED = {"include": ["body"], "exclude": ["math", "pre"]}
COLOURS = {"runOnly": [COLOUR], "resultTypes": ["violations"]}
# 開いた所の幅を、ページ (scroll_areas.js) が次の画面で見終わるまで待ちます。
OPEN = """() => new Promise((seen) => {
  document.querySelectorAll("article details").forEach((d) => (d.open = true));
  requestAnimationFrame(() => requestAnimationFrame(seen));
})"""


def faults(page) -> list[tuple[str, list]]:
    """開いたページの、(規則の名, 要素) の並び。"""
    runs = Axe().run(page, options=RULES), Axe().run(page, COLOURED, COLOURS)
    return [
        (fault["id"], node["target"])
        for run in runs
        for fault in run.response["violations"]
        for node in fault["nodes"]
    ]


# 一つの章に十秒以上かかります。毎回は、どのページも二組のどちらかで調べます。
@pytest.mark.parametrize(
    ("scheme", "width", "turn"),
    [
        ("dark", 360, 0),
        ("light", 1280, 1),
        *(
            pytest.param(scheme, width, None, marks=pytest.mark.weekly)
            for scheme in ("light", "dark")
            for width in (1280, 360)
        ),
    ],
)
def test_axe_finds_nothing_on_any_page(browser, site_url, in_turn, scheme, width, turn):
    context = browser.new_context(
        color_scheme=scheme, locale="ja-JP", viewport={"width": width, "height": 800}
    )
    page, found = context.new_page(), {}
    for name in in_turn(turn):
        page.goto(site_url + name, wait_until="networkidle")
        page.evaluate(OPEN)
        if wrong := faults(page):
            found[name] = wrong
    context.close()
    assert found == {}


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (
            "document.querySelector('article th').replaceChildren()",
            "empty-table-header",
        ),
        ("document.querySelector('article p').style.color = '#999'", COLOUR),
    ],
)
def test_axe_would_find_what_is_spoiled(page, sample_url, spoil, rule):
    page.goto(sample_url)
    page.evaluate(spoil)
    assert [name for name, _ in faults(page)] == [rule]
