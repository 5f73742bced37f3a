"""実験の骨組み: 途中から続き、同じ結果なら同じバイトで、書きかけは残りません。"""

import hashlib
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rnnbook import data
from rnnbook.experiments import __main__ as command
from rnnbook.experiments.__main__ import main
from rnnbook.lab import engine
from rnnbook.lab.engine import Experiment
from rnnbook.lab.record import git_commit
from rnnbook.training.loop import Diverged


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
    assert {"python", "pandas"} <= set(record["versions"])
    key = engine.source_hash(Path(__file__))
    assert record["source"] == key


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


def test_a_repeat_with_the_same_result_keeps_the_first_record(rooms, tmp_path):
    toy = rooms(Toy())
    engine.run(toy.experiment)
    path = tmp_path / "data" / "results" / "toy.json"
    first = json.loads(path.read_text(encoding="utf-8")) | {"date": "2001-01-01"}
    path.write_text(json.dumps(first), encoding="utf-8")
    repeat = rooms(Toy())
    assert engine.run(repeat.experiment) == []
    assert repeat.calls == [0, 1, 2, 3, 4]  # 読み直しではなく、本当に計算し直しています
    assert json.loads(path.read_text(encoding="utf-8")) == first


@pytest.mark.parametrize("damage", ["", "{}", '{"tables": {"toy.csv": {}}}'])
def test_a_record_of_another_table_is_written_again(rooms, tmp_path, damage):
    toy = rooms(Toy())
    engine.run(toy.experiment)
    path = tmp_path / "data" / "results" / "toy.json"
    path.write_text(damage, encoding="utf-8")
    assert engine.run(rooms(Toy()).experiment) == ["data/results/toy.json"]
    record = json.loads(path.read_text(encoding="utf-8"))
    table = (tmp_path / "data/results/toy.csv").read_bytes()
    assert record["tables"]["toy.csv"]["sha256"] == hashlib.sha256(table).hexdigest()


def test_further_points_are_chosen_from_the_results_and_join_the_table(rooms, tmp_path):
    toy = rooms(Toy())
    seen = []

    def more(results):
        seen.extend(results)
        return tuple(p | {"seed": 7} for p, r in results if r["square"] > 4)

    assert engine.run(replace(toy.experiment, more=more))
    assert seen == [({"n": n, "seed": 0}, {"square": n**2}) for n in range(5)]
    assert toy.calls == [0, 1, 2, 3, 4, 3, 4]
    results = tmp_path / "data" / "results"
    assert (results / "toy.csv").read_text().endswith("4,16\n3,9\n4,16\n")
    record = json.loads((results / "toy.json").read_text(encoding="utf-8"))
    assert (record["points"], record["seeds"]) == (7, [0, 7])


def test_kept_points_are_not_measured_again_and_the_record_tells_where_they_are_from(
    rooms, tmp_path
):
    path = tmp_path / "data" / "results" / "toy.json"
    engine.run(rooms(Toy()).experiment)
    before = json.loads(path.read_text(encoding="utf-8"))
    larger = rooms(Toy())
    experiment = replace(
        larger.experiment,
        points=(*larger.experiment.points, {"n": 9, "seed": 0}),
        stored=lambda: [
            ({"n": n, "seed": 0}, {"square": n**2}) for n in (0, 1, 2, 3, 4, 70)
        ],
    )
    assert engine.run(experiment, keep=True)
    assert larger.calls == [9]
    assert (path.parent / "toy.csv").read_text().endswith("4,16\n9,81\n")
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["points"] == 6 and record["kept"]["points"] == 5
    was = record["kept"]["record"]
    assert was == {key: before[key] for key in was}
    assert {"source", "commit", "versions", "device", "date", "tables"} <= set(was)


def test_without_being_asked_to_keep_everything_is_measured(rooms):
    toy = rooms(Toy())
    engine.run(
        replace(toy.experiment, stored=lambda: [({"n": 0, "seed": 0}, {"square": -1})])
    )
    assert toy.calls == [0, 1, 2, 3, 4]


