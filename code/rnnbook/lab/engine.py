"""実験の骨組み。格子の点を一つずつ学習し、結果と出どころを data/results/ に残します。

一つの実験は、rnnbook.experiments の小さなファイル一つです。EXPERIMENT という名前の Experiment を持ちます。
この仕組みは実験を知りません。どの実験を測るかは、コマンド（rnnbook.experiments）と章が渡します。
途中で止めても、済んだ点は _build/experiments/ に残り、同じコマンドで続きから始まります。
点は joblib が配ります。backend を "dask" にすると、同じ点を Dask のクラスタへ送ります。
"""

from __future__ import annotations

import inspect
import io
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rnnbook import data
from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.lab import record
from rnnbook.lab.backends import BACKENDS
from rnnbook.lab.files import write_together
from rnnbook.lab.points import (
    MEASURED,
    Outcome,
    Point,
    file_of,
    keep_stored,
    measure,
)
from rnnbook.lab.sources import source_hash, versions_of

ROOT = data.DATA.parent
WORK = ROOT / "_build" / "experiments"
Results = list[tuple[Point, dict]]


@dataclass(frozen=True)
class Experiment:
    """一つの実験。train は一点を学習して JSON にできる辞書を返し、tables は結果を表にまとめます。

    train は、学習が発散したら training.loop.Diverged を送出します。表の列のうち、測らないことのある欄や
    発散した欄を持つものは、empty に並べます。ほかの列に空や nan があれば、表は書かれません。

    more は、points の結果を見て、さらに測る点を返します（一部の種だけが解けた点の種を増やすなど）。
    stored は、保存済みの表を、点とその結果に戻します。device は、測った計算機の名を返します。
    """

    name: str
    title: str
    points: tuple[Point, ...]  # 格子のすべての点
    quick: tuple[Point, ...]  # 章が測り直す、10 秒以内で済む点
    train: Callable[[Point], dict]
    tables: Callable[[Results], dict[str, str]]  # 名前 → CSV の中身
    compare: Callable[[Results], pd.DataFrame]  # 測り直しと保存済みの比較
    empty: tuple[str, ...] = ()  # 空でよい列
    more: Callable[[Results], tuple[Point, ...]] = lambda results: ()
    stored: Callable[[], Results] = lambda: []
    device: Callable[[], str] = record.this_cpu


class Incomplete(RuntimeError):
    """測れなかった点があるので、表を書きませんでした。文は、どの点が、なぜかを挙げます。"""

    def __init__(self, name: str, left: list[Outcome], total: int, folder: Path):
        files = "\n".join(f"  {file_of(folder, outcome.point)}" for outcome in left)
        points = "\n".join(f"  {outcome}" for outcome in left)
        super().__init__(
            f"{left[0].trace}\n"
            f"実験 {name} の {total} 点のうち {len(left)} 点を"
            f"測れなかったので、表を書きませんでした。\n{points}\n"
            f"理由と経緯は次のファイルにあります。\n{files}\n"
            "直して同じコマンドを動かすと、コードが同じ間は、失敗した点だけを測り直します。"
        )


def remeasure(experiment: Experiment) -> pd.DataFrame:
    """実験の一部をいま測り直し、保存済みの結果と並べた表を返します。章が使います。"""
    return experiment.compare(
        [(point, experiment.train(point)) for point in experiment.quick]
    )


def run(
    experiment: Experiment, jobs: int = 1, backend: str = "loky", keep: bool = False
) -> list[str]:
    """すべての点を学習し、data/results/ に書きます。前と変わったファイルの名前を返します。

    keep が真なら、保存済みの表にある点は測らずに使います。表は、前に測った点といま測った点からなり、
    記録の kept に、前の記録と、そこから取った点の数が残ります。

    測れなかった点が一つでもあれば、残りを測り終えてから Incomplete を送出し、表には触りません。
    表と出どころは、共に新しくなるか、共に元のままです。
    """
    name, jobs = experiment.name, require_positive_int("jobs", jobs)
    require_choice("backend", backend, BACKENDS)
    start = time.perf_counter()
    source = Path(inspect.getsourcefile(experiment.train))
    key, versions, commit = (
        source_hash(source),
        versions_of(source),
        record.git_commit(ROOT),
    )
    folder = WORK / f"{name}-{key[:16]}"
    resumed = folder.is_dir()
    kept = experiment.stored() if keep else []
    outcomes: list[Outcome] = []
    for following in (lambda _: experiment.points, experiment.more):
        points = following(_results(outcomes))
        keep_stored(kept, points, folder)
        outcomes += measure(experiment.train, points, folder, jobs, backend, title=name)
        if left := [outcome for outcome in outcomes if outcome.state != MEASURED]:
            raise Incomplete(name, left, len(outcomes), folder)
    texts = experiment.tables(_results(outcomes))
    keys = dict.fromkeys(key for outcome in outcomes for key in outcome.point)
    for table, text in texts.items():
        where = data.hole(pd.read_csv(io.StringIO(text)), experiment.empty, keys)
        if where:
            raise ValueError(f"実験 {name} の表 {table} の{where}")
    tables = record.describe(texts, experiment.empty)
    results = data.DATA / "results"
    wanted = {results / f"{table}.csv": text for table, text in texts.items()}
    changed = {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_bytes() != text.encode()
    }
    path = results / f"{name}.json"
    if changed or not record.belongs(path, tables):
        # 結果が同じなら、はじめに作ったときの出どころを残します
        seconds = time.perf_counter() - start
        changed[path] = record.provenance(
            experiment, outcomes, tables, key, versions, commit, seconds, resumed, path
        )
        write_together(changed)
    shutil.rmtree(folder)
    return [path.relative_to(ROOT).as_posix() for path in changed]


def _results(outcomes: list[Outcome]) -> Results:
    return [(outcome.point, outcome.result) for outcome in outcomes]
