"""章を実行し直さない比較が、実行した結果と保存された出力の食い違いを見逃さないこと。"""

import subprocess
import sys

import nbformat
import pytest

from rnnbook.workshop.environment import ROOT

CLOCK = "import time\nprint(time.time_ns())"


def compare(path) -> subprocess.CompletedProcess:
    settings = ["-q", "-c", "pyproject.toml", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *settings, "--nbval"]
    return subprocess.run(
        [*command, "-p", "rnnbook.workshop.replay", path],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def chapter(book):
    """実行のたびに変わる数を持つ章。実行し直さない比較だけが通ります。"""
    path = book.chapter("01_number", "# 数", CLOCK, "12 + 30")
    assert book.run("outputs", "01").returncode == 0
    return path


def test_what_was_executed_is_compared_without_running_it_again(chapter):
    result = compare(chapter)
    assert result.returncode == 0, result.stdout
    assert "2 passed" in result.stdout


def test_one_altered_digit_fails_the_comparison(chapter):
    notebook = nbformat.read(chapter, as_version=4)
    notebook.cells[2].outputs[0].data["text/plain"] = "43"
    nbformat.write(notebook, chapter)
    result = compare(chapter)
    assert result.returncode == 1
    assert "Cell outputs differ" in result.stdout


def test_a_chapter_that_changed_since_it_was_executed_is_not_compared(book, chapter):
    book.chapter("01_number", "# 数", CLOCK, "12 + 31")
    result = compare(chapter)
    assert result.returncode == 1
    assert "コードセルが変わりました。先に make book" in result.stdout
