"""組み上がったサイトの数式を、本物のブラウザで見ます。"""

import re

import pytest

from rnnbook.book.mathml import convert

CHAPTER = "chapters/01_rnn_basics.html"


@pytest.fixture
def chapter(page, site_url):
    page.goto(site_url + CHAPTER)
    page.evaluate("document.fonts.ready")
    return page


def insert(page, tex):
    """章の本文の頭に、別行立ての数式を一つ置きます。"""
    block = f'<div class="formula-block" id="probe"><div class="formula-scroll">{tex}</div></div>'
    page.evaluate(
        "html => document.querySelector('article').insertAdjacentHTML('afterbegin', html)",
        block,
    )
    return page.locator("#probe")


def test_no_page_has_a_mathematics_script_or_bare_tex(site_dir):
    pages = sorted(site_dir.rglob("*.html"))
    text = {page.name: page.read_text(encoding="utf-8") for page in pages}
    assert any("<math" in body for body in text.values())
    for name, body in text.items():
        assert not re.search(r"mathjax|katex", body, re.IGNORECASE), name
        prose = re.sub(
            r"<(pre|code|script|annotation)\b.*?</\1>", "", body, flags=re.DOTALL
        )
        assert not re.search(r"\\\(|\\\[|\\frac|\\tag|\$\$", prose), name


def test_formulas_use_the_books_own_font(chapter):
    loaded = chapter.evaluate(
        "[...document.fonts].filter(f => f.family.includes('Book Math')).map(f => f.status)"
    )
    assert loaded == ["loaded"]


def test_fences_grow_with_what_they_hold(chapter):
    tall = r"\left\lVert\frac{\partial h_T}{\partial h_t}\right\rVert + \left(\frac{a}{b}\right)"
    probe = insert(chapter, convert(tall, display=True)[0])
    ratios = probe.evaluate(
        """e => [...e.querySelectorAll('mfrac')].flatMap(f => {
          const height = f.getBoundingClientRect().height;
          return [f.previousElementSibling, f.nextElementSibling]
            .map(fence => fence.getBoundingClientRect().height / height) })"""
    )
    assert len(ratios) == 4
    assert min(ratios) > 0.9


def test_aligned_rows_meet_at_the_equal_sign(chapter):
    rows = r"\begin{aligned} a_t &= W_{xh}x_t + b \\ h &= \tanh(a_t) \end{aligned}"
    probe = insert(chapter, convert(rows, display=True)[0])
    edges = probe.evaluate(
        """e => [...e.querySelectorAll('mo')].filter(m => m.textContent === '=')
          .map(m => m.getBoundingClientRect().left)"""
    )
    assert len(edges) == 2
    assert abs(edges[0] - edges[1]) < 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_formulas_have_the_colour_of_the_text(chapter, scheme):
    chapter.emulate_media(color_scheme=scheme)
    chapter.reload()
    colours = chapter.evaluate(
        """() => { const m = document.querySelector('article p math');
          return [getComputedStyle(m).color, getComputedStyle(m.closest('p')).color] }"""
    )
    assert colours[0] == colours[1]


@pytest.mark.parametrize("width", [1280, 360])
def test_equation_numbers_stand_at_the_right_edge(chapter, width):
    chapter.set_viewport_size({"width": width, "height": 800})
    gaps = chapter.evaluate(
        """() => [...document.querySelectorAll('.formula-block .eqno')].map(e =>
          e.parentElement.getBoundingClientRect().right - e.getBoundingClientRect().right)"""
    )
    assert gaps
    assert max(map(abs, gaps)) < 1


def test_a_long_formula_scrolls_by_itself_on_a_phone(chapter):
    chapter.set_viewport_size({"width": 360, "height": 800})
    probe = insert(chapter, convert("+".join(["W_{hh}h_{t-1}"] * 20), display=True)[0])
    scroll = probe.locator(".formula-scroll")
    assert scroll.evaluate("e => e.scrollWidth > 2 * e.clientWidth")
    assert scroll.evaluate("e => (e.scrollLeft = 50, e.scrollLeft)") == 50
    assert chapter.evaluate("document.documentElement.scrollWidth") == 360
