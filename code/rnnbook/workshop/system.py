"""この計算機の Debian のパッケージ。入れてよければ入れ、駄目なら一文で述べます。

環境ができる前にも使うので、標準ライブラリだけで動きます。
"""

import os
import shutil
import subprocess
import sys

from rnnbook.workshop import steps


class Lacking(Exception):
    """足りないパッケージを入れられないこと。文は、代わりに実行するコマンドを述べます。"""


def may_install() -> bool:
    """apt があり、管理者か、合言葉なしの sudo を使える人か。"""
    if shutil.which("apt-get") is None:
        return False
    if sys.platform == "linux" and os.geteuid() == 0:
        return True
    return succeeds(["sudo", "-n", "true"])  # -n: 合言葉を尋ねずに諦めます


def succeeds(command: list[str]) -> bool:
    """コマンドが動き、0 で終わるか。出力は捨てます。"""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **quiet)
    except OSError:
        return False
    return done.returncode == 0


def install(packages: list[str], reason: str) -> None:
    """Debian のパッケージを入れます。

    ``reason`` は、何のために要るかです (「Chromium と日本語の書体」など)。
    入れられなければ :class:`Lacking` を送出します。
    """
    command = f"apt-get install {' '.join(packages)}"
    if not may_install():
        raise Lacking(
            f"この計算機に足りないもの ({reason}) があるので、"
            f"管理者として {command} を実行してください。"
        )
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    steps.run("Debian のパッケージの一覧", [*apt, "update"], "apt-update")
    title = f"Debian のパッケージ {', '.join(packages)}"
    if not steps.run(
        title, [*apt, "install", "--no-install-recommends", *packages], "apt"
    ):
        raise Lacking(
            f"上の記録の理由で入らなかったので、直してから {command} を実行してください。"
        )
