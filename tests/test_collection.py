"""試験の集め方そのものの試験。"""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters

HOME = "tests/chapters/test_claims.py"


def test_no_folder_of_tests_is_passed_over(pytestconfig):
    """pytest は、決まった名 (build など) のフォルダを黙って飛ばすことがあります。"""
    skipped = pytestconfig.getini("norecursedirs")
    for path in Path(__file__).parent.rglob("test_*.py"):
        folders = path.relative_to(Path(__file__).parent).parts[:-1]
        assert not [f for f in folders for p in skipped if fnmatch.fnmatch(f, p)], path


def test_a_test_of_one_chapter_is_run_for_the_first_and_weekly_for_the_rest():
    # 付録（appendix_…）は、章の試験の外です
    numbered = [path.stem for path in chapters(ROOT) if path.stem[0].isdigit()]
    first, *rest = numbered
    for mark, chosen in (("not weekly", [first]), ("weekly", rest)):
        command = ["-m", "pytest", "-q", "--collect-only", "-m", mark, HOME]
        run = subprocess.run(
            [sys.executable, *command], cwd=ROOT, capture_output=True, text=True
        )
        found = re.findall(r"makes_nbval_fail\[(\w+)-", run.stdout)
        assert list(dict.fromkeys(found)) == chosen, run.stdout + run.stderr