def test_an_interruption_between_table_and_record_leaves_neither(
    rooms, tmp_path, monkeypatch
):
    toy, kind = rooms(Toy()), type(tmp_path)
    real = kind.replace

    def stop(self, target):
        if target.name == "toy.json":
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(kind, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            engine.run(toy.experiment)
    assert files(tmp_path / "data") == []
    again = rooms(Toy())
    assert len(engine.run(again.experiment)) == 2
    assert again.calls == []  # 済んだ点は残っています


def failing(point):
    if point["n"] in (1, 3):
        raise (Diverged if point["n"] == 3 else ValueError)(f"点 {point['n']} の中")
    return {"square": point["n"] ** 2}


def test_a_point_that_fails_is_named_with_its_trace_and_no_table_is_written(
    rooms, tmp_path, capsys
):
    toy = rooms(Toy())
    toy.experiment = replace(toy.experiment, train=failing)
    assert main(["run", "lookback", "--jobs", "1"]) == 1
    said = capsys.readouterr().err
    assert "5 点のうち 2 点を測れなかったので、表を書きませんでした" in said
    assert "失敗 n=1_seed=0: ValueError: 点 1 の中" in said
    assert "発散 n=3_seed=0: 点 3 の中" in said
    assert "Traceback" in said and "in failing" in said
    assert not (tmp_path / "data").exists()
    stored = {p.name for p in (tmp_path / "work").rglob("*.json")}
    assert len(stored) == 5


def test_an_error_in_the_experiment_shows_its_trace(rooms):
    def broken(results):
        raise ValueError("表の中のエラー")

    toy = rooms(Toy())
    toy.experiment = replace(toy.experiment, tables=broken)
    with pytest.raises(ValueError, match="表の中のエラー"):
        main(["run", "lookback", "--jobs", "1"])


@pytest.mark.parametrize("bad", ["", "nan", "inf"])
def test_an_empty_cell_is_written_only_where_the_experiment_declares_it(
    rooms, tmp_path, bad
):
    toy = rooms(Toy())
    text = {"toy": f"n,square\n0,0\n1,{bad}\n"}
    toy.experiment = replace(toy.experiment, tables=lambda results: text)
    with pytest.raises(
        ValueError, match=r"表 toy の 3 行目、列 square .*点は n=1 です"
    ):
        engine.run(toy.experiment)
    assert not (tmp_path / "data").exists()
    engine.run(replace(toy.experiment, empty=("square", "none")))
    record = json.loads((tmp_path / "data/results/toy.json").read_text("utf-8"))
    assert record["tables"]["toy.csv"]["empty"] == ["square"]


def git(folder, *command):
    name = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    done = subprocess.run(
        ["git", *name, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_the_record_names_the_commit_and_whether_the_code_was_changed(tmp_path):
    assert git_commit(tmp_path) is None
    (tmp_path / "code").mkdir()
    (tmp_path / "data" / "results").mkdir(parents=True)
    (tmp_path / "code" / "a.py").write_text("a = 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "初め")
    head = git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "data" / "results" / "new.csv").write_text("結果\n", encoding="utf-8")
    assert git_commit(tmp_path) == head
    (tmp_path / "code" / "a.py").write_text("a = 2\n")
    assert git_commit(tmp_path) == f"{head}+変更あり"


@pytest.mark.parametrize("name", command.names())
def test_the_stored_record_is_that_of_the_stored_tables(name):
    folder = data.DATA / "results"
    record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    for table, described in record["tables"].items():
        assert described["sha256"] == data.sha256(folder / table), table
    made_by = {e.file for e in data.read_table() if e.command.endswith(f" run {name}")}
    assert made_by == {f"results/{f}" for f in (f"{name}.json", *record["tables"])}
    columns = {c for t in record["tables"] for c in pd.read_csv(folder / t).columns}
    declared = {c for t in record["tables"].values() for c in t["empty"]}
    assert declared == columns & set(command.find(name).empty)
    assert {"source", "commit", "versions", "date"} <= set(record)


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


def test_an_unknown_backend_is_named(rooms):
    toy = rooms(Toy())
    with pytest.raises(ValueError, match=r"引数 backend .*'spark' が渡されました"):
        engine.run(toy.experiment, backend="spark")
