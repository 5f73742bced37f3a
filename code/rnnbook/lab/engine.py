"""実験の骨組み。格子の点を一つずつ学習し、結果と出どころを data/results/ に残します。

一つの実験は、rnnbook.experiments の小さなファイル一つです。EXPERIMENT という名前の Experiment を持ちます。
この仕組みは実験を知りません。どの実験を測るかは、コマンド（rnnbook.experiments）と章が渡します。
途中で止めても、済んだ点は _build/experiments/ に残り、同じ命令で続きから始まります。
点は joblib が配ります。backend を "dask" にすると、同じ点を Dask のクラスタへ送ります。
"""

from __future__ import annotations

import inspect
import json
import os
import platform
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import joblib
import pandas as pd
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm.auto import tqdm

from rnnbook import data
from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.lab.backends import BACKENDS, using
from rnnbook.lab.sources import source_hash

ROOT = data.DATA.parent
WORK = ROOT / "_build" / "experiments"
Point = dict[str, object]


@dataclass(frozen=True)
class Experiment:
    """一つの実験。train は一点を学習して JSON にできる辞書を返し、tables は結果を表にまとめます。"""

    name: str
    title: str
    points: tuple[Point, ...]  # 格子のすべての点
    quick: tuple[Point, ...]  # 章が測り直す、10 秒以内で済む点
    train: Callable[[Point], dict]
    tables: Callable[[list[tuple[Point, dict]]], dict[str, str]]  # 名前 → CSV の中身
    compare: Callable[
        [list[tuple[Point, dict]]], pd.DataFrame
    ]  # 測り直しと保存済みの比較


def measure(
    experiment: Experiment, folder: Path, jobs: int = 1, backend: str = "loky"
) -> list[tuple[Point, dict]]:
    """すべての点を学習し、（点, 結果）を格子の順で返します。folder に済んだ点があれば読むだけです。

    この計算機の働き手は、一点が終わるたびに結果を folder に書きます。クラスタの働き手は
    同じディスクを持つとは限らないので、届いた結果を呼んだ側が書きます。
    """
    points = experiment.points
    if len({_file_of(folder, point) for point in points}) < len(points):
        raise ValueError(f"実験 {experiment.name} の格子に、同じ点が二度あります。")
    folder.mkdir(parents=True, exist_ok=True)

    def unfinished() -> list[Point]:
        return [point for point in points if not _file_of(folder, point).is_file()]

    waiting = unfinished()
    with (
        using(backend, jobs),
        tqdm(
            total=len(points),
            initial=len(points) - len(waiting),
            desc=experiment.name,
            leave=False,
        ) as bar,
    ):
        while waiting:
            done = joblib.Parallel(
                n_jobs=jobs, return_as="generator_unordered", batch_size=1
            )(
                joblib.delayed(_train)(
                    experiment.train, point, folder if backend == "loky" else None
                )
                for point in waiting
            )
            try:
                for point, result in done:
                    if backend != "loky":
                        write_atomically(_file_of(folder, point), json.dumps(result))
                    bar.update()
            except TerminatedWorkerError:
                # 働き手が落ちたら、残りの点だけで始め直します。一点も進まないなら、あきらめます。
                if len(unfinished()) == len(waiting):
                    raise
            waiting = unfinished()
    return [
        (point, json.loads(_file_of(folder, point).read_text(encoding="utf-8")))
        for point in points
    ]


def remeasure(experiment: Experiment) -> pd.DataFrame:
    """実験の一部をいま測り直し、保存済みの結果と並べた表を返します。章が使います。"""
    return experiment.compare(
        [(point, experiment.train(point)) for point in experiment.quick]
    )


def run(experiment: Experiment, jobs: int = 1, backend: str = "loky") -> list[str]:
    """すべての点を学習し、data/results/ に書きます。前と変わったファイルの名前を返します。"""
    name, jobs = experiment.name, require_positive_int("jobs", jobs)
    require_choice("backend", backend, BACKENDS)
    start = time.perf_counter()
    source = Path(inspect.getsourcefile(experiment.train))
    folder = WORK / f"{name}-{source_hash(source)[:16]}"
    resumed = folder.is_dir()
    results = measure(experiment, folder, jobs, backend)
    tables = experiment.tables(results)
    changed = []
    for table, text in tables.items():
        path = data.DATA / "results" / f"{table}.csv"
        if not path.is_file() or path.read_bytes() != text.encode():
            write_atomically(path, text)
            changed.append(path.relative_to(ROOT).as_posix())
    path = data.DATA / "results" / f"{name}.json"
    if (
        changed or not path.is_file()
    ):  # 結果が同じなら、はじめに作ったときの記録を残します
        record = provenance(experiment, time.perf_counter() - start, resumed)
        write_atomically(path, json.dumps(record, ensure_ascii=False, indent=2) + "\n")
        changed.append(path.relative_to(ROOT).as_posix())
    shutil.rmtree(folder)
    return changed


def provenance(experiment: Experiment, seconds: float, resumed: bool) -> dict:
    """結果の出どころ。"""
    return {
        "experiment": experiment.name,
        "title": experiment.title,
        "command": f"python -m rnnbook.experiments run {experiment.name}",
        "points": len(experiment.points),
        "seeds": sorted(
            {
                point["seed"] + k
                for point in experiment.points
                for k in range(point.get("seeds", 1))
            }
        ),
        "versions": {"python": platform.python_version()}
        | {
            name: version(name)
            for name in ("numpy", "torch", "pandas", "statsmodels", "rnnbook")
        },
        "device": f"CPU {platform.machine()} ({platform.system()})",
        "date": date.today().isoformat(),
        "seconds": round(seconds),
        "resumed": resumed,  # 真なら、seconds は最後に続けた分だけです
    }


def write_atomically(path: Path, text: str) -> None:
    """書きかけのファイルが残らないように、別の名前で書いてから置き換えます。"""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _file_of(folder: Path, point: Point) -> Path:
    return folder / (
        "_".join(f"{key}={value}" for key, value in point.items()) + ".json"
    )


def _train(
    train: Callable[[Point], dict], point: Point, folder: Path | None
) -> tuple[Point, dict]:
    result = train(point)
    if folder is not None:
        write_atomically(_file_of(folder, point), json.dumps(result))
    return point, result
