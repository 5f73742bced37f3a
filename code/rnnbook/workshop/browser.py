"""試験に使うブラウザを探し、なければ入れます。

順に、環境変数 ``RNNBOOK_CHROMIUM``、この計算機にある Chromium の仲間、
Playwright が前に入れたものを見ます。``ensure()`` はさらに、足りないものを Debian の
パッケージか Playwright から入れます。
"""

import os
import shutil
import sys

from rnnbook.workshop import steps, system

NAMES = [
    # 画面を持たない Chromium。窓や設定の頁を起こさないので、CPU の時間が三分の一で済みます。
    "chromium-headless-shell",
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
# 頁の図がみな描かれるまで待つ式。大きな重みを読む図は見えるまで描かれないので、見える所まで送ります。
# 描いたあとも計算を続ける図は、その間 aria-busy です
EVERY_FIGURE_DRAWN = """() => {
  const views = [...document.querySelectorAll('.rnnbook-view')];
  const waiting = views.find((view) => !('drawn' in view.dataset));
  if (!waiting) return !document.querySelector('.rnnbook-view [aria-busy="true"]');
  const [left, top] = [scrollX, scrollY];
  waiting.scrollIntoView({ behavior: 'instant' });
  requestAnimationFrame(() => requestAnimationFrame(() => scrollTo({ left, top, behavior: 'instant' })));
  return false;
}"""
MISSING = (
    "ブラウザが見つからないので画面の試験ができません。Chromium か Chrome を入れるか、"
    "その実行ファイルを環境変数 RNNBOOK_CHROMIUM で示してください。"
)
# 書体のない文字は、どれも同じ空の四角になります。
DRAWS_JAPANESE = """() => {
  const pixels = (letter) => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "40px sans-serif";
    pen.fillText(letter, 10, 60);
    return pen.getImageData(0, 0, 80, 80).data.join();
  };
  return pixels("再") !== pixels("帰");
}"""


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
    """Playwright が自分で入れた Chromium のうち、要るライブラリが揃って動くもの。"""
    path = playwright.chromium.executable_path
    return path if system.succeeds([path, "--version"]) else None


def launch(playwright):
    """見つけたブラウザを画面なしで起動します。なければ一文の例外を送出します。"""
    path = _installed() or _own(playwright)
    if path is None:
        raise RuntimeError(MISSING)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


def driver_runs() -> bool:
    """Playwright が使う Node.js が、この計算機で動くか (libatomic1 がないと動きません)。"""
    from playwright._impl._driver import compute_driver_executable

    return system.succeeds([compute_driver_executable()[0], "--version"])


def draws_japanese() -> bool:
    """ブラウザが日本語の文字を描けるか (書体があるか)。"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        drawn = browser.new_page().evaluate(DRAWS_JAPANESE)
        browser.close()
    return drawn


def lacking() -> dict[str, str]:
    """足りない Debian のパッケージと、その役目。

    ブラウザがなければ日本語の書体を確かめられないので、書体も数えます。
    """
    packages = {}
    if runs := driver_runs():
        found = find()
    else:
        packages["libatomic1"] = "Playwright の動く Node.js"
        found = _installed()
    if found is None:
        packages[NAMES[0]] = "ブラウザ"
    if found is None or (runs and not draws_japanese()):
        packages["fonts-noto-cjk"] = "日本語の書体"
    return packages


def ensure() -> str:
    """ブラウザを探し、足りないものを入れて、その実行ファイルを返します。

    入れられなければ、代わりに行うことを一文で述べる例外を送出します。
    """
    asked: set[str] = set()
    while packages := lacking():
        # ブラウザだけなら、apt のない計算機でも Playwright から入ることがあります。
        if NAMES[0] in packages and driver_runs():
            download = [sys.executable, "-m", "playwright", "install", "chromium"]
            steps.run("Chromium (Playwright)", download, "browser")
            packages = lacking()
        roles = "、".join(packages.values())
        if packages and (shutil.which("apt-get") is None or set(packages) <= asked):
            raise RuntimeError(f"この計算機に、{roles} がありません。{MISSING}")
        if packages:
            system.install(list(packages), roles)
        asked |= set(packages)
    return find()


def main() -> int:
    try:
        path = ensure()
    except (RuntimeError, system.Lacking) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"  試験に使うブラウザ: {path}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
