"""組み上がったサイトの検索を、読者と同じように使います。"""

import html
import re
import unicodedata
from urllib.parse import quote

import pytest

CHAPTER = "chapters/01_rnn_basics.html"
FORMULA_WORD = r"<m(?:i|text)\b[^>]*>([^<]{2,})</m"


@pytest.fixture(scope="module")
def search(browser, site_url):
    """言葉を打ち、(状態の文, 題名の並び) を返す関数。"""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(site_url + "search.html")
    box = page.locator(".bd-search-container input[name=q]")
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def ask(query):
        box.fill(query)
        titles = page.locator(".search-title").all_inner_texts()
        return page.locator(".search-status").inner_text(), titles

    ask.page, ask.faults = page, faults
    yield ask
    context.close()


def pages_with(site_dir, word):
    """語を含むページの題名。索引とは別に、HTML から印を落として数えます。

    式は、語（softmax のような名と、言葉）だけを残します。一字の記号は本文の語ではありません。
    """
    titles = set()
    for path in sorted(site_dir.glob("chapters/*.html")):
        article = re.search(
            r"<article.*?</article>", path.read_text(encoding="utf-8"), re.DOTALL
        )
        text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", article[0], flags=re.DOTALL)
        text = re.sub(
            r"<math\b.*?</math>",
            lambda math: " ".join(re.findall(FORMULA_WORD, math[0])),
            text,
            flags=re.DOTALL,
        )
        title = re.search(r"<h1>(.*?)<a class=\"headerlink", text, re.DOTALL)[1]
        shown = html.unescape(re.sub(r"<[^>]+>", "", text))
        if word.lower() in unicodedata.normalize("NFKC", shown).lower():
            titles.add(" ".join(html.unescape(re.sub(r"<[^>]+>", "", title)).split()))
    return titles


# 言いかえの表にない語: 複合語、その一部、漢字一字、かな、英字。
@pytest.mark.parametrize(
    "word",
    [
        "隠れ状態",
        "再帰型",
        "双方向",
        "学習率",
        "勾配",
        "鎖",
        "列",
        "たい",
        "ゲート",
        "NumPy",
        "softmax",
    ],
)
def test_every_page_with_the_word_is_found_and_no_other(search, site_dir, word):
    _, titles = search(word)
    assert {" ".join(t.split()) for t in titles} == pages_with(site_dir, word)
    assert search.faults == []


def found_by(site_dir, *groups):
    """どの組についても、その語のどれかを含むページ。"""
    pages = [
        set.union(*(pages_with(site_dir, word) for word in words)) for words in groups
    ]
    return set.intersection(*pages)


GRU = ["GRU", "ゲート付き再帰ユニット"]
LSTM = ["LSTM", "長短期記憶"]
BPTT = ["BPTT", "時間方向の誤差逆伝播"]


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("勾配爆発！", [["勾配爆発"]]),
        ("GRUとは？", [GRU]),
        ("忘却ゲートって何？", [["忘却ゲート"]]),
        ("LSTMとGRUの違いは？", [LSTM, GRU, ["違い"]]),
        ('"hidden state"', [["hidden state", "隠れ状態"]]),
        ("“hidden state”", [["hidden state", "隠れ状態"]]),
        ("BPTT（時間方向の誤差逆伝播）", [BPTT]),
        ("「勾配消失」・「勾配爆発」", [["勾配消失"], ["勾配爆発"]]),
        ("LSTM,GRU", [LSTM, GRU]),
    ],
)
def test_punctuation_only_separates_words(search, site_dir, typed, groups):
    _, titles = search(typed)
    assert titles
    assert {" ".join(t.split()) for t in titles} == found_by(site_dir, *groups)
    bare = re.sub(r"[^\w\s]", " ", typed)
    assert search(bare)[1] == titles


@pytest.mark.parametrize(
    ("typed", "kept"), [("W_hh", "W_hh"), ("W_{hh}", "W_hh"), ("h_{t-1}", "h_{t-1}")]
)
def test_a_symbol_stays_whole(search, typed, kept):
    search(typed)
    marks = search.page.locator(".search-excerpt mark").all_inner_texts()
    assert {mark.lower() for mark in marks} == {kept.lower()}


@pytest.mark.parametrize("word", ["ゲート", "バイアス", "クリッピング"])
def test_decomposed_kana_find_what_composed_kana_find(search, site_dir, word):
    found = search(word)[1]
    assert {" ".join(t.split()) for t in found} >= pages_with(site_dir, word) != set()
    assert search(unicodedata.normalize("NFD", word))[1] == found


