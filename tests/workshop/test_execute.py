"""変わった章だけが実行されること。"""

import json

import nbformat
import pytest


def ran(result) -> list[str]:
    """実行された章の名。"""
    assert result.returncode == 0, result.stderr
    lines = [line for line in result.stdout.splitlines() if " 秒  " in line]
    return sorted(line.split()[2] for line in lines)


@pytest.fixture
def executed(book):
    assert ran(book.run("execute")) == ["01_number", "02_table"]
    return book


def cached_text(book) -> str:
    """Jupyter Book に渡される出力のすべて。"""
    cached = (book.root / "_build/.jupyter_cache/executed").rglob("base.ipynb")
    notebooks = [nbformat.read(path, as_version=4) for path in cached]
    outputs = [
        output for nb in notebooks for cell in nb.cells for output in cell.outputs
    ]
    return " ".join(output.get("text", "") for output in outputs)


def test_nothing_runs_when_nothing_changed(executed):
    assert ran(executed.run("execute")) == []


def test_a_change_in_code_runs_only_the_chapter_that_imports_it(executed):
    executed.write("code/rnnbook/number.py", "NUMBER = 98765\n")
    result = executed.run("execute")
    assert ran(result) == ["01_number"]
    assert "code/rnnbook/number.py が変わりました" in result.stdout
    assert "98765" in cached_text(executed)
    assert "12345" not in cached_text(executed)


def test_a_change_in_data_runs_only_the_chapter_that_opens_it(executed):
    executed.write("data/table.csv", "43210\n")
    assert ran(executed.run("execute")) == ["02_table"]
    assert "43210" in cached_text(executed)


def test_a_file_that_disappears_makes_its_chapter_fail_instead_of_showing_the_past(
    executed,
):
    (executed.root / "data/table.csv").unlink()
    result = executed.run("execute")
    assert result.returncode == 1
    assert "02_table.ipynb のコードセル [1]" in result.stderr
    assert "FileNotFoundError" in result.stderr
    assert "56789" not in cached_text(executed)


def test_a_file_that_was_looked_for_and_then_appears_runs_the_chapter_again(book):
    book.chapter(
        "02_table",
        "try:\n    print(open('../data/new.csv').read())\nexcept OSError:\n    pass",
    )
    book.run("execute")
    book.write("data/new.csv", "777\n")
    assert ran(book.run("execute")) == ["02_table"]


def test_a_new_file_in_a_listed_data_folder_runs_the_chapter_again(book):
    book.chapter("02_table", "import os\nprint(sorted(os.listdir('../data')))")
    book.run("execute")
    book.write("data/new.csv", "777\n")
    assert ran(book.run("execute")) == ["02_table"]


def test_a_change_of_requirements_runs_every_chapter(executed):
    executed.write("requirements.txt", "numpy==2\n")
    assert ran(executed.run("execute")) == ["01_number", "02_table"]


def test_a_change_of_text_runs_nothing_and_a_change_of_code_cells_runs_the_chapter(
    executed,
):
    cells = ("from rnnbook.number import NUMBER", "print(NUMBER)")
    executed.chapter("01_number", "# 別の題", *cells)
    assert ran(executed.run("execute")) == []
    executed.chapter("01_number", "# 別の題", *cells, "print('追加')")
    assert ran(executed.run("execute")) == ["01_number"]


def test_a_file_rewritten_while_the_chapter_runs_is_read_again_next_time(book):
    change = "from pathlib import Path\nprint(Path('../data/table.csv').read_text())\n"
    change += "Path('../data/table.csv').write_text('222')"
    book.chapter("02_table", change)
    book.run("execute")
    assert "02_table" in ran(book.run("execute"))


def test_a_damaged_record_is_made_again(executed):
    record = executed.root / "_build/.execution/01_number.ipynb"
    record.write_text(
        record.read_text(encoding="utf-8").replace("12345", "54321"), "utf-8"
    )
    assert ran(executed.run("execute")) == ["01_number"]
    assert "54321" not in cached_text(executed)


