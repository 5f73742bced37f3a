"""検索の索引と探し方。小さな索引を渡し、本物のブラウザで動かします。"""

import unicodedata

import pytest

from rnnbook.book.glossary import read_row
from rnnbook.book.search import build_index

# 題名、見出し、本文に語を置き分けた、四つのページ。
PAGE = '<html><nav>目次の門</nav><article class="bd-article"><section id="top">{}</section></article>'


def page_html(title, *sections):
    body = "".join(
        f'<section id="s{i}"><h2>{heading}<a class="headerlink" href="#s{i}">#</a></h2>{text}</section>'
        for i, (heading, text) in enumerate(sections)
    )
    return PAGE.format(f"<h1>{title}</h1>{body}")


BOOK = {
    "a.html": page_html("記憶", ("続き", "<p>勾配消失の話です。隠れ状態。</p>")),
    "b.html": page_html("勾配消失", ("始まり", "<p>連鎖律から導きます。</p>")),
    "c.html": page_html("測る", ("勾配消失を測る", "<p>ゲートが一つ。</p>")),
    "d.html": page_html(
        "ほか", ("例", "<p>勾配消失、勾配消失、また勾配消失。LSTM の門。</p>")
    ),
}


TERMS = [
    read_row(row)
    for row in (
        ["勾配消失", "こうばいしょうしつ", "vanishing gradient", "", "2", "消失勾配"],
        ["隠れ状態", "かくれじょうたい", "hidden state", "", "1", "—"],
        [
            "長短期記憶（LSTM）",
            "ちょうたんききおく",
            "long short-term memory",
            "",
            "3",
            "—",
        ],
        ["ゲート", "ゲート", "gate", "", "3", "—"],
    )
]


@pytest.fixture(scope="module")
def engine(browser, site_url):
    """小さな索引を渡した検索ページ。どの試験もページを変えないので、一つを使い回します。"""
    page = browser.new_page()
    page.goto(site_url + "search.html")
    page.evaluate(
        "([index, terms]) => { globalThis.book = BookSearch.prepare(index, terms) }",
        [build_index(BOOK), TERMS],
    )
    yield page
    page.close()


def found(engine, query):
    return engine.evaluate(
        "q => BookSearch.search(book, q).results.map(r => r.page.url[0]).join('')",
        query,
    )


def test_the_index_holds_what_a_reader_sees_under_its_heading():
    text = """<h1>題<a class="headerlink" href="#">#</a></h1><p>前文。</p>
      <section id="one"><h2>見出し</h2><p>再帰
      型の<b>勾配</b>消失</p><script>ignored()</script>
      <table><tr><th><p>語</p></th><th><p>英語</p></th></tr>
      <tr><td><p>鎖</p></td><td><p>chain</p></td></tr></table>
      <details><summary><span class="fold-show">コードを表示</span></summary><pre>a = 1
b = 2</pre></details>
      <p>式 <math><msub><mi>h</mi><mi>t</mi></msub></math> です</p></section>"""
    (page,) = build_index({"x.html": PAGE.format(text)})
    assert page["title"] == "題"
    assert page["sections"] == [
        ["", "", "前文。"],
        [
            "one",
            "見出し",
            "再帰型の勾配消失\n語 英語\n鎖 chain\na = 1\nb = 2\n式 h_t です",
        ],
    ]


def test_a_page_without_an_article_is_an_error_not_a_hole_in_the_index():
    with pytest.raises(ValueError, match="bd-article"):
        build_index({"x.html": "<html><body></body></html>"})


@pytest.mark.parametrize(
    "text",
    [
        "ＬＳＴＭ と Lstm",
        "ﾃﾞｺｰﾀﾞ・ｹﾞｰﾄ",
        "㈱ ① ℝ … ½",
        "勾配　消失ー",
        "h\u0303_t ŷ",
        unicodedata.normalize("NFD", "ゲートとバイアス、パ行、é"),
        "！？（）：",
        "",
    ],
)
def test_normalization_in_the_browser_equals_unicode_nfkc(engine, text):
    expected = unicodedata.normalize("NFKC", text).lower()
    assert engine.evaluate("t => BookWords.normalize(t)", text) == expected
    # 印をつける位置の表は、正規化した文字と同じ長さです（終わりの一つを足して）。
    assert (
        engine.evaluate("t => BookWords.positions(t).length", text) == len(expected) + 1
    )


