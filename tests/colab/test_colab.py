"""どの章も、Colab で一つだけ開いて動くこと。

google.colab は代役、リポジトリは手元の file://、pip が見えるのは手元の一つのパッケージだけで、
ほかのネットワークはありません。
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from rnnbook.workshop.environment import ROOT, kernel_environment
from rnnbook.workshop.execute import chapters
from rnnbook.workshop.repository import first_cell

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location(
    "colab_environment", HERE / "environment.py"
)
environment = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(environment)

PLACEHOLDER = "https://github.com/YOUR-ACCOUNT/rnn-textbook"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="session", autouse=True)
def _colab_versions():
    if not environment.is_ready():
        pytest.fail(
            "Colab の環境がありません。python tests/colab/environment.py を実行してください。"
        )


@pytest.fixture(scope="session")
def repository(tmp_path_factory) -> str:
    """今の作業フォルダの写しを、公開されたリポジトリの代わりにします (git の記録がなくても作れます)。"""
    folder = tmp_path_factory.mktemp("published")
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (
        ["-C", folder, "init", "-q"],
        ["--git-dir", folder / ".git", "--work-tree", ROOT, "add", "-A"],
        ["-C", folder, *who, "commit", "-q", "-m", "写し"],
    ):
        subprocess.run(["git", *command], cwd=ROOT, check=True)
    return folder.as_uri()


def alone(chapter: Path, folder: Path, url: str | None, wheels: bool = True) -> dict:
    """章を空のフォルダに写し、Colab のバージョンの使い捨ての環境で動かします。"""
    python = environment.overlay(folder / "environment")
    content = folder / "content"
    content.mkdir()
    shutil.copy(chapter, content)
    keep = {
        k: v
        for k, v in os.environ.items()
        if k in ("PATH", "TMPDIR", "LANG", "SYSTEMROOT")
    }
    conditions = kernel_environment()
    conditions = {k: conditions[k] for k in ("OMP_NUM_THREADS", "TF_CPP_MIN_LOG_LEVEL")}
    keep |= conditions | {
        "HOME": str(folder),
        "PYTHONPATH": str(HERE / "stub"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "http_proxy": NOWHERE,
        "https_proxy": NOWHERE,
        "MPLCONFIGDIR": kernel_environment()["MPLCONFIGDIR"] + "-colab",
    }
    if wheels:
        keep["PIP_FIND_LINKS"] = str(environment.WHEELS)
    if url is not None:
        keep["RNNBOOK_REPOSITORY"] = url
    command = [str(python), str(HERE / "run_alone.py"), str(content / chapter.name)]
    if _can_isolate():
        command = ["unshare", "-rn", *command, "--isolated"]
    done = subprocess.run(
        command, env=keep, cwd=content, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _can_isolate() -> bool:
    """外のないネットワークを作れるか (Linux で、許されていれば)。"""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return (
        subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    )


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
    chapter, repository, tmp_path
):
    result = alone(chapter, tmp_path, repository)
    assert result["error"] is None, result["error"]["text"]
    before, after = result["before"], result["after"]
    changed = {
        name: (v, after.get(name)) for name, v in before.items() if after.get(name) != v
    }
    assert changed == {}, "Colab の持つバージョンが変わりました"
    assert set(after) - set(before) <= {"japanize-matplotlib"}


def test_the_stand_in_is_seen_and_the_versions_are_those_of_colab(tmp_path):
    check = "import sys, numpy, ipywidgets\nprint('google.colab' in sys.modules, numpy.__version__)"
    result = alone(notebook(tmp_path, check), tmp_path, None)
    assert result["error"] is None
    assert result["printed"] == ["True 2.1.3\n"]
    assert result["before"]["ipywidgets"] == "7.7.1"
    assert result["before"]["anywidget"] == "0.9.21"
    assert "japanize-matplotlib" not in result["before"]
    assert "rnnbook" not in result["before"]


def test_running_the_first_cell_twice_changes_nothing_more(repository, tmp_path):
    cell = first_cell(PLACEHOLDER)
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


def test_before_publication_the_first_cell_says_so_in_one_sentence(tmp_path):
    result = alone(notebook(tmp_path, first_cell(PLACEHOLDER)), tmp_path, None)
    assert "公開先が未定" in one_sentence(result)


def test_without_a_network_the_first_cell_says_so_in_one_sentence(tmp_path):
    cell = first_cell("https://github.com/me/rnn")
    text = one_sentence(alone(notebook(tmp_path, cell), tmp_path, None))
    assert "https://github.com/me/rnn" in text
    assert "ネットワークを確かめて" in text


def test_without_the_font_package_the_first_cell_says_so_in_one_sentence(
    repository, tmp_path
):
    cell = first_cell(PLACEHOLDER)
    text = one_sentence(
        alone(notebook(tmp_path, cell), tmp_path, repository, wheels=False)
    )
    assert "日本語の書体 を取り寄せられません" in text


def test_on_the_readers_own_machine_the_first_cell_does_nothing(tmp_path):
    watch = "import sys; before = list(sys.path)\n"
    source = watch + first_cell(PLACEHOLDER) + "\nassert sys.path == before"
    subprocess.run([sys.executable, "-c", source], cwd=tmp_path, check=True)
    assert list(tmp_path.iterdir()) == []
