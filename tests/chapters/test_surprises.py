"""目次のページの、章ごとの意外な数: 章の主張が同じことを言い、値はその限りの中にあります。"""

import ast
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnnbook.book.contents_map import CHAPTER, minutes
from rnnbook.book.surprises import Surprise, every_surprise, spread

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {
    path.name[:2]: path for path in (ROOT / "chapters").glob("[0-9][0-9]_*.ipynb")
}
SURPRISES = every_surprise()


@pytest.fixture(params=sorted(SURPRISES))
def number(request) -> str:
    return request.param


def claims_of(notebook) -> dict[str, dict[str, ast.expr]]:
    """章の claim: 文 → 限りの式。文の分かるものだけです。"""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or "claim(" not in cell.source:
            continue
        for call in ast.walk(ast.parse(cell.source)):
            if (
                isinstance(call, ast.Call)
                and getattr(call.func, "id", "") == "claim"
                and isinstance(call.args[0], ast.Constant)
            ):
                bounds = {
                    word.arg: word.value
                    for word in call.keywords
                    if word.arg in ("below", "above", "between")
                }
                found[call.args[0].value] = bounds
    return found


def is_within(values, below=None, above=None, between=None) -> bool:
    low, high = np.min(values), np.max(values)
    if between is not None:
        above, below = np.nextafter(between[0], -9e9), np.nextafter(between[1], 9e9)
    return (below is None or high < below) and (above is None or low > above)


def test_every_chapter_has_one(number):
    assert set(SURPRISES) == set(NOTEBOOKS)
    found = SURPRISES[number]()
    assert isinstance(found, Surprise) and found.sentence.endswith("。")
    assert found.claims or found.quotes
    assert re.search(r"\d", found.sentence) and len(found.sentence) <= 110


def test_the_chapter_claims_the_same_within_its_bounds(number):
    notebook = nbformat.read(NOTEBOOKS[number], as_version=4)
    bounds = claims_of(notebook)
    for sentence, values in SURPRISES[number]().claims.items():
        assert sentence in bounds, (
            f"第{number}章に「{sentence}」という主張がありません。"
        )
        limits = {k: ast.literal_eval(v) for k, v in bounds[sentence].items()}
        assert limits and is_within(values, **limits), sentence


def test_the_chapter_says_the_same_words(number):
    notebook = nbformat.read(NOTEBOOKS[number], as_version=4)
    said = "\n".join(
        "".join(output.get("data", {}).get("text/plain", output.get("text", "")))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )
    for quote in SURPRISES[number]().quotes:
        assert quote in said


def test_the_numbers_of_the_sentence_are_those_of_the_claims(number):
    """文の数は、主張の値を丸めたものです。条件（長さ、種の数など）は、文に書かれています。"""
    found = SURPRISES[number]()
    sentence = found.sentence.replace(",", "")
    for values in found.claims.values():
        ends = [np.min(values), np.max(values)]
        forms = [{f"{v:.{k}f}" for k in range(4)} for v in ends]
        told = set(re.findall(r"\d+\.\d+|\d+", sentence))
        assert any(form & told for form in forms), (values, told)


def test_a_bound_that_is_passed_is_noticed():
    assert is_within([0.2, 0.4], between=(0.2, 0.4))
    assert not is_within([0.2, 0.5], below=0.5)
    assert not is_within([0.2, 0.5], above=0.2)
    assert spread([0.951, 1.04]) == "0.95〜1.04" and spread([1.0, 1.0], 0) == "1"


def test_the_minutes_are_those_of_the_chapter(number):
    text = NOTEBOOKS[number].read_text(encoding="utf-8")
    assert f"読むだけなら {minutes(NOTEBOOKS[number])} 分" in text
    assert CHAPTER.fullmatch(NOTEBOOKS[number].stem)[1] == number
