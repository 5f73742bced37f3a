"""Colab のバージョンで動かす章の番: 毎回は一部の章だけ、いく回かで、どの章も動かします。

一つの章に一分ほどかかるので、``make test`` が動かすのは次の二つです。

- 番の章: 章を順に ``TURNS`` 組に分け、最後のコミットの時刻 (時) で、組が一つずつ回ります。
- 変わった章: そのコミットまでの一時間と、まだコミットしていない変更が、章のコードのセルか、
  その章の使うファイルを変えた章。一組より多くの章が使うファイルは、番に任せます。
  まだ本を組んでいなければ、使うファイルが分からないので、どの章も数えます。
  本の全体を変えたときに CI が長くなりすぎないよう、番の章のほかは ``MOST_CHANGED`` 章まで
  （自分のセルの変わった章から先に）にして、残りも番に任せます。

時計は見ません。同じコミットなら、いつ試しても同じ章です。git の記録がなければ、初めの組です。
どの章も動かすのは ``make test-colab`` です。
"""

import json
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from rnnbook.workshop.belonging import used_by
from rnnbook.workshop.execute import chapters, record_of
from rnnbook.workshop.repository import CELL_ID

# 24 時間とも 7 日とも互いに素なので、毎日か毎週、同じ時刻にコミットしても、番はすべての組に回ります。
TURNS = 5
HOUR = 3600
MOST_CHANGED = 2
# 変われば、どの章も動かすもの
VERSIONS = "tests/colab/constraints.txt"
NO_HISTORY = (
    "git に一時間より前の記録がないので、どの章が変わったかは見ていません"
    "（コミットが一つもなければ、番は初めの組です）。"
)


@dataclass(frozen=True)
class Choice:
    """今回動かす章 (章の名 → 理由) と、動かさない章。"""

    chosen: dict[str, str]
    left: list[str]
    note: str = ""

    def __str__(self) -> str:
        """画面に出す文。"""
        found = "、".join(f"{name}（{why}）" for name, why in self.chosen.items())
        rest = f"残りの {len(self.left)} 章は make test-colab で動きます。"
        return (
            f"今回 Colab のバージョンで動かす章: {found or 'なし'}。"
            f"{rest if self.left else ''}{self.note}"
        )


def git(root: Path, *arguments: str) -> str | None:
    """git の答え。git か、その記録がなければ ``None`` です。"""
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode("utf-8")


def in_turn(names: list[str], time: int) -> list[str]:
    """最後のコミットの時刻 ``time`` (秒) に番の来る章。

    >>> in_turn(["01", "02", "03", "04", "05", "06"], time=0)
    ['01', '06']
    >>> in_turn(["01", "02", "03", "04", "05", "06"], time=3600)
    ['02']
    """
    return names[time // HOUR % TURNS :: TURNS]


def changed_files(root: Path, before: str) -> set[str]:
    """コミット ``before`` から変わったファイル (``root`` からの道筋)。"""
    diff = git(root, "diff", "-z", "--name-only", "--relative", "--no-renames", before)
    new = git(root, "ls-files", "-z", "--others", "--exclude-standard")
    return set(filter(None, f"{diff}\0{new}".split("\0")))


def cells(text: str) -> list[str]:
    """ノートブックのコードのセル。どの章でも同じ最初のセルは除きます (tests/workshop/test_first_cell.py)。"""
    found = json.loads(text)["cells"]
    return [
        "".join(c["source"])
        for c in found
        if c["cell_type"] == "code" and c.get("id") != CELL_ID
    ]


def changed(root: Path, names: list[str], before: str) -> list[str]:
    """コミット ``before`` から変わった章。まだコミットしていない変更も数えます。

    自分のセルの変わった章が先、使うファイルの変わった章が後です。
    """
    files = changed_files(root, before)
    if VERSIONS in files:
        return names
    found, users = [], defaultdict(set)
    for path in chapters(root):
        if code_changed(root, path, before) or not record_of(root, path).is_file():
            found.append(path.stem)
            continue
        for file in files & set(used_by(path.stem, root)):
            users[file].add(path.stem)
    own = (who for who in users.values() if len(who) <= ceil(len(names) / TURNS))
    return found + sorted(set().union(*own))


def code_changed(root: Path, chapter: Path, before: str) -> bool:
    """コミット ``before`` から、章のコードのセルが変わったか。本文と出力は数えません。"""
    old = git(root, "show", f"{before}:./{chapter.relative_to(root).as_posix()}")
    return old is None or cells(old) != cells(chapter.read_text(encoding="utf-8"))


def choose(root: Path) -> Choice:
    """今回 Colab のバージョンで動かす章を選びます。"""
    names = [path.stem for path in chapters(root)]
    said = git(root, "rev-list", "-1", "--timestamp", "HEAD")
    time = int(said.split()[0]) if said else 0
    before = said and git(root, "rev-list", "-1", f"--min-age={time - HOUR}", "HEAD")
    turn = in_turn(names, time)
    own = changed(root, names, before.strip()) if before else []
    own = [name for name in own if name not in turn]
    every = before and VERSIONS in changed_files(root, before.strip())
    later = [] if every else own[MOST_CHANGED:]
    own = own[: len(own) - len(later)]
    reasons = {
        name: "コミットの時刻の番" if name in turn else "変わった"
        for name in names
        if name in turn or name in own
    }
    note = "" if before else NO_HISTORY
    if later:
        note += f"変わった章のうち {len(later)} 章は、番に任せます。"
    return Choice(reasons, [name for name in names if name not in reasons], note)
