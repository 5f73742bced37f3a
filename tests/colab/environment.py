"""Colab と同じバージョンのライブラリを持つ環境 ``.venv-colab`` を用意します。

``python tests/colab/environment.py`` で作り、バージョンの控えが変わらなければ何もしません。
章ごとの試験は、この環境の上に重ねた使い捨ての環境で行います。
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
STAMP = FOLDER / ".rnnbook"
WHEELS = FOLDER / "wheels"
# 本物の Colab のバージョン。CPU 用の torch が新しいバージョンを求めるので、後から入れます。
SETUPTOOLS = "setuptools==75.2.0"
JAPANIZE = "japanize-matplotlib==1.1.3"


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint() -> str:
    sources = (HERE / "constraints.txt").read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(sources + f"{sys.version} {FOLDER}".encode()).hexdigest()


def is_ready() -> bool:
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def create() -> None:
    """環境を初めから作り直します。"""
    print("Colab と同じバージョンの環境 .venv-colab を用意しています。", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    python = str(python_of(FOLDER))

    def pip(*arguments: str) -> None:
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", *arguments, *quiet], check=True)

    pip("install", "--no-compile", "-r", str(HERE / "constraints.txt"))
    pip("wheel", "--no-deps", "--wheel-dir", str(WHEELS), JAPANIZE)
    pip("install", "--no-deps", SETUPTOOLS)
    STAMP.write_text(fingerprint())


def overlay(folder: Path) -> Path:
    """``.venv-colab`` のライブラリが見える、空の使い捨ての環境を作り、その Python を返します。

    章が何かを入れると、この環境だけに入ります。元のライブラリを新しいバージョンで隠すこともここで分かります。
    """
    venv.create(folder, with_pip=False)
    python = python_of(folder)
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own, shared = (
        subprocess.run([str(p), "-c", show], check=True, capture_output=True, text=True)
        for p in (python, python_of(FOLDER))
    )
    line = f"import site; site.addsitedir({shared.stdout.strip()!r})\n"
    Path(own.stdout.strip(), "colab.pth").write_text(line)
    kernel = folder / "share/jupyter/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(
        json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"})
    )
    return python


if __name__ == "__main__":
    if not is_ready():
        create()
