"""だれにでも読めるページか: axe が WCAG 2.2 AA と良い習慣に照らして、何も見つけません。"""

import pytest
from axe_playwright_python.sync_playwright import Axe

# 色を比べる規則は、ほかの規則を合わせた時間の四倍かかります。毎回は見本のページだけで、どのページも
# 調べるのは週に一度です。明るさの比は、test_theme.py が毎回、どの字についても測っています。
COLOUR, LINK = "color-contrast", "link-in-text-block"
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
        "best-practice",
    ],
    "rules": {COLOUR: {"enabled": False}, LINK: {"enabled": False}},
    "resultTypes": ["violations"],
}
COLOURED = {"include": ["body"], "exclude": ["math", "pre"]}
COLOURS = {"runOnly": [COLOUR, LINK], "resultTypes": ["violations"]}


def faults(page, colours: bool) -> list[tuple[str, list]]:
    """開いたページの、(規則の名, 要素) の並び。``colours`` なら、色を比べる規則も調べます。"""
    runs = [Axe().run(page, options=RULES)]
    if colours:
        runs.append(Axe().run(page, COLOURED, COLOURS))
    return [
        (fault["id"], node["target"])
        for run in runs
        for fault in run.response["violations"]
        for node in fault["nodes"]
    ]


# 毎回は、どのページも二組のどちらかで調べます。
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
def test_axe_finds_nothing_on_any_page(
    browser, site_url, in_turn, unfold, scheme, width, turn
):
    context = browser.new_context(
        color_scheme=scheme, locale="ja-JP", viewport={"width": width, "height": 800}
    )
    page, found = context.new_page(), {}
    for name in in_turn(turn):
        page.goto(site_url + name, wait_until="networkidle")
        unfold(page)
        if wrong := faults(page, colours=turn is None):
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
        (
            """document.querySelector('article p').innerHTML +=
              '<a href="." style="color: #445; text-decoration: none">続き</a>'""",
            LINK,
        ),
    ],
)
def test_axe_would_find_what_is_spoiled(page, sample_url, spoil, rule):
    page.goto(sample_url)
    page.evaluate(spoil)
    assert [name for name, _ in faults(page, colours=True)] == [rule]