def test_title_comes_before_heading_before_frequent_text_before_rare_text(engine):
    assert found(engine, "勾配消失") == "bcda"


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("鎖", "b"),  # 漢字一字。熟語の中にあっても
        ("配消", "bcda"),  # 語の切れ目をまたぐ一部
        ("ｹﾞｰﾄ", "c"),  # 半角
        ("ＬＳＴＭ", "d"),  # 全角
        ("lstm", "d"),
        ("長短期記憶", "d"),  # 言いかえ（LSTM）
        ("勾配消失　門", "d"),  # すべての語を含むページ
        ("勾配消失 隠れ状態", "a"),
        ("勾配消失とは", "bcda"),  # 助詞を除いて
        ("勾配消失って何？", "bcda"),  # 問いの形と約物を除いて
        ("「勾配消失」！", "bcda"),
        ("LSTM（長短期記憶）", "d"),
        ("LSTM/隠れ状態", ""),  # 両方を含むページはない
        ("vanishing", "bcda"),  # 英語から
        ("Vanishing gradients?", ""),  # 綴りの違う句は、語ごとに探します
        ('"hidden state"', "a"),
        ("long short term memory", "d"),
        ("こうばいしょうしつ", "bcda"),  # 読みから
        ("コウバイショウシツ", "bcda"),
        ("かくれじ", "a"),  # 打っている途中でも
        ("消失勾配", "bcda"),  # ほかの本の呼び方から
        (unicodedata.normalize("NFD", "ゲート"), "c"),
        ("勾配消失隠れ状態", "a"),  # 続けて打った二つの語
        ("目次", ""),  # 本文の外は探さない
        ("zzz", ""),
        ("ぬるぽ", ""),
        ("。", ""),
    ],
)
def test_what_is_typed_is_found_where_it_stands(engine, query, pages):
    assert found(engine, query) == pages


def test_the_particles_around_a_word_are_not_part_of_it(engine):
    # 「の門」は本文に続けて現れますが、探すのは「門」です
    used = engine.evaluate("q => BookSearch.search(book, q).used", "隠れ状態の門は")
    assert used == ["隠れ状態", "門"]


def test_an_excerpt_starts_near_the_hit_and_marks_the_whole_run(engine):
    text = "前置き。" * 100 + "ここで勾配消失問題を測ります。" + "後書き。" * 100
    cut = engine.evaluate("t => BookSearch.excerpt(t, ['勾配消失問題'])", text)
    assert [cut["text"][a:b] for a, b in cut["marks"]] == ["勾配消失問題"]
    assert cut["text"].startswith("ここで")
    assert len(cut["text"]) <= 120
    assert cut["cutAfter"]


def test_a_word_at_the_end_of_an_excerpt_is_not_cut_in_two(engine):
    # 二つ目の h_t は、抜粋の終わりの前か、上か、後ろに来る
    for gap in range(100, 125):
        text = "h_t" + "あ" * gap + "h_t" + "後書き。" * 100
        cut = engine.evaluate("t => BookSearch.excerpt(t, ['h_t'])", text)
        assert {cut["text"][a:b] for a, b in cut["marks"]} == {"h_t"}


def test_marks_fall_on_the_original_letters_when_widths_differ(engine):
    text = "㈱のﾃﾞｺｰﾀﾞとＬＳＴＭです"
    spans = engine.evaluate("t => BookSearch.ranges(t, ['デコーダ', 'lstm'])", text)
    assert [text[a:b] for a, b in spans] == ["ﾃﾞｺｰﾀﾞ", "ＬＳＴＭ"]
