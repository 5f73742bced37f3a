"""数式を含む文のコピー。"""

import pytest

TEXT = """<p id="probe">前の <b>太字</b> と <span class="formula">MATH1</span> の後、
<span class="formula">MATH2</span> です。</p><p id="next">次の段落。</p>
<div id="block" class="formula-block"><div class="formula-scroll">MATH3</div>
<span class="eqno">(1.2)</span></div>"""


@pytest.fixture
def copied(browser, sample_url):
    """copied(選ぶ JavaScript) は、選んだ所をキーボードでコピーし、写った文字を返します。"""
    from rnnbook.book.mathml import convert

    html = TEXT.replace(
        "MATH1", convert(r"h_{t-1} = \\frac{1}{T}".replace("\\\\", "\\"))[0]
    )
    html = html.replace("MATH2", convert("W_{hh}")[0])
    rows = "\\begin{aligned} a &= b \\\\\n c &= d \\end{aligned} \\tag{1.2}"
    html = html.replace("MATH3", convert(rows, display=True)[0])
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(sample_url)
    page.evaluate(
        "html => document.querySelector('article').insertAdjacentHTML('afterbegin', html)",
        html,
    )

    def copy(select):
        page.evaluate(f"{{ {select} }}")
        page.keyboard.press("Control+c")
        return page.evaluate("navigator.clipboard.readText()")

    copy.page = page
    yield copy
    context.close()


def over(first, last):
    return (
        f"getSelection().setBaseAndExtent({first}, 0, {last}, {last}.childNodes.length)"
    )


PROBE = "document.getElementById('probe')"


def test_a_paragraph_keeps_its_formulas_on_the_line_as_tex(copied):
    text = copied(over(PROBE, PROBE))
    assert (
        text.strip() == r"前の 太字 と $h_{t-1} = \frac{1}{T}$ の後、 $W_{hh}$ です。"
    )


def test_a_numbered_formula_is_one_line(copied):
    block = "document.getElementById('block')"
    lines = [line for line in copied(over(block, block)).splitlines() if line.strip()]
    assert lines == [r"$$\begin{aligned} a &= b \\ c &= d \end{aligned} \tag{1.2}$$"]


def test_part_of_a_formula_copies_the_whole_formula(copied):
    start = f"{PROBE}.querySelector('mi')"
    assert copied(over(start, start)).strip() == r"$h_{t-1} = \frac{1}{T}$"


def test_the_page_and_the_selection_are_as_before(copied):
    before = copied.page.locator("article").inner_html()
    copied(over(PROBE, PROBE))
    assert (
        copied.page.locator("article").inner_html().replace(' style=""', "") == before
    )
    assert copied.page.evaluate("getSelection().toString().includes('前の')")


def test_text_without_formulas_is_copied_as_the_browser_does(copied):
    after = "document.getElementById('next')"
    assert copied(over(after, after)) == "次の段落。"
    code = "document.querySelector('div.cell_input pre')"
    assert copied(over(code, code)).startswith("# コメント\nimport numpy as np\n")


def test_a_rich_paste_holds_the_tex_and_the_bold_word(copied):
    copied(over(PROBE, PROBE))
    markup = copied.page.evaluate(
        """navigator.clipboard.read().then(([item]) => item.getType("text/html"))
          .then((blob) => blob.text())"""
    )
    assert "<b>太字</b>" in markup
    assert r"$W_{hh}$" in markup and "<math" not in markup
