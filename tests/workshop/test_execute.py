"""変わった章だけが実行されること。"""

import json
import os

import nbformat
import pytest


def ran(result) -> list[str]:
    """実行された章の名。"""
    assert result.returncode == 0, result.stderr
    lines = [line for line in result.stdout.splitlines() if " 秒  " in line]
    return sorted(line.split()[2] for line in lines)


def cached_text(book) -> str:
    """Jupyter Book に渡される出力のすべて。"""
    cached = (book.root / "_build/.jupyter_cache/executed").rglob("base.ipynb")
    notebooks = [nbformat.read(path, as_version=4) for path in cached]
    outputs = [
        output for nb in notebooks for cell in nb.cells for output in cell.outputs
    ]
    return " ".join(output.get("text", "") for output in outputs)


def test_nothing_runs_when_nothing_changed(built):
    assert ran(built.run("execute")) == []


def test_a_change_in_code_runs_only_the_chapter_that_imports_it(built):
    built.write("code/rnnbook/number.py", "NUMBER = 98765\n")
    result = built.run("execute")
    assert ran(result) == ["01_number"]
    assert "code/rnnbook/number.py が変わりました" in result.stdout
    assert "98765" in cached_text(built)
    assert "12345" not in cached_text(built)


def test_a_change_in_data_runs_only_the_chapter_that_opens_it(built):
    built.write("data/table.csv", "43210\n")
    assert ran(built.run("execute")) == ["02_table"]
    assert "43210" in cached_text(built)


def test_a_file_that_disappears_makes_its_chapter_fail_instead_of_showing_the_past(
    built,
):
    (built.root / "data/table.csv").unlink()
    result = built.run("execute")
    assert result.returncode == 1
    assert "02_table.ipynb のコードセル [1]" in result.stderr
    assert "FileNotFoundError" in result.stderr
    assert "56789" not in cached_text(built)


def test_a_file_that_was_looked_for_and_then_appears_runs_the_chapter_again(built):
    built.chapter(
        "02_table",
        "try:\n    print(open('../data/new.csv').read())\nexcept OSError:\n    pass",
    )
    built.run("execute")
    built.write("data/new.csv", "777\n")
    assert ran(built.run("execute")) == ["02_table"]


def test_a_new_file_in_a_listed_data_folder_runs_the_chapter_again(built):
    built.chapter("02_table", "import os\nprint(sorted(os.listdir('../data')))")
    built.run("execute")
    built.write("data/new.csv", "777\n")
    assert ran(built.run("execute")) == ["02_table"]


def test_a_change_of_requirements_runs_every_chapter(built):
    built.write("requirements.txt", "numpy==2\n")
    assert ran(built.run("execute")) == ["01_number", "02_table"]


def test_a_change_of_text_runs_nothing_and_a_change_of_code_cells_runs_the_chapter(
    built,
):
    cells = ("from rnnbook.number import NUMBER", "print(NUMBER)")
    built.chapter("01_number", "# 別の題", *cells)
    assert ran(built.run("execute")) == []
    built.chapter("01_number", "# 別の題", *cells, "print('追加')")
    assert ran(built.run("execute")) == ["01_number"]


def test_a_file_rewritten_while_the_chapter_runs_is_read_again_next_time(built):
    change = "from pathlib import Path\nprint(Path('../data/table.csv').read_text())\n"
    change += "Path('../data/table.csv').write_text('222')"
    built.chapter("02_table", change)
    built.run("execute")
    assert "02_table" in ran(built.run("execute"))


def test_a_damaged_record_is_made_again(built):
    record = built.root / "_build/.execution/01_number.ipynb"
    record.write_text(
        record.read_text(encoding="utf-8").replace("12345", "54321"), "utf-8"
    )
    assert ran(built.run("execute")) == ["01_number"]
    assert "54321" not in cached_text(built)


def test_the_dependencies_are_the_files_that_were_used_and_no_others(built):
    def used(name):
        path = built.root / "_build/.execution" / f"{name}.json"
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


