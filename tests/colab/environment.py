"""Colab と同じバージョンのライブラリを持つ環境 ``.venv-colab`` を用意します。

``python tests/colab/environment.py`` で作り、バージョンの控えが変わらなければ何もしません。
章ごとの試験は、この環境の上に重ねた使い捨ての環境で行います。

Colab の Python は 3.13 です。手元に 3.13 があれば、``python3.13 tests/colab/environment.py --own`` で、
その Python の環境 ``.venv-colab-3.13`` も作れます。あれば、番の章はそこでも動きます。
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / ".venv-colab"
# Colab の Python。PyTorch の 3.13 用は大きい (数 GB) ので、手で用意したときだけ使います。
OWN = FOLDER.with_name(".venv-colab-3.13")
WHEELS = FOLDER / "wheels"
# 本物の Colab のバージョン。CPU 用の torch が新しいバージョンを求めるので、後から入れます。
SETUPTOOLS = "setuptools==75.2.0"
JAPANIZE = "japanize-matplotlib==1.1.3"


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(folder: Path = FOLDER) -> str:
    sources = (HERE / "constraints.txt").read_bytes() + Path(__file__).read_bytes()
    version = "3.13" if folder == OWN else sys.version
    return hashlib.sha256(sources + f"{version} {folder}".encode()).hexdigest()


def is_ready(folder: Path = FOLDER) -> bool:
    stamp = folder / ".rnnbook"
    return stamp.exists() and stamp.read_text() == fingerprint(folder)


def create(folder: Path = FOLDER) -> None:
    """環境を初めから作り直します。"""
    print(f"Colab と同じバージョンの環境 {folder.name} を用意しています。", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    python = str(python_of(folder))

    def pip(*arguments: str) -> None:
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", *arguments, *quiet], check=True)

    pip("install", "--no-compile", "-r", str(HERE / "constraints.txt"))
    pip("wheel", "--no-deps", "--wheel-dir", str(folder / "wheels"), JAPANIZE)
    pip("install", "--no-deps", SETUPTOOLS)
    if folder == OWN:
        # GPU 用の PyTorch に付く翻訳器で、TensorFlow のあとに読み込まれると落ちます。CPU では使いません。
        pip("uninstall", "--yes", "triton")
    (folder / ".rnnbook").write_text(fingerprint(folder))


def overlay(folder: Path, base: Path = FOLDER) -> Path:
    """``base`` のライブラリが見える、空の使い捨ての環境を作り、その Python を返します。

    章が何かを入れると、この環境だけに入ります。元のライブラリを新しいバージョンで隠すこともここで分かります。
    """
    command = [str(python_of(base)), "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    python = python_of(folder)
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own, shared = (
        subprocess.run([str(p), "-c", show], check=True, capture_output=True, text=True)
        for p in (python, python_of(base))
    )
    lines = (
        f"import site; site.addsitedir({shared.stdout.strip()!r})",
        # この計算機に入っている本は、読者の計算機にはありません。
        "import os, sys; sys.path[:] = "
        "[p for p in sys.path if not os.path.isdir(os.path.join(p, 'rnnbook'))]",
    )
    Path(own.stdout.strip(), "colab.pth").write_text("\n".join(lines) + "\n")
    kernel = folder / "share/jupyter/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(
        json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"})
    )
    return python


if __name__ == "__main__":
    wanted = OWN if "--own" in sys.argv else FOLDER
    if wanted == OWN and sys.version_info[:2] != (3, 13):
        raise SystemExit("--own を付けるときは、python3.13 で実行してください。")
    if not is_ready(wanted):
        create(wanted)
