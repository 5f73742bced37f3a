"""途中の結果を続きに使ってよいかは、結果を左右するものだけで決まります。"""

import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from rnnbook.lab import sources as sources_module
from rnnbook.lab.sources import source_hash, sources_of, versions_of


@pytest.fixture
def package(tmp_path, monkeypatch):
    """rnnbook の代わりの小さなパッケージ: 実験 → 学習 → 課題、それと無関係な一つ。"""
    texts = {
        "__init__": "",
        "experiment": "from rnnbook.fit import fit\n",
        "fit": "def fit():\n    from rnnbook import task\n",
        "task": "import numpy\n",
        "unrelated": "",
    }
    (tmp_path / "rnnbook").mkdir()
    for name, text in texts.items():
        (tmp_path / "rnnbook" / f"{name}.py").write_text(text)
    monkeypatch.setattr(sources_module, "CODE", tmp_path)
    return tmp_path / "rnnbook"


def test_the_key_follows_imports_of_imports_and_nothing_else(package):
    found = sources_of(package / "experiment.py")
    assert {Path(file).stem for file in found.values()} == {
        "__init__",
        "experiment",
        "fit",
        "task",
    }


CODE = """
import json
import pandas
from rnnbook.fit import fit

def train(x):
    return fit(x) + 1
"""
SAME = [
    CODE.replace("import json", "# 注釈\nimport json  # 注釈"),
    '"""説明文。"""\n' + CODE.replace("(x):\n", '(x):\n    """説明文。"""\n\n'),
    CODE.replace("(x):\n    return fit(x) + 1", "(x): return (fit( x )+1)"),
]
OTHER = [
    CODE.replace("+ 1", "+ 2"),
    CODE + "import joblib\n",
    CODE.replace("return", '"""説明文。"""; "文"; return'),
]


@pytest.mark.parametrize("text", SAME)
def test_comments_docstrings_and_blanks_do_not_change_the_key(package, text):
    (package / "task.py").write_text(CODE, encoding="utf-8")
    before = source_hash(package / "experiment.py")
    (package / "task.py").write_text(text, encoding="utf-8")
    assert source_hash(package / "experiment.py") == before


@pytest.mark.parametrize("text", OTHER)
def test_code_that_runs_changes_the_key(package, text):
    (package / "task.py").write_text(CODE, encoding="utf-8")
    before = source_hash(package / "experiment.py")
    (package / "task.py").write_text(text, encoding="utf-8")
    assert source_hash(package / "experiment.py") != before


@pytest.mark.parametrize("file", ["task", "unrelated"])
def test_only_a_source_that_the_experiment_uses_changes_the_key(package, file):
    before = source_hash(package / "experiment.py")
    (package / f"{file}.py").write_text("import numpy\nA = 1\n")
    assert (source_hash(package / "experiment.py") != before) == (file == "task")


def test_the_libraries_are_found_from_the_imports_of_every_source_used(package):
    (package / "fit.py").write_text("def f():\n    from scipy import signal, linalg\n")
    (package / "unrelated.py").write_text("import matplotlib\n")
    (package / "experiment.py").write_text(
        "import json\nimport sklearn.linear_model\nfrom rnnbook.fit import f\n"
    )
    assert versions_of(package / "experiment.py") == {
        "python": platform.python_version(),
        "scikit-learn": version("scikit-learn"),
        "scipy": version("scipy"),
    }


def test_another_version_of_a_library_changes_the_key(package, monkeypatch):
    before = source_hash(package / "experiment.py")
    monkeypatch.setattr(sources_module, "version", lambda name: "0.0.1")
    assert source_hash(package / "experiment.py") != before
