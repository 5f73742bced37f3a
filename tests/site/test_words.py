"""画面の言葉は、すべて日本語です。"""

import re

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
ENGLISH = [
    "Contents",
    "Search",
    "Skip to",
    "Back to top",
    "Click to",
    "Toggle",
    "Previous",
    "previous",
    "Next",
    "next page",
    "Print to",
    "Download",
    "Launch",
    "Show code",
    "Hide code",
    "Show source",
    "Link to this",
    "Permalink",
    "Fullscreen",
    "light/dark",
    "On this page",
    "Navigation",
    "Copy to",
    "Copied",
    "Copyright",
    "Page Not Found",
    "Please activate",
]
# 枠の言葉と、どこにあっても読者が聞く・見る札 (title、aria-label など)
LABELS = """() => {
  const names = ["title", "aria-label", "placeholder", "data-tooltip", "alt"];
  return [...document.querySelectorAll("*")].flatMap((element) =>
    names.map((name) => [name, element.getAttribute(name)]).filter(([, value]) => value));
}"""
FRAME = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("article, script, style").forEach((node) => node.remove());
  return copy.textContent;
}"""


def test_every_page_says_that_it_is_japanese(site_dir, pages):
    for name in pages:
        assert re.search(
            r'<html[^>]* lang="ja"', (site_dir / name).read_text("utf-8")
        ), name


def test_every_page_has_a_japanese_title(site_dir, pages):
    for name in pages:
        title = re.search(
            r"<title>(.*?)</title>", (site_dir / name).read_text("utf-8"), re.S
        )
        assert title and JAPANESE.search(title[1]), name


def test_the_frame_of_every_page_has_no_english_words(page, site_url, pages):
    found = []
    for name in pages:
        page.goto(site_url + name)
        text = page.evaluate(FRAME)
        found += [(name, word) for word in ENGLISH if word in text]
    assert found == []


def test_every_label_on_every_page_is_japanese(page, site_url, pages):
    found = set()
    for name in pages:
        page.goto(site_url + name)
        for kind, value in page.evaluate(LABELS):
            if not JAPANESE.search(value):
                found.add((name, kind, value))
    assert found == set()


def test_folded_cells_are_named_by_what_they_hide(page, sample_url):
    page.goto(sample_url)
    closed = [
        text.strip()
        for text in page.locator("details.fold > summary").all_inner_texts()
    ]
    assert closed == ["コードを表示", "出力を表示", "コードと出力を表示"]


def test_a_folded_cell_opens_and_says_how_to_close_it(page, sample_url):
    page.goto(sample_url)
    fold = page.locator("details.fold").first
    code = fold.locator("pre")
    assert not code.is_visible()
    fold.locator("summary").click()
    assert code.is_visible()
    assert fold.locator("summary").inner_text().strip() == "コードを隠す"


def test_every_label_of_a_page_with_all_the_parts_is_japanese(page, sample_url):
    page.goto(sample_url)
    labels = page.evaluate(LABELS)
    assert ("data-tooltip", "コピー") in [tuple(pair) for pair in labels]
    assert [pair for pair in labels if not JAPANESE.search(pair[1])] == []


def test_the_copy_button_copies_the_code_and_answers_in_japanese(browser, sample_url):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(sample_url)
    page.locator("div.cell_input").first.hover()
    button = page.locator("button.copybtn").first
    button.click()
    assert button.get_attribute("data-tooltip") == "コピーしました"
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        "# コメント\nimport numpy"
    )
    context.close()
