"""requirements.txt を、pyproject.toml に書かれたライブラリから作り直します (``make lock``)。

pip-compile がすべてのバージョンを決め、この文書が各行に理由を添えます。直接使うライブラリの理由は
pyproject.toml の注釈から、その先のライブラリは「何が要るか」 (via …) から取ります。
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rnnbook.workshop.environment import ROOT

HEADER = """\
# この本を組み、試すためのライブラリのバージョンです。make lock が pyproject.toml から作ります。手で直しません。
# 各行の # の後は、そのライブラリが要る理由です (via は、それを要る別のライブラリ)。
"""
DIRECT = re.compile(r'^\s*"([A-Za-z0-9._-]+)[^"]*",\s*# (.+)$', re.MULTILINE)
LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;+]+)(?:\+\S+)?\s*# via (.+)$")
# バージョンは同じで、計算機によってパッケージの名が違います。tensorflow-cpu のない所は tensorflow です。
ELSEWHERE = 'sys_platform == "darwin" or platform_machine == "aarch64"'
HERE = 'sys_platform != "darwin" and platform_machine != "aarch64"'


def reasons(pyproject: str) -> dict[str, str]:
    """pyproject.toml の注釈から、直接使うライブラリの理由を読みます。"""
    return {name.lower(): reason for name, reason in DIRECT.findall(pyproject)}


def render(compiled: str, why: dict[str, str]) -> str:
    """pip-compile の結果の各行に理由を添えた requirements.txt の本文。"""
    lines = []
    for line in compiled.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, version, via = LINE.match(line).groups()
        reason = why.get(
            name, f"via {via.replace('rnnbook (pyproject.toml)', 'rnnbook')}"
        )
        if name == "tensorflow-cpu":
            lines.append(f"tensorflow-cpu=={version} ; {HERE}  # {reason}")
            lines.append(f"tensorflow=={version} ; {ELSEWHERE}  # {reason}")
        else:
            lines.append(f"{name}=={version}  # {reason}")
    return HEADER + "\n".join(lines) + "\n-e .  # 章が使うパッケージ rnnbook 自身\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "requirements.txt"
        options = [
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--no-emit-trusted-host",
        ]
        options += [
            "--strip-extras",
            "--allow-unsafe",
            "--annotation-style=line",
            "--no-header",
        ]
        command = [sys.executable, "-m", "piptools", "compile", *options, "--quiet"]
        command += [
            "--extra=book",
            "--extra=test",
            f"--output-file={output}",
            "pyproject.toml",
        ]
        subprocess.run(command, cwd=ROOT, check=True)
        compiled = output.read_text(encoding="utf-8")
    why = reasons((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (ROOT / "requirements.txt").write_text(render(compiled, why), encoding="utf-8")
    print("requirements.txt を書きました。make book と make test で確かめてください。")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
