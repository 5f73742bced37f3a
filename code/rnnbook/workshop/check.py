"""CI が行う試験のすべてを順に行います (``make test``)。

静的な検査、ブラウザの用意、本を組むこと、パッケージと画面の試験、保存された出力の比較、
Colab のバージョンでの実行です。どれかが失敗すれば、そこで止まります。
``make test CHAPTER=03`` は、一つの章に属するものだけを試します。
"""

import argparse
import os
import sys
import sysconfig
import time
from pathlib import Path

from rnnbook.workshop import browser, steps
from rnnbook.workshop.environment import ROOT, prepare
from rnnbook.workshop.execute import chapters

PYTHON = [sys.executable, "-m"]
# 遅い試験の名は記録に残ります。
SLOWEST = ["--durations=30", "--durations-min=5"]
PYTEST = [*PYTHON, "pytest", "-q", *SLOWEST]
PARALLEL = ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]
LINT = {
    "静的な検査": [*PYTHON, "ruff", "check", "."],
    "整形の検査": [*PYTHON, "ruff", "format", "--check", "."],
    "import の向きの検査": [str(Path(sysconfig.get_path("scripts")) / "lint-imports")],
}
BUILD = {"本を組む": [*PYTHON, "rnnbook.workshop.build"]}
# 一つの章は一つのカーネルで順に動くので、ファイルごとに分けます。
SAVED = [*PYTEST, "--nbval", "-p", "rnnbook.workshop.replay"]


def everything() -> dict[str, list[str]]:
    """本の全体の試験。"""
    return {
        **BUILD,
        "Colab と同じバージョンの環境": [sys.executable, "tests/colab/environment.py"],
        "パッケージ、画面、Colab の試験": [
            *PYTEST,
            *PARALLEL,
            *("--doctest-modules", "tests", "code/rnnbook"),
        ],
        "保存された出力の比較": [*SAVED, "chapters"],
    }


def only(chapter: Path) -> dict[str, list[str]]:
    """一つの章の試験。章とページ、章の使う図、測定、演習、セルの試験です。"""
    selection = ["-p", "rnnbook.workshop.belonging", f"--chapter={chapter.stem}"]
    return {
        **BUILD,
        "章の使うコードと、章のページの試験": [
            *PYTEST,
            *PARALLEL,
            *selection,
            *("--doctest-modules", "tests", "code/rnnbook"),
        ],
        "保存された出力の比較": [*SAVED, str(chapter)],
    }


def run_all(commands: dict[str, list[str]], number: int, total: int) -> bool:
    """``number`` 番から順に行い、すべて済んだかを返します。失敗すれば、そこで止まります。"""
    # スレッド数などの計算の条件を、章の実行と揃えます。
    environment = prepare() | {"MPLBACKEND": "agg"}
    return all(
        steps.run(f"{n}/{total} {title}", command, f"test-{n}", environment)
        for n, (title, command) in enumerate(commands.items(), start=number)
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="CI が行う試験のすべてを行います。")
    parser.add_argument("--lint", action="store_true", help="静的な検査だけを行う")
    parser.add_argument("--chapter", default="", help="章の名の初め (例 03)")
    options = parser.parse_args(argv)
    began = time.perf_counter()
    found = [c for c in chapters(ROOT) if c.name.startswith(options.chapter)]
    if not found:
        print(
            f"{options.chapter!r} で始まる章は chapters/ にありません。",
            file=sys.stderr,
        )
        return 1
    tests = only(found[0]) if options.chapter else everything()
    total = len(LINT) + (0 if options.lint else len(tests))
    print(
        f"試験します (記録は {steps.shown(steps.log_of('test-1').parent)})。",
        flush=True,
    )
    if not run_all(LINT, 1, total):
        return 1
    if options.lint:
        return 0
    if browser.main() != 0 or not run_all(tests, len(LINT) + 1, total):
        return 1
    print(f"すべて通りました ({time.perf_counter() - began:.0f} 秒)。")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
