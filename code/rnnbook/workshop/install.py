"""本を組むための環境 ``.venv`` を用意します。

何も入っていない Python で直接動かします (``python3 code/rnnbook/workshop/install.py``)。
``requirements.txt`` と ``pyproject.toml`` の依存が前と同じなら、何もせずに終わります。
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# まだ入っていないパッケージの、標準ライブラリだけで動く二つを使います。
sys.path[0] = str(ROOT / "code")

from rnnbook.workshop import steps, system  # noqa: E402

FOLDER = ROOT / ".venv"
STAMP = FOLDER / ".rnnbook"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint() -> str:
    """環境の中身を決めるものの指紋。"""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    digest.update((ROOT / "requirements.txt").read_bytes())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for part in ("build-system", "project"):  # 検査の設定が変わっても、環境は同じです。
        digest.update(repr(project[part]).encode())
    return digest.hexdigest()


def create() -> None:
    """空の ``.venv`` を作ります。Debian で venv の一部が欠けていれば、入れます。"""
    shutil.rmtree(FOLDER, ignore_errors=True)
    if importlib.util.find_spec("ensurepip") is None:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        system.install([version], "Python の venv")
    if not steps.run(
        "空の環境", [sys.executable, "-m", "venv", str(FOLDER)], "setup-venv"
    ):
        sys.exit(
            "Python の venv が環境を作れませんでした。上の記録を確かめてください。"
        )


def usable() -> bool:
    """前の ``.venv`` の pip が動くか (バージョンの食い違いは、入れ直せば直ります)。"""
    command = [str(PYTHON), "-m", "pip", "-q", "check"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return PYTHON.exists() and subprocess.run(command, **quiet).returncode <= 1


def pip(title: str, log: str, *arguments: str) -> None:
    """``.venv`` の pip。失敗すれば、その記録の後に一文を添えて終わります。"""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    if not steps.run(title, [*command, *arguments], log):
        sys.exit(
            "ライブラリを入れられませんでした。ネットワークと上の記録を確かめてください。"
        )


def main() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(
            f"Python 3.11 から 3.13 が要ります (今は {sys.version.split()[0]})。"
            "make PYTHON=python3.12 book のように指定してください。"
        )
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == fingerprint():
        return
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    print(
        "環境 .venv を用意します (初めは数分。記録は "
        f"{steps.shown(steps.log_of('setup'))})。",
        flush=True,
    )
    STAMP.unlink(missing_ok=True)
    if not usable():
        try:
            create()
        except system.Lacking as error:
            sys.exit(str(error))
    # 組み立ての道具も控えのバージョンを使います。先に入れ、隔離環境を別に作らせません。
    builder = re.search(r"^setuptools==\S+", requirements, re.MULTILINE).group()
    pip("組み立ての道具", "setup-builder", builder)
    pip("ライブラリ", "setup", "--no-build-isolation", "-r", "requirements.txt")
    STAMP.write_text(fingerprint())


if __name__ == "__main__":
    main()
