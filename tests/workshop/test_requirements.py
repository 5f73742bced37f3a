"""バージョンの控えが、すべて決まっていて、理由を持ち、使うものを漏らさないこと。"""

import ast
import importlib.metadata
import re
import sys
import tomllib

import pytest
from packaging.specifiers import SpecifierSet

from rnnbook.workshop import lock
from rnnbook.workshop.environment import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
EXTRAS = PROJECT["optional-dependencies"]
LINES = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
PINS = [line for line in LINES if line and not line.startswith(("#", "-e"))]


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")


def test_every_line_pins_one_version_and_says_what_needs_it():
    for line in PINS:
        assert re.fullmatch(r"[a-z0-9.-]+==[0-9][\w.]*( ; [^#]+?)?  # .+", line), line


def test_the_package_itself_is_installed_with_them():
    assert sum(line.startswith("-e .") for line in LINES) == 1


def test_every_direct_requirement_is_pinned_with_its_reason_in_japanese():
    reasons = {name_of(line): line.partition("  # ")[2] for line in PINS}
    direct = PROJECT["dependencies"] + EXTRAS["book"] + EXTRAS["test"]
    for requirement in direct:
        assert not reasons[name_of(requirement)].startswith("via"), requirement


def test_every_pinned_version_runs_on_the_python_of_debian():
    """Debian 12 の Python は 3.11.2 です。3.11 の後の修正バージョンを求めるライブラリは入りません。"""
    for line in PINS:
        try:
            package = importlib.metadata.metadata(name_of(line))
        except importlib.metadata.PackageNotFoundError:
            continue  # ほかの計算機のための行
        needed = SpecifierSet(package.get("Requires-Python", ""))
        assert needed.contains("3.11.2"), line


def test_no_line_holds_an_address_or_a_build_of_one_machine():
    text = "\n".join(PINS)
    assert "://" not in text
    assert "+cpu" not in text


def test_the_package_leaves_the_versions_of_colab_alone():
    loose = [r for r in PROJECT["dependencies"] if "==" in r or "<" in r or "~" in r]
    assert loose == []


@pytest.mark.parametrize(
    ("folder", "groups"),
    [
        ("code/rnnbook", [PROJECT["dependencies"], EXTRAS["book"], EXTRAS["test"]]),
        ("tests", [PROJECT["dependencies"], EXTRAS["book"], EXTRAS["test"]]),
    ],
)
def test_everything_imported_is_a_direct_requirement(folder, groups):
    allowed = {name_of(requirement) for group in groups for requirement in group}
    owners = importlib.metadata.packages_distributions()
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module]
            elif (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "find_spec"
            ):
                modules = [
                    arg.value for arg in node.args if isinstance(arg, ast.Constant)
                ]
            else:
                continue
            for top in {module.split(".")[0] for module in modules}:
                own = (path.parent / f"{top}.py").exists() or top in (
                    "rnnbook",
                    "google",
                )
                if own or top in sys.stdlib_module_names:
                    continue
                found = {name_of(owner) for owner in owners.get(top, [top])}
                assert found & allowed, f"{path.relative_to(ROOT)} の import {top}"


def test_the_reason_of_a_package_is_its_comment_or_what_needs_it():
    compiled = "\n".join(
        [
            "numpy==2.4.6              # via rnnbook (pyproject.toml), scipy",
            "six==1.17.0               # via patsy, rnnbook (pyproject.toml)",
            "tensorflow-cpu==2.21.0    # via rnnbook (pyproject.toml)",
            "torch==2.13.0+cpu         # via rnnbook (pyproject.toml)",
        ]
    )
    why = lock.reasons(
        '  "numpy>=1",  # 計算\n  "tensorflow-cpu",  # 例\n  "torch",  # 学習\n'
    )
    lines = lock.render(compiled, why).splitlines()
    assert "numpy==2.4.6  # 計算" in lines
    assert "six==1.17.0  # via patsy, rnnbook" in lines
    assert "torch==2.13.0  # 学習" in lines
    assert sum(line.startswith("tensorflow==2.21.0 ; ") for line in lines) == 1
