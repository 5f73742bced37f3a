"""Colab のバージョンで動かす章の番: 変わった章は毎回、ほかの章もいく回かのうちに動きます。"""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from rnnbook.workshop import check, turns
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.turns import HOUR, TURNS, choose

NAMES = [f"{n:02}" for n in range(1, 8)]
FIRST_TURN = ["01", "06"]
# 一つの章だけのもの、一組の数までの章のもの、それより多くの章のもの
OWN, BOTH, SHARED = "code/own.py", "data/both.csv", "code/shared.py"
USED = {"03": [OWN, BOTH, SHARED], "04": [BOTH, SHARED], "05": [SHARED]}


def write(root: Path, place: str, text: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def chapter(root: Path, name: str, code: str, prose: str = "# 章") -> None:
    cells = [v4.new_markdown_cell(prose, id="a"), v4.new_code_cell(code, id="b")]
    nbformat.write(v4.new_notebook(cells=cells), root / "chapters" / f"{name}.ipynb")


def commit(root: Path, time: int) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    when = {**os.environ, "GIT_COMMITTER_DATE": f"@{time} +0000"}
    for command in (["add", "-A"], [*who, "commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", "-C", root, *command], check=True, env=when)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """七つの章の、組み終えた本。git の記録はありません。"""
    root = tmp_path / "book"
    (root / "chapters").mkdir(parents=True)
    for name in NAMES:
        chapter(root, name, "x = 1")
        record = json.dumps({"dependencies": USED.get(name, [])})
        write(root, f"_build/.execution/{name}.json", record)
    for place in (OWN, BOTH, SHARED, turns.VERSIONS):
        write(root, place, "1\n")
    write(root, ".gitignore", "_build/\n")
    return root


@pytest.fixture
def kept(book: Path) -> Path:
    """同じ本の、はじめのコミットのあるもの。"""
    subprocess.run(["git", "init", "-q", book], check=True)
    commit(book, 0)
    return book


@pytest.mark.parametrize("apart", [HOUR, 24 * HOUR, 7 * 24 * HOUR])
def test_every_chapter_comes_within_five_commits_an_hour_a_day_or_a_week_apart(apart):
    for size in range(1, 21):
        names = [f"{n:02}" for n in range(size)]
        for begin in range(0, TURNS * HOUR, 1800):
            times = [begin + n * apart for n in range(TURNS)]
            found = [turns.in_turn(names, time) for time in times]
            assert sorted(itertools.chain(*found)) == names  # どの章も一度ずつ
            assert max(map(len, found)) - min(map(len, found)) <= 1


def test_the_hour_of_the_last_commit_decides_and_not_the_clock(kept):
    for hour, expected in ((5, ["01", "06"]), (6, ["02", "07"]), (8, ["04"])):
        commit(kept, hour * HOUR)
        assert list(choose(kept).chosen) == expected


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("chapters/03.ipynb", ["03"]),
        (OWN, ["03"]),
        (BOTH, ["03", "04"]),
        (SHARED, []),
        (turns.VERSIONS, NAMES),
    ],
)
def test_a_chapter_runs_when_its_code_or_a_file_of_its_own_changes(
    kept, place, expected, committed
):
    if place.endswith(".ipynb"):
        chapter(kept, "03", "x = 2")
    else:
        write(kept, place, "2\n")
    if committed:
        commit(kept, 5 * HOUR)
        # 同じ一時間の、あとのコミットが隠すことはありません
        commit(kept, 5 * HOUR + 1800)
    choice = choose(kept)
    assert list(choice.chosen) == sorted({*FIRST_TURN, *expected})
    assert sorted([*choice.chosen, *choice.left]) == NAMES


def test_a_change_of_the_prose_alone_leaves_the_chapter_to_its_turn(kept):
    chapter(kept, "03", "x = 1", prose="# 直した章")
    assert list(choose(kept).chosen) == FIRST_TURN


def test_a_change_of_the_whole_book_leaves_most_of_it_to_the_turns(kept):
    for name in NAMES:
        chapter(kept, name, "x = 2")
    choice = choose(kept)
    changed = [name for name, why in choice.chosen.items() if why == "変わった"]
    assert len(changed) == turns.MOST_CHANGED
    assert len(choice.left) == len(NAMES) - len(choice.chosen) > 0
    assert f"変わった章のうち {len(choice.left)} 章は、番に任せます。" in str(choice)


def test_a_change_of_the_first_cell_alone_leaves_the_chapter_to_its_turn(kept):
    before = choose(kept)
    path = kept / "chapters" / "03.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, v4.new_code_cell("取り寄せる", id=turns.CELL_ID))
    nbformat.write(notebook, path)
    assert choose(kept) == before


def test_a_new_chapter_runs_before_it_is_committed(kept):
    chapter(kept, "08", "x = 1")
    assert "08" in choose(kept).chosen


def test_without_git_the_first_turn_runs_and_the_sentence_says_so(book, monkeypatch):
    choice = choose(book)
    assert list(choice.chosen) == FIRST_TURN
    assert "どの章が変わったかは見ていません" in str(choice)
    monkeypatch.setenv("PATH", "")  # git のコマンドもない
    assert choose(book) == choice


def test_a_shallow_clone_still_takes_its_turn_and_says_what_it_cannot_see(
    kept, tmp_path
):
    commit(kept, 7 * HOUR)
    copy = tmp_path / "copy"
    clone = ["git", "clone", "-q", "--depth=1", kept.as_uri(), copy]
    subprocess.run(clone, check=True)
    assert list(choose(copy).chosen) == ["03"]
    assert "どの章が変わったかは見ていません" in str(choose(copy))
    assert "見ていません" not in str(choose(kept))


def test_make_test_says_which_chapters_run_and_how_to_run_the_rest(monkeypatch, capsys):
    monkeypatch.setattr(check, "run_all", lambda *_: True)
    monkeypatch.setattr(check.browser, "main", lambda: 0)
    assert check.main([]) == 0
    said, choice = capsys.readouterr().out, choose(ROOT)
    assert str(choice) in said
    assert all(name in said for name in choice.chosen)
    assert not choice.left or f"残りの {len(choice.left)} 章は make test-colab" in said


def test_every_chapter_that_is_left_is_reported_as_skipped_with_the_reason():
    left = choose(ROOT).left
    if not left:
        pytest.skip("今回は、どの章も Colab のバージョンで動きます。")
    command = ["-m", "pytest", "-q", "-rs", "tests/colab", "-k", " or ".join(left)]
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True
    )
    # リポジトリから取り寄せるもの、保存したもの（二つの環境）の三つずつ
    assert f"{3 * len(left)} skipped" in run.stdout.splitlines()[-1], run.stdout
    for name in left:
        assert f"{name} は今回の番ではありません" in run.stdout
