"""「ノートブックを保存」で渡すノートブックは、章そのもので、章が使う本のコードとデータを持ちます。"""

import base64
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbformat import v4

from rnnbook.book import carried, downloads
from rnnbook.book.figure_links import STATE
from rnnbook.book.meta import site_address
from rnnbook.data import SHA256_CELL
from rnnbook.workshop import repository
from rnnbook.workshop.belonging import used_by
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters

LIMIT = 500_000  # バイト
# 第 7・8 章が全部を読む文章。縮めた大きさだけで上の限りを超えるので、その分は別に数えます。
TEXTS = ("data/essays/essays.txt.bz2", "data/essays/more.txt.bz2")
PACKED = re.compile(r'^    "(.*)",\n\)\Z', re.MULTILINE)
EVERY = pytest.mark.parametrize(
    "chapter", [pytest.param(p, id=p.stem) for p in chapters(ROOT)]
)


def first_cell(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


def inside(source: str) -> dict[str, bytes]:
    """セルが持つファイル。"""
    packed = base64.b85decode(PACKED.search(source)[1])
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive}


@pytest.fixture(scope="module")
def given(site_dir):
    """given(章) は、サイトが渡すその章のノートブック。"""
    return lambda chapter: nbformat.read(
        site_dir / "notebooks" / chapter.name, as_version=4
    )


@EVERY
def test_the_notebook_is_the_chapter_with_another_first_cell(given, chapter):
    notebook, source = given(chapter), nbformat.read(chapter, as_version=4)
    nbformat.validate(notebook)
    assert first_cell(notebook).id == first_cell(source).id == carried.CELL_ID
    site = site_address("", repository.address())
    expected = carried.text_of(source, chapter.stem, site)
    assert downloads.others(notebook) == downloads.others(expected)
    for before, after in zip(source.cells, expected.cells, strict=True):
        if before.cell_type == "code":
            assert after == before


def links(notebook: nbformat.NotebookNode) -> list[str]:
    """本文のリンクの行き先。"""
    return [
        str(child.attrGet("href"))
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for token in MarkdownIt().parse(cell.source)
        for child in token.children or ()
        if child.type == "link_open"
    ]


@EVERY
@pytest.mark.parametrize("site", [None, "https://me.github.io/rnn/"])
def test_a_link_of_the_notebook_alone_leads_somewhere(chapter, site):
    source = nbformat.read(chapter, as_version=4)
    text = carried.text_of(source, chapter.stem, site)
    found = links(text)
    inside = [each for each in links(source) if not each.startswith("https:")]
    anchors = [each for each in inside if each[0] == "#" and not STATE.match(each)]
    assert [each for each in found if not each.startswith("https:")] == anchors
    led = [each for each in found if each.startswith("https://me.github.io/")]
    assert len(led) == (len(inside) - len(anchors) if site else 0)
    pages = {path.stem for path in chapter.parent.glob("*.*")}
    assert all(
        re.match(rf"{site}chapters/(\w+)\.html", each)[1] in pages for each in led
    )


@EVERY
def test_above_the_folded_cell_stands_what_to_do_with_it(given, chapter):
    cells = given(chapter).cells
    at = next(k for k, cell in enumerate(cells) if cell.cell_type == "code")
    assert cells[at - 1].cell_type == "markdown"
    assert cells[at - 1].source.startswith("はじめに、次のセル")


@EVERY
def test_it_carries_the_files_the_chapter_was_executed_with(given, chapter):
    files = inside(first_cell(given(chapter)).source)
    used = [name for name in used_by(chapter.stem) if (ROOT / name).is_file()]
    own = {name: files[name] for name in used}
    assert own == {name: (ROOT / name).read_bytes() for name in used}
    assert set(files) - set(used) <= {carried.LICENSE, carried.TABLE}


@EVERY
def test_it_carries_the_licence_and_the_row_of_each_data_file(given, chapter):
    files = inside(first_cell(given(chapter)).source)
    data = {n.removeprefix("data/") for n in files if n.startswith("data/")}
    rows = files.get(carried.TABLE, b"").decode().splitlines()
    listed = {r.split("`")[1] for r in rows if SHA256_CELL.search(r)}
    assert listed == data - {"README.md"}
    assert files[carried.LICENSE] == (ROOT / "LICENSE").read_bytes()


