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
def executed(built):
    """二つの章の実行が済んだ本。"""
    return built


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


def test_a_file_that_was_looked_for_and_then_appears_runs_the_chapter_again(executed):
    executed.chapter(
        "02_table",
        "try:\n    print(open('../data/new.csv').read())\nexcept OSError:\n    pass",
    )
    executed.run("execute")
    executed.write("data/new.csv", "777\n")
    assert ran(executed.run("execute")) == ["02_table"]


def test_a_new_file_in_a_listed_data_folder_runs_the_chapter_again(executed):
    executed.chapter("02_table", "import os\nprint(sorted(os.listdir('../data')))")
    executed.run("execute")
    executed.write("data/new.csv", "777\n")
    assert ran(executed.run("execute")) == ["02_table"]


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


def test_a_file_rewritten_while_the_chapter_runs_is_read_again_next_time(executed):
    change = "from pathlib import Path\nprint(Path('../data/table.csv').read_text())\n"
    change += "Path('../data/table.csv').write_text('222')"
    executed.chapter("02_table", change)
    executed.run("execute")
    assert "02_table" in ran(executed.run("execute"))


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


# 章の子どもの読むファイルは、子どもごとに別のものです。
CHILDREN = {
    "data/python.csv": "subprocess.run([sys.executable, '-c', 'open(\"../data/python.csv\")'])",
    "data/forked.csv": "worker = fork(target=read, args=('../data/forked.csv',)); worker.start(); worker.join()",
    "data/joblib.csv": "joblib.Parallel(2)([joblib.delayed(read)('../data/joblib.csv')] * 2)",
    "data/program.csv": "subprocess.run(['cat', '../data/program.csv'], stdout=-3)",
    "data/sqlite.csv": "sqlite3.connect('../data/sqlite.csv').close()",
    "code/rnnbook/other.py": "subprocess.run([sys.executable, '-c', 'import rnnbook.other'])",
}
IMPORTS = """\
import multiprocessing, sqlite3, subprocess, sys
import joblib
fork = multiprocessing.get_context("fork").Process
def read(path):
    with open(path) as file:
        return file.read()
"""


def test_what_a_child_of_the_chapter_reads_is_a_dependency_too(executed):
    for name in CHILDREN:
        executed.write(name, "" if name.endswith(".py") else "1\n")
    executed.chapter("02_table", IMPORTS + "\n".join([*CHILDREN.values(), "None"]))
    assert "02_table" in ran(executed.run("execute"))
    path = executed.root / "_build/.execution/02_table.json"
    used = set(json.loads(path.read_text(encoding="utf-8"))["dependencies"])
    assert used == {*CHILDREN, "code/rnnbook/__init__.py"}


def test_the_list_of_the_data_is_no_dependency_but_the_file_that_it_checks_is(executed):
    executed.write("data/README.md", "| `table.csv` |\n")
    read = "open('../data/README.md').read(); print(open('../data/table.csv').read())"
    executed.chapter("02_table", read)
    executed.run("execute")
    executed.write("data/README.md", "| `table.csv` |\n| `other.csv` |\n")
    assert ran(executed.run("execute")) == []
    executed.write("data/table.csv", "98765\n")
    assert ran(executed.run("execute")) == ["02_table"]


def test_the_watcher_leaves_no_name_in_the_chapter(executed):
    executed.chapter(
        "01_number", "print([n for n in dir() if not n.startswith('_')], In)"
    )
    executed.run("execute")
    assert "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit'] ['', " in cached_text(
        executed
    )


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("a = 1\nundefined", "NameError"),
        ("import sys\nprint('警告', file=sys.stderr)", "標準エラー"),
        ("import os\nos._exit(1)", "カーネルが落ちました"),
    ],
)
def test_a_failing_chapter_is_named_with_its_cell_and_first_line(executed, cell, error):
    executed.chapter("02_table", "# 題", "1 + 1", cell)
    result = executed.run("execute")
    assert result.returncode == 1
    assert "02_table.ipynb のコードセル [2] で失敗しました" in result.stderr
    assert f"セルの最初の行: {cell.splitlines()[0]}" in result.stderr
    assert error in result.stderr
    assert not (executed.root / "_build/.execution/02_table.json").exists()
    executed.chapter("02_table", "# 題", "1 + 1")
    assert ran(executed.run("execute")) == ["02_table"]


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        ("raises-exception", "1 / 0"),
        ("stderr-ok", "import sys\nprint('x', file=sys.stderr)"),
    ],
)
def test_an_error_shown_on_purpose_is_allowed_by_its_tag(executed, tag, cell):
    executed.chapter("02_table", cell, tags=(tag,))
    assert "02_table" in ran(executed.run("execute"))


def test_the_state_of_a_widget_is_kept_for_the_static_page(executed):
    executed.chapter(
        "01_number", "from ipywidgets import IntSlider\nIntSlider(value=37)"
    )
    executed.run("execute")
    path = executed.root / "_build/.execution/01_number.ipynb"
    states = nbformat.read(path, as_version=4).metadata.widgets
    values = [
        s["state"]
        for s in states["application/vnd.jupyter.widget-state+json"]["state"].values()
    ]
    assert any(state.get("value") == 37 for state in values)
