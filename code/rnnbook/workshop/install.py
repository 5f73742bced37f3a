"""本を組むための環境 ``.venv`` を用意します。

何も入っていない Python で直接動かします (``python3 code/rnnbook/workshop/install.py``)。
``requirements.txt`` と ``pyproject.toml`` の依存が前と同じなら、何もせずに終わります。
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
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
    """空の ``.venv`` を作ります。Debian で venv の部品が欠けていれば、入れてみます。"""
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        _install_debian(version)
        command = f"apt-get install {version}"
        if subprocess.run([sys.executable, "-c", "import ensurepip"]).returncode != 0:
            sys.exit(
                f"Python の venv が欠けています。管理者として {command} を実行してください。"
            )
    if sys.prefix == sys.base_prefix:
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    else:  # ほかの仮想環境の中から呼ばれたとき
        venv.create(FOLDER, with_pip=True)


def _install_debian(package: str) -> None:
    if shutil.which("apt-get") is None:
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]  # -n: 合言葉を尋ねずに諦めます
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        try:
            subprocess.run(
                [*sudo, "apt-get", "-qq", *command], stdin=subprocess.DEVNULL
            )
        except FileNotFoundError:
            return


def pip(*arguments: str) -> None:
    """``.venv`` の pip。失敗すれば、その記録の後に一文を添えて終わります。"""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode != 0:
        sys.exit(
            "部品を入れられませんでした。ネットワークと上の記録を確かめてください。"
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
    print("環境 .venv を用意しています (初めは数分かかります)。", flush=True)
    STAMP.unlink(missing_ok=True)
    if not PYTHON.exists() or subprocess.run([str(PYTHON), "-m", "pip", "-q", "check"],
                                             stdout=subprocess.DEVNULL).returncode > 1:  # fmt: skip
        create()
    # 組み立ての道具も控えの版を使います。先に入れ、隔離環境を別に作らせません。
    builder = re.search(r"^setuptools==\S+", requirements, re.MULTILINE).group()
    pip("install", "--quiet", builder)
    pip("install", "--quiet", "--no-build-isolation", "-r", "requirements.txt")
    STAMP.write_text(fingerprint())
    print("環境 .venv ができました。", flush=True)


if __name__ == "__main__":
    main()
