"""学習の計算の核 kernels.c を、WebAssembly の kernels.wasm にします (``make kernels``)。

本を組むときも試すときも、保存してある kernels.wasm を使うので、コンパイラーは要りません。
kernels.c を変えた人だけが、これを動かします。コンパイラー (Zig が持つ clang) は、決まったバージョンを PyPI から
``_build`` に入れます (81 MB)。同じ kernels.c からは、いつも同じバイト列ができます。
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from rnnbook.workshop import steps
from rnnbook.workshop.environment import ROOT

TRAIN = ROOT / "code" / "rnnbook" / "widgets" / "nn" / "train"
SOURCE, MODULE, RECORD = (TRAIN / f"kernels.{end}" for end in ("c", "wasm", "json"))

COMPILER = "ziglang==0.13.0.post1"
FOLDER = ROOT / "_build" / COMPILER.replace("==", "-")
ZIG = FOLDER / "ziglang" / ("zig.exe" if os.name == "nt" else "zig")
FLAGS = [
    "-target",
    "wasm32-freestanding",
    "-mcpu=generic+simd128",
    "-O3",
    "-ffp-contract=off",  # 積と和をまとめない。どの計算機でも同じ値になる
    "-fno-math-errno",
    "-fvisibility=hidden",
    "-nostdlib",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wl,--no-entry",
    "-Wl,--export-dynamic",  # KERNEL と書いた関数を、JavaScript から呼べるように
    "-Wl,--import-memory",
    "-Wl,--strip-all",
    "-Wl,-z,stack-size=4096",
]


def sha256(path: Path) -> str:
    """ファイルの SHA-256。C の改行は、Windows の git が CR LF にしていても LF とみなします。"""
    content = path.read_bytes()
    if path == SOURCE:
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()


def is_installed() -> bool:
    """決まったバージョンのコンパイラーが ``_build`` にあるか。"""
    return ZIG.is_file()


def compile_to(target: Path) -> None:
    """kernels.c を翻訳し、target に書きます。

    RuntimeError: コンパイラーが断ったとき。文は、その言い分です。
    """
    cache = str(FOLDER / "cache")
    done = subprocess.run(
        [str(ZIG), "cc", *FLAGS, "-o", str(target), SOURCE.name],
        cwd=SOURCE.parent,
        env=os.environ | {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{SOURCE.name} を翻訳できませんでした。\n{done.stderr}")


def record() -> dict[str, object]:
    """kernels.wasm の出どころ: もとのファイル、コンパイラー、コマンド、SHA-256。"""
    return {
        "source": {"name": SOURCE.name, "sha256": sha256(SOURCE)},
        "compiler": COMPILER,
        "command": ["zig", "cc", *FLAGS, "-o", MODULE.name, SOURCE.name],
        "module": {"name": MODULE.name, "sha256": sha256(MODULE)},
    }


def main() -> int:
    if not is_installed():
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--upgrade"]
        command += ["--target", str(FOLDER), COMPILER]
        if not steps.run(f"コンパイラー {COMPILER}", command, "kernels"):
            return 1
    before = MODULE.read_bytes() if MODULE.is_file() else b""
    try:
        compile_to(MODULE)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    text = json.dumps(record(), ensure_ascii=False, indent=2) + "\n"
    RECORD.write_text(text, encoding="utf-8")
    same = "前と同じバイト列です" if MODULE.read_bytes() == before else "変わりました"
    print(f"  {MODULE.name}: {MODULE.stat().st_size:,} バイト、{same}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
