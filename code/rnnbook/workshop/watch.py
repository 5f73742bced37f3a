"""章のカーネルの中で、どのファイルが使われたかを書き留めます。

この文書は読み込まれるのではなく、文字列としてカーネルに送られて最初のセルより先に動きます。
``install`` が監査フック (``sys.addaudithook``) を掛け、``report`` が結果を返します。
本のほかの部分を読み込むと、それ自体が「使われたファイル」になるので、標準の部品だけを使います。
"""

import json
import os
import sys

_opened: set[str] = set()
_listed: set[str] = set()


def install() -> None:
    """これより後に読まれるファイルと、一覧されるフォルダを書き留めます。"""

    def hook(event, arguments):
        if event == "open":
            path, _, flags = arguments
            if flags is None or not flags & (os.O_WRONLY | os.O_RDWR):
                _note(_opened, path)
        elif event in ("os.listdir", "os.scandir"):
            _note(_listed, arguments[0])

    sys.addaudithook(hook)


def _note(names: set[str], path) -> None:
    if isinstance(path, (str, bytes, os.PathLike)):
        names.add(os.path.abspath(os.fsdecode(path)))


def report(root: str) -> str:
    """``root`` の下で使われたファイルを、``root`` からの道筋の JSON で返します。"""
    files = set(_opened)
    for module in list(sys.modules.values()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(file, str):
            files.add(os.path.abspath(file))
    # data/ を一覧した章は、ファイルが増えたときにも実行し直します。
    files |= {name for name in _listed if _relative(name, root).startswith("data")}
    names = {_relative(name, root) for name in files}
    return json.dumps(sorted(name for name in names if name and not _ignored(name)))


def _relative(path: str, root: str) -> str:
    """``root`` からの道筋 (区切りは ``/``)。``root`` の外なら空の文字列。"""
    path, root = os.path.realpath(path), os.path.realpath(root)
    if not path.startswith(root + os.sep):
        return ""
    return path[len(root) + 1 :].replace(os.sep, "/")


def _ignored(name: str) -> bool:
    """本の中身ではないもの (環境、生成物、Python の写し)。"""
    parts = name.split("/")
    return any(part.startswith((".", "_build", "__pycache__")) for part in parts)
