"""一つの章に属する試験だけを選ぶ、pytest の差し込み (``make test CHAPTER=03``)。

章を実行したときの控えには、その間に使われたファイルがすべて載っています。
試験はそれと名前でつながっているので、どこにも一覧は要りません。選ぶのは次の四つです。

- 章が使うモジュールの説明文の例 (doctest)
- 部屋と名が、章の使うモジュールと同じ試験 (``widgets/forget_dial/`` と
  ``tests/widgets/test_forget_dial.py``)
- すべての章について行う試験のうち、この章のもの
- 組んだサイトのすべてのページを見る試験。ただし見るのはこの章のページだけです

Colab のバージョンでの実行は、``make test`` の全体と ``make test-colab`` に任せます。
"""

import json
from pathlib import Path, PurePosixPath

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import record_of

PACKAGE = "code/rnnbook/"
ROOMS = ("cells", "widgets", "figures", "exercises", "experiments")
# すべての章について行う試験のある部屋 (名に [章の名] か [演習の名] が付きます)
EVERY_CHAPTER = ("chapters", "exercises", "site", "workshop")
# すべてのページを見る試験が使う備品 (tests/site/conftest.py)
PAGES = {"pages", "chapters", "visits"}


def pytest_addoption(parser) -> None:
    parser.addoption("--chapter", help="この章 (chapters/ の名) に属する試験だけを行う")


def used_by(chapter: str, root: Path = ROOT) -> list[str]:
    """章を実行したときの控えにある、使われたファイルの道筋。"""
    record = record_of(root, root / "chapters" / f"{chapter}.ipynb")
    return list(json.loads(record.read_text(encoding="utf-8"))["dependencies"])


def pytest_ignore_collect(collection_path, config) -> bool | None:
    """属さないと名前で分かるファイルは、読み込みもしません (集めるだけで数十秒かかります)。"""
    if collection_path.suffix != ".py" or not collection_path.is_relative_to(ROOT):
        return None
    path = collection_path.relative_to(ROOT).as_posix()
    used = used_by(config.getoption("--chapter"))
    if path.startswith(PACKAGE):
        return path not in used or None
    mixed = path.startswith(tuple(f"tests/{room}/" for room in EVERY_CHAPTER))
    return None if mixed or is_of(path, used) else True


def pytest_collection_modifyitems(config, items) -> None:
    chapter = config.getoption("--chapter")
    used = used_by(chapter)
    wanted = [item for item in items if belongs(item, chapter, used)]
    config.hook.pytest_deselected(items=[i for i in items if i not in wanted])
    items[:] = wanted


def belongs(item, chapter: str, used: list[str]) -> bool:
    """試験が章に属するか。``used`` は、章が使うファイルの道筋です。"""
    path = item.path.relative_to(ROOT).as_posix()
    if path.startswith(PACKAGE):
        return path in used
    if path.startswith("tests/site/") and PAGES & set(item.fixturenames):
        return True
    if f"[{chapter}" in item.name or f"[ch{chapter[:2]}." in item.name:
        return True
    return is_of(path, used)


def is_of(test: str, used: list[str]) -> bool:
    """試験のファイルが、章の使うモジュールの一つのものか。

    >>> used = ["code/rnnbook/widgets/forget_dial/forget_dial.js"]
    >>> is_of("tests/widgets/test_forget_dial.py", used)
    True
    >>> is_of("tests/widgets/test_unrolled.py", used)
    False
    """
    room, name = PurePosixPath(test).parts[1], PurePosixPath(test).stem
    words = set(name.removeprefix("test_").split("_"))
    if name == "conftest":
        return True
    return room in ROOMS and any(
        words <= set(other.split("_")) or set(other.split("_")) <= words
        for other in names(room, used)
    )


def names(room: str, used: list[str]) -> set[str]:
    """章の使う、部屋の中のモジュールの名 (フォルダなら、そのフォルダの名)。

    >>> sorted(names("cells", ["code/rnnbook/cells/gru.py", "data/README.md"]))
    ['gru']
    """
    inside = [name for name in used if name.startswith(f"{PACKAGE}{room}/")]
    parts = [PurePosixPath(name).relative_to(PACKAGE).parts[1] for name in inside]
    return {PurePosixPath(part).stem for part in parts} - {"__init__", "__pycache__"}