def test_what_a_child_of_the_chapter_reads_is_a_dependency_too(built):
    for name in CHILDREN:
        built.write(name, "" if name.endswith(".py") else "1\n")
    built.chapter("02_table", IMPORTS + "\n".join([*CHILDREN.values(), "None"]))
    assert "02_table" in ran(built.run("execute"))
    path = built.root / "_build/.execution/02_table.json"
    used = set(json.loads(path.read_text(encoding="utf-8"))["dependencies"])
    assert used == {*CHILDREN, "code/rnnbook/__init__.py"}


def test_the_list_of_the_data_is_no_dependency_but_the_file_that_it_checks_is(built):
    built.write("data/README.md", "| `table.csv` |\n")
    read = "open('../data/README.md').read(); print(open('../data/table.csv').read())"
    built.chapter("02_table", read)
    built.run("execute")
    built.write("data/README.md", "| `table.csv` |\n| `other.csv` |\n")
    assert ran(built.run("execute")) == []
    built.write("data/table.csv", "98765\n")
    assert ran(built.run("execute")) == ["02_table"]


def test_the_watcher_leaves_no_name_in_the_chapter(built):
    built.chapter("01_number", "print([n for n in dir() if not n.startswith('_')], In)")
    built.run("execute")
    assert "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit'] ['', " in cached_text(
        built
    )


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("a = 1\nundefined", "NameError"),
        ("import sys\nprint('警告', file=sys.stderr)", "標準エラー"),
        ("import os\nos._exit(1)", "カーネルが落ちました"),
    ],
)
def test_a_failing_chapter_is_named_with_its_cell_and_first_line(built, cell, error):
    built.chapter("02_table", "# 題", "1 + 1", cell)
    result = built.run("execute")
    assert result.returncode == 1
    assert "02_table.ipynb のコードセル [2] で失敗しました" in result.stderr
    assert f"セルの最初の行: {cell.splitlines()[0]}" in result.stderr
    assert error in result.stderr
    assert not (built.root / "_build/.execution/02_table.json").exists()
    built.chapter("02_table", "# 題", "1 + 1")
    assert ran(built.run("execute")) == ["02_table"]


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        ("raises-exception", "1 / 0"),
        ("stderr-ok", "import sys\nprint('x', file=sys.stderr)"),
    ],
)
def test_an_error_shown_on_purpose_is_allowed_by_its_tag(built, tag, cell):
    built.chapter("02_table", cell, tags=(tag,))
    assert "02_table" in ran(built.run("execute"))


def test_the_page_shows_the_sentence_of_an_error_and_no_path_of_this_machine(built):
    cell = "from rnnbook.number import NUMBER\nNUMBER + 'x'"
    built.chapter("01_number", cell, tags=("raises-exception",))
    built.run("execute")
    path = built.root / "_build/.execution/01_number.ipynb"
    outputs = nbformat.read(path, as_version=4).cells[-1].outputs
    assert [output.traceback for output in outputs] == [
        ["TypeError: unsupported operand type(s) for +: 'int' and 'str'"]
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows には、ファイルの口がありません")
def test_two_chapters_at_once_can_not_take_the_same_port(built):
    """番号で話すと、同時に起きたカーネルが同じ番号を選び、章が止まることがありました。"""
    built.chapter(
        "01_number",
        "from ipykernel.connect import get_connection_info\n"
        "print('口:', get_connection_info(unpack=True)['transport'])",
    )
    assert ran(built.run("execute")) == ["01_number"]
    assert "口: ipc" in cached_text(built)


def test_the_state_of_a_widget_is_kept_for_the_static_page(built):
    built.chapter("01_number", "from ipywidgets import IntSlider\nIntSlider(value=37)")
    built.run("execute")
    path = built.root / "_build/.execution/01_number.ipynb"
    states = nbformat.read(path, as_version=4).metadata.widgets
    values = [
        s["state"]
        for s in states["application/vnd.jupyter.widget-state+json"]["state"].values()
    ]
    assert any(state.get("value") == 37 for state in values)
