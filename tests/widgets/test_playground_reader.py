"""はじめての読者の道: 360 px の画面で、学習させ、長さを延ばし、勾配が消えるのを見て、直し、住所を渡します。"""

import json
import re
import unicodedata

import pytest

from rnnbook.book import widget_host
from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.playground import Playground
from rnnbook.workshop import serve

TIMEOUT = 240_000  # 混んだ計算機でも待つ時間。待つのは、文が変わるまでです
LIVE = "document.querySelector('.rf-live').textContent"


@pytest.fixture(scope="module")
def page_url(tmp_path_factory):
    """遊び場だけのページを、組んだページと同じ部品で書きます。"""
    folder = tmp_path_factory.mktemp("playground")
    static = folder / "widgets"
    state = json.loads(json.dumps(dict(Playground().get_state()), default=str))
    row, styles = widget_host.slim(state, static)
    host = widget_host.store(bundle(widget_host.HOST), "host", ".js", static)
    sheet = widget_host.store("".join(styles.values()), "figures", ".css", static)
    (folder / "index.html").write_text(
        '<!doctype html><html lang="ja"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<link rel="stylesheet" href="widgets/{sheet}">{widget_host.place(0, row["traits"])}'
        f'<script type="application/json" id="rnnbook-figures">{widget_host.script_json([row])}</script>'
        f'<script type="module" src="widgets/{host}"></script></html>',
        encoding="utf-8",
    )
    with serve.running(folder) as url:
        yield f"{url}index.html"


@pytest.fixture
def window(browser, page_url, drawn):
    """window(住所の # から後ろ) は、何も覚えていない 360 px の画面で、ページを開きます。"""
    opened = []

    def go(hash_=""):
        context = browser.new_context(
            locale="ja-JP", viewport={"width": 360, "height": 740}, has_touch=True
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.goto(page_url + hash_)
        return drawn(page)

    yield go
    for context in opened:
        context.close()


def wait_for(page, pattern):
    page.wait_for_function(f"(p) => new RegExp(p).test({LIVE})", arg=pattern)


def said(page) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", page.evaluate(LIVE)))


def reach(page) -> float:
    """文が言う、最初の時刻まで届いた勾配の割合。"""
    live = page.locator(".rf-live").first
    text = live.evaluate(
        """(node) => { const copy = node.cloneNode(true);
        copy.querySelectorAll("sup").forEach((sup) => sup.replaceWith("e" + sup.textContent)); return copy.textContent; }"""
    )
    found = re.search(r"時刻 \d+ の ([\d.]+)(?:×10e([−\d]+))? 倍", text)
    return float(f"{found[1]}e{(found[2] or '0').replace('−', '-')}")


def lengthen(page, name):
    slider = page.get_by_role("slider", name="系列長")
    slider.focus()
    way = "ArrowLeft" if name == "10 歩" else "ArrowRight"
    while slider.get_attribute("aria-valuetext") != name:
        page.keyboard.press(way)


def test_a_new_reader_trains_sees_the_gradient_vanish_mends_it_and_hands_it_on(window):
    page = window()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    train = page.get_by_role("button", name="学習", exact=True)

    # 学習を押すと、長さ 25 のラッチが解ける
    train.tap()
    wait_for(page, r"T = 25。.*\d回で解けました|\d 回で解けました")

    # 長さ 100 の RNN では、はじめから学習させると、勾配が最初の時刻まで届かない
    page.get_by_role("button", name="一時停止").tap()
    page.get_by_label("セル", exact=True).select_option("rnn")
    lengthen(page, "100 歩")
    wait_for(page, "RNN、.*= 100。「学習」を押すと")
    train.tap()
    wait_for(page, r"T = 100。更新 \d+ 回.*時刻 100 の")
    assert reach(page) < 1e-9

    # 忘却ゲートを開いて始める LSTM では、届く
    page.get_by_label("セル", exact=True).select_option("lstm")
    page.get_by_label("はじめの").first.select_option("3")
    wait_for(page, r"LSTM（b.*3）.*T = 100。更新 \d+ 回で.*時刻 100 の")
    assert reach(page) > 1e-4
    wait_for(page, "回で解けました")
    page.get_by_role("button", name="一時停止").tap()
    wait_for(page, "第 3 章の測定")
    at = re.search(r"(\d+)回で解けました", said(page))[1]

    # 渡された住所は、ほかの画面で、同じ実行になる
    address = page.get_by_role("link", name="この状態へのリンク").get_attribute("href")
    other = window(address[address.index("#") :])
    assert other.get_by_label("セル", exact=True).input_value() == "lstm"
    other.get_by_role("button", name="学習", exact=True).tap()
    wait_for(other, "回で解けました")
    assert re.search(r"(\d+)回で解けました", said(other))[1] == at


def test_a_link_below_brings_both_pictures_and_the_sentence_onto_the_screen(window):
    page = window()
    page.evaluate("""() => document.body.insertAdjacentHTML("beforeend",
      '<p style="height:2000px"></p><a href="#playground.cell=rnn&T=100">見る</a>')""")
    page.get_by_role("link", name="見る").click()
    page.wait_for_function("""() => {
      const [top, low] = [".rf-play", ".rf-play > .rf-live"].map((name) => document.querySelector(name).getBoundingClientRect());
      return top.top >= 0 && low.bottom <= innerHeight;
    }""")
    assert page.get_by_role("button", name="文に戻る").count() == 1


def test_what_matters_is_on_one_screen_of_a_phone(window):
    page = window()
    boxes = [
        page.locator(f".rf-play {each}").first.bounding_box()
        for each in (".rf-play-top", ".rf-slider", ".rf-play-buttons", ".rf-pair", ".rf-live")
    ]  # fmt: skip
    top = min(box["y"] for box in boxes)
    assert max(box["y"] + box["height"] for box in boxes) - top <= 700


def test_a_bad_address_opens_the_default_and_says_what_could_not_be_read(window):
    page = window("#playground.cell=gru&T=abc&b_f=7")
    assert page.get_by_label("セル", exact=True).input_value() == "gru"
    told = page.locator(".rnnbook-line")
    told.first.wait_for()
    text = " ".join(told.all_inner_texts())
    assert "T は 2 から 400 までの整数です（住所にあったのは「abc」）" in text
    assert "b_f は" in text and "「7」" in text
    page = window("#playground.task=own_rule&rule=01+1")
    told = page.locator(".rnnbook-line")
    told.first.wait_for()
    (line,) = told.all_inner_texts()
    assert "「+」を使わない文で、1 文字から 4000 文字まで" in line and len(line) < 120
    assert (
        page.get_by_role("slider", name="系列長").get_attribute("aria-valuetext")
        == "25 歩"
    )


def test_the_page_asks_no_one_while_it_trains(window):
    page = window()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="学習", exact=True).tap()
    wait_for(page, r"更新 \d\d+ 回")
    assert [url for url in asked if not url.startswith("blob:")] == []
    assert (
        page.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0
    )


