"""python -m rnnbook.workshop.decoding_time: ページの中で日付を一つ書くのにかかる時間を測ります。

図のモジュールを Chromium に読み込ませ、日付ごとに、読んで、ビーム探索で書き終えるまでを測ります。
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rnnbook import data, widgets
from rnnbook.tasks import date_questions, dates
from rnnbook.workshop import browser, serve

LIMIT_MS, DATES = 50, 200
WRITE = """async ([packed, texts, width]) => {
  const { makeSeq2Seq, nextLogP } = await import("/nn/seq2seq.js");
  const { beamSearch } = await import("/nn/beam.js");
  const { LONGEST, numbersOf } = await import("/dates/writer.js");
  const model = makeSeq2Seq(packed, true);
  return texts.map((text) => {
    const start = performance.now();
    beamSearch(nextLogP(model, numbersOf(text)), { longest: LONGEST, width });
    return performance.now() - start;
  });
}"""


def measure(widths: tuple[int, ...]) -> list[np.ndarray]:
    """ビームの幅ごとの、日付を一つ書く時間 ms (DATES,)。"""
    from playwright.sync_api import sync_playwright

    rng = np.random.default_rng(0)
    cases = [case for each in date_questions.questions().values() for case in each]
    texts = [dates.write(*cases[k]) for k in rng.integers(len(cases), size=DATES)]
    packed = data.load("dates_weights").to_dict("records")
    folder = Path(widgets.__path__[0])
    with serve.running(folder) as url, sync_playwright() as playwright:
        page = browser.launch(playwright).new_page()
        page.goto(url + "kit/figure.css")
        return [
            np.array(page.evaluate(WRITE, [packed, texts, width])) for width in widths
        ]


def main() -> int:
    """貪欲法、図のはじめの幅、いちばん広い幅で測り、95 パーセンタイルが LIMIT_MS を超えたら 1。"""
    print("ページの中で日付を一つ書く時間（中央値、95 パーセンタイル）")
    slow, widths = False, (1, 3, 8)
    for width, times in zip(widths, measure(widths), strict=True):
        middle, p95 = np.percentile(times, [50, 95])
        slow |= p95 > LIMIT_MS
        mark = f"  上限 {LIMIT_MS} ms を超えました" if p95 > LIMIT_MS else ""
        print(f"  幅 {width}: {middle:.1f} ms、{p95:.1f} ms{mark}")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
