"""実験の結果を左右するもの: 使われるコードと、ライブラリのバージョン。

途中の結果を続きに使ってよいかは、ここで決まります。コードは構文で比べるので、注釈、説明文、
空白を変えても続きから始まります。ライブラリは、手で並べずに import の文から見つけます。
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import platform
import sys
from importlib.metadata import packages_distributions, version
from modulefinder import ModuleFinder
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]


def sources_of(path: Path) -> dict[str, Path]:
    """path と、そこから読み込まれる rnnbook のすべてのモジュール（名前 → ファイル）。

    間接に読み込まれるものも、関数の中で読み込まれるものも含みます。

    例:
        >>> "rnnbook.training.fit" in sources_of(CODE / "rnnbook/experiments/lookback.py")
        True
    """
    return {
        name: Path(module.__file__)
        for name, module in sorted(_follow(path).modules.items())
        if module.__file__
    }


def versions_of(path: Path) -> dict[str, str]:
    """path とそれが使うモジュールが import するライブラリと Python の、バージョン。

    例:
        >>> found = versions_of(CODE / "rnnbook/experiments/lookback.py")
        >>> {"python", "torch", "statsmodels"} <= set(found), "tensorflow" in found
        (True, False)
    """
    imported = {name.split(".")[0] for name in _follow(path).badmodules}
    distributions = _distributions()
    names = {
        distribution
        for module in imported - set(sys.stdlib_module_names) - {"rnnbook"}
        for distribution in distributions.get(module, ())
    }
    return {"python": platform.python_version()} | {
        name: version(name) for name in sorted(names)
    }


def source_hash(path: Path) -> str:
    """path とそれが使うモジュールの構文、ライブラリのバージョンの SHA-256。"""
    parts = {name: skeleton(file) for name, file in sources_of(path).items()}
    digest = hashlib.sha256(json.dumps([parts, versions_of(path)]).encode())
    return digest.hexdigest()


def skeleton(file: Path) -> str:
    """注釈、説明文、空白、行の位置を除いた、コードの構文。"""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)


def _follow(path: Path) -> ModuleFinder:
    finder = ModuleFinder(path=[str(CODE)])  # ライブラリの中はたどりません
    finder.run_script(str(path))  # 動かさずに、import の文だけをたどります
    return finder


@functools.cache
def _distributions() -> dict[str, list[str]]:
    """モジュールの名 → それを入れた配布物の名。"""
    return {
        module: [name.lower() for name in names]
        for module, names in packages_distributions().items()
    }
