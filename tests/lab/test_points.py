"""格子の点: 落ちても続き、失敗と発散は理由ごと残り、どこで測っても同じ結果です。"""

import json
import os
import signal
import time
from unittest.mock import patch

import dask
import distributed
import pytest

from rnnbook.experiments import lookback
from rnnbook.lab.points import DIVERGED, FAILED, MEASURED, Outcome, measure
from rnnbook.training.loop import Diverged

GRID = tuple({"n": n, "seed": 0} for n in range(8))


def squares(outcomes):
    return [outcome.result and outcome.result["square"] for outcome in outcomes]


def test_a_killed_worker_loses_only_the_points_in_its_hands(tmp_path):
    calls = tmp_path / "calls"
    calls.mkdir()

    def tries(n):
        path = calls / str(n)
        return len(path.read_text()) if path.exists() else 0

    def wait_for(done):
        deadline = time.monotonic() + 120
        while not done():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def train(point):
        n = point["n"]
        with open(calls / str(n), "a") as file:
            file.write("x")
        # 4 は、もう一つのワーカーが 5 を始めてから落ちる。5 は、4 が測り直されるまで終わらない
        if n == 4 and tries(4) == 1:
            wait_for(lambda: tries(5))
            os.kill(os.getpid(), signal.SIGKILL)
        if n == 5 and tries(5) == 1:
            wait_for(lambda: tries(4) == 2)
        return {"square": n**2}

    outcomes = measure(train, GRID, tmp_path / "work", jobs=2)
    assert squares(outcomes) == [n**2 for n in range(8)]
    # 落ちた点と、そのときもう一つのワーカーが持っていた点のほかは、一度しか学習しません
    assert [tries(n) for n in range(8)] == [1, 1, 1, 1, 2, 2, 1, 1]


def test_a_point_that_always_kills_its_worker_is_named_and_the_others_are_measured(
    tmp_path,
):
    def train(point):
        if point["n"] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"square": point["n"] ** 2}

    outcomes = measure(train, GRID, tmp_path, jobs=2)
    assert squares(outcomes) == [None, *(n**2 for n in range(1, 8))]
    assert str(outcomes[0]).startswith("失敗 n=0_seed=0: ワーカーが落ちました")


@pytest.fixture
def faulty():
    """失敗し、発散し、書けない結果を返す学習。中で定義するので、別のプロセスにも丸ごと渡ります。"""

    def train(point):
        if point["n"] == 2:
            raise KeyError("抜けた名前")
        if point["n"] == 3:
            raise Diverged("損失が nan になりました。")
        if point["n"] == 4:
            return {"square": object()}  # JSON にできません
        return {"square": point["n"] ** 2}

    return train


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_and_a_diverged_point_keep_reason_and_trace_and_the_rest_is_measured(
    tmp_path, jobs, faulty
):
    outcomes = measure(faulty, GRID, tmp_path, jobs)
    assert squares(outcomes) == [0, 1, None, None, None, 25, 36, 49]
    assert [o.state for o in outcomes[2:5]] == [FAILED, DIVERGED, FAILED]
    assert outcomes[2].reason == "KeyError: '抜けた名前'"
    assert outcomes[3].reason == "損失が nan になりました。"
    assert 'raise KeyError("抜けた名前")' in outcomes[2].trace
    stored = json.loads((tmp_path / "n=3_seed=0.json").read_text(encoding="utf-8"))
    assert Outcome(**stored) == outcomes[3]


def test_only_a_failed_point_is_measured_again_and_a_diverged_one_stays(
    tmp_path, faulty
):
    measure(faulty, GRID, tmp_path)
    calls = []

    def repaired(point):
        calls.append(point["n"])
        return {"square": -1}

    outcomes = measure(repaired, GRID, tmp_path)
    assert calls == [2, 4]
    assert outcomes[3].state == DIVERGED
    assert {o.state for o in outcomes} == {MEASURED, DIVERGED}


@pytest.mark.parametrize("damage", ["", '{"point": {"n": 5', "[]", '{"a": 1}', "\xff"])
def test_a_damaged_point_is_named_and_measured_again(tmp_path, capsys, damage):
    calls = []

    def train(point):
        calls.append(point["n"])
        return {"square": point["n"] ** 2}

    measure(train, GRID, tmp_path)
    path = tmp_path / "n=5_seed=0.json"
    path.write_bytes(damage.encode("latin-1"))
    outcomes = measure(train, GRID, tmp_path)
    assert squares(outcomes) == [n**2 for n in range(8)]
    assert calls == [*range(8), 5]
    assert str(path) in capsys.readouterr().err


def test_the_same_point_twice_in_a_grid_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="実験 toy の格子に、同じ点が二度"):
        measure(dict, (*GRID, GRID[0]), tmp_path, title="toy")


REAL = (
    {"model": "linear", "p": 3, "seed": 0},
    {"model": "rnn", "p": 1, "seed": 0},
    {"model": "rnn", "p": 1, "seed": 1},
)


def test_a_dask_cluster_gives_the_same_bytes_as_one_process(tmp_path):
    def train(point):
        with patch.object(lookback, "EPOCHS", 10):
            return lookback.train(point)

    here = measure(train, REAL, tmp_path / "here")
    cluster = measure(train, REAL, tmp_path / "dask", jobs=2, backend="dask")
    assert here == cluster
    assert all(outcome.state == MEASURED for outcome in here)
    tables = [
        lookback.tables([(outcome.point, outcome.result) for outcome in outcomes])
        for outcomes in (here, cluster)
    ]
    assert tables[0] == tables[1]


def test_a_cluster_whose_workers_share_a_seed_is_refused(tmp_path, monkeypatch):
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        dask.config.refresh()
        try:
            with pytest.raises(ValueError, match=r"--nthreads 1.*2 スレッドのワーカー"):
                measure(lookback.train, REAL, tmp_path, backend="dask")
        finally:
            monkeypatch.undo()
            dask.config.refresh()
