"""Colab の最初のセル: rnn-book がどんな状態でも直り、読者の書いたものは残ります。

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
    git(package.parents[1], "init", "-q", "-b", "main")
    for number in (1, 2):
        (package / "number.py").write_text(f"NUMBER = {number}\n")
        git(package.parents[1], "add", "-A")
        git(package.parents[1], "commit", "-q", "-m", str(number))
    return package.parents[1]


def run_cell(
    content: Path, url: str, version: str = "main"
) -> subprocess.CompletedProcess:
    """google.colab のある Python で、最初のセルと SHOW を動かします。"""
    source = "import google.colab.output\n" + first_cell(url, version) + SHOW
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(STUB),
        # 同じ秒に書かれた同じ大きさの二つのバージョンを、前の .pyc が取り違えないように。
        "PYTHONDONTWRITEBYTECODE": "1",
    }
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


def a_file(published: Path, book: Path) -> None:
    book.write_text("")


def a_locked_index(published: Path, book: Path) -> None:
    clone(published, book)
    (book / ".git" / "index.lock").write_text("")


def a_fetch_cut_short(published: Path, book: Path) -> None:
    clone(published, book)
    for path in (book / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:10])


def another_books_folder(published: Path, book: Path) -> None:
    book.mkdir()
    (book / ".git").write_text("gitdir: /nowhere\n")


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
        a_file,
        a_locked_index,
        a_fetch_cut_short,
        another_books_folder,
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


def test_what_could_not_be_mended_is_set_aside_and_not_lost(published, tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    a_locked_index(published, content / "rnn-book")
    (content / "rnn-book" / "my_notes.txt").write_text("大事")
    assert run_cell(content, published.as_uri()).returncode == 0
    (kept,) = content.glob("rnn-book-*/old/my_notes.txt")
    assert kept.read_text() == "大事"


def test_the_code_is_that_of_the_notebooks_own_version(published, tmp_path):
    git(published, "tag", "v1.0", "HEAD~1")
    content = tmp_path / "content"
    content.mkdir()
    newest = run_cell(content, published.as_uri())
    tagged = run_cell(content, published.as_uri(), "v1.0")
    assert [done.stdout.split()[-1] for done in (newest, tagged)] == ["2", "1"]


def test_a_version_that_was_never_published_is_named_and_not_the_network(
    published, tmp_path
):
    done = run_cell(tmp_path, published.as_uri(), "v9")
    assert done.returncode == 1
    assert "そこにバージョン v9 がありません。" in done.stderr
    assert "ネットワーク" not in done.stderr


def test_without_an_answer_the_old_folder_stays_and_nothing_is_left_beside_it(
    published, tmp_path
):
    clone(published, tmp_path / "rnn-book")
    done = run_cell(tmp_path, (tmp_path / "nowhere").as_uri())
    assert done.returncode == 1
    assert "ネットワークを確かめて" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "rnn-book/code/rnnbook/number.py").is_file()
    assert list(tmp_path.glob("rnn-book-*")) == []
