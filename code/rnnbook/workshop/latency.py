"""図が応えるまでの時間: つまみを動かす出来事から、新しい絵が描かれるまで。

python -m rnnbook.workshop.latency は、組んだサイトのすべての図で測って印字します。
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from rnnbook.workshop import browser, serve

# 出来事の始まり、その処理の終わり、画面の書き換えの始まりと終わりを控えます。
LISTEN = """() => {
  window.paintTimes = [];
  if (window.paintListens) return;
  window.paintListens = true;
  document.addEventListener("input", (event) => {
    // この関数は、図が出来事を処理したあとに呼ばれる。
    const handled = performance.now();
    const painted = new MessageChannel();
    let frame = 0;
    window.paintFrame = (now) => { frame = now; };
    painted.port1.onmessage = () => {
      const end = performance.now();
      window.paintTimes.push([handled - event.timeStamp + end - frame, end - event.timeStamp]);
    };
    window.paintPort = painted.port2;
  });
  document.addEventListener("input", () => {
    // 図より先に呼ばれるので、図が描き始める前の時刻が分かる。
    requestAnimationFrame(() => {
      window.paintFrame(performance.now());
      window.paintPort.postMessage(0);
    });
  }, true);
}"""


def measure(page, slider, changes: int = 60) -> np.ndarray:
    """つまみを矢印キーで changes 回動かし、(回, 2) の時間 ms を返します。

    列は、図の仕事（出来事の処理、描画、配置、塗り）と、画面の更新を待つ時間も含む全体です。
    """
    page.evaluate(LISTEN)
    slider.focus()
    low, high = float(slider.get_attribute("min")), float(slider.get_attribute("max"))
    key = (
        "ArrowRight" if float(slider.input_value()) < (low + high) / 2 else "ArrowLeft"
    )
    back = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}
    for n in range(changes):
        if n and n % 4 == 0:  # 端に着かないように、4 回ごとに向きを変えます。
            key = back[key]
        page.keyboard.press(key)
        page.wait_for_timeout(25)
    return np.array(page.evaluate("window.paintTimes")).reshape(-1, 2)


def best_p95(page, slider) -> tuple[float, float]:
    """図の仕事と全体の 95 パーセンタイル ms。ほかの仕事に邪魔されにくいよう、3 度の最良です。"""
    runs = [np.percentile(measure(page, slider), 95, axis=0) for _ in range(3)]
    work, whole = np.min(runs, axis=0)
    return float(work), float(whole)


def report(site: Path) -> list[tuple[str, int, float, float]]:
    """(ページ、図の番号、図の仕事、全体) を、つまみのある図ごとに返します。"""
    from playwright.sync_api import sync_playwright

    pages = [
        p
        for p in sorted(site.rglob("*.html"))
        if 'class="rnnbook-view"' in p.read_text("utf-8")
    ]
    rows = []
    with serve.running(site) as url, sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        for path in pages:
            name = path.relative_to(site).as_posix()
            page = chromium.new_page()
            page.goto(url + name)
            page.wait_for_function(
                "[...document.querySelectorAll('.rnnbook-view')].every((v) => 'drawn' in v.dataset)"
            )
            views = page.locator(".rnnbook-view")
            for number in range(views.count()):
                sliders = views.nth(number).locator("input[type=range]")
                if sliders.count():
                    rows.append((name, number + 1, *best_p95(page, sliders.last)))
            page.close()
        chromium.close()
    return rows


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="図が応えるまでの時間を測ります。")
    parser.add_argument(
        "--site", type=Path, default=serve.SITE, help="組んだサイトのフォルダ"
    )
    site = parser.parse_args(argv).site
    if not (site / "index.html").is_file():
        print("サイトがまだありません。先に make book を実行してください。")
        return 1
    print("図が応えるまでの時間（矢印キー 60 回の 95 パーセンタイル、3 度の最良、ms）")
    for name, number, work, whole in report(site):
        print(
            f"  {name} の図 {number}: 図の仕事 {work:.1f}、画面の更新を待つ時間も含めて {whole:.1f}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
