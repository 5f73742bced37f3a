"""実験の結果を左右するソース。途中の結果を続きに使ってよいかを、ここで見分けます。"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from modulefinder import ModuleFinder
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]
LIBRARIES = ("numpy", "torch")


def sources_of(path: Path) -> dict[str, Path]:
    """path と、そこから読み込まれる rnnbook のすべてのモジュール（名前 → ファイル）。

    間接に読み込まれるものも、関数の中で読み込まれるものも含みます。

    例:
        >>> "rnnbook.training.fit" in sources_of(Path(__file__).with_name("lookback.py"))
        True
    """
    finder = ModuleFinder(path=[str(CODE)])
    finder.run_script(str(path))  # 動かさずに、import の文だけをたどります
    return {
        name: Path(module.__file__)
        for name, module in sorted(finder.modules.items())
        if module.__file__
    }


def source_hash(path: Path) -> str:
    """path とそれが使うモジュール、計算するライブラリの版の SHA-256。"""
    digest = hashlib.sha256()
    for name, file in sources_of(path).items():
        digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()