def test_a_browser_that_refuses_workers_trains_on_the_page(browser, page_url, drawn):
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.add_init_script(
        "window.Worker = class { constructor() { throw new Error('断る'); } };"
    )
    page.goto(page_url + "#playground.H=4&T=10")
    drawn(page)
    page.get_by_role("button", name="学習", exact=True).click()
    wait_for(page, r"更新 \d\d+ 回")
    context.close()


def test_a_link_starts_the_run_afresh_and_the_link_to_this_state_does_not(window):
    page = window("#playground.T=10&H=4")
    once = page.get_by_role("button", name="一回だけ").first
    page.evaluate("""() => document.body.insertAdjacentHTML("afterbegin",
      '<a href="#playground.T=10&H=4">同じ</a> <a href="#playground.T=25&H=4">長い</a>')""")
    once.tap()
    wait_for(page, "= 10。更新 1 回")
    page.get_by_role("link", name="この状態へのリンク").click()
    once.tap()
    wait_for(page, "= 10。更新 2 回")
    page.get_by_role("link", name="同じ").click()
    wait_for(page, "= 10。「学習」を押すと")
    once.tap()
    wait_for(page, "= 10。更新 1 回")
    page.get_by_role("link", name="長い").click()
    wait_for(page, "= 25。「学習」を押すと")


def test_back_returns_to_the_condition_before_the_link(window):
    page = window()
    page.evaluate("""() => document.body.insertAdjacentHTML("afterbegin",
      '<a href="#playground.task=order&cell=rnn&T=50&H=2">順序</a>')""")
    page.get_by_label("セル", exact=True).select_option("gru")
    lengthen(page, "10 歩")
    once = page.get_by_role("button", name="一回だけ").first
    once.tap()
    wait_for(page, "GRU、.*= 10。更新 1 回")
    page.get_by_role("link", name="順序").click()
    wait_for(page, "順序、tanh RNN、.*= 50。「学習」を押すと")
    page.go_back()
    wait_for(page, "ラッチ、GRU、.*= 10。「学習」を押すと")
    once.tap()
    wait_for(page, "GRU、.*= 10。更新 1 回")
