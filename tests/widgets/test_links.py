"""本文から図を動かすリンク: 押すと図がその状態になり、約束した言葉を言い、元に戻せます。"""

import ast
import re
import unicodedata
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import expect

from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.playground import Playground
from rnnbook.widgets.unrolled import Unrolled

PAGES = Path(__file__).resolve().parents[2] / "chapters"
CHAPTERS = [*sorted(PAGES.glob("[0-9]*.ipynb")), PAGES / "playground.ipynb"]
PROMISE = "見るところ: "


def figures_of(chapter: Path, kinds: list[type[Figure]]) -> list[Figure]:
    """章のセルが作る図（kinds のどれか）。値のほかの引数（学習する関数など）は渡しません。"""
    known, made = {kind.__name__: kind for kind in kinds}, []
    for cell in nbformat.read(chapter, as_version=4).cells:
        if cell.cell_type != "code" or "rnnbook.widgets" not in cell.source:
            continue
        for node in ast.walk(ast.parse(cell.source)):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in known and known[name].table():
                literal = {k.arg: _literal(k.value) for k in node.keywords}
                values = {k: v for k, v in literal.items() if v is not None}
                made.append(known[name](*map(ast.literal_eval, node.args), **values))
    return made


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def links_of(chapter: Path) -> list[tuple[str, str]]:
    """章の本文の、図を動かすリンクの (住所, 題)。"""
    found = []
    for cell in nbformat.read(chapter, as_version=4).cells:
        if cell.cell_type == "markdown":
            for token in MarkdownIt().parse(cell.source):
                for child in token.children or ():
                    address = str(child.attrGet("href") or "")
                    if re.match(r"#[A-Za-z][\w-]*\.\w+=", address):
                        found.append((address, str(child.attrGet("title") or "")))
    return found


def plain(text: str) -> str:
    """比べるための文字: 肩と添え字の数字はふつうの数字に、空白はなしに。"""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def pattern_of(title: str) -> str:
    """題の約束。読点で分けた言葉が、この順に現れます。数字は途中で切れません。"""
    parts = [plain(part) for part in title.removeprefix(PROMISE).split("、")]
    whole = [re.sub(r"^(?=\d)", r"(?<![\\d.])", re.escape(part)) for part in parts]
    return ".*?".join(rf"{part}(?!\d)" for part in whole)


SPOKEN = """(name) => [...document.querySelectorAll('.rnnbook-view')]
  .filter((view) => view.dataset.figure === name)
  .flatMap((view) => [...view.querySelectorAll('figure [aria-live]')]).map((e) => e.textContent).join(' ')"""
