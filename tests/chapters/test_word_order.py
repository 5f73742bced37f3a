"""語は、使う前に説明され、用語の表にあること。"""

from functools import cache
from pathlib import Path

import pytest

from rnnbook.book import glossary, word_order
from rnnbook.workshop import prose

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
by_name = {"argvalues": CHAPTERS, "ids": [path.stem for path in CHAPTERS]}
PAGE = (ROOT / f"{glossary.PAGE}.md").read_text(encoding="utf-8")
WORDS = word_order.words(PAGE)
pieces = cache(prose.pieces)


def number_of(chapter):
    return int(chapter.stem[:2])


@pytest.mark.parametrize("chapter", **by_name)
def test_no_word_of_the_glossary_is_used_before_it_is_explained(chapter):
    early = word_order.used_early(pieces(chapter), WORDS, number_of(chapter))
    lines = [
        f"{p.cell}: {p.word.names[0]}（第{p.word.chapter}章で説明）: {p.sentence}"
        for p in early
    ]
    assert not lines, (
        "説明（太字）より前に使われています。説明を前に移すか、ほかの言葉で書くか、"
        "「（第N章）」と案内します:\n" + "\n".join(lines)
    )


@pytest.mark.parametrize("chapter", **by_name)
def test_every_word_of_the_glossary_stands_in_bold_in_the_chapter_that_explains_it(
    chapter,
):
    found = pieces(chapter)
    bold = word_order.explanations(found, WORDS)
    places = list(word_order.places(found, WORDS))
    missing = [
        f"{word.names[0]}（はじめて使うセル: "
        f"{next((p.cell for p in places if p.word == word), 'なし')}）"
        for word in WORDS
        if word.chapter == number_of(chapter) and word not in bold
    ]
    assert not missing, (
        "説明するところで太字にするか、用語の表の「章」を直します:\n"
        + "\n".join(missing)
    )


@pytest.mark.parametrize("chapter", **by_name)
def test_a_new_word_in_bold_has_an_entry_in_the_glossary(chapter):
    found = word_order.without_entry(pieces(chapter), WORDS)
    assert not found, (
        f"用語の表に一行足すか、強めるだけなら、太字をやめるか文で書きます: {found}"
    )


def test_the_glossary_links_to_every_chapter_that_exists():
    there = {number_of(path): path.name for path in CHAPTERS}
    wrong = [
        word.names[0]
        for row, word in zip(glossary.rows(PAGE), WORDS, strict=True)
        if row[glossary.COLUMNS.index("章")]
        != (
            f"[{word.chapter}]({there[word.chapter]})"
            if word.chapter in there
            else str(word.chapter)
        )
    ]
    assert not wrong, "書かれた章は [1](01_….ipynb)、まだの章は番号だけを書きます"


def test_only_what_a_reader_meets_before_the_explanation_is_named():
    known = [word_order.Word(("飽和",), 1), word_order.Word(("勾配消失",), 2)]
    before = "## この章で分かること\n\n飽和とは何か。\n\n## 飽和\n\n`飽和` $飽和$\n\n"
    folded = "<details>\n\n**飽和**は端です。\n\n</details>\n\n"
    after = "飽和します。\n\n**飽和**は端です。\n\n飽和しました。勾配消失（第2章）です。\n\n"
    cited = "## 参考文献\n\n- 勾配消失について。"
    page = list(prose.pieces_of(before + folded + after + cited))
    assert [p.sentence for p in word_order.used_early(page, known, here=1)] == [
        "**飽和**は端です。".replace("**", "")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("これを**吸収**と呼びます。", ["吸収"]),
        (
            "**吸収係数（absorption coefficient）** です。",
            ["吸収係数（absorption coefficient）"],
        ),
        ("値は**必ず減ります**。", []),
        ("- **幅**。種を替えます。", []),
        ("**「吸収は減る」。** 減りません。", []),
        ("**飽和**は端です。", []),
    ],
)
def test_bold_is_a_new_word_when_it_is_named_or_is_a_bare_noun(text, found):
    known = [word_order.Word(("飽和",), 1)]
    names = [b for _, b in word_order.without_entry(list(prose.pieces_of(text)), known)]
    assert names == found