def test_the_dependencies_are_the_files_that_were_used_and_no_others(executed):
    def used(name):
        path = executed.root / "_build/.execution" / f"{name}.json"
        return set(json.loads(path.read_text(encoding="utf-8"))["dependencies"])

    assert used("01_number") == {"code/rnnbook/__init__.py", "code/rnnbook/number.py"}
    assert used("02_table") == {"data/table.csv"}


CHILDREN = {
    "another Python": "subprocess.run([sys.executable, '-c', 'open(\"../data/new.csv\")'])",
    "a forked worker": "worker = fork(target=read, args=('../data/new.csv',)); worker.start(); worker.join()",
    "workers of joblib": "joblib.Parallel(2)([joblib.delayed(read)('../data/new.csv')] * 2)",
    "a program that is not Python": "subprocess.run(['cat', '../data/new.csv'], stdout=-3)",
    "SQLite": "sqlite3.connect('../data/new.csv').close()",
    "a module of the book": "subprocess.run([sys.executable, '-c', 'import rnnbook.other'])",
}
IMPORTS = """\
import multiprocessing, sqlite3, subprocess, sys
import joblib
fork = multiprocessing.get_context("fork").Process
def read(path):
    with open(path) as file:
        return file.read()
"""


@pytest.mark.parametrize("child", CHILDREN)
def test_what_a_child_of_the_chapter_reads_is_a_dependency_too(book, child):
    book.write("data/new.csv", "1\n")
    book.write("code/rnnbook/other.py", "")
    book.chapter("02_table", IMPORTS + CHILDREN[child] + ";")
    assert "02_table" in ran(book.run("execute"))
    path = book.root / "_build/.execution/02_table.json"
    used = set(json.loads(path.read_text(encoding="utf-8"))["dependencies"])
    expected = {"data/new.csv"}
    if "book" in child:
        expected = {"code/rnnbook/__init__.py", "code/rnnbook/other.py"}
    assert used == expected


def test_the_list_of_the_data_is_no_dependency_but_the_file_that_it_checks_is(book):
    book.write("data/README.md", "| `table.csv` |\n")
    read = "open('../data/README.md').read(); print(open('../data/table.csv').read())"
    book.chapter("02_table", read)
    book.run("execute")
    book.write("data/README.md", "| `table.csv` |\n| `other.csv` |\n")
    assert ran(book.run("execute")) == []
    book.write("data/table.csv", "98765\n")
    assert ran(book.run("execute")) == ["02_table"]


def test_the_watcher_leaves_no_name_in_the_chapter(book):
    book.chapter("01_number", "print([n for n in dir() if not n.startswith('_')], In)")
    book.run("execute")
    assert "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit'] ['', " in cached_text(
        book
    )


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("a = 1\nundefined", "NameError"),
        ("import sys\nprint('警告', file=sys.stderr)", "標準エラー"),
        ("import os\nos._exit(1)", "カーネルが落ちました"),
    ],
)
def test_a_failing_chapter_is_named_with_its_cell_and_first_line(book, cell, error):
    book.chapter("02_table", "# 題", "1 + 1", cell)
    result = book.run("execute")
    assert result.returncode == 1
    assert "02_table.ipynb のコードセル [2] で失敗しました" in result.stderr
    assert f"セルの最初の行: {cell.splitlines()[0]}" in result.stderr
    assert error in result.stderr
    assert not (book.root / "_build/.execution/02_table.json").exists()
    book.chapter("02_table", "# 題", "1 + 1")
    assert ran(book.run("execute")) == ["02_table"]


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        ("raises-exception", "1 / 0"),
        ("stderr-ok", "import sys\nprint('x', file=sys.stderr)"),
    ],
)
def test_an_error_shown_on_purpose_is_allowed_by_its_tag(book, tag, cell):
    book.chapter("02_table", cell, tags=(tag,))
    assert "02_table" in ran(book.run("execute"))


def test_the_state_of_a_widget_is_kept_for_the_static_page(book):
    book.chapter("01_number", "from ipywidgets import IntSlider\nIntSlider(value=37)")
    book.run("execute")
    path = book.root / "_build/.execution/01_number.ipynb"
    states = nbformat.read(path, as_version=4).metadata.widgets
    values = [
        s["state"]
        for s in states["application/vnd.jupyter.widget-state+json"]["state"].values()
    ]
    assert any(state.get("value") == 37 for state in values)
