"""python -m rnnbook.workshop.writing_time: ページの中で文章を書く速さと、随筆を読む速さを測ります（第 8 章の図）。

図のモジュールを Chromium に読み込ませ、書き出しに続けて書く一字あたりの時間と、抜粋を読む一字あたりの時間を測ります。
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rnnbook import widgets
from rnnbook.widgets.characters.characters import page_model
from rnnbook.workshop import browser, serve

SLOWEST, WRITTEN, TEXTS = 100, 80, 20  # 一秒に書く字数の下限、一度に書く字数、書く回数
WRITE = """async ([weights, n, texts]) => {
  const { makeWriter, read } = await import("/characters/gru.js");
  const { write } = await import("/characters/sampling.js");
  const writer = makeWriter(weights);
  const opening = writer.encode("\\n私は子供のころ");
  const timed = (act) => {
    const start = performance.now();
    const done = act();
    return [(performance.now() - start) / n, done];
  };
  return Array.from({ length: texts }, (_, k) => {
    const rule = { temperature: 0.8, topK: 100, topP: 0.95, seed: k + 1 };
    const [write_, { ids }] = timed(() => write(writer, opening, n, rule));
    const [read_] = timed(() => read(writer, ids.slice(-n)));
    return [write_, read_];
  });
}"""


def measure() -> np.ndarray:
    """書く、読む一字あたりの時間 ms (TEXTS, 2)。"""
    from playwright.sync_api import sync_playwright

    weights = page_model()["apart"]
    folder = Path(widgets.__path__[0])
    with serve.running(folder) as url, sync_playwright() as playwright:
        page = browser.launch(playwright).new_page()
        page.goto(url + "kit/figure.css")
        return np.array(page.evaluate(WRITE, [weights, WRITTEN, TEXTS]))


def main() -> int:
    """中央値の速さが一秒に SLOWEST 字を下回ったら 1。"""
    write, read = 1000 / np.median(measure(), axis=0)
    slow = write < SLOWEST
    mark = f"  下限の {SLOWEST} 字を下回りました" if slow else ""
    print("ページの中で一秒に書く字数と、読む字数（中央値）")
    print(f"  書く {write:.0f} 字、読む {read:.0f} 字{mark}")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
