"""Colab のボタン: 公開先が決まっていればその章を開き、未定なら、何をすればよいかを言います。"""

import pytest

from rnnbook.book.theme import colab_url
from rnnbook.workshop import repository

COLAB = "https://colab.research.google.com"


def options(url: str, branch: str = "main") -> dict:
    """ページの上の欄が読む設定。"""
    return {
        "repository_url": url,
        "repository_branch": branch,
        "launch_buttons": {"colab_url": COLAB},
    }


@pytest.mark.parametrize("branch", ["main", "v1.0"])
def test_it_opens_the_chapter_of_the_published_version(branch):
    found = colab_url(options("https://github.com/me/rnn/", branch), "chapters/01")
    assert found == f"{COLAB}/github/me/rnn/blob/{branch}/chapters/01.ipynb"


@pytest.mark.parametrize(
    "url", ["https://github.com/YOUR-ACCOUNT/rnn-textbook", "https://example.org/rnn"]
)
def test_there_is_nothing_to_open_before_the_book_stands_on_github(url):
    assert colab_url(options(url), "chapters/01") is None


@pytest.mark.parametrize("width", [360, 1280])
def test_before_publication_the_button_says_what_to_do(page, sample_url, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(sample_url)
    assert page.locator("a.btn-colab").count() == 0
    note = page.locator(".colab-note__text")
    assert not note.is_visible()
    page.locator("summary.btn-colab").focus()
    page.keyboard.press("Enter")
    note.wait_for(state="visible")
    assert (
        "Colab に「アップロード」し、はじめのコードのセルを実行すると、動きます。"
        in (note.inner_text())
    )
    saved = note.get_by_role("link", name="ノートブックを保存")
    with page.expect_download() as waiting:
        saved.click()
    assert waiting.value.suggested_filename == "sample.ipynb"
    assert "make repository URL=https://github.com/持ち主/名前" in note.inner_text()
    box = note.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_what_the_button_says_is_closed_by_a_key_and_by_a_touch_outside(
    browser, sample_url
):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, locale="ja-JP"
    )
    page = context.new_page()
    page.goto(sample_url)
    button, note = page.locator("summary.btn-colab"), page.locator(".colab-note__text")
    button.tap()
    note.wait_for()
    note.locator("p").first.tap()
    assert note.is_visible()
    page.touchscreen.tap(20, 700)
    note.wait_for(state="hidden")
    button.focus()
    page.keyboard.press("Enter")
    note.wait_for()
    page.keyboard.press("Tab")  # 文の中のリンクへ
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    assert button.evaluate("node => node === document.activeElement")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_button_says_can_be_read(browser, sample_url, contrast, scheme):
    context = browser.new_context(color_scheme=scheme, locale="ja-JP")
    page = context.new_page()
    page.goto(sample_url)
    page.locator("summary.btn-colab").click()
    answer = contrast(page, within=".colab-note")
    assert answer["count"] > 0
    assert answer["low"] == {}
    context.close()


def test_no_page_leads_to_the_placeholder(site_dir):
    pages = [path.read_text(encoding="utf-8") for path in site_dir.rglob("*.html")]
    assert not any("github/YOUR-ACCOUNT" in text for text in pages)


def test_every_chapter_has_the_button(site_dir):
    published = repository.is_published(repository.address())
    button = '<a class="btn btn-sm btn-colab"' if published else "colab-note__text"
    for chapter in (site_dir / "notebooks").glob("*.ipynb"):
        page = site_dir / "chapters" / f"{chapter.stem}.html"
        assert button in page.read_text(encoding="utf-8"), chapter.stem
