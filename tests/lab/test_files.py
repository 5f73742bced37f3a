"""結果と出どころのファイルは、共に新しくなるか、共に元のままです。"""

import pytest

from rnnbook.lab.files import write_atomically, write_together


def files(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def test_a_failed_write_leaves_the_old_file_whole_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    write_atomically(path, "古い")

    def fail(self, target):
        raise OSError("満杯")

    monkeypatch.setattr(type(path), "replace", fail)
    with pytest.raises(OSError, match="満杯"):
        write_atomically(path, "新しい")
    assert path.read_text(encoding="utf-8") == "古い"
    assert files(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("fault", [OSError("満杯"), KeyboardInterrupt()])
@pytest.mark.parametrize("stops_at", [0, 1, 2])
def test_an_interruption_between_the_files_leaves_every_one_as_it_was(
    tmp_path, monkeypatch, fault, stops_at
):
    table, other, record = (tmp_path / name for name in ("a.csv", "b.csv", "a.json"))
    table.write_text("古い表", encoding="utf-8")
    record.write_text("古い記録", encoding="utf-8")
    kind, replaced = type(table), []
    real = kind.replace

    def stop(self, target):
        if len(replaced) == stops_at:
            raise fault
        replaced.append(target)
        return real(self, target)

    monkeypatch.setattr(kind, "replace", stop)
    with pytest.raises(type(fault)):
        write_together({table: "新しい表", other: "もう一つ", record: "新しい記録"})
    assert files(tmp_path) == ["a.csv", "a.json"]
    assert table.read_text(encoding="utf-8") == "古い表"
    assert record.read_text(encoding="utf-8") == "古い記録"
