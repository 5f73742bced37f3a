"""python -m rnnbook.workshop.redraw_time: 遊び場が学習の間に描き直す、主スレッドの時間を測ります。

図を一つ、幅 360 px のページに描いて「学習」を押し、Chromium の記録（トレース）から、主スレッドの一続きの
仕事の長さを読みます。描き直しは、並べ直し（Layout）を含む仕事です。時間は、待たされた間を数えない、
スレッドの CPU の時間です。計算機が混めば、実際の時間はこれより長くなるので、並べて、混み具合とともに印字します。
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

from rnnbook.widgets.playground import Playground
from rnnbook.workshop import browser

FRAME = 16.0  # 一枚の画面の時間 ms
SECONDS = 5.0
LSTM = {"cell": "lstm", "H": 32}
# 名 → 図の引数
CASES: dict[str, dict] = {
    "LSTM、T = 25": LSTM | {"T": 25},
    "LSTM、T = 400": LSTM | {"T": 400},
    "A と B（LSTM、GRU）": LSTM | {"T": 25, "compare": "on", "cell_B": "gru"},
    "種を十個": LSTM | {"T": 50},
    "どの欄も開く": LSTM | {"T": 100},
    "章の小さな図": LSTM | {"T": 25, "size": "small"},
}
MOUNT = """async ([esm, css, state]) => {
  document.head.appendChild(document.createElement("style")).textContent = css;
  const model = { get: (name) => state[name], set: (name, value) => { state[name] = value; }, save_changes() {}, send() {}, on() {}, off() {} };
  const el = document.body.appendChild(document.createElement("div"));
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  (await import(url)).default.render({ model, el });
}"""
PRESS = """(start) => [...document.querySelectorAll("button")].find((each) => each.textContent.startsWith(start)).click()"""
UNFOLD = (
    "() => document.querySelectorAll('details').forEach((each) => (each.open = true))"
)
BEGUN = "() => /更新 [0-9]+ 回で/.test(document.querySelector('.rf-live').textContent)"
PER_SECOND = "() => Number(/毎秒 ([0-9]+)/.exec(document.querySelector('.rf-play-facts').textContent)?.[1] ?? NaN)"
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]


def main_thread(events: list[dict]) -> list[dict]:
    """トレースのうち、図のページの主スレッドの出来事（いちばん働いたもの）。"""
    names = (e for e in events if e.get("name") == "thread_name")
    threads = [(e["pid"], e["tid"]) for e in names if e["args"]["name"] == "CrRendererMain"]  # fmt: skip
    works = [e for e in events if e.get("ph") == "X"]
    return max(([e for e in works if (e["pid"], e["tid"]) == one] for one in threads), key=len)  # fmt: skip


class Block(NamedTuple):
    """主スレッドの一続きの仕事 ms。"""

    cpu: float
    wall: float


def blocks(events: list[dict]) -> list[list[Block]]:
    """主スレッドの一続きの仕事と、そのうちの描き直し。"""
    mine = main_thread(events)
    tasks = [e for e in mine if e["name"] == "RunTask"]
    layouts = [e["ts"] for e in mine if e["name"] == "Layout"]
    redraws = [e for e in tasks if any(0 <= ts - e["ts"] <= e["dur"] for ts in layouts)]
    return [[Block(e.get("tdur", 0) / 1000, e["dur"] / 1000) for e in some] for some in (tasks, redraws)]  # fmt: skip


def measure(chromium, name: str, rate: float) -> dict[str, float]:
    """一つの図の、一秒の描き直し、その中央値と 95 パーセンタイル、最長の一続き、占める割合、一秒の更新。"""
    figure = Playground(**CASES[name])
    kept = {k: v for k, v in figure.get_state().items() if k[0] != "_" or k in ("_properties", "_python")}  # fmt: skip
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.evaluate(MOUNT, [figure._esm, figure._css, json.loads(json.dumps(kept, default=str))])  # fmt: skip
    if name == "どの欄も開く":
        page.evaluate(UNFOLD)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.evaluate(PRESS, "種を 10 個" if name == "種を十個" else "学習")
    page.wait_for_function(BEGUN)
    page.wait_for_timeout(1000)  # はじめの一枚と翻訳が済むまで
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        chromium.start_tracing(page=page, path=path, categories=TRACED)
        page.wait_for_timeout(1000 * SECONDS)
        chromium.stop_tracing()
        events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    updates = page.evaluate(PER_SECOND)
    page.close()
    tasks, redraws = blocks(events)
    cpu = [task.cpu for task in redraws]
    return {
        "redraws": len(redraws) / SECONDS,
        "median": statistics.median(cpu),
        "p95": statistics.quantiles(cpu, n=20)[-1],
        "longest": max(task.cpu for task in tasks),
        "wall": max(task.wall for task in tasks),
        "share": sum(task.cpu for task in tasks) / (1000 * SECONDS),
        "updates": updates,
    }


def main(argv: list[str] | None = None) -> int:
    """どの図も測って印字します。一続きが一枚の画面の時間を超えたら 1。"""
    parser = argparse.ArgumentParser(prog="redraw_time", description=__doc__)
    parser.add_argument("--rate", type=float, default=1, help="CPU を何分の一にするか（スマートフォンの代わりは 4）")  # fmt: skip
    rate = parser.parse_args(argv).rate
    from playwright.sync_api import sync_playwright

    slowed = f"、CPU は {rate:g} 分の一" if rate > 1 else ""
    print(f"遊び場の描き直し（幅 360 px、主スレッドの CPU の ms{slowed}）")
    print("描き直し/秒  中央値    95 %    最長 (実際の時間)  割合  更新/秒")
    slow = False
    with sync_playwright() as playwright:
        for name in CASES:
            chromium = browser.launch(playwright)
            found = measure(chromium, name, rate)
            chromium.close()
            late = found["longest"] > FRAME * rate
            slow |= late
            mark = "  一枚の画面の時間を超えました" if late else ""
            print(
                "{redraws:10.1f} {median:8.1f} {p95:7.1f} {longest:7.1f} ({wall:5.1f})".format(**found)
                + f"{100 * found['share']:9.0f} % {found['updates']:7.0f}   {name}（混み具合 {os.getloadavg()[0]:.1f}）{mark}",
                flush=True,
            )  # fmt: skip
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
