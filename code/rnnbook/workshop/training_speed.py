"""python -m rnnbook.workshop.training_speed: 学習の速さの比を、一回の実行で並べて測ります。

時間そのものは計算機とその混み具合で変わるので、比べる二つを交互に測り、比を見ます。
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import joblib
import torch
from torch import nn

from rnnbook.models.recurrent import Recurrent
from rnnbook.training import programs
from rnnbook.training.many_seeds.stacked import Stacked
from rnnbook.training.threads import one_thread

B, H, E, V, K = 32, 64, 32, 15, 5
SEEDS = range(K)
ONE_THREAD = ("OMP_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP")


def medians(jobs: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """jobs を順に一回ずつ、repeats 周だけ測り、それぞれの秒の中央値を返します。"""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def step_of(model: nn.Module, x: torch.Tensor, y: torch.Tensor, fused: bool):
    """一回の更新を行う関数。"""
    optimizer = torch.optim.Adam(list(model.parameters()), lr=1e-4, fused=fused)

    def step() -> None:
        optimizer.zero_grad()
        if isinstance(model, Stacked):
            model.backward(x, y)
        else:
            nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def steps() -> None:
    """一回の更新の時間と、行列の積の最高の速さに対する割合。"""
    print(
        f"一回の更新（B = {B}, H = {H}, 1 スレッド。まとめて = {K} 個の種、1 個あたり）"
    )
    a = torch.randn(512, 512)
    for T in (24, 100):
        for cell, gates in (("rnn", 1), ("gru", 3), ("lstm", 4)):
            models = [Recurrent(H, 3, V=V, E=E, cell=cell) for _ in SEEDS]
            x, y = torch.randint(0, V, (K, B, T)), torch.randint(0, 3, (K, B))
            jobs = {
                "積": lambda: a @ a,
                "別々": step_of(models[0], x[0], y[0], fused=False),
                "まとめて": step_of(Stacked(models), x, y, fused=True),
            }
            medians(jobs, 3)
            time_of = medians(jobs, 25)
            # 順伝播で 2 B T G (E + H) 回、逆伝播はその 2 倍
            ideal = 6 * B * T * gates * H * (E + H) / (2 * 512**3 / time_of["積"])
            one, many = time_of["別々"], time_of["まとめて"] / K
            print(
                f"  {cell:4} T={T:3}  別々 {one * 1e3:5.2f} ms ({ideal / one:4.0%})"
                f"  まとめて {many * 1e3:5.2f} ms ({ideal / many:4.0%})"
                f"  {one / many:.1f} 倍",
                flush=True,
            )


def if_then() -> None:
    """if…then の学習プログラム。"""
    slow, fast = programs.if_then_sentence_by_sentence, programs.if_then
    slow(0, epochs=1), fast(0, epochs=1)
    time_of = medians({"slow": lambda: slow(0), "fast": lambda: fast(0)}, 3)
    report("if…then（10 エポック）", "一文ずつ", time_of["slow"], time_of["fast"])


def sine(title: str, cells: tuple[str, ...], epochs: int) -> None:
    """正弦波の学習プログラム: Keras で 1 個の種と、PyTorch で K 個の種（1 個あたり）。"""
    os.environ.update({f"{name}_THREADS": "1" for name in ONE_THREAD})
    import rnnbook.models.keras_twins  # noqa: F401  読み込む時間は数えません

    total = {"keras": 0.0, "torch": 0.0}
    for cell in cells:
        losses: dict[str, list[float]] = {}
        time_of = medians(
            {
                "keras": lambda c=cell, to=losses: to.update(
                    keras=[programs.sine_in_keras(c, 0, epochs)]
                ),
                "torch": lambda c=cell, to=losses: to.update(
                    torch=programs.sine(c, SEEDS, epochs)[0]
                ),
            },
            1,
        )
        total["keras"] += time_of["keras"]
        total["torch"] += time_of["torch"] / K
        low, high = min(losses["torch"]), max(losses["torch"])
        report(f"{title} {cell}", "Keras", time_of["keras"], time_of["torch"] / K)
        print(f"    試験の損失: Keras {losses['keras'][0]:.1e}、", end="")
        print(f"PyTorch {low:.1e} から {high:.1e}", flush=True)
    if len(cells) > 1:
        report(f"{title} 合計", "Keras", total["keras"], total["torch"])


def cores() -> None:
    """同じ点を、1 コアと 2 コアで。"""

    def grid(jobs: int) -> None:
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            joblib.Parallel(jobs, batch_size=1)(
                joblib.delayed(programs.if_then)(seed, 10) for seed in range(8)
            )

    grid(2)  # ワーカーを起こす時間は数えません
    time_of = medians({"1": lambda: grid(1), "2": lambda: grid(2)}, 2)
    report("格子（8 点）", "1 コア", time_of["1"], time_of["2"], "2 コア")


def report(what: str, a: str, slow: float, fast: float, b: str = "本書") -> None:
    print(
        f"{what}: {a} {slow:.2f} 秒、{b} {fast:.2f} 秒、{slow / fast:.1f} 倍",
        flush=True,
    )


def main() -> None:
    with one_thread():
        steps()
        if_then()
        cores()
        sine("正弦波（50 エポック）", ("lstm",), 50)
        sine("正弦波の比較（30 エポック）", ("lstm", "gru", "rnn"), 30)


if __name__ == "__main__":
    main()