@EVERY
def test_what_it_carries_is_small(given, site_dir, chapter):
    source = first_cell(given(chapter)).source
    texts = sum((ROOT / t).stat().st_size for t in TEXTS if t in inside(source))
    assert len(source.encode()) <= LIMIT + texts * 5 / 4  # base85 は 4 バイトを 5 字に


@EVERY
def test_the_carrying_cell_is_folded_and_is_one_line_too_long_to_read(given, chapter):
    cell = first_cell(given(chapter))
    assert cell.source.startswith("#@title ")
    assert cell.metadata.cellView == "form"  # Colab
    assert cell.metadata.jupyter.source_hidden is True  # JupyterLab
    lines = PACKED.sub("", cell.source).splitlines()
    assert len(lines) < 100 and max(map(len, lines)) < 500


# ここからは、取り出すプログラムの約束を、小さな中身で確かめます。
FILES = {
    "code/rnnbook/__init__.py": b"",
    "code/rnnbook/one.py": b"NUMBER = 1\n",
    "data/results/table.csv": b"a,b\n1,2\n",
}
NEEDED = {"numpy": "numpy"}
SHOW = "\nfrom rnnbook.one import NUMBER\nprint(NUMBER)"


def execute(
    folder: Path, needed: dict = NEEDED, times: int = 1, after: str = SHOW
) -> subprocess.CompletedProcess:
    """FILES を持つ最初のセルを、folder で times 回動かします。"""
    cell = carried.first_cell("rnn-book-trial", needed, carried.pack(FILES)).source
    return subprocess.run(
        [sys.executable, "-c", "\n".join([cell] * times) + after],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


def files_of(folder: Path) -> dict[str, bytes]:
    book = folder / "rnn-book-trial"
    found = [path for path in book.rglob("*") if path.is_file()]
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("times", [1, 2])
def test_the_files_lie_beside_the_notebook_however_often_the_cell_runs(tmp_path, times):
    done = execute(tmp_path, times=times)
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert files_of(tmp_path) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["rnn-book-trial"]


def test_the_carried_package_is_read_before_any_other(tmp_path):
    other = tmp_path / "other" / "rnnbook"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    (other / "one.py").write_text("NUMBER = 2\n")
    cell = carried.first_cell("rnn-book-trial", {}, carried.pack(FILES)).source
    done = subprocess.run(
        [sys.executable, "-c", cell + SHOW],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(other.parent)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "1\n"


@pytest.mark.parametrize("left", [0, 4])
def test_a_file_that_was_cut_short_is_written_again(tmp_path, left):
    execute(tmp_path)
    cut = tmp_path / "rnn-book-trial/code/rnnbook/one.py"
    cut.write_bytes(FILES["code/rnnbook/one.py"][:left])
    (tmp_path / "rnn-book-trial/data/results/table.csv").unlink()
    done = execute(tmp_path)
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert files_of(tmp_path) == FILES


def test_a_file_the_reader_changed_stays_and_is_named(tmp_path):
    execute(tmp_path)
    mine = tmp_path / "rnn-book-trial/code/rnnbook/one.py"
    mine.write_text("NUMBER = 3\n")
    done = execute(tmp_path)
    told, number = done.stdout.splitlines()
    assert number == "3"
    assert "次のファイルは、そのまま使います: code/rnnbook/one.py。" in told
    assert mine.read_text() == "NUMBER = 3\n"


def test_a_file_the_reader_added_stays(tmp_path):
    execute(tmp_path)
    (tmp_path / "rnn-book-trial/data/mine.csv").write_text("7")
    execute(tmp_path)
    assert files_of(tmp_path) == FILES | {"data/mine.csv": b"7"}


def test_a_missing_library_is_named_with_the_command_that_installs_it(tmp_path):
    done = execute(tmp_path, {"no_such_module": "no-such-package", "numpy": "numpy"})
    assert done.returncode == 1
    assert "%pip install no-such-package を新しいセルで実行" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_it_cannot_write_it_says_so_in_one_sentence(tmp_path):
    (tmp_path / "rnn-book-trial").write_text("私のファイル")
    done = execute(tmp_path)
    assert done.returncode == 1
    assert "フォルダー rnn-book-trial に、本のコードとデータを取り出せません" in (
        done.stderr
    )
    assert "Traceback" not in done.stderr
    assert (tmp_path / "rnn-book-trial").read_text() == "私のファイル"


def test_another_content_is_another_folder_and_the_same_content_the_same():
    chapter = v4.new_notebook(cells=[v4.new_code_cell("", id=carried.CELL_ID)])
    sources = [
        first_cell(carried.carrying(chapter, "01", files)).source
        for files in (FILES, dict(reversed(FILES.items())), FILES | {"data/b": b"1"})
    ]
    same, again, other = (re.search(r"^    '(.*)',$", s, re.M)[1] for s in sources)
    assert same == again != other
    assert re.fullmatch(r"rnn-book-01-[0-9a-f]{12}", same)


def test_only_libraries_read_outside_of_functions_are_asked_for():
    chapter = v4.new_notebook(
        cells=[v4.new_code_cell("import sklearn.svm\nimport rnnbook.one")]
    )
    files = {
        "code/rnnbook/one.py": b"import os\nimport keras\ndef f():\n    import dask",
        "code/rnnbook/figures/style.py": b"from numpy import array",
    }
    assert carried.libraries(files, chapter) == {
        "japanize_matplotlib": "japanize-matplotlib",
        "keras": "keras",
        "numpy": "numpy",
        "sklearn": "scikit-learn",
        "tensorflow": "tensorflow",
    }


@pytest.fixture
def book(tmp_path):
    """控えのある章が一つの本と、そのノートブックの置き場所。"""
    (tmp_path / "LICENSE").write_text("MIT\n")
    (tmp_path / "one.py").write_text("1\n")
    chapter, record = tmp_path / "01.ipynb", tmp_path / "01.json"
    cells = [v4.new_code_cell("", id=carried.CELL_ID), v4.new_code_cell("1", id="a")]
    nbformat.write(v4.new_notebook(cells=cells), chapter)
    record.write_text(json.dumps({"dependencies": {"one.py": ""}}))
    return tmp_path, chapter, record, tmp_path / "out.ipynb"


def test_an_unchanged_notebook_is_not_written_again(book):
    downloads.write(*book)
    before = book[-1].stat().st_mtime_ns
    downloads.write(*book)
    assert book[-1].stat().st_mtime_ns == before


@pytest.mark.parametrize("part", ["code", "chapter"])
def test_a_change_in_the_code_or_in_the_chapter_reaches_the_notebook(book, part):
    root, chapter, _, target = book
    downloads.write(*book)
    before = target.read_bytes()
    if part == "code":
        (root / "one.py").write_text("2\n")
    else:
        chapter.write_text(chapter.read_text().replace('"a"', '"b"'))
    downloads.write(*book)
    assert target.read_bytes() != before


# ページのボタン。見本の章は、実行の控えを持たないので、そのままの章が渡されます。
def test_the_button_gives_the_notebook_itself(page, sample_url):
    page.goto(sample_url)
    with page.expect_download() as waiting:
        page.locator("a.btn-notebook").click()
    assert waiting.value.suggested_filename == "sample.ipynb"
    notebook = nbformat.read(waiting.value.path(), as_version=4)
    assert notebook.cells[0].source.startswith("# 見本の章")


@pytest.mark.one_chapter
@EVERY
def test_the_button_of_a_chapter_gives_the_carrying_notebook(page, site_url, chapter):
    page.goto(f"{site_url}chapters/{chapter.stem}.html")
    with page.expect_download() as waiting:
        page.locator("a.btn-notebook").click()
    assert waiting.value.suggested_filename == chapter.name
    notebook = nbformat.read(waiting.value.path(), as_version=4)
    assert carried.PROGRAM.read_text(encoding="utf-8") in first_cell(notebook).source
