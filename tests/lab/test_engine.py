"""実験の骨組み: 途中から続き、同じ結果なら同じバイトで、書きかけは残りません。"""

import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import dask
import distributed
import pandas as pd
import pytest

from rnnbook import data
from rnnbook.experiments import __main__ as command
from rnnbook.experiments import lookback
from rnnbook.experiments.__main__ import main
from rnnbook.lab import engine
from rnnbook.lab import sources as sources_module
from rnnbook.lab.engine import Experiment
from rnnbook.lab.sources import source_hash, sources_of


class Toy:
    """点 n の二乗を返す、すぐ済む実験。呼ばれた点を覚えます。"""

    def __init__(self, fail_at=None):
        self.calls, self.fail_at = [], fail_at
        self.experiment = Experiment(
            name="toy",
            title="二乗",
            points=tuple({"n": n, "seed": 0} for n in range(5)),
            quick=({"n": 2, "seed": 0},),
            train=self.train,
            tables=lambda results: {
                "toy": "n,square\n"
                + "".join(f"{p['n']},{r['square']}\n" for p, r in results)
            },
            compare=lambda results: pd.DataFrame([r for _, r in results]),
        )

    def train(self, point):
        if point["n"] == self.fail_at:
            raise KeyboardInterrupt
        self.calls.append(point["n"])
        return {"square": point["n"] ** 2}


@pytest.fixture
def rooms(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "ROOT", tmp_path)
    monkeypatch.setattr(engine, "WORK", tmp_path / "work")
    monkeypatch.setattr(data, "DATA", tmp_path / "data")

    def use(toy):
        monkeypatch.setattr(command, "find", lambda name: toy.experiment)
        return toy

    return use


