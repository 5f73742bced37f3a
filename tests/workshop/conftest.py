"""小さな本を一時フォルダに作り、組む仕組みの約束を確かめるための備品。"""

import contextlib
import importlib
import io
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


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """章が二つの本。一つは code/ の数を、一つは data/ の表を使います。"""
    made = Book(tmp_path / "book")
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
