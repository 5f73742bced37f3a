"""見出しと目次の題は、狭い画面で文節で折れ、文字は変わりません。"""

import re

import pytest

from rnnbook.book.phrases import phrased, phrases

TITLE = "再帰型ニューラルネットワークの隠れ状態を時間方向に誤差逆伝播で遡る"


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("勾配消失と勾配爆発", ["勾配消失と", "勾配爆発"]),
        (
            "再帰型ニューラルネットワークの基礎",
            ["再帰型", "ニューラルネットワークの", "基礎"],
        ),
        ("LSTM", ["LSTM"]),
        ("", [""]),
    ],
)
def test_a_title_is_cut_into_phrases(title, parts):
    assert phrases(title) == parts


def test_only_break_marks_are_added_to_markup():
    links = (
        '<ul><li><a href="#a&amp;b" title="勾配消失と勾配爆発">勾配消失と勾配爆発 &lt;1&gt;</a>'
        "<math><mtext>勾配消失と勾配爆発</mtext></math></li></ul>"
    )
    assert phrased(links).replace("<wbr>", "") == links
    assert phrased(links).count("<wbr>") == 1


# 一行に見える文字。文字ごとに、行の上端で分けます。
LINES = """element => {
  const lines = new Map();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".headerlink, annotation")) continue;
    for (let i = 0; i < node.data.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      // 行の終わりの空白は幅を持たないので、前の字と同じ行に数えます。
      const top = box.width ? Math.round(box.top) : [...lines.keys()].at(-1) ?? 0;
      lines.set(top, (lines.get(top) ?? "") + node.data[i]);
    }
  }
  return [...lines.values()];
}"""


@pytest.mark.parametrize("level", ["h1", "h2", "h3"])
def test_a_long_heading_breaks_between_phrases_on_a_phone(page, sample_url, level):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(sample_url)
    page.evaluate(
        "([level, html]) => { document.querySelector('article').innerHTML = `<${level}>${html}</${level}>` }",
        [level, phrased(TITLE)],
    )
    lines = page.locator(f"article {level}").evaluate(LINES)
    assert "".join(lines) == TITLE
    assert len(lines) > 1
    ends = {len("".join(lines[:n])) for n in range(1, len(lines))}
    parts = phrases(TITLE)
    assert ends <= {len("".join(parts[:n])) for n in range(1, len(parts))}
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_no_word_of_a_heading_is_cut_on_a_phone(page, site_url, chapters):
    page.set_viewport_size({"width": 360, "height": 740})
    cut = []
    for name in chapters:
        page.goto(site_url + name)
        headings = page.locator("article :is(h1, h2, h3):not(:has(math, code))")
        for lines in headings.evaluate_all(f"all => all.map({LINES})"):
            ends = {len("".join(lines[:n])) for n in range(1, len(lines))}
            # 空白と約物の後ろと、括弧の前は、どの文でも折れます。
            pieces = re.findall(r".+?(?:[\s、。・—]+|(?=[（「])|$)", "".join(lines))
            allowed, at = set(), 0
            for phrase in (part for piece in pieces for part in phrases(piece)):
                at += len(phrase)
                allowed.add(at)
            if not ends <= allowed:
                cut.append((name, lines))
    assert cut == []


def test_break_marks_reach_neither_search_nor_titles_nor_addresses(site_dir, chapters):
    index = (site_dir / "searchindex.js").read_text(encoding="utf-8")
    assert "<wbr" not in index and "\u200b" not in index
    seen = 0
    for name in chapters:
        page = (site_dir / name).read_text(encoding="utf-8")
        seen += page.count("<wbr>")
        assert "<wbr" not in re.search(r"<head>.*?</head>", page, re.DOTALL)[0], name
        assert not re.search(r'="[^"]*wbr[^"]*"', page), name
        assert "\u200b" not in page, name
    assert seen > 50


def test_a_heading_is_copied_without_break_marks(browser, sample_url):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(sample_url)
    page.evaluate(
        "html => { document.querySelector('article').innerHTML = `<h1>${html}</h1>` }",
        phrased(TITLE),
    )
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == TITLE
    context.close()