def files(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def test_a_run_writes_the_table_and_its_provenance(rooms, tmp_path):
    toy = rooms(Toy())
    assert engine.run(toy.experiment) == [
        "data/results/toy.csv",
        "data/results/toy.json",
    ]
    results = tmp_path / "data" / "results"
    assert (results / "toy.csv").read_text() == "n,square\n0,0\n1,1\n2,4\n3,9\n4,16\n"
    record = json.loads((results / "toy.json").read_text(encoding="utf-8"))
    assert record["command"] == "python -m rnnbook.experiments run toy"
    assert (record["points"], record["seeds"], record["resumed"]) == (5, [0], False)
    assert {"python", "numpy", "torch"} <= set(record["versions"])


def test_a_killed_run_goes_on_where_it_stopped_and_leaves_no_table(rooms, tmp_path):
    killed = rooms(Toy(fail_at=3))
    with pytest.raises(KeyboardInterrupt):
        engine.run(killed.experiment)
    assert killed.calls == [0, 1, 2]
    assert not (tmp_path / "data").exists()

    again = rooms(Toy())
    engine.run(again.experiment)
    assert again.calls == [3, 4]
    record = json.loads(
        (tmp_path / "data/results/toy.json").read_text(encoding="utf-8")
    )
    assert record["resumed"]
    assert files(tmp_path / "work") == []  # 済んだら途中の結果は残しません


def test_a_changed_source_does_not_use_the_points_of_the_old_one(rooms, monkeypatch):
    toy = rooms(Toy(fail_at=3))
    with pytest.raises(KeyboardInterrupt):
        engine.run(toy.experiment)
    monkeypatch.setattr(engine, "source_hash", lambda path: "f" * 64)
    again = rooms(Toy())
    engine.run(again.experiment)
    assert again.calls == [0, 1, 2, 3, 4]


def test_a_repeat_with_the_same_result_touches_nothing(rooms, tmp_path):
    toy = rooms(Toy())
    engine.run(toy.experiment)
    record = tmp_path / "data" / "results" / "toy.json"
    record.write_text("はじめの記録", encoding="utf-8")
    repeat = rooms(Toy())
    assert engine.run(repeat.experiment) == []
    assert repeat.calls == [0, 1, 2, 3, 4]  # 読み直しではなく、本当に計算し直しています
    assert record.read_text(encoding="utf-8") == "はじめの記録"


def test_a_failed_write_leaves_the_old_file_whole_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    engine.write_atomically(path, "古い")

    def fail(self, target):
        raise OSError("満杯")

    monkeypatch.setattr(type(path), "replace", fail)
    with pytest.raises(OSError, match="満杯"):
        engine.write_atomically(path, "新しい")
    assert path.read_text(encoding="utf-8") == "古い"
    assert files(tmp_path) == ["a.csv"]


def test_list_names_every_experiment(capsys):
    assert main(["list"]) == 0
    assert "lookback: 黒点数の一年先の予測" in capsys.readouterr().out


def test_an_unknown_experiment_is_an_error_that_names_the_known_ones(capsys):
    assert main(["run", "lookbak"]) == 1
    said = capsys.readouterr().err
    known = ", ".join(f"'{name}'" for name in command.names())
    assert f"{known} のどれかです。'lookbak' が渡されました" in said


def test_a_wrong_number_of_jobs_is_named(capsys):
    assert main(["run", "lookback", "--jobs", "0"]) == 1
    assert "引数 jobs は 1 以上の整数です。0 が渡されました" in capsys.readouterr().err


def with_points(points, train):
    return replace(lookback.EXPERIMENT, name="toy", points=points, train=train)


def test_a_killed_worker_loses_only_the_points_in_its_hands(tmp_path):
    calls = tmp_path / "calls"
    calls.mkdir()

    def train(point):
        n = point["n"]
        with open(calls / str(n), "a") as file:
            file.write("x")
        time.sleep(0.05)
        if n == 4 and (calls / "4").read_text() == "x":
            os.kill(os.getpid(), signal.SIGKILL)
        return {"square": n**2}

    points = tuple({"n": n, "seed": 0} for n in range(8))
    results = engine.measure(with_points(points, train), tmp_path / "work", jobs=2)
    assert results == [(p, {"square": p["n"] ** 2}) for p in points]
    again = [n for n in range(8) if (calls / str(n)).read_text() != "x"]
    # 落ちた点と、そのときもう一つの働き手が持っていた点のほかは、一度しか学習しません
    assert 4 in again and len(again) <= 2


def test_a_point_that_always_kills_its_worker_ends_the_run(tmp_path):
    def train(point):
        os.kill(os.getpid(), signal.SIGKILL)

    points = ({"n": 0, "seed": 0}, {"n": 1, "seed": 0})
    with pytest.raises(engine.TerminatedWorkerError):
        engine.measure(with_points(points, train), tmp_path, jobs=2)


def test_the_same_point_twice_in_a_grid_is_an_error(tmp_path):
    points = ({"n": 0, "seed": 0}, {"n": 0, "seed": 0})
    with pytest.raises(ValueError, match="実験 toy の格子に、同じ点が二度"):
        engine.measure(with_points(points, dict), tmp_path)


REAL = (
    {"model": "linear", "p": 3, "seed": 0},
    {"model": "rnn", "p": 1, "seed": 0},
    {"model": "rnn", "p": 1, "seed": 1},
)


def test_a_dask_cluster_gives_the_same_bytes_as_one_process(tmp_path):
    experiment = with_points(REAL, lookback.train)
    here = engine.measure(experiment, tmp_path / "here")
    cluster = engine.measure(experiment, tmp_path / "dask", jobs=2, backend="dask")
    assert here == cluster
    assert lookback.tables(here) == lookback.tables(cluster)


def test_a_cluster_whose_workers_share_a_seed_is_refused(tmp_path, monkeypatch):
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        dask.config.refresh()
        try:
            with pytest.raises(ValueError, match=r"--nthreads 1.*2 スレッドの働き手"):
                engine.measure(
                    with_points(REAL, lookback.train), tmp_path, backend="dask"
                )
        finally:
            monkeypatch.undo()
            dask.config.refresh()


def test_an_unknown_backend_is_named(rooms):
    toy = rooms(Toy())
    with pytest.raises(ValueError, match=r"引数 backend .*'spark' が渡されました"):
        engine.run(toy.experiment, backend="spark")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """rnnbook の代わりの小さな包み: 実験 → 学習 → 課題、それと無関係な一つ。"""
    texts = {
        "__init__": "",
        "experiment": "from rnnbook.fit import fit\n",
        "fit": "def fit():\n    from rnnbook import task\n",
        "task": "import numpy\n",
        "unrelated": "",
    }
    (tmp_path / "rnnbook").mkdir()
    for name, text in texts.items():
        (tmp_path / "rnnbook" / f"{name}.py").write_text(text)
    monkeypatch.setattr(sources_module, "CODE", tmp_path)
    return tmp_path / "rnnbook"


def test_the_key_follows_imports_of_imports_and_nothing_else(package):
    found = sources_of(package / "experiment.py")
    assert {Path(file).stem for file in found.values()} == {
        "__init__",
        "experiment",
        "fit",
        "task",
    }


@pytest.mark.parametrize(
    ("file", "changes"), [("unrelated", False), ("task", True), ("experiment", True)]
)
def test_only_a_source_that_the_experiment_uses_changes_the_key(package, file, changes):
    before = source_hash(package / "experiment.py")
    (package / f"{file}.py").write_text("from rnnbook.fit import fit  # 変えた\n")
    assert (source_hash(package / "experiment.py") != before) == changes
