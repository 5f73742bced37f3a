"""保存された出力が、nbval の比べられる約束であること。"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from rnnbook.workshop import outputs
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters

CHAPTERS = [pytest.param(path, id=path.stem) for path in chapters(ROOT)]


def nbval(notebook: Path, *options: str) -> subprocess.CompletedProcess:
    # 一時フォルダの写しにも、本の章と同じ設定を使います。
    settings = ["-q", "-c", "pyproject.toml", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "--nbval", *settings, *options]
    return subprocess.run(
        [*command, notebook], cwd=ROOT, capture_output=True, text=True
    )


def saved(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


FIGURE = """\
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2, 3])
plt.show()"""
SILENCED = """\
def draw():
    fig, ax = plt.subplots()
    return fig
draw();"""
WIDGET = """\
import anywidget, traitlets
class Dial(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    value = traitlets.Int(3).tag(sync=True)
    def __repr__(self):
        return f"Dial(value={self.value})"
Dial()"""
TABLE = "import pandas as pd\npd.DataFrame({'T': [1, 2], '誤差': [0.25, 0.5]})"


def test_figures_widgets_tables_text_and_errors_are_saved_so_that_strict_nbval_passes(
    book,
):
    path = book.chapter("01_number", FIGURE, SILENCED, WIDGET, TABLE, "print('和', 1 + 2)", "x = 1", "1 / 0",
                        tags=("raises-exception",))  # fmt: skip
    assert book.run("outputs", "01").returncode == 0
    kinds = {
        kind
        for cell in saved(path).cells
        for output in cell.outputs
        for kind in output.get("data", {})
    }
    assert kinds == {"text/plain", "text/html"}
    assert [cell.execution_count for cell in saved(path).cells] == [1, 2, 3, 4, 5, 6, 7]
    assert "widgets" not in saved(path).metadata
    result = nbval(path)
    assert result.returncode == 0, result.stdout
    assert "7 passed" in result.stdout


def test_one_altered_digit_of_a_saved_output_makes_nbval_fail(book):
    altered = ("print('和', 12 + 30)", "42"), (WIDGET, "3"), (TABLE, "0.25")
    path = book.chapter("01_number", *(cell for cell, _ in altered))
    assert book.run("outputs", "01").returncode == 0
    notebook = saved(path)
    for cell, (_, number) in zip(notebook.cells, altered, strict=True):
        output = cell.outputs[0]
        part, key = (
            (output, "text") if "text" in output else (output.data, "text/plain")
        )
        assert number in part[key]
        part[key] = part[key].replace(number, number[:-1] + "9")
    nbformat.write(notebook, path)
    result = nbval(path)
    assert "Cell outputs differ" in result.stdout
    assert f"{len(altered)} failed" in result.stdout


IN_PIECES = """\
import sys
from IPython.display import display
print("一", flush=True)
print("警告", file=sys.stderr, flush=True)
print("二", flush=True)
display({"text/plain": "図"}, raw=True)
print("三", flush=True)
print("四")"""
IN_ONE = IN_PIECES.replace(", flush=True", "")


def test_text_that_arrives_in_pieces_is_saved_as_one_and_stays_on_its_side_of_a_figure(
    book,
):
    path = book.chapter("01_number", IN_PIECES, tags=("stderr-ok",))
    assert book.run("outputs", "01").returncode == 0
    (cell,) = saved(path).cells
    shown = [output.get("text") or output.data["text/plain"] for output in cell.outputs]
    assert shown == ["一\n二\n", "警告\n", "図", "三\n四\n"]


@pytest.mark.parametrize(("kept", "rerun"), [(IN_PIECES, IN_ONE), (IN_ONE, IN_PIECES)])
def test_nbval_sees_no_difference_in_how_many_pieces_a_text_arrives(book, kept, rerun):
    path = book.chapter("01_number", kept, tags=("stderr-ok",))
    book.run("outputs", "01")
    notebook = saved(path)
    notebook.cells[0].source = rerun
    nbformat.write(notebook, path)
    result = nbval(path)
    assert result.returncode == 0, result.stdout


def test_saving_twice_changes_nothing_and_runs_nothing(book):
    path = book.chapter("01_number", FIGURE, "print(1)")
    book.run("outputs", "01")
    first = path.read_bytes()
    result = book.run("outputs", "01")
    assert "変わっていません" in result.stdout
    assert path.read_bytes() == first


def test_marks_of_an_editor_are_dropped_and_tags_and_ids_stay(book):
    path = book.chapter("01_number", "print(1)", tags=("hide-input",))
    notebook = saved(path)
    notebook.cells[0].metadata.update(
        collapsed=False, execution={"iopub.status.idle": "…"}
    )
    notebook.metadata.language_info["version"] = "3.99"
    nbformat.write(notebook, path)
    book.run("outputs", "01")
    cell = saved(path).cells[0]
    assert cell.metadata == {"tags": ["hide-input"]}
    assert cell.id == "cell-0"
    assert "version" not in saved(path).metadata.language_info


def test_a_picture_as_text_is_refused_with_the_number_of_its_cell(book):
    book.chapter("01_number", "1", "from IPython.display import SVG\nSVG('<svg/>')")
    result = book.run("outputs", "01")
    assert result.returncode == 1
    assert "コードセル [2]" in result.stderr


def test_a_failing_chapter_keeps_its_saved_outputs(book):
    path = book.chapter(
        "01_number", "from rnnbook.number import NUMBER", "print(NUMBER)"
    )
    book.run("outputs", "01")
    book.write("code/rnnbook/number.py", "NUMBER = undefined\n")
    assert book.run("outputs", "01").returncode == 1
    assert saved(path).cells[1].outputs[0].text == "12345\n"


def test_an_unknown_chapter_is_named(book):
    result = book.run("outputs", "99")
    assert result.returncode == 1
    assert "'99'" in result.stderr


@pytest.mark.parametrize("path", CHAPTERS)
def test_the_chapter_keeps_no_pictures_no_widget_state_and_every_execution_count(path):
    notebook = saved(path)
    nbformat.validate(notebook)
    assert notebook == outputs.tidy(notebook), "make outputs を実行してください"
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert outputs.comparable(output, cell.execution_count) == output


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_section_with_code_has_a_saved_text_that_nbval_compares(path):
    silent = [
        title
        for title, cells in outputs.sections(saved(path)).items()
        if not any(outputs.has_text(cell) for cell in cells)
    ]
    assert silent == [], "比べられる文の出力がない節があります"


def test_a_picture_is_no_text_unless_its_cell_only_draws(book):
    path = book.chapter("01_number", "## 計算", "x = 1", "## 図", FIGURE)
    book.run("outputs", "01")
    notebook = saved(path)
    found = outputs.sections(notebook)
    assert list(found) == ["計算", "図"]
    assert not any(outputs.has_text(cell) for cells in found.values() for cell in cells)
    for cell in notebook.cells:
        cell.metadata.tags = ["hide-input"]
    assert list(outputs.sections(notebook)) == ["図"]
    assert outputs.has_text(notebook.cells[-1])


@pytest.mark.one_chapter  # 比べる道は、どの章でも同じです
@pytest.mark.parametrize("path", CHAPTERS)
def test_one_altered_digit_in_the_chapter_makes_nbval_fail(path, tmp_path):
    """章の初めから、数を含む最初の出力までを写し、その一桁を変え、make test と同じ道で比べます。"""
    notebook = saved(path)
    found = [
        (index, part, key)
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        for part, key in ((output, "text"), (output.get("data", {}), "text/plain"))
        if re.search(r"\d", part.get(key, "")) and "<Figure" not in part[key]
    ]
    assert found, f"{path.name} に数を含む出力が保存されていません。"
    index, part, key = found[0]
    part[key] = re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), part[key], count=1)
    notebook.cells = notebook.cells[: index + 1]
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    result = nbval(copy, "-p", "rnnbook.workshop.replay")
    assert result.returncode == 1
    assert "Cell outputs differ" in result.stdout
    assert "1 failed" in result.stdout


ARGUMENTS = "code/rnnbook/arguments.py"
CLAIM = """\
from rnnbook.reading.claims import claim
claim("割合は{}", MEASURED, below=0.5)"""


def test_a_claim_is_saved_without_its_measured_value_and_nbval_compares_the_rest(book):
    # 主張の部屋と、その部屋が使う引数の検査だけの本
    for part in (*(ROOT / "code/rnnbook/reading").glob("*.py"), ROOT / ARGUMENTS):
        name = part.relative_to(ROOT).as_posix()
        book.write(name, part.read_text(encoding="utf-8"))
    path = book.chapter("01_number", CLAIM.replace("MEASURED", "0.25"))
    assert book.run("outputs", "01").returncode == 0
    notebook = saved(path)
    data = notebook.cells[0].outputs[0].data
    assert data["text/plain"] == "✓ 割合は 0.5 より小さい（測定 …）"
    assert data["text/markdown"].endswith("割合は 0.5 より小さい（測定 …）")

    # 測った値だけが変わっても、約束は守られています。ほかの変化は、一つずつ見つかります。
    held = CLAIM.replace("MEASURED", "0.375")
    broken = (
        CLAIM.replace("MEASURED", "0.25").replace("割合", "比"),
        CLAIM.replace("MEASURED", "0.25").replace("below=0.5", "below=0.6"),
        CLAIM.replace("MEASURED", "0.75"),
    )
    (cell,) = notebook.cells
    notebook.cells = [
        nbformat.from_dict(cell | {"source": source, "id": f"cell-{number}"})
        for number, source in enumerate((held, *broken))
    ]
    nbformat.write(notebook, path)
    result = nbval(path)
    assert "3 failed, 1 passed" in result.stdout