@pytest.mark.parametrize(
    ("typed", "term", "first"),
    [
        ("vanishing", "勾配消失", "第2章"),
        ("Vanishing Gradient", "勾配消失", "第2章"),
        ("こうばいしょうしつ", "勾配消失", "第2章"),
        ("backpropagation through time", "時間方向の誤差逆伝播", "第"),
        ("forget gate", "忘却ゲート", "第3章"),
        ("かくれじょうたい", "隠れ状態", "第"),
        ("カクレジョウタイ", "隠れ状態", "第"),
    ],
)
def test_english_and_readings_lead_to_the_term(search, site_dir, typed, term, first):
    status, titles = search(typed)
    assert titles[0].startswith(first)
    assert {" ".join(t.split()) for t in titles} >= pages_with(site_dir, term)
    assert f"「{term}」" in status
    marks = search.page.locator(".search-excerpt mark").all_inner_texts()
    assert term in marks


def test_the_typed_run_is_marked_whole_and_stays_in_the_box(search):
    search("隠れ状態")
    marks = search.page.locator(".search-excerpt mark").all_inner_texts()
    assert marks
    assert set(marks) == {"隠れ状態"}
    box = search.page.locator(".bd-search-container input[name=q]")
    assert box.input_value() == "隠れ状態"


def test_the_chapter_about_the_word_comes_first(search):
    assert (
        "再帰型ニューラルネットワークの基礎"
        in search("再帰型ニューラルネットワーク")[1][0]
    )
    assert "再帰型ニューラルネットワークの基礎" in search("RNN")[1][0]


def test_no_hit_is_said_in_japanese_with_a_hint(search):
    status, titles = search("存在しない言葉qqq")
    assert titles == []
    assert "見つかりませんでした" in status
    assert "短い言葉" in status


def test_typed_markup_stays_text(search):
    search("<img/src=x/onerror=globalThis.hacked=1><b>勾配</b>")
    assert search.page.locator("#search-results img, #search-results b").count() == 0
    assert search.page.evaluate("globalThis.hacked") is None
    assert "「<zzzz>」" in search("<zzzz>")[0]


def test_results_follow_what_is_typed_without_reloading(search):
    search("")
    assert search.page.locator(".search-title").count() == 0
    search.page.locator(".bd-search-container input[name=q]").fill("学習率")
    assert search.page.locator(".search-title").count() > 0
    assert search.page.url.endswith(f"search.html?q={quote('学習率')}")


def test_a_result_opens_the_section_where_the_word_stands(page, site_url):
    page.goto(f"{site_url}search.html?q={quote('隠れ状態')}")
    section = page.locator(".search-page:first-child .search-section").first
    target = section.get_attribute("href")
    section.click()
    page.wait_for_url(re.compile("chapters/"))
    assert target.split("#")[0] in page.url
    anchor = target.partition("#")[2]
    assert page.locator(f'[id="{anchor}"]').count() == 1
    assert "隠れ状態" in page.locator("article").inner_text()


def test_the_shortcut_opens_the_box_that_leads_to_the_results(page, site_url):
    page.goto(site_url + CHAPTER)
    page.keyboard.press("Control+k")
    page.keyboard.type("h_t")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"search\.html\?q=h_t"))
    page.locator(".search-title").first.wait_for()
    marked = page.locator(".search-excerpt mark").all_inner_texts()
    assert {text.lower() for text in marked} == {"h_t"}  # 大文字と小文字は区別しません


def test_the_index_is_loaded_only_on_the_search_page(page, site_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_url + CHAPTER, wait_until="networkidle")
    assert not [url for url in asked if "search" in url]
    page.goto(site_url + "search.html?q=LSTM", wait_until="networkidle")
    assert [url for url in asked if url.endswith("searchindex.js")]
    assert all(url.startswith(site_url) for url in asked if not url.startswith("data:"))


def test_the_search_page_fits_a_phone(page, site_url):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site_url}search.html?q={quote('隠れ状態')}")
    page.locator(".search-title").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_words_of_folded_cells_are_not_part_of_the_text(site_dir):
    """「コードを表示」は画面の言葉で、章の文ではありません。"""
    index = (site_dir / "searchindex.js").read_text(encoding="utf-8")
    chapter = (site_dir / "chapters/01_rnn_basics.html").read_text(encoding="utf-8")
    assert "コードを表示" in chapter
    assert "コードを表示" not in index and "コードを隠す" not in index
