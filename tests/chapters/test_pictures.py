"""章の図: どの図にも番号と文があり、本文が番号で呼び、呼ばれた番号の図があること。"""

import ast
import json
import re
from pathlib import Path

import pytest

from rnnbook.book.pictures import NUMBER, numbers_in

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
by_name = {"argvalues": CHAPTERS, "ids": [path.stem for path in CHAPTERS]}


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == kind]


def prose(path):
    return "\n".join(cells(path, "markdown"))


def calls(path):
    """picture(…) の呼び出しの (番号, 説明文, 見ずに読む人のための文)。"""
    for source in cells(path, "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "picture":
                (alt,) = [k.value.value for k in node.keywords if k.arg == "alt"]
                yield node.args[1].value, node.args[2].value, alt


@pytest.mark.parametrize("chapter", **by_name)
def test_the_pictures_of_a_chapter_are_numbered_in_the_order_of_the_page(chapter):
    found = [NUMBER.fullmatch(number) for number in numbers_in(chapter)]
    assert {int(match[1]) for match in found} == {int(chapter.stem[:2])}
    order = [int(match[2]) for match in found]
    assert order == list(range(1, len(order) + 1))


@pytest.mark.parametrize("chapter", **by_name)
def test_no_picture_of_a_chapter_is_shown_without_a_number_and_words(chapter):
    code = "\n".join(cells(chapter, "code"))
    assert not re.search(r"\bplt\.show\(|\bdisplay\(fig", code)
    assert len(re.findall(r"\bplt\.(?:subplots|figure)\(", code)) <= len(
        list(calls(chapter))
    )


@pytest.mark.parametrize("chapter", **by_name)
def test_the_words_for_readers_who_do_not_see_say_more_than_the_caption(chapter):
    for number, caption, alt in calls(chapter):
        assert len(alt) >= 40 and alt != caption, number
        # 読み上げられる文に、式の書き方は混ぜません
        assert not re.search(r"[$\\{}^]", alt), number


@pytest.mark.parametrize("chapter", **by_name)
def test_every_picture_is_called_by_its_number_in_the_prose(chapter):
    called = {match[0] for match in NUMBER.finditer(prose(chapter))}
    assert set(numbers_in(chapter)) <= called


@pytest.mark.parametrize("chapter", **by_name)
def test_every_number_in_the_prose_is_a_picture_of_the_book(chapter):
    known = {number for path in CHAPTERS for number in numbers_in(path)}
    called = {match[0] for match in NUMBER.finditer(prose(chapter))}
    assert called <= known
