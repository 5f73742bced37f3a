"""python -m rnnbook.workshop.playground_speed: 遊び場の学習の速さを、TensorFlow.js と PyTorch に並べて測ります。

一つの Chromium のページの中で、本書の学習（WebAssembly と、読むための JavaScript）と TensorFlow.js を、
ページの外で 1 スレッドの PyTorch を、交互に動かします。一回の更新は、順伝播、逆伝播、クリップ、Adam です。
本書の学習には、問題を作る時間も入ります。ほかの二つには、同じ一組の系列を渡します。
時間は、待たされた間を数えない、スレッドの CPU の時間です。計算機が混んでいても、比が変わりにくいからです。

TensorFlow.js は測るためだけに、npm から ``_build`` に取ります。npm がなければ、その列は空きます。
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rnnbook import widgets
from rnnbook.training.threads import one_thread
from rnnbook.widgets.kit import generated
from rnnbook.workshop import browser, playground_rivals, serve

CELLS = ("rnn", "lstm", "gru", "min_gru")
SIZES = ((16, 25), (32, 25), (16, 100), (32, 100))  # (H, T)
ATTENTION = ((32, 25), (32, 100))  # 注意つきの読み出しを測る (H, T)
B, RATE, CLIP = 32, 0.001, 1.0
ROUNDS, SECONDS = 3, 0.3  # 一つの速さを、何周、何秒ずつ測るか
TIMES_TFJS, SHARE_TORCH = (
    15,
    0.5,
)  # 目標: TensorFlow.js の速いほうの何倍、PyTorch の何倍

# 本書の学習を作って window.jobs に入れ、問題の大きさを返す
OURS = """async (config) => {
  const { createRun } = await import("/nn/train/run.js");
  const { makeKernels } = await import("/nn/train/kernels.js");
  const { createWasmKernels } = await import("/nn/train/wasm_kernels.js");
  const [fast, readable] = [createWasmKernels(), makeKernels()].map((kernels) => createRun(config, kernels));
  window.jobs = { wasm: () => fast.update(), js: () => readable.update() };
  return { D: fast.sizes.D, O: fast.sizes.O };
}"""
# job を seconds 秒のあいだ（少なくとも三回）繰り返し、回数を返す
REPEAT = """([name, seconds]) => {
  const [job, from] = [window.jobs[name], performance.now()];
  let count = 0;
  do { job(); count += 1; } while (performance.now() - from < 1000 * seconds || count < 3);
  return count;
}"""
# ページの主スレッドで短い仕事を続け、その間のいちばん長い途切れ（ミリ秒）を、休みと学習のあいだで測る
LONGEST = """async ([config, seconds]) => {
  const { createTrainer } = await import("/nn/train/trainer.js");
  const { port1, port2 } = new MessageChannel();
  const longest = () => new Promise((done) => {
    let [most, last] = [0, performance.now()];
    const end = last + 1000 * seconds;
    port1.onmessage = () => {
      const now = performance.now();
      [most, last] = [Math.max(most, now - last), now];
      if (now < end) port2.postMessage(null);
      else done(most);
    };
    port2.postMessage(null);
  });
  const idle = await longest();
  let [step, kernels] = [0, ""];
  const trainer = createTrainer({ progress: (news) => ([step, kernels] = [news.step, news.kernels]), stopped: console.error });
  trainer.start(config);
  trainer.go();
  while (step < 3) await new Promise(requestAnimationFrame);
  const first = step;
  const training = await longest();
  const perSecond = (step - first) / seconds;
  trainer.close();
  return { idle, training, perSecond, kernels };
}"""


@contextlib.contextmanager
def site() -> Iterator[str]:
    """まとめる前のモジュールと TensorFlow.js を見せる住所。"""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(widgets.__path__[0], folder, dirs_exist_ok=True)
        for path, text in generated.modules().items():
            (folder / path).write_text(text, encoding="utf-8")
        for package in playground_rivals.PACKAGES:
            if (playground_rivals.TFJS / package).is_dir():
                shutil.copytree(
                    playground_rivals.TFJS / package / "dist", folder / package
                )
        with serve.running(folder) as url:
            yield url


def config(cell: str, H: int, T: int, readout: str = "last") -> dict[str, object]:
    """本書の学習の設定。"""
    return {
        "task": "latch", "cell": cell, "readout": readout, "start": "uniform", "rho": 1, "forget_bias": None,
        "T": T, "H": H, "B": B, "seed": 1, "learning_rate": RATE,
        "optimizer": "adam", "clip": CLIP, "own": "",
    }  # fmt: skip


def time_torch(step: Callable[[], float]) -> float:
    """一回の更新の、CPU のミリ秒。"""
    step()
    count, start, before = 0, time.perf_counter(), time.thread_time()
    while time.perf_counter() - start < SECONDS or count < 3:
        step()
        count += 1
    return 1e3 * (time.thread_time() - before) / count


class Page:
    """測るページ。"""

    def __init__(self, url: str, playwright) -> None:
        self.page = browser.launch(playwright).new_page()
        self.page.goto(url + "kit/figure.css")
        self.cdp = self.page.context.new_cdp_session(self.page)
        self.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.backends = (
            ("wasm", "cpu")
            if (playground_rivals.TFJS / playground_rivals.PACKAGES[1]).is_dir()
            else ()
        )
        if self.backends:
            for name in ("tfjs/tf", "tfjs-backend-wasm/tf-backend-wasm"):
                self.page.add_script_tag(url=f"{url}{name}.min.js")
            self.page.evaluate(f"tf.wasm.setWasmPaths('{url}tfjs-backend-wasm/')")

    def cpu(self) -> float:
        """ページの主スレッドが使った CPU の秒。"""
        found = self.cdp.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in found if each["name"] == "ThreadTime")

    def time(self, job: str) -> float:
        """一回の更新の、CPU のミリ秒。"""
        self.page.evaluate(REPEAT, [job, SECONDS / 3])  # 翻訳が済むまで
        before = self.cpu()
        count = self.page.evaluate(REPEAT, [job, SECONDS])
        return 1e3 * (self.cpu() - before) / count

    def compare(
        self, cell: str, H: int, T: int, rounds: int, readout: str = "last"
    ) -> dict[str, float]:
        """それぞれの一回の更新のミリ秒（周の中央値）。注意は、TensorFlow.js では測りません。"""
        ours = config(cell, H, T, readout)
        sizes = {"cell": cell, "T": T, "H": H, "B": B, "rate": RATE, "clip": CLIP}
        sizes |= self.page.evaluate(OURS, ours)
        step = playground_rivals.torch_step(**sizes, readout=readout)
        times: dict[str, list[float]] = {}
        for _ in range(rounds):
            self.page.evaluate(OURS, ours)
            found = {name: self.time(name) for name in ("wasm", "js")}
            for backend in self.backends if readout == "last" else ():
                self.page.evaluate(
                    playground_rivals.THEIRS, sizes | {"backend": backend}
                )
                found[f"tf {backend}"] = self.time(backend)
            found["torch"] = time_torch(step)
            for name, value in found.items():
                times.setdefault(name, []).append(value)
        return {name: statistics.median(values) for name, values in times.items()}


def line(cell: str, H: int, T: int, ms: dict[str, float]) -> tuple[str, bool]:
    """表の一行と、目標に届いたか。"""
    theirs = [value for name, value in ms.items() if name.startswith("tf")]
    faster = min(theirs) / ms["wasm"] if theirs else float("nan")
    share = ms["torch"] / ms["wasm"]
    cells = [f"{ms[name]:8.2f}" if name in ms else f"{'—':>8}" for name in ("wasm", "js", "tf wasm", "tf cpu", "torch")]  # fmt: skip
    text = f"{cell:8}{H:4}{T:5}{1000 / ms['wasm']:9.0f}  {' '.join(cells)}  {faster:6.1f} {ms['js'] / ms['wasm']:6.1f} {share:7.2f}"  # fmt: skip
    return text, not (faster < TIMES_TFJS or share < SHARE_TORCH)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="playground_speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="交互に測る周の数")
    parser.add_argument("--cells", nargs="*", default=CELLS, choices=CELLS)
    chosen = parser.parse_args(arguments)
    from playwright.sync_api import sync_playwright

    if not playground_rivals.tensorflow_js():
        print("npm から TensorFlow.js を取れないので、その列は空けます。")
    print(
        "遊び場の学習: 一回の更新の CPU のミリ秒（B = 32、Adam、クリップ、交互に測った中央値）"
    )
    print(f"{'セル':6}{'H':>4}{'T':>5}{'回/秒':>7}  {'本書':>6} {'本書 JS':>7} {'TF wasm':>8} {'TF cpu':>8} {'PyTorch':>8}  {'TFの倍':>5} {'JSの倍':>5} {'PyTorch比':>6}")  # fmt: skip
    reached = True
    with site() as url, sync_playwright() as playwright, one_thread():
        page = Page(url, playwright)
        for cell in chosen.cells:
            for H, T in SIZES:
                text, enough = line(cell, H, T, page.compare(cell, H, T, chosen.rounds))
                print(text + ("" if enough else "  目標に届きません"), flush=True)
                reached &= enough
        for cell in chosen.cells:
            for H, T in ATTENTION:
                ms = page.compare(cell, H, T, chosen.rounds, "attention")
                print(line(f"{cell}＋注意", H, T, ms)[0], flush=True)
        found = page.page.evaluate(LONGEST, [config("lstm", 32, 100), 3])
        print(f"主スレッドのいちばん長い途切れ: 学習中 {found['training']:.1f} ms、休みのとき {found['idle']:.1f} ms（ワーカーの中の {found['kernels']}、{found['perSecond']:.0f} 回/秒）")  # fmt: skip
    return int(not reached)


if __name__ == "__main__":
    raise SystemExit(main())
