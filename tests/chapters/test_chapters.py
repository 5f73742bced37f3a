"""章の書き方の約束: どこで開いても同じに見え、用語がそろい、演習が本物であること。"""

import json
import re
from pathlib import Path

import pytest

from rnnbook.book import glossary
from rnnbook.exercises.find import find, names

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
# 章のほかのノートブック: 遊び場と付録
OTHERS = sorted(set((ROOT / "chapters").glob("*.ipynb")) - set(CHAPTERS))
PAGES = sorted((ROOT / "chapters").glob("*.md")) + OTHERS
RHYTHM = (
    "この章で分かること",
    "予想してみましょう",
    "触ってみましょう",
    "論文と本書",
    "よくある誤解",
    "うまくいかないとき",
    "理解度チェック",
    "演習",
    "まとめ",
    "参考文献",
)


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == kind]


def prose(path):
    """本文。コードの囲みと式は除きます。"""
    text = (
        path.read_text("utf-8")
        if path.suffix == ".md"
        else "\n\n".join(cells(path, "markdown"))
    )
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.S)
    return re.sub(r"`[^`\n]*`", "", text)


def banned_words():
    """用語の付録の「使わない語」。その表だけが、どの語を使わないかを決めます。"""
    page = (ROOT / f"{glossary.PAGE}.md").read_text(encoding="utf-8")
    words = [
        re.sub(r"（.*?）", "", word)
        for row in glossary.rows(page)
        for word in row[-1].split("、")
    ]
    return [word for word in words if word != "—"]


by_name = {"argvalues": CHAPTERS, "ids": [path.stem for path in CHAPTERS]}
every_page = [*CHAPTERS, *(p for p in PAGES if p.stem != "appendix_glossary")]


def test_there_are_chapters_and_words_to_check():
    assert CHAPTERS
    assert {"忘れゲート", "シーケンス", "ティーチャーフォーシング"} <= set(
        banned_words()
    )


@pytest.mark.parametrize("chapter", **by_name)
def test_a_chapter_follows_the_rhythm_of_the_book(chapter):
    headings = re.findall(
        r"^##+ (.+)$", "\n\n".join(cells(chapter, "markdown")), flags=re.M
    )
    places = [
        next((i for i, h in enumerate(headings) if part in h), -1) for part in RHYTHM
    ]
    missing = [part for part, place in zip(RHYTHM, places, strict=True) if place < 0]
    assert not missing, f"節がありません: {missing}"
    assert places == sorted(places), "節の順序が違います"


@pytest.mark.parametrize("chapter", **by_name)
def test_a_chapter_asks_one_question_of_research_and_folds_the_answer(chapter):
    text = "\n\n".join(cells(chapter, "markdown"))
    parts = dict(re.findall(r"^## (.+)\n(?s:(.*?))(?=^## |\Z)", text, flags=re.M))
    order = [name for name in parts if name in ("演習", "研究の考え方", "まとめ")]
    assert order == ["演習", "研究の考え方", "まとめ"], "演習とまとめの間に置きます"
    question, fold, answer = parts["研究の考え方"].partition("<details>")
    assert "か。" in question and fold, "問いを一つ書き、答えの論文を畳みます"
    assert re.search(r"\b(19|20)\d\d\b", answer), "答えた論文の年を書きます"


@pytest.mark.parametrize("page", every_page, ids=lambda path: path.stem)
def test_only_the_words_of_the_glossary_are_used(page):
    found = [word for word in banned_words() if word in prose(page)]
    assert not found, f"使わない語があります: {found}"


@pytest.mark.parametrize("page", every_page, ids=lambda path: path.stem)
def test_a_page_has_no_syntax_that_colab_or_github_would_show_raw(page):
    text = prose(page)
    assert not re.search(r"^(:::|```)\{", text, flags=re.M)
    assert not re.search(r"\{[a-z:-]+\}`", text)
    assert not re.search("[\U0001f300-\U0001faff！]", text)


