"""読者のスペクトル: 軸の並び、単位、負の計数、欠け、軸の不揃いは、ファイルと行と列で述べること。"""

import numpy as np
import pytest

from rnnbook.materials.missing import filled
from rnnbook.materials.own_files import FileProblem, read_table
from rnnbook.materials.own_spectra import read_channels, read_folder, read_spectrum

WRONG = {
    "1 2\n2 3\n2 4\n": "2 行目と 3 行目で、軸",
    "1 2\n3 3\n2 4\n": "2 行目と 3 行目で、軸",
    "1 2\n2 x\n3 4\n": "2 行目、列 2 列 の 'x' は、数ではありません",
    "1 2\n2 inf\n3 4\n": "2 行目、列 2 列 の 'inf'",
    "E mu\n1 2\n2 NaN\n3 4\n": "3 行目、列 mu の 'NaN'",
    "E mu\n1 2\nnan 3\n3 4\n": "3 行目、列 E の 'nan'",
    "1 2\n2 3 4\n3 4\n": "2 行目の欄は 3 個",
    "1 2\n2 -3\n3 4\n": "2 行目の計数 -3 が負",
    "11.9 2\n12.0 3\n": "1000 倍すると",
    "": "データの行がありません",
    "# only\n": "データの行がありません",
    "5\n6\n": "列が 1 個しかありません",
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_fault_is_named_by_file_line_and_column(text, tmp_path):
    (tmp_path / "scan.txt").write_text(text)
    within = (10_000, 13_000) if text.startswith("11.9") else None
    with pytest.raises(FileProblem, match=WRONG[text]) as caught:
        read_spectrum(tmp_path / "scan.txt", within=within, counts=True)
    assert "scan.txt" in str(caught.value)


def test_a_fault_in_a_file_that_falls_is_named_by_the_line_of_the_file(tmp_path):
    (tmp_path / "scan.txt").write_text("3 1\n2 2\n2.5 3\n1 4\n")
    with pytest.raises(FileProblem, match="3 行目と 2 行目で、軸 1 列"):
        read_spectrum(tmp_path / "scan.txt")


def test_electronvolts_pass_where_kiloelectronvolts_do_not(tmp_path):
    (tmp_path / "ev.txt").write_text("11900 2\n12000 3\n")
    assert len(read_spectrum(tmp_path / "ev.txt", within=(10_000, 13_000)).axis) == 2
    (tmp_path / "kev.txt").write_text("11.9 2\n12.0 3\n")
    with pytest.raises(FileProblem, match=r"kev\.txt の軸 1 列 .*1000 倍.*keV"):
        read_spectrum(tmp_path / "kev.txt", within=(10_000, 13_000))


def test_a_folder_of_unequal_axes_names_the_file_and_is_mended_by_a_common_axis(
    tmp_path,
):
    (tmp_path / "a.txt").write_text("1 10\n2 20\n3 30\n")
    (tmp_path / "b.txt").write_text("1 10\n2.5 25\n3 30\n")
    with pytest.raises(FileProblem, match=r"b\.txt の軸"):
        read_folder(tmp_path, "*.txt")
    folder = read_folder(tmp_path, "*.txt", new_axis=[1.5, 2.5])
    assert folder.names == ["a", "b"]
    np.testing.assert_allclose(folder.X, [[15, 25], [15, 25]])
    with pytest.raises(FileProblem, match=r"a\.txt: .*外に出ます"):
        read_folder(tmp_path, "*.txt", new_axis=[1.5, 3.5])
    with pytest.raises(FileProblem, match="合うファイルがありません"):
        read_folder(tmp_path, "*.xy")


def test_channels_are_put_in_the_order_of_their_axis(tmp_path):
    (tmp_path / "a.csv").write_text(
        "試料;852,5;fat;850,5\nA;0,2;5,0;0,1\nB;0,4;9,0;0,3\n"
    )
    axis, X = read_channels(read_table(tmp_path / "a.csv"), ["fat", "試料"])
    assert axis.tolist() == [850.5, 852.5]
    assert X.tolist() == [[0.1, 0.2], [0.3, 0.4]]


@pytest.mark.parametrize(
    "unit", ["nm", " cm-1", " cm⁻¹", " (cm^-1)", " [1/cm]", " Å-1", "°", " µm"]
)
def test_the_unit_in_a_heading_is_no_part_of_the_axis(unit, tmp_path):
    (tmp_path / "a.csv").write_text(f"y,202.0{unit},200.5{unit}\n1,4,3\n")
    axis, X = read_channels(read_table(tmp_path / "a.csv"), ["y"])
    assert axis.tolist() == [200.5, 202.0] and X.tolist() == [[3, 4]]


def test_an_empty_cell_passes_only_where_it_is_asked_for_and_can_then_be_filled(
    tmp_path,
):
    (tmp_path / "a.csv").write_text("y,3,1,2\n1,5,3,\n2,9,7,8\n")
    table = read_table(tmp_path / "a.csv")
    with pytest.raises(FileProblem, match="2 行目、列 2 の ''"):
        read_channels(table, ["y"])
    _, X = read_channels(table, ["y"], missing=True)
    assert np.isnan(X).tolist() == [[False, True, False], [False] * 3]
    assert filled(X, np.isnan(X), "linear", X).tolist() == [[3, 4, 5], [7, 8, 9]]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("y,1 lot2\n1,3\n", "列 1 lot2 の見出しは、軸の値ではありません"),
        ("y,A-1000,A-1002\n1,3,4\n", "列 A-1000 の見出しは、軸の値ではありません"),
        ("y,lot,1,2\n1,3,4,5\n", "列 lot の見出しは、軸の値ではありません.*besides"),
        ("y,2,1,2.0\n1,3,4,5\n", "列 2 と列 2.0 は、同じ軸の値"),
        ("y,11.9,12.0\n1,3,4\n", "1000 倍すると"),
        ("y,11900,12000\n1,3,NaN\n", "2 行目、列 12000 の 'NaN'"),
        ("z,11900,12000\n1,3,4\n", "列 y がありません"),
    ],
)
def test_a_fault_of_a_channel_is_named(text, named, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(FileProblem, match=named) as caught:
        read_channels(read_table(tmp_path / "t.csv"), ["y"], within=(10_000, 13_000))
    assert "t.csv" in str(caught.value)


def test_the_example_of_the_chapter_reads_the_same_with_its_columns_turned_round(
    tmp_path,
):
    from rnnbook.data import verified_path

    path = verified_path("measured/own_example.csv")
    besides = ["成分", "試料", "測定日"]
    axis, X = read_channels(read_table(path), besides)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    turned = [
        ",".join(c.replace(",", ".") for c in line.split(";")[::-1])
        for line in lines
        if not line.startswith("#")
    ]
    (tmp_path / "turned.csv").write_text("\n".join(turned))
    again = read_channels(read_table(tmp_path / "turned.csv"), besides)
    np.testing.assert_array_equal(again[0], axis)
    np.testing.assert_array_equal(again[1], X)
    assert X.shape == (200, 50) and (np.diff(axis) > 0).all()


@pytest.mark.parametrize("text", ["850,852,854\n0.1,0.2,0.3\n", "0.1 0.2\n0.3 0.4\n"])
def test_a_table_whose_heading_is_only_numbers_is_refused(text, tmp_path):
    (tmp_path / "new.csv").write_text(text)
    with pytest.raises(FileProblem, match=r"new\.csv に見出しの行がありません"):
        read_channels(read_table(tmp_path / "new.csv"), besides=())
    (tmp_path / "new.csv").write_text("試料,850,852\nA-1,0.1,0.2\n")
    axis, X = read_channels(read_table(tmp_path / "new.csv"), besides=("試料",))
    assert axis.tolist() == [850, 852] and X.tolist() == [[0.1, 0.2]]
