"""data/ のファイルは表のハッシュと照らして読み、壊れていれば名前と直し方を言います。"""

import hashlib

import pytest

from rnnbook import data


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """小さな data/ を作り、rnnbook.data をそこへ向けます。"""
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "small.csv").write_bytes(b"a,b\n1,2\n")
    sha = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    (tmp_path / "README.md").write_text(
        "# data\n\n| ファイル | 何か | 出どころ | ライセンス | 作るコマンド | SHA-256 |\n"
        "|---|---|---|---|---|---|\n"
        f"| `results/small.csv` | 試し | 手 | CC0 | `python -m make small` | `{sha}` |\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(data, "DATA", tmp_path)
    return tmp_path


def test_every_file_in_the_repository_is_listed_and_undamaged():
    assert data.problems() == []
    assert {entry.file for entry in data.read_table()} >= {"results/lookback.csv"}
    for entry in data.read_table():
        assert all(entry), f"{entry.file} の行に空の欄があります"


def test_an_undamaged_file_is_read(copy):
    assert data.load("small").to_dict("list") == {"a": [1], "b": [2]}


def test_a_damaged_file_is_named_with_the_two_commands_that_restore_it(copy):
    (copy / "results" / "small.csv").write_bytes(b"a,b\n1,3\n")
    with pytest.raises(ValueError) as error:
        data.load("small")
    message = str(error.value)
    for words in (
        "data/results/small.csv",
        "SHA-256 と違います",
        "git checkout -- data/results/small.csv",
        "python -m make small",
    ):
        assert words in message


def test_a_missing_file_is_named_with_the_command_that_restores_it(copy):
    (copy / "results" / "small.csv").unlink()
    with pytest.raises(
        ValueError, match=r"small\.csv がありません。git checkout -- data/results"
    ):
        data.load("small")


@pytest.mark.parametrize(
    "bad", [b"a,b\n1,2\n3,\n", b"a,b\n1,2\n3,nan\n", b"a,b\n1,2\n3,inf\n"]
)
def test_an_empty_cell_is_named_with_file_row_and_column_though_the_hash_is_right(
    copy, bad
):
    (copy / "results" / "small.csv").write_bytes(bad)
    data.write_hashes()
    with pytest.raises(
        data.DataError, match=r"data/results/small\.csv の 3 行目、列 b .*make small"
    ):
        data.load("small")


def test_a_column_that_the_record_declares_may_be_empty(copy):
    (copy / "results" / "small.csv").write_bytes(b"a,b\n1,2\n3,\n")
    (copy / "results" / "small.json").write_text(
        '{"tables": {"small.csv": {"empty": ["b"]}}}'
    )
    readme = copy / "README.md"
    row = readme.read_text(encoding="utf-8").splitlines()[-1]
    with readme.open("a", encoding="utf-8") as file:
        file.write(row.replace("small.csv", "small.json") + "\n")
    data.write_hashes()
    assert data.load("small")["b"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "file",
    [
        e.file
        for e in data.read_table()
        if e.file.startswith("results/") and e.file.endswith(".csv")
    ],
)
def test_every_table_has_values_wherever_its_experiment_writes_them(file):
    assert len(data.load(file.removeprefix("results/").removesuffix(".csv"))) > 0


def test_an_unlisted_name_suggests_the_nearest(copy):
    with pytest.raises(
        data.DataError, match=r"results/smal\.csv がありません。.*small\.csv"
    ):
        data.load("smal")


def test_without_the_folder_the_reader_is_told_to_fetch_the_repository(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(data, "DATA", tmp_path / "data")
    with pytest.raises(
        data.DataError, match="リポジトリを取得し、その中で pip install -e"
    ):
        data.load("small")


def test_the_command_fails_for_damage_and_for_an_unlisted_file(copy, capsys):
    assert data.main([]) == 0
    (copy / "results" / "stray.csv").write_text("x\n")
    (copy / "results" / "small.csv").write_bytes(b"")
    assert data.main([]) == 1
    out = capsys.readouterr().out
    assert "data/results/stray.csv が data/README.md の表にありません" in out
    assert "data/results/small.csv の中身が" in out


def test_write_renews_only_the_hash(copy):
    before = (copy / "README.md").read_text(encoding="utf-8")
    (copy / "results" / "small.csv").write_bytes(b"new\n")
    assert data.main(["--write"]) == 0
    after = (copy / "README.md").read_text(encoding="utf-8")
    old, new = (hashlib.sha256(c).hexdigest() for c in (b"a,b\n1,2\n", b"new\n"))
    assert after == before.replace(old, new)


def test_git_leaves_the_line_ends_of_the_data_alone():
    attributes = (data.DATA / ".gitattributes").read_text(encoding="utf-8")
    assert "* -text" in attributes.splitlines()
