"""長い仕事を一つずつ進め、画面には一行だけを、記録には全部を書きます。

``make`` を待つ人が読むのは、何をしているか、どこまで来たか、記録はどこか、だけです。
失敗すれば、記録のうち直すのに要る所を画面に出します。
環境ができる前にも使うので、標準ライブラリだけで動きます。
"""

import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# 失敗のあとに出す、記録の終わりの行数。
TAIL = 40
# pytest が失敗の説明を始める行と、終わりに数をまとめる行。
FAILURES = re.compile(r"^=+ (FAILURES|ERRORS) =+$", re.MULTILINE)
SUMMARY = re.compile(r"\d+ (passed|failed|error).* in [\d.]+s")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run(
    title: str, command: list[str], log: str, env: Mapping | None = None, root=ROOT
) -> bool:
    """コマンドを動かし、出力を ``_build/log/<log>.log`` に残して、済んだかどうかを返します。

    画面には題と秒数の一行を書き、pytest なら試験の数を添えます。
    失敗すれば :func:`relevant` の行も書きます。
    """
    path = log_of(log, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    print(f"  {title} …", end="", flush=True)
    began = time.perf_counter()
    with path.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    seconds = time.perf_counter() - began
    text = COLOUR.sub("", path.read_text(encoding="utf-8", errors="replace"))
    passed = done.returncode == 0
    print(
        f" {'済み' if passed else '失敗'} ({seconds:.0f} 秒){counts(text)}", flush=True
    )
    if not passed:
        print(f"{relevant(text)}\n\n記録の全体: {shown(path)}", flush=True)
    return passed


def log_of(name: str, root: Path = ROOT) -> Path:
    """記録の置き場所。"""
    return root / "_build" / "log" / f"{name}.log"


def counts(text: str) -> str:
    """pytest の記録なら、試験の数の行。ほかの記録なら空です。

    >>> counts("....\\n==== 12 passed, 1 skipped in 3.45s ====\\n")
    '  12 passed, 1 skipped in 3.45s'
    >>> counts("できました")
    ''
    """
    last = text.rstrip().rpartition("\n")[2].strip("= ")
    return f"  {last}" if SUMMARY.search(last) else ""


def relevant(text: str) -> str:
    """失敗の記録のうち、直すのに要る所: pytest の失敗の説明のすべてか、終わりの数十行。

    >>> relevant("....F\\n=== FAILURES ===\\nE  assert 1 == 2\\n")
    '=== FAILURES ===\\nE  assert 1 == 2'
    """
    if found := FAILURES.search(text):
        return text[found.start() :].rstrip()
    return "\n".join(text.rstrip().splitlines()[-TAIL:])


def shown(path: Path) -> str:
    """今のフォルダから見た道筋。今のフォルダの外なら、そのままの道筋です。"""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
