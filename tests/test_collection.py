"""試験の集め方そのものの試験。"""

import fnmatch
from pathlib import Path


def test_no_folder_of_tests_is_passed_over(pytestconfig):
    """pytest は、決まった名 (build など) のフォルダを黙って飛ばすことがあります。"""
    skipped = pytestconfig.getini("norecursedirs")
    for path in Path(__file__).parent.rglob("test_*.py"):
        folders = path.relative_to(Path(__file__).parent).parts[:-1]
        assert not [f for f in folders for p in skipped if fnmatch.fnmatch(f, p)], path
