"""試験に使うブラウザを探し、なければ入れます。

順に、環境変数 ``RNNBOOK_CHROMIUM``、この計算機にある Chromium の仲間、
Playwright が前に入れたものを見ます。``ensure()`` はさらに、Playwright から、
それも駄目なら Debian の包みから入れます。
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = (
    "ブラウザが見つからないので画面の試験ができません。Chromium か Chrome を入れるか、"
    "その実行ファイルを環境変数 RNNBOOK_CHROMIUM で示してください。"
)


def find() -> str | None:
    """使えるブラウザの実行ファイルを返します。なければ ``None`` です。"""
    if path := _installed():
        return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return _own(playwright)


def _installed() -> str | None:
    """この計算機に入っているブラウザ。"""
    named = os.environ.get("RNNBOOK_CHROMIUM")
    if named and shutil.which(named) is None:
        raise RuntimeError(
            f"環境変数 RNNBOOK_CHROMIUM が指す {named!r} は実行できません。"
            "Chromium か Chrome の実行ファイルを指してください。"
        )
    candidates = [named] if named else [*NAMES, *PLACES]
    return next((path for name in candidates if (path := shutil.which(name))), None)


def _own(playwright) -> str | None:
    """Playwright が自分で入れた Chromium。"""
    path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def launch(playwright):
    """見つけたブラウザを画面なしで起動します。なければ一文の例外を送出します。"""
    path = _installed() or _own(playwright)
    if path is None:
        raise RuntimeError(MISSING)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


def ensure() -> str | None:
    """ブラウザを探し、なければ入れて、その実行ファイルを返します。"""
    if path := find():
        return path
    print("ブラウザがないので入れます (Playwright)。", flush=True)
    _try([sys.executable, "-m", "playwright", "install", "chromium"])
    if path := find():
        return path
    if shutil.which("apt-get"):
        print("Playwright からは入らないので、Debian の包みを入れます。", flush=True)
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]  # -n: 合言葉を尋ねずに諦める
        apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
        _try([*apt, "update"])
        _try([*apt, "--no-install-recommends", "install", "chromium", "fonts-noto-cjk"])
    return find()


def _try(command: list[str]) -> None:
    """コマンドを試し、失敗しても先へ進みます。出来たかどうかは ``find()`` が見ます。"""
    try:
        subprocess.run(command, timeout=600, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {command[0]}: {error}")


def main() -> int:
    try:
        path = ensure()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    print(f"試験に使うブラウザ: {path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
