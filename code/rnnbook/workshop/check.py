"""CI が行う試験のすべてを順に行います (``make test``)。

静的な検査、ブラウザの用意、本を組むこと、パッケージと画面の試験、保存された出力の比較、
Colab のバージョンでの実行です。どれかが失敗すれば、そこで止まります。
``make test CHAPTER=03`` は、一つの章に属するものだけを試します。
Colab のバージョンで動かす章は、毎回は番の章と変わった章だけです (turns.py)。
``make test-colab`` は、どの章も動かします。
"""

import argparse
import os
import sys
import sysconfig
import time
from pathlib import Path

from rnnbook.workshop import browser, steps, turns
from rnnbook.workshop.environment import ROOT, prepare
from rnnbook.workshop.execute import chapters

PYTHON = [sys.executable, "-m"]
# 遅い試験の名と、行わなかった試験の理由は記録に残ります。
REPORT = ["--durations=30", "--durations-min=5", "-rs"]
PYTEST = [*PYTHON, "pytest", "-q", *REPORT]
PARALLEL = ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]
LINT = {
    "静的な検査": [*PYTHON, "ruff", "check", "."],
    "整形の検査": [*PYTHON, "ruff", "format", "--check", "."],
    "import の向きの検査": [str(Path(sysconfig.get_path("scripts")) / "lint-imports")],
}
BUILD = {"本を組む": [*PYTHON, "rnnbook.workshop.build"]}
VERSIONS = {
    "Colab と同じバージョンの環境": [sys.executable, "tests/colab/environment.py"]
}
# 一つの章は一つのカーネルで順に動くので、ファイルごとに分けます。
SAVED = [*PYTEST, "--nbval", "-p", "rnnbook.workshop.replay"]


def everything() -> dict[str, list[str]]:
    """本の全体の試験。"""
    return {
        **VERSIONS,
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
        "章の使うコードと、章のページの試験": [
            *PYTEST,
            *PARALLEL,
            *selection,
            *("--doctest-modules", "tests", "code/rnnbook"),
        ],
        "保存された出力の比較": [*SAVED, str(chapter)],
    }


def colab(chapter: str) -> dict[str, list[str]]:
    """Colab のバージョンでの、名が ``chapter`` で始まる章のすべて。"""
    every = [*PYTEST, *PARALLEL, "tests/colab", f"--colab={chapter}"]
    return {**VERSIONS, "Colab のバージョンでの章の実行": every}


def run_all(commands: dict[str, list[str]], number: int, total: int) -> bool:
    """``number`` 番から順に行い、すべて済んだかを返します。失敗すれば、そこで止まります。"""
    # スレッド数などの計算の条件を、章の実行と揃えます。
    environment = prepare() | {"MPLBACKEND": "agg"}
    return all(
        steps.run(f"{n}/{total} {title}", command, f"test-{n}", environment)
        for n, (title, command) in enumerate(commands.items(), start=number)
    )


def book(chapter: Path | None) -> bool:
    """静的な検査から出力の比較まで。章を指せば、その章に属するものだけです。"""
    tests = only(chapter) if chapter else everything()
    total = len(LINT) + len(BUILD) + len(tests)
    if not run_all(LINT, 1, total) or browser.main() != 0:
        return False
    if not run_all(BUILD, len(LINT) + 1, total):
        return False
    if not chapter:
        print(f"  {turns.choose(ROOT)}", flush=True)
    return run_all(tests, len(LINT) + len(BUILD) + 1, total)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="CI が行う試験のすべてを行います。")
    parser.add_argument("--lint", action="store_true", help="静的な検査だけを行う")
    parser.add_argument(
        "--colab", action="store_true", help="Colab のバージョンで、どの章も動かす"
    )
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
    print(
        f"試験します (記録は {steps.shown(steps.log_of('test-1').parent)})。",
        flush=True,
    )
    if options.colab:
        passed = run_all(tests := colab(options.chapter), 1, len(tests))
    elif options.lint:
        passed = run_all(LINT, 1, len(LINT))
    else:
        passed = book(found[0] if options.chapter else None)
    if not passed:
        return 1
    print(f"すべて通りました ({time.perf_counter() - began:.0f} 秒)。")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
