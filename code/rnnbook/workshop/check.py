"""CI が行う試験のすべてを順に行います (``make test``)。

静的な検査、ブラウザの用意、本を組むこと、部品と画面の試験、保存された出力の比較、
Colab の版での実行です。どれかが失敗すれば、そこで止まります。
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

from rnnbook.workshop import browser
from rnnbook.workshop.environment import ROOT, prepare

PYTHON = [sys.executable, "-m"]
ONE_BY_ONE = [*PYTHON, "pytest", "-q"]
PYTEST = [*ONE_BY_ONE, "-n", str(os.cpu_count() or 1)]
LINT = {
    "静的な検査": [*PYTHON, "ruff", "check", "."],
    "整形の検査": [*PYTHON, "ruff", "format", "--check", "."],
    "import の向きの検査": [str(Path(sysconfig.get_path("scripts")) / "lint-imports")],
}
TESTS = {
    "本を組む": [*PYTHON, "rnnbook.workshop.build"],
    "Colab と同じ版の環境": [sys.executable, "tests/colab/environment.py"],
    "部品、画面、Colab の試験": [
        *PYTEST,
        *("-m", "not alone", "--doctest-modules", "tests", "code/rnnbook"),
    ],
    # 並んで走る試験に割り込まれると、図のせいでなく遅くなります。
    "図が応える時間の試験": [*ONE_BY_ONE, "-m", "alone", "tests/widgets"],
    # 一つの章は一つのカーネルで順に動くので、ファイルごとに分けます。
    "保存された出力の比較": [*PYTEST, "--dist=loadfile", "--nbval", "chapters"],
}


def step(title: str, command: list[str]) -> bool:
    """試験を一つ行い、題とかかった時間を示します。"""
    print(f"\n== {title}", flush=True)
    began = time.perf_counter()
    # スレッド数などの計算の条件を、章の実行と揃えます。
    environment = prepare() | {"MPLBACKEND": "agg"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    outcome = "済み" if done.returncode == 0 else "失敗"
    print(f"== {title}: {outcome} ({seconds:.0f} 秒)", flush=True)
    return done.returncode == 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="CI が行う試験のすべてを行います。")
    parser.add_argument("--lint", action="store_true", help="静的な検査だけを行う")
    only_lint = parser.parse_args(argv).lint
    passed = [step(title, command) for title, command in LINT.items()]
    if only_lint or not all(passed):
        return 0 if all(passed) else 1
    if browser.main() != 0:
        return 1
    return 0 if all(step(title, command) for title, command in TESTS.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
