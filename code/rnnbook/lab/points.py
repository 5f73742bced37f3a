"""格子の点を測り、一点の結果を一つのファイルに残します。どの点も、次の状態のどれかです。

measured  測れた
diverged  学習が発散した（train が training.loop の Diverged を送出した）
failed    ほかのエラーで止まった、またはワーカーごと落ちた
started   測り始めた。これが残っていれば、途中で止められた

発散と失敗にも理由と経緯（トレースバック）が残り、格子の残りの点は測られます。
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm.auto import tqdm

from rnnbook.lab.backends import using
from rnnbook.lab.files import write_atomically
from rnnbook.training.loop import Diverged

MEASURED, DIVERGED, FAILED, STARTED = "measured", "diverged", "failed", "started"
Point = dict[str, object]
Train = Callable[[Point], dict]


@dataclass(frozen=True)
class Outcome:
    """一点の状態と結果。result は measured のとき、reason と trace は diverged と failed のときにあります。"""

    point: Point
    state: str
    result: dict | None = None
    reason: str = ""
    trace: str = ""
    kept: bool = False  # 測らずに、保存済みの表から取った点か

    def __str__(self) -> str:
        words = {DIVERGED: "発散", FAILED: "失敗"}
        return f"{words.get(self.state, '済み')} {name_of(self.point)}: {self.reason}"


def name_of(point: Point) -> str:
    """点の名前。途中の結果のファイルの名前にもなります。

    例:
        >>> name_of({"model": "rnn", "p": 11, "seed": 0})
        'model=rnn_p=11_seed=0'
    """
    return "_".join(f"{key}={value}" for key, value in point.items())


def file_of(folder: Path, point: Point) -> Path:
    """点の途中の結果を置くファイル。"""
    return folder / f"{name_of(point)}.json"


def measure(
    train: Train,
    points: tuple[Point, ...],
    folder: Path,
    jobs: int = 1,
    backend: str = "loky",
    title: str = "",
) -> list[Outcome]:
    """すべての点を測り、格子の順で返します。folder に測れた点や発散した点があれば、読むだけです。

    失敗した点と、ファイルの壊れた点は測り直します。この計算機のワーカーは、一点が終わるたびに
    結果を folder に書きます。クラスタのワーカーは同じディスクを持つとは限らないので、届いた結果を
    呼んだ側が書きます。
    """
    if len({name_of(point) for point in points}) < len(points):
        raise ValueError(f"実験 {title} の格子に、同じ点が二度あります。")
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, Outcome] = {}
    for point in points:
        outcome = read(folder, point)
        if outcome is not None and outcome.state in (MEASURED, DIVERGED):
            done[name_of(point)] = outcome
    with (
        using(backend, jobs),
        tqdm(total=len(points), initial=len(done), desc=title, leave=False) as bar,
    ):

        def send(waiting: Iterable[Point]) -> None:
            outcomes = joblib.Parallel(
                n_jobs=jobs, return_as="generator_unordered", batch_size=1
            )(
                joblib.delayed(_attempt)(
                    train, point, folder if backend == "loky" else None
                )
                for point in waiting
            )
            for outcome in outcomes:
                if backend != "loky":
                    _write(folder, outcome)
                done[name_of(outcome.point)] = outcome
                bar.update()

        while waiting := [p for p in points if name_of(p) not in done]:
            before = len(done)
            try:
                send(waiting)
            except TerminatedWorkerError:
                # ワーカーが落ちました。始めていた点を一つずつ送り、また落ちる点を見分けます。
                for point in waiting:
                    _again_alone(point, folder, done, send)
                if len(done) == before:  # どの点も始まる前に落ちるなら、繰り返しません
                    raise
    return [done[name_of(point)] for point in points]


def keep_stored(
    stored: Iterable[tuple[Point, dict]], points: Iterable[Point], folder: Path
) -> None:
    """保存済みの点のうち points にあるものを、測らずに済んだ点とします。folder にある点は、そのままです。"""
    wanted = {name_of(point) for point in points}
    folder.mkdir(parents=True, exist_ok=True)
    for point, result in stored:
        if name_of(point) in wanted and not file_of(folder, point).exists():
            _write(folder, Outcome(point, MEASURED, result, kept=True))


def read(folder: Path, point: Point) -> Outcome | None:
    """点の途中の結果。なければ、または壊れていれば（名前を知らせて）None です。"""
    path = file_of(folder, point)
    try:
        return Outcome(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # 空、書きかけ、欄の足りないもの
        said = f"途中の結果 {path} が壊れているので、この点を測り直します。"
        tqdm.write(said, file=sys.stderr)
        return None


def _again_alone(
    point: Point, folder: Path, done: dict[str, Outcome], send: Callable
) -> None:
    """ワーカーと共に失われた点を、一つだけで測り直します。また落ちれば、失敗と記録します。"""
    if name_of(point) in done:
        return
    seen = read(folder, point)
    if seen is None:  # まだ始めていない点です
        return
    if seen.state != STARTED:  # 結果は書けたのに、届く前にワーカーが落ちた点です
        done[name_of(point)] = seen
        return
    try:
        send([point])
    except TerminatedWorkerError as error:
        reason = "ワーカーが落ちました（メモリが足りないのかもしれません）。"
        lost = Outcome(point, FAILED, reason=reason, trace=str(error))
        _write(folder, lost)
        done[name_of(point)] = lost


def _attempt(train: Train, point: Point, folder: Path | None) -> Outcome:
    """ワーカーの仕事: 一点を測り、どう終わっても結果にします。"""
    if folder is not None:
        _write(folder, Outcome(point, STARTED))
    try:
        # ファイルから読んだときと同じ値にします。JSON にできない結果も、この点の失敗です。
        result = json.loads(json.dumps(train(point)))
        outcome = Outcome(point, MEASURED, result)
    except Exception as error:
        state = DIVERGED if isinstance(error, Diverged) else FAILED
        reason = str(error) if state == DIVERGED else f"{type(error).__name__}: {error}"
        outcome = Outcome(point, state, reason=reason, trace=traceback.format_exc())
    if folder is not None:
        _write(folder, outcome)
    return outcome


def _write(folder: Path, outcome: Outcome) -> None:
    text = json.dumps(asdict(outcome), ensure_ascii=False)
    write_atomically(file_of(folder, outcome.point), text)
