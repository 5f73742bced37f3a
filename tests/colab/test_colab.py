"""どの章も、Colab で一つだけ開いて動くこと。

google.colab は代役、リポジトリは手元の file://、pip が見えるのは手元の一つのパッケージだけで、
ほかのネットワークはありません。
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters
from rnnbook.workshop.repository import first_cell, version

PLACEHOLDER = "https://github.com/YOUR-ACCOUNT/rnn-textbook"


@pytest.fixture(scope="session")
def repository(tmp_path_factory) -> str:
    """今の作業フォルダの写しを、公開されたリポジトリの代わりにします (git の記録がなくても作れます)。"""
    folder = tmp_path_factory.mktemp("published")
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (
        ["-C", folder, "init", "-q", "-b", version()],
        ["--git-dir", folder / ".git", "--work-tree", ROOT, "add", "-A"],
        ["-C", folder, *who, "commit", "-q", "-m", "写し"],
    ):
        subprocess.run(["git", *command], cwd=ROOT, check=True)
    return folder.as_uri()


def notebook(folder: Path, *cells: str) -> Path:
    path = folder / "trial.ipynb"
    nbformat.write(
        v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells]), path
    )
    return path


@pytest.mark.each_chapter
@pytest.mark.parametrize(
    "chapter", [pytest.param(p, id=p.stem) for p in chapters(ROOT)]
)
def test_the_chapter_runs_alone_with_the_versions_of_colab(
    alone, chapter, repository, tmp_path
):
    result = alone(chapter, tmp_path, repository)
    assert result["error"] is None, result["error"]["text"]
    before, after = result["before"], result["after"]
    changed = {
        name: (v, after.get(name)) for name, v in before.items() if after.get(name) != v
    }
    assert changed == {}, "Colab の持つバージョンが変わりました"
    assert set(after) - set(before) <= {"japanize-matplotlib"}


def test_the_stand_in_is_seen_and_the_versions_are_those_of_colab(alone, tmp_path):
    check = "import sys, numpy, ipywidgets\nprint('google.colab' in sys.modules, numpy.__version__)"
    result = alone(notebook(tmp_path, check), tmp_path, None)
    assert result["error"] is None
    assert result["printed"] == ["True 2.1.3\n"]
    assert result["before"]["ipywidgets"] == "7.7.1"
    assert result["before"]["anywidget"] == "0.9.21"
    assert "japanize-matplotlib" not in result["before"]
    assert "rnnbook" not in result["before"]


def test_running_the_first_cell_twice_changes_nothing_more(alone, repository, tmp_path):
    cell = first_cell(PLACEHOLDER, version())
    count = "import rnnbook\nprint(sum('rnn-book' in path for path in sys.path), rnnbook.__file__)"
    result = alone(notebook(tmp_path, cell, cell, count), tmp_path, repository)
    assert result["error"] is None, result["error"]
    number, file = result["printed"][0].split()
    assert number == "1"
    assert file == str(tmp_path / "content/rnn-book/code/rnnbook/__init__.py")


def one_sentence(result: dict) -> str:
    """読者が見るエラーの文。一つの文で、途中の記録が混ざらない。"""
    assert result["error"]["name"] == "SystemExit"
    text = result["error"]["value"]
    assert text.count("。") <= 2
    assert "Traceback" not in text
    assert "\n" not in text
    return text


def test_before_publication_the_first_cell_says_so_in_one_sentence(alone, tmp_path):
    result = alone(
        notebook(tmp_path, first_cell(PLACEHOLDER, version())), tmp_path, None
    )
    assert "公開先が未定" in one_sentence(result)


def test_without_a_network_the_first_cell_says_so_in_one_sentence(alone, tmp_path):
    cell = first_cell("https://github.com/me/rnn", version())
    text = one_sentence(alone(notebook(tmp_path, cell), tmp_path, None))
    assert "https://github.com/me/rnn" in text
    assert "ネットワークを確かめて" in text


def test_without_the_font_package_the_first_cell_says_so_in_one_sentence(
    alone, repository, tmp_path
):
    cell = first_cell(PLACEHOLDER, version())
    text = one_sentence(
        alone(notebook(tmp_path, cell), tmp_path, repository, wheels=False)
    )
    assert "日本語の書体 を取り寄せられません" in text


def test_on_the_readers_own_machine_the_first_cell_does_nothing(tmp_path):
    watch = "import sys; before = list(sys.path)\n"
    source = watch + first_cell(PLACEHOLDER, version()) + "\nassert sys.path == before"
    subprocess.run([sys.executable, "-c", source], cwd=tmp_path, check=True)
    assert list(tmp_path.iterdir()) == []
