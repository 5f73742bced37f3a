"""小さな本を一時フォルダに作り、組む仕組みの約束を確かめるための備品。"""

import contextlib
import importlib
import io
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from rnnbook.workshop.outputs import NOTEBOOK_METADATA

CONFIG = """\
title: 小さな本
only_build_toc_files: true
repository: {url: "https://github.com/YOUR-ACCOUNT/rnn-textbook", branch: main}
execute: {execute_notebooks: cache, timeout: 60}
sphinx:
  extra_extensions: [rnnbook.book.refresh]
  config: {language: ja, html_theme: sphinx_book_theme}
"""
TOC = """\
format: jb-book
root: chapters/index
chapters: [{file: chapters/01_number}, {file: chapters/02_table}]
"""


@dataclass
class Book:
    """一時フォルダの小さな本。"""

    root: Path

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def chapter(self, name: str, *cells: str, tags: tuple[str, ...] = ()) -> Path:
        """``# `` で始まる文は Markdown、ほかはコードのセルになります。"""
        made = []
        for number, text in enumerate(cells):
            make = v4.new_markdown_cell if text.startswith("#") else v4.new_code_cell
            made.append(make(text, id=f"cell-{number}"))
        made[-1].metadata.tags = list(tags)
        notebook = v4.new_notebook(cells=made, metadata=NOTEBOOK_METADATA)
        path = self.root / "chapters" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path

    def run(self, part: str, *arguments: str) -> subprocess.CompletedProcess:
        """``python -m rnnbook.workshop.PART --root …`` と同じことを、このプロセスの中で行います。"""
        main = importlib.import_module(f"rnnbook.workshop.{part}").main
        stdout, stderr = io.StringIO(), io.StringIO()
        command = ["--root", str(self.root), *arguments]
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            code = main(command)
        return subprocess.CompletedProcess(
            command, code, stdout.getvalue(), stderr.getvalue()
        )

    def page(self, name: str) -> str:
        return (self.root / "_build/html/chapters" / f"{name}.html").read_text(
            encoding="utf-8"
        )


def small_book(root: Path) -> Book:
    """章が二つの本。一つは code/ の数を、一つは data/ の表を使います。"""
    made = Book(root)
    made.write("_config.yml", CONFIG)
    made.write("_toc.yml", TOC)
    made.write("requirements.txt", "numpy==1\n")
    made.write("chapters/index.md", "# 小さな本\n")
    made.write("code/rnnbook/__init__.py", "")
    made.write("code/rnnbook/number.py", "NUMBER = 12345\n")
    made.write("code/rnnbook/book/look.css", "a {}\n")
    made.write("data/table.csv", "56789\n")
    made.chapter(
        "01_number", "# 数", "from rnnbook.number import NUMBER", "print(NUMBER)"
    )
    made.chapter("02_table", "# 表", "print(open('../data/table.csv').read())")
    return made


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """章が二つの、まだ何も実行していない本。"""
    return small_book(tmp_path / "book")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory) -> Book:
    """組み上がった小さな本。一度だけ組み、試験は写しを使います。"""
    made = small_book(tmp_path_factory.mktemp("built") / "book")
    built = made.run("build")
    assert built.returncode == 0, built.stderr
    assert "2 章のうち 2 章を実行します。" in built.stdout
    return made


@pytest.fixture
def built(built_once: Book, tmp_path: Path) -> Book:
    """組み上がった本の写し。章の実行の控えにある本の置き場所は、写しの置き場所です。"""
    root = tmp_path / "book"
    shutil.copytree(built_once.root, root)
    for record in (root / "_build/.execution").glob("*.json"):
        text = record.read_text(encoding="utf-8")
        record.write_text(text.replace(str(built_once.root), str(root)), "utf-8")
    return Book(root)
