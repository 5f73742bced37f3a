"""Colab の最初のセル: rnn-book がどんな状態でも直るか、消すフォルダーの名を言います。

google.colab だけを代役にし、手元の Python と git で動かします。Colab のバージョンでの実行は
tests/colab にあります。
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.repository import first_cell

STUB = ROOT / "tests" / "colab" / "stub"
SHOW = """
import rnnbook.number
print(rnnbook.number.__file__, rnnbook.number.NUMBER)
"""


def git(folder: Path, *command: str) -> None:
    name = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *name, "-C", folder, *command], check=True)


@pytest.fixture
def published(tmp_path) -> Path:
    """公開されたリポジトリの代わり。NUMBER は初め 1 で、次のコミットで 2 になります。"""
    package = tmp_path / "published" / "code" / "rnnbook"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    git(package.parents[1], "init", "-q")
    for number in (1, 2):
        (package / "number.py").write_text(f"NUMBER = {number}\n")
        git(package.parents[1], "add", "-A")
        git(package.parents[1], "commit", "-q", "-m", str(number))
    return package.parents[1]


def run_cell(content: Path, url: str, after: str = SHOW) -> subprocess.CompletedProcess:
    """google.colab のある Python で、最初のセルと after を動かします。"""
    source = "import google.colab.output\n" + first_cell(url) + after
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(STUB)}
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=content,
        env=environment,
        capture_output=True,
        text=True,
    )


def clone(published: Path, book: Path) -> None:
    subprocess.run(["git", "clone", "-q", published.as_uri(), book], check=True)


def only_git(published: Path, book: Path) -> None:
    clone(published, book)
    for path in book.iterdir():
        if path.name != ".git":
            shutil.rmtree(path)


def empty_git(published: Path, book: Path) -> None:
    (book / ".git").mkdir(parents=True)


def empty_package(published: Path, book: Path) -> None:
    (book / "code" / "rnnbook").mkdir(parents=True)


def half_a_checkout(published: Path, book: Path) -> None:
    clone(published, book)
    (book / "code/rnnbook/number.py").unlink()
    (book / ".git/index").unlink()


def older_clone(published: Path, book: Path) -> None:
    clone(published, book)
    git(book, "checkout", "-q", "HEAD~1")


def older_shallow_clone(published: Path, book: Path) -> None:
    git(published, "branch", "-q", "old", "HEAD~1")
    command = ["git", "clone", "-q", "--depth=1", "--branch=old", published.as_uri()]
    subprocess.run([*command, book], check=True)


def files_without_git(published: Path, book: Path) -> None:
    older_clone(published, book)
    shutil.rmtree(book / ".git")


def nothing(published: Path, book: Path) -> None:
    pass


@pytest.mark.parametrize(
    "state",
    [
        nothing,
        clone,
        only_git,
        empty_git,
        empty_package,
        half_a_checkout,
        older_clone,
        older_shallow_clone,
        files_without_git,
    ],
)
def test_whatever_was_left_in_the_folder_the_newest_code_is_there_afterwards(
    published, tmp_path, state
):
    content = tmp_path / "content"
    content.mkdir()
    state(published, content / "rnn-book")
    done = run_cell(content, published.as_uri())
    assert done.returncode == 0, done.stderr
    module = content / "rnn-book/code/rnnbook/number.py"
    assert done.stdout == f"{module} 2\n"


def a_file(book: Path) -> None:
    book.write_text("")


def a_locked_index(book: Path) -> None:
    subprocess.run(["git", "init", "-q", book], check=True)
    (book / ".git" / "index.lock").write_text("")


@pytest.mark.parametrize("obstacle", [a_file, a_locked_index])
def test_where_it_cannot_be_repaired_the_folder_to_delete_is_named(
    published, tmp_path, obstacle
):
    content = tmp_path / "content"
    content.mkdir()
    obstacle(content / "rnn-book")
    done = run_cell(content, published.as_uri())
    assert done.returncode == 1
    assert "フォルダー rnn-book を削除してから" in done.stderr
    assert "Traceback" not in done.stderr
