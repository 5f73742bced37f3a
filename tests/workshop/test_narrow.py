"""変えたものを使う章だけが実行し直されること。本物の本を組んだときの控えで確かめます。

章が何を見せるかは、章のセルの文字から読みます。控えは、実行中に開かれたファイルから作られます。
二つは別のことなので、部屋の __init__ がすべてを読み込むような一行が加わると、ここで分かります。
"""

import ast
import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbook import data
from rnnbook.book.placed_figures import PLACED
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters, record_of

CODE = ROOT / "code"
PACKAGE = CODE / "rnnbook"


def members(room: str) -> list[str]:
    """部屋にあるもの（フォルダーかファイル）の名前。"""
    found = {
        path.stem for path in (PACKAGE / room).iterdir() if path.name[0] not in "_."
    }
    return sorted(
        found
        - {
            "kit",
            "nn",
            "dates",
            "diffraction",
            "characters",
            "runs",
            "check",
            "compare",
        }
    )


WIDGETS, EXPERIMENTS = members("widgets"), members("experiments")
FIGURES, DATASETS = members("figures"), members("datasets")
EXERCISES = sorted(
    f"{folder}/{path.stem}"
    for folder in members("exercises")
    for path in (PACKAGE / "exercises" / folder).glob("[!_]*.py")
)
RESULTS = sorted(
    e.file
    for e in data.read_table()
    if e.file.startswith("results/") and e.file.endswith(".csv")
)


@functools.cache
def cells(chapter: Path) -> str:
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    return "\n".join(
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    )


def imports(text: str) -> set[str]:
    """文字の中の import の文が挙げる名前（from a import b なら a と a.b）。"""
    tree = ast.parse(re.sub(r"^[%!].*$", "", text, flags=re.M))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return names


@functools.cache
def modules(text: str) -> set[Path]:
    """文字が読み込む rnnbook のファイルと、そこから読み込まれるファイル。部屋の __init__ は含みません。"""
    found, waiting = set(), [text]
    while waiting:
        for name in imports(waiting.pop()):
            path = CODE / name.replace(".", "/")
            for file in (path.with_suffix(".py"), path / "__init__.py"):
                if name.startswith("rnnbook.") and file.is_file() and file not in found:
                    found.add(file)
                    waiting.append(file.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def used() -> dict[str, set[str]]:
    """章の名 → 実行したときの控えにあるファイル。"""
    found = {}
    for chapter in chapters(ROOT):
        path = record_of(ROOT, chapter)
        if not path.is_file():
            pytest.fail(f"{path} がありません。先に make book を実行してください。")
        record = json.loads(path.read_text(encoding="utf-8"))
        found[chapter.stem] = set(record["dependencies"])
    return found


def runs_again(used: dict[str, set[str]], changed: str) -> set[str]:
    """changed（ROOT からの道筋。フォルダーなら中のどれか）が変わると実行し直される章。"""
    return {
        name
        for name, files in used.items()
        if any(file == changed or file.startswith(f"{changed}/") for file in files)
    }


def that(shows) -> set[str]:
    return {path.stem for path in chapters(ROOT) if shows(cells(path))}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_figure_runs_only_the_chapters_that_show_it(used, name):
    expected = that(lambda text: f"rnnbook.widgets.{name}" in imports(text))
    assert expected or name in PLACED, "どの章も見せない図です"
    folder = PACKAGE / "widgets" / name
    for file in sorted(folder.glob("[!_]*.*")):
        changed = file.relative_to(ROOT).as_posix()
        assert runs_again(used, changed) == expected, changed


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_runs_only_the_chapter_that_asks_it(used, name):
    question = f'check("{name.replace("/", ".")}"'
    expected = that(lambda text: question in text)
    assert len(expected) == 1
    assert runs_again(used, f"code/rnnbook/exercises/{name}.py") == expected


@pytest.mark.parametrize("file", RESULTS)
def test_a_result_runs_only_the_chapters_that_read_it(used, file):
    call = f'load("{Path(file).stem}")'
    readers = {
        path
        for path in PACKAGE.rglob("*.py")
        if call in path.read_text(encoding="utf-8") and path != PACKAGE / "data.py"
    }

    def shows(text: str) -> bool:
        # 実験は、測り直しと比べるときにだけ読みます
        direct = readers & modules(text)
        compared = "remeasure(" in text or not all(
            "experiments" in p.parts for p in direct
        )
        return call in text or bool(direct and compared)

    assert runs_again(used, f"data/{file}") == that(shows)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_runs_only_the_chapters_that_use_it(used, name):
    file = PACKAGE / "experiments" / f"{name}.py"
    expected = that(lambda text: file in modules(text))
    assert runs_again(used, file.relative_to(ROOT).as_posix()) == expected


@pytest.mark.parametrize(
    "name", [f"datasets/{n}" for n in DATASETS] + [f"figures/{n}" for n in FIGURES]
)
def test_a_loader_or_a_picture_runs_only_the_chapters_that_use_it(used, name):
    file = PACKAGE / f"{name}.py"
    expected = that(lambda text: file in modules(text))
    assert runs_again(used, file.relative_to(ROOT).as_posix()) == expected


IMPORT_EACH = """
import importlib, json, sys
loaded = {}
for name in json.loads(sys.argv[1]):
    for module in [m for m in sys.modules if m.partition(".")[0] == "rnnbook"]:
        del sys.modules[module]
    importlib.import_module(name)
    loaded[name] = [m for m in sys.modules if m.startswith("rnnbook.")]
print(json.dumps(loaded))
"""


def test_importing_one_figure_exercise_or_experiment_loads_that_one_only():
    rooms = {
        room: members(room)
        for room in ("widgets", "exercises", "experiments", "figures")
    }
    names = [
        f"rnnbook.{room}.{name}" for room, found in rooms.items() for name in found
    ]
    command = [sys.executable, "-c", IMPORT_EACH, json.dumps(names)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for name, loaded in json.loads(done.stdout).items():
        _, room, own = name.split(".")
        beside = {
            module.split(".")[2]
            for module in loaded
            if module.startswith(f"rnnbook.{room}.")
        }
        named = {own} | {
            file.relative_to(PACKAGE / room).parts[0].removesuffix(".py")
            for file in modules(f"import {name}")
            if file.is_relative_to(PACKAGE / room)
        }
        assert (beside & set(rooms[room])) <= named, name
