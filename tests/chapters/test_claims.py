"""章の主張: 真偽ではなく大きさを述べ、外れることがあり、保存された文が変われば気づかれます。"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from rnnbook.reading.claims import MEASURED

ROOT = Path(__file__).parents[2]
CHAPTERS = [
    pytest.param(path, id=path.stem)
    for path in sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
]
BOUNDS = {"below", "above", "between", "equals"}


def saved_texts(notebook):
    """(セルの名, 種類, 文) の並び。表示した関数のソースは除きます。"""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            bodies = {"stream": output.get("text", "")} | dict(output.get("data", {}))
            for kind, text in bodies.items():
                yield cell.id, kind, re.sub(r"```.*?```", "", text, flags=re.S)


def claims_of(notebook):
    """(セルの名, claim の呼び出し) の並び。"""
    for cell in notebook.cells:
        if cell.cell_type != "code" or "claim(" not in cell.source:
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "claim":
                yield cell.id, node


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_saved_output_is_a_bare_truth_value(chapter):
    found = [
        (cell, line)
        for cell, _, text in saved_texts(nbformat.read(chapter, as_version=4))
        for line in text.splitlines()
        if re.search(r"(?<!=)\b(True|False)\b", line)
    ]
    assert not found, "真偽ではなく、claim で大きさと限りを述べます"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_bound_is_the_measured_value_itself_or_out_of_reach(chapter):
    claims = list(claims_of(nbformat.read(chapter, as_version=4)))
    assert claims
    for cell, call in claims:
        measured = ast.unparse(call.args[1])
        bounds = [word for word in call.keywords if word.arg in BOUNDS | {None}]
        assert len(bounds) == 1, (cell, ast.unparse(call))
        bound = ast.unparse(bounds[0].value)
        assert measured not in bound and bound not in measured.split(), (cell, bound)
        assert not re.search(r"\b(inf|nan)\b", bound), (cell, bound)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_saved_claim_keeps_its_sentence_and_leaves_the_measured_value_out(
    chapter,
):
    lines = [
        line
        for _, _, text in saved_texts(nbformat.read(chapter, as_version=4))
        for line in text.splitlines()
        if "✓" in line
    ]
    assert lines
    assert all(re.sub(MEASURED, r"\1…\2", line) == line for line in lines)
    assert all("測定 …" in line for line in lines)


@pytest.mark.one_chapter  # 比べる道は、どの章でも同じです
@pytest.mark.parametrize("what", ["一桁", "一語"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_one_altered_digit_or_word_of_a_saved_claim_makes_nbval_fail(
    chapter, what, tmp_path
):
    """章を写し、保存された主張の一つの文を変えて、本を組んだときの実行と比べます。"""
    old, new = (r"\d(?=\D*（)", "5") if what == "一桁" else ("小さい|大きい", "同じ")
    notebook = nbformat.read(chapter, as_version=4)
    data, altered = next(
        (output.data, altered)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "✓" in (text := output.get("data", {}).get("text/plain", ""))
        and (altered := re.sub(old, new, text, count=1)) != text
    )
    data["text/plain"] = altered
    copy = tmp_path / chapter.name
    nbformat.write(notebook, copy)
    settings = ["-q", "-c", "pyproject.toml", "-p", "no:cacheprovider"]
    settings += ["-p", "rnnbook.workshop.replay"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", *settings, copy],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert "Cell outputs differ" in result.stdout
    assert "1 failed" in result.stdout