SAID = f"""([name, text]) => !document.querySelector('.rnnbook-view [aria-busy="true"]') && ({SPOKEN})(name) === text"""
NEXT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_link_does_what_its_sentence_says(open_page, every_kind, chapter, drawn):
    links, figures = links_of(chapter), figures_of(chapter, every_kind)
    names = [figure.name for figure in figures]
    page = open_page(figures, links)
    start = {n: page.evaluate(SPOKEN, str(n)) for n in range(len(figures))}
    for k, (address, title) in enumerate(links):
        assert title.startswith(PROMISE), f"{address} に「{PROMISE}…」がありません。"
        number = names.index(address[1:].split(".")[0])
        page.locator("#links a").nth(k).click()
        page.evaluate(NEXT)
        drawn(page)
        said = plain(page.evaluate(SPOKEN, str(number)))
        assert re.search(pattern_of(title), said), (address, title, said)
        view = page.locator(".rnnbook-view").nth(number)
        note = view.locator(".rnnbook-told")
        note.get_by_role("button", name="文に戻る").wait_for()
        if not isinstance(
            figures[number], Playground
        ):  # 学習の文は変わるので、写さない
            assert plain(note.inner_text()).startswith(plain(PROMISE))
            assert re.search(pattern_of(title), plain(note.inner_text()))
        if said != plain(start[number]):
            view.get_by_role("button", name="元に戻す").click()
        page.wait_for_function(SAID, arg=[str(number), start[number]])


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_line_of_things_to_try_moves_the_figure(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    tried = [
        c.source.split("試してみること", 1)[1]
        for c in cells
        if "\n試してみること:" in f"\n{c.source}"
    ]
    for text in tried:
        lines = re.match(r":\n\n((?:- .*\n?)+)", text)[1].splitlines()
        assert [line for line in lines if not re.search(r"\]\(#\w+\.\w+=", line)] == []


LINK = ("#unrolled.w_hh=1.5&t=11", PROMISE + "t = 11")


def test_a_link_followed_twice_is_undone_to_the_state_before_the_first(open_page):
    page = open_page([Unrolled(T=11)], [LINK])
    start = page.evaluate(SPOKEN, "0")
    for _ in range(2):
        page.locator("#links a").click()
        page.wait_for_selector(".rnnbook-line")
        page.evaluate(NEXT)
    page.get_by_role("button", name="元に戻す").click()
    page.evaluate(NEXT)
    assert page.evaluate(SPOKEN, "0") == start
    assert "w_hh=1.5" not in page.evaluate("location.hash")
    assert told(page) == []


def test_what_a_link_said_goes_when_the_figure_is_moved_by_hand(open_page):
    page = open_page([Unrolled(T=11)], [LINK])
    page.locator("#links a").click()
    page.wait_for_selector(".rnnbook-line")
    page.get_by_role("slider", name="再帰の重み").press("ArrowLeft")
    page.wait_for_selector(".rnnbook-line", state="detached")


def test_a_promise_with_another_digit_is_broken():
    said = plain("t = 11 の隠れ状態は h11 = 0.169。少しずつ消えて")
    assert re.search(pattern_of("見るところ: h₁₁ = 0.169、消えて"), said)
    for wrong in ("h₁₁ = 0.168", "h₁₁ = 0.16", "1 = 0.169", "消えて、0.169"):
        assert not re.search(pattern_of(PROMISE + wrong), said), wrong


# ---- 住所

SAYS = r"""(start) => document.querySelector('.rf-live').textContent.replace(/\s/g, '').startsWith(start)"""


def told(page) -> list[str]:
    return page.locator(".rnnbook-line").all_inner_texts()


def test_an_address_with_a_state_opens_the_figure_in_that_state(open_page):
    page = open_page(
        [Unrolled(), Unrolled()], hash_="#unrolled-2.w_hh=0.5&T=7&unrolled.T=4"
    )
    page.wait_for_function("() => scrollY > 100")
    sliders = page.get_by_role("slider", name="系列長")
    assert [s.input_value() for s in sliders.all()] == ["4", "7"]
    assert told(page) == []


def test_an_address_of_a_section_stays_an_address_of_a_section(open_page):
    page = open_page([Unrolled()], hash_="#触ってみましょう")
    assert page.get_by_role("slider", name="系列長").input_value() == "10"
    assert told(page) == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "#unrolled.w_hh=9&T=7",
            "w_hh は −1.5 から 1.5 までの数です（住所にあったのは「9」）",
        ),
        ("#unrolled.w_hh&unrolled.T=7", "w_hh は −1.5 から 1.5 までの数です"),
        ("#unrolled.ghost=1&T=7", "「ghost」という引数はありません"),
        ("#ghost.T=1&unrolled.T=7", "「ghost」という図は、このページにありません"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(open_page, address, sentence):
    page = open_page([Unrolled()], hash_=address)
    page.wait_for_selector(".rnnbook-line")
    assert len(told(page)) == 1
    assert sentence in told(page)[0]
    assert page.get_by_role("slider", name="系列長").input_value() == "7"


def test_an_address_without_a_name_is_that_of_the_only_figure(open_page):
    page = open_page([Unrolled()], hash_="#T=7&w_hh=0.5")
    expect(page.get_by_role("slider", name="系列長")).to_have_value("7")
    assert told(page) == []


def test_an_address_without_a_name_is_refused_where_two_figures_stand(open_page):
    page = open_page([Unrolled(), Unrolled()], hash_="#T=7")
    page.wait_for_selector(".rnnbook-line")
    assert told(page) == ["住所の「T」の前に、図の名前と . が要ります。"]


def test_a_link_repeats_no_sentence_that_training_will_change(open_page):
    page = open_page([Playground()], [("#playground.T=50", PROMISE + "T = 50")])
    page.locator("#links a").click()
    page.get_by_role("button", name="文に戻る").wait_for()
    assert told(page) == []


def test_the_link_to_this_state_leads_back_to_it(open_page, drawn):
    page = open_page([Unrolled(T=12)])
    link = page.get_by_role("link", name="この状態へのリンク")
    page.get_by_role("slider", name="再帰の重み").press("ArrowLeft")
    page.get_by_role("slider", name="時刻").press("End")
    page.get_by_label("正弦波").check()
    page.wait_for_function(
        "() => document.querySelector('.rf-here').href.includes('sine')"
    )
    link.click()
    address = page.evaluate("location.href")
    assert address.endswith("#unrolled.w_hh=0.85&x=sine&t=12")
    said = page.evaluate(SPOKEN, "0")
    page.get_by_role("button", name="はじめに戻す").click()
    page.wait_for_function(SAYS, arg="t=1の")
    page.goto("about:blank")
    page.goto(address)
    drawn(page)
    page.wait_for_function(SAYS, arg="t=12の")
    assert page.evaluate(SPOKEN, "0") == said


def test_the_code_of_this_state_makes_the_figure_and_gives_its_numbers(open_page):
    page = open_page([Unrolled(T=11, w_hh=0.5)])
    page.get_by_text("この条件をコードで").click()
    shown = page.locator(".rf-foot pre").inner_text()
    assert shown.splitlines() == [
        "from rnnbook.widgets.unrolled import Unrolled",
        "",
        "figure = Unrolled(T=11, w_hh=0.5)",
        "figure.numbers()",
    ]


def test_the_built_page_keeps_the_address_and_the_promise(small_site):
    text = (small_site / "unrolled.html").read_text("utf-8")
    (link,) = re.findall(r"<a [^>]*rnnbook-drive[^>]*>", text)
    assert 'href="#unrolled.T=5&amp;w_hh=0.5"' in link
    assert 'title="見るところ: h₁"' in link
