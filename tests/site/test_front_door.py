"""入口のページ: 開いた読者が、その場で学ぶ図と、本の地図と、始め方に出会います。"""

import gzip
import json
import re

import pytest

from rnnbook.book.contents_map import minutes
from rnnbook.book.meta import DESCRIPTION
from rnnbook.book.surprises import every_surprise
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters

LIMIT = 600_000  # 終わらない学習を待つのをやめるためだけの上限 ms

INDEX = "chapters/index.html"
TRAINED = "() => /RNN は \\d+ 回.*LSTM は \\d+ 回/.test(document.querySelector('.rf-live')?.textContent)"
NUMBERED = [path for path in chapters(ROOT) if path.stem[:2].isdigit()]
STARTS = re.findall(
    r"\]\((\d\d_\w+)\.ipynb#(\w+)\.([^)]+)\)",
    (ROOT / "chapters" / "index.md").read_text(encoding="utf-8"),
)

# 図の引数の名前 → はじめの値
PROPERTIES = """(name) => {
  const figures = JSON.parse(document.getElementById("rnnbook-figures").textContent);
  const { traits } = figures.find(({ traits }) => traits.name === name);
  return Object.fromEntries(traits._properties.map((row) => [row.name, row.start]));
}"""
# 図の、この状態へのリンクに、引数がすべて出ているか
SHOWN = """([figure, pairs]) => {
  const link = document.querySelector(`.rf-here[href*="#${figure}."]`);
  return link && pairs.every((pair) => decodeURIComponent(link.getAttribute("href")).includes(pair));
}"""


@pytest.fixture
def phone(browser):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, locale="ja-JP"
    )
    yield context.new_page()
    context.close()


def test_a_phone_sees_the_figure_learn_without_pressing_anything(phone, site_url):
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(site_url + INDEX)
    phone.wait_for_function(TRAINED, timeout=LIMIT)
    told = phone.locator(".rf-live").inner_text()
    assert told.startswith("T = 50。RNN は 200 回の更新では解けず")
    assert "はじめの値の跡は最後まで残ります" in told
    outside = [u for u in asked if not u.startswith((site_url, "blob:", "data:"))]
    assert outside == []


def test_the_slider_is_the_reader_s_and_is_reached_by_keys(page, site_url):
    page.goto(site_url + INDEX)
    page.wait_for_function(TRAINED, timeout=LIMIT)
    slider = page.get_by_role("slider", name="系列長")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_function(
        "() => /T = 10。RNN は \\d+ 回で解け/.test(document.querySelector('.rf-live').textContent)",
        timeout=LIMIT,
    )
    assert slider.get_attribute("aria-valuetext") == "10 歩"


def test_without_scripts_a_sentence_stands_for_the_figure(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + INDEX)
    page.get_by_text("残る記憶。RNN と LSTM が").wait_for()
    assert page.locator("article img").count() == 0
    context.close()


@pytest.mark.parametrize("chapter", NUMBERED, ids=lambda path: path.stem)
def test_the_map_tells_the_question_the_minutes_and_the_number(site_dir, chapter):
    text = (site_dir / INDEX).read_text(encoding="utf-8")
    line = re.search(
        rf'<li>\s*<p><a[^>]*href="{chapter.stem}\.html".*?</li>', text, re.DOTALL
    )
    assert line, chapter.stem
    words = re.sub(r"<[^>]+>|\s", "", line[0])
    assert "—" in words and f"（{minutes(chapter)}分）" in words
    sentence = every_surprise()[chapter.stem[:2]]().sentence
    assert re.sub(r"\s", "", sentence) in words


def test_what_was_answered_stands_in_the_map_not_in_the_ways_to_start(
    page, site_url, site_dir
):
    totals = json.loads((site_dir / "_static" / "answered.json").read_text("utf-8"))
    name, asked = next(
        iter(totals["chapters/01_rnn_basics.html"]["predictions"].items())
    )
    page.goto(site_url + INDEX)
    kept = json.dumps({"asked": asked, "value": "x", "text": "x"})
    page.evaluate(
        "([name, kept]) => (localStorage[`rnnbook.${name}`] = kept)", [name, kept]
    )
    page.reload()
    note = page.locator(".book-answered:not(:empty)")
    note.wait_for()
    item = page.locator("li", has=note)
    assert item.inner_text().startswith("第1章")
    assert item.locator(".book-surprise").count() == 1


@pytest.mark.parametrize(("chapter", "figure", "state"), STARTS)
def test_each_way_to_start_opens_a_figure_in_the_state_it_names(
    page, site_url, drawn, chapter, figure, state
):
    page.goto(site_url + INDEX)
    page.locator(f'article a[href="{chapter}.html#{figure}.{state}"]').click()
    page.wait_for_url(f"**/{chapter}.html*")
    drawn(page)
    # 図の住所には、はじめの値と違う引数だけが出ます
    starts = page.evaluate(PROPERTIES, figure)
    pairs = [pair.split("=") for pair in state.split("&")]
    assert {name for name, _ in pairs} <= set(starts)
    moved = [f"{name}={value}" for name, value in pairs if value != str(starts[name])]
    page.wait_for_function(SHOWN, arg=[figure, moved])
    told = " ".join(page.locator(".rnnbook-told").all_inner_texts())
    assert "読めない" not in told and "ありません" not in told


def test_there_are_three_ways_to_start():
    assert len(STARTS) == 3 and len({chapter for chapter, *_ in STARTS}) == 3


def test_the_book_is_told_in_the_same_sentence_everywhere(site_dir):
    for path in (ROOT / "README.md", ROOT / "chapters" / "index.md"):
        title, _, first, *_ = path.read_text(encoding="utf-8").splitlines()
        assert title.startswith("# ") and first.startswith(DESCRIPTION), path
    head = (site_dir / INDEX).read_text(encoding="utf-8")
    assert f'<meta name="description" content="{DESCRIPTION}"' in head


def test_the_pictures_that_github_shows_are_small():
    for name in ("held_memory.png", "site.png"):
        picture = ROOT / "chapters" / "images" / name
        assert len(gzip.compress(picture.read_bytes())) < 120_000, name
