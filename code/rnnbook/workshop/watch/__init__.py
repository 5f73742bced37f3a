"""章が使ったファイルを知る仕組み。どのファイルが変われば、どの章を実行し直すかが決まります。

``watched`` の環境で動かした Python と、それが起こした Python は、使ったファイルの名を記録に書き足し、
``used`` がそこから本のファイルを選びます。見えないのは、Python でないプログラムや C++ が、
引数に名を出さずに開くものです（``torch.jit.load("…")`` など）。それを使う章は、
``with open(path, "rb") as file`` で開いたものを渡してください。
"""

import importlib.util
import os
from pathlib import Path

from rnnbook.workshop.watch.sitecustomize import LOG

# データの一覧は、読んだファイルのハッシュを照らすためだけに開かれます。そのファイル自身が控えにあり、
# 一覧とファイルが合うことは tests/data が確かめるので、ほかの行が変わっても章は実行し直しません。
NOT_USED = ("data/README.md",)


def watched(environment: dict[str, str], log: Path) -> dict[str, str]:
    """使ったファイルを log に書き足させる環境変数。"""
    paths = [str(Path(__file__).parent), environment.get("PYTHONPATH", "")]
    return environment | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        LOG: str(log),
    }


def used(log: Path, root: Path) -> list[str]:
    """log にある、``root`` の下のファイルの名（``root`` からの道筋、区切りは ``/``）。

    読み込まれたモジュールは、元の .py の名にします。data/ のフォルダは、一覧されたものも含めます。
    ファイルが増えたときにも、実行し直すためです。
    """
    names = set()
    for line in log.read_bytes().decode("utf-8", "surrogateescape").split("\0"):
        kind, path = line[:1], line[1:]
        if kind == "F" and path.endswith(".pyc"):
            path = _source(path)
        name = _relative(path, root) if path else ""
        if name and not _ignored(name) and (kind == "F" or name.startswith("data")):
            names.add(name)
    return sorted(names)


def _source(path: str) -> str:
    try:
        return importlib.util.source_from_cache(path)
    except ValueError:  # __pycache__ の外の .pyc は、それ自身が元です
        return path


def _relative(path: str, root: Path) -> str:
    """``root`` からの道筋。``root`` の外なら空の文字列。"""
    try:
        return Path(os.path.realpath(path)).relative_to(root.resolve()).as_posix()
    except ValueError:
        return ""


def _ignored(name: str) -> bool:
    """本の中身ではないもの (環境、生成物、データの一覧)。"""
    parts = name.split("/")
    return name in NOT_USED or any(
        part.startswith((".", "_build", "__pycache__")) for part in parts
    )