@pytest.mark.parametrize("page", every_page, ids=lambda path: path.stem)
def test_no_line_break_inside_a_japanese_paragraph_becomes_a_blank(page):
    plain = r"(?!#|\||[-*] |\d+\. |<|>).*[^\x00-\u2fff]"
    broken = re.findall(rf"^{plain}\n(?=[^\x00-\u2fff])", prose(page), flags=re.M)
    assert not broken


@pytest.mark.parametrize("page", every_page, ids=lambda path: path.stem)
def test_no_page_promises_a_button_that_opens_only_a_published_book(page):
    """公開先が決まる前も、保存したノートブックの中でも、案内は本当です。"""
    assert "Colab で開く" not in prose(page)


@pytest.mark.parametrize("page", [*CHAPTERS, *PAGES], ids=lambda path: path.stem)
def test_links_between_pages_lead_to_files(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose(page))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("name", names())
def test_the_chapter_shows_the_exercise_and_the_stub_that_the_tests_run(name):
    number = name.split(".")[0].removeprefix("ch")
    chapter = next(path for path in CHAPTERS if path.stem.startswith(number))
    code, each = "\n\n".join(cells(chapter, "code")), find(name)
    assert f'exercise("{name}")' in code
    assert each.stub.strip() in code
    assert f'check("{name}", {", ".join(each.asks)})' in code


@pytest.mark.parametrize("chapter", **by_name)
def test_the_numbered_sections_of_a_chapter_follow_each_other(chapter):
    """「## 7.3 …」の番号が、章の番号で始まり、1 から一つずつ増えること。"""
    found = re.findall(r"^## (\d+)\.(\d+) ", prose(chapter), flags=re.M)
    number = int(chapter.stem[:2])
    assert found == [(str(number), str(k)) for k in range(1, len(found) + 1)]


@pytest.mark.parametrize("chapter", **by_name)
def test_a_chapter_measures_nothing_in_prose_but_in_cells(chapter):
    """RMSE・正解率・損失・秒などの測定値が、本文の文の中に手で書かれていないこと。

    図を動かすリンクの「見るところ」は、試験が図の読み上げと比べます（test_links）。
    """
    measured = r"(RMSE|誤差|正解率|損失|時間)(は|が|：)\s*\*{0,2}\d+\.\d+"
    paragraphs = [
        re.sub(r' "見るところ: [^"]*"\)', ")", line)
        for line in prose(chapter).splitlines()
        if not line.startswith("|")
    ]
    assert not [line for line in paragraphs if re.search(measured, line)]


def test_the_appendix_names_every_file_of_data_and_how_to_make_it():
    text = (ROOT / "chapters" / "appendix_data.md").read_text(encoding="utf-8")
    files = [path for path in (ROOT / "data" / "results").iterdir() if path.is_file()]
    assert files
    assert not [
        path.name for path in files if f"`data/results/{path.name}`" not in text
    ]


def test_the_references_stand_in_the_order_of_the_chapters():
    """頁は「章の順に並べます」と言います。一つの章の欄は一つです。"""
    text = (ROOT / "chapters" / "appendix_references.md").read_text(encoding="utf-8")
    order = [int(n) for n in re.findall(r"^## 第(\d+)章$", text, flags=re.M)]
    assert order == sorted(set(order))
    assert set(order) == {int(path.stem[:2]) for path in CHAPTERS}


def test_the_index_leads_to_every_chapter_and_appendix():
    text = (ROOT / "chapters" / "index.md").read_text(encoding="utf-8")
    others = [path for path in PAGES if path.stem != "index"]
    assert not [p.name for p in [*CHAPTERS, *others] if f"({p.name})" not in text]


@pytest.mark.parametrize("path", **by_name)
def test_every_source_that_a_cell_asks_for_is_shown(path):
    """セルが見せるのは最後の式だけなので、show_source はセルの最後の一つだけです。"""
    for code in cells(path, "code"):
        asked = code.count("show_source(")
        assert asked <= 1, code
        assert not asked or re.search(r"^show_source\([^\n]*\)\s*\Z", code, re.M), code
