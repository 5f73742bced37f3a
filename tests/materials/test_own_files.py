"""読者のファイル: 並び、区切り、BOM、注釈が違っても同じ数が読め、誤りはファイルと行と列で述べること。"""

import numpy as np
import pytest

from rnnbook.materials.own_files import FileProblem, read_table
from rnnbook.materials.own_spectra import read_spectrum

AXIS, VALUES = [11900.0, 11910.5, 11920.0], [0.25, 0.5, 1e3]

SAME_SPECTRUM = {
    "tab": "energy\tmu\n11900\t0.25\n11910.5\t0.5\n11920\t1e3\n",
    "comma, BOM, CRLF": "\ufeffEnergy (eV),mu\r\n11900,0.25\r\n11910.5,0.5\r\n11920,1E3\r\n",
    "other order": "mu,note,energy\n0.25,1,11900\n0.5,1,11910.5\n1000,1,11920\n",
    "decimal comma": "energy;mu\n11900,0;0,25\n11910,5;0,5\n11920,0;1000\n",
    "blanks and comments": "# beamline 9\n#  energy   mu\n 11900   0.25\n\n 11910.5  0.5\n# pause\n 11920  1e+3\n",
    "quoted": '"energy","mu"\n"11900","0.25"\n"11910.5","0.5"\n"11920","1000"\n',
    "preamble": "Sample: Au foil\nDate, 2026, 11, 27\nenergy,mu\n11900,0.25\n11910.5,0.5\n11920,1000\n",
    "preamble of two cells": "Sample,Au\nenergy,mu\n11900,0.25\n11910.5,0.5\n11920,1000\n",
    "falling axis": "energy,mu\n11920,1000\n11910.5,0.5\n11900,0.25\n",
    "full width": "ｅｎｅｒｇｙ，mu\n１１９００，０．２５\n11910.5,0.5\n11920,1000\n",
    "lone carriage returns": "energy,mu\r11900,0.25\r11910.5,0.5\r11920,1000\r",
}


@pytest.mark.parametrize("text", SAME_SPECTRUM.values(), ids=SAME_SPECTRUM)
def test_the_same_numbers_are_read_however_the_file_was_written(text, tmp_path):
    (tmp_path / "a.txt").write_bytes(text.encode())
    axis, values = read_spectrum(tmp_path / "a.txt", axis="energy", value="mu")
    np.testing.assert_allclose(axis, AXIS)
    np.testing.assert_allclose(values, VALUES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_japanese_headings_are_read_in_the_codes_of_japanese_laboratories(
    encoding, tmp_path
):
    text = "試料名,脂肪（％）\n豚-1,22.5\n牛-2,8\n"
    (tmp_path / "肉.csv").write_bytes(text.encode(encoding))
    table = read_table(tmp_path / "肉.csv")
    assert table.words("試料名").tolist() == ["豚-1", "牛-2"]
    assert table.numbers("脂肪").tolist() == [22.5, 8.0]


def test_a_column_of_names_beside_numbers_does_not_hide_the_heading(tmp_path):
    (tmp_path / "t.csv").write_text("id,lot,y\nA-1,L1,3\nA-2,,4\n")
    table = read_table(tmp_path / "t.csv")
    assert table.names == ["id", "lot", "y"] and len(table.cells) == 2
    with pytest.raises(FileProblem, match=r"t\.csv の 3 行目、列 lot が空"):
        table.words("lot")


def test_missing_values_are_refused_unless_asked_for(tmp_path):
    (tmp_path / "m.csv").write_text("t,v\n0,1.5\n1,\n2,NaN\n3,2\n")
    with pytest.raises(FileProblem, match=r"m\.csv の 3 行目、列 v の ''"):
        read_table(tmp_path / "m.csv").numbers("v")
    values = read_table(tmp_path / "m.csv").numbers("v", missing=True)
    assert np.isnan(values).tolist() == [False, True, True, False]


def test_a_file_that_is_not_text_says_what_to_do(tmp_path):
    (tmp_path / "raw.raw").write_bytes(b"RAW4\x00\x01\x02 1 2\n")
    with pytest.raises(FileProblem, match="書き出してから"):
        read_spectrum(tmp_path / "raw.raw")
    with pytest.raises(FileProblem, match="がありません"):
        read_spectrum(tmp_path / "none.txt")


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    (tmp_path / "g.csv").write_text("試料,濃度\nA,1\n")
    with pytest.raises(
        FileProblem, match=r"g\.csv に、列 水分 がありません.*試料、濃度"
    ):
        read_table(tmp_path / "g.csv").numbers("水分")
    (tmp_path / "twice.csv").write_text("y,Y,z\n1,2,3\n")
    with pytest.raises(FileProblem, match="列 y が2 個あります"):
        read_table(tmp_path / "twice.csv").numbers("y")


def test_a_unit_other_than_the_one_asked_for_is_refused(tmp_path):
    (tmp_path / "e.csv").write_text("Energy (keV),mu\n11.9,0.2\n12.0,0.4\n")
    table = read_table(tmp_path / "e.csv")
    assert table.numbers("energy").tolist() == [11.9, 12.0]
    assert table.numbers("ENERGY (keV)").tolist() == [11.9, 12.0]
    with pytest.raises(FileProblem, match=r"e\.csv の列 Energy \(keV\) の単位"):
        table.numbers("energy (eV)")


def rewritten(rng, names, rows):
    """同じ表の、列の順、区切り、小数点、注釈、改行、文字コードを替えた書き方。"""
    order = rng.permutation(len(names))
    separator = str(rng.choice([",", ";", "\t", "  "]))
    comma = separator == ";" and rng.random() < 0.5
    lines = ["# 測定室 2", "% run 7"][: rng.integers(0, 3)]
    for row in [names, *rows]:
        cells = [str(row[k]) for k in order]
        if comma and row is not names:
            cells = [c.replace(".", ",") for c in cells]
        lines.append(separator.join(cells))
        if rng.random() < 0.2:
            lines.append(str(rng.choice(["", "# 中断"])))
    text = str(rng.choice(["\n", "\r\n"])).join(lines)
    encoding = str(rng.choice(["utf-8", "utf-8-sig", "cp932", "utf-16"]))
    return (text + "\n" * int(rng.integers(0, 3))).encode(encoding)


@pytest.mark.parametrize("seed", range(60))
def test_a_table_written_in_a_way_no_one_has_seen_gives_the_same_numbers(
    seed, tmp_path
):
    rng = np.random.default_rng(seed)
    names = ["試料", "脂肪", "850.5", "852.5"]
    values = rng.normal(size=(5, 3)).round(3) * 10.0 ** rng.integers(-1, 3)
    rows = [[f"S-{k // 2}", *v] for k, v in enumerate(values.round(4).tolist())]
    (tmp_path / "t.dat").write_bytes(rewritten(rng, names, rows))
    table = read_table(tmp_path / "t.dat")
    assert table.words("試料").tolist() == [row[0] for row in rows]
    told = np.stack([table.numbers(name) for name in names[1:]], axis=1)
    np.testing.assert_allclose(told, values.round(4))


def test_a_separator_inside_quotes_does_not_part_a_cell(tmp_path):
    (tmp_path / "a.csv").write_text('名前,1,2\n"炭素鋼, 焼入れ",3,4\n"銅",5,6\n')
    table = read_table(tmp_path / "a.csv")
    assert table.words("名前").tolist() == ["炭素鋼, 焼入れ", "銅"]
    assert table.numbers("2").tolist() == [4, 6]


def test_empty_cells_at_the_end_of_every_line_are_no_columns(tmp_path):
    (tmp_path / "a.csv").write_text("E,mu,,\n1,2,,\n2,3,,\n")
    assert read_table(tmp_path / "a.csv").names == ["E", "mu"]


@pytest.mark.parametrize(
    "text", ["E,mu\n1,2,3\n2,3,4\n", "試料,1\nA,2,3\nB,3,4\nC,5,6\n"]
)
def test_a_heading_that_does_not_match_the_columns_is_named(text, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileProblem, match=r"a\.csv の 1 行目の見出しの欄は 2 個で"):
        read_table(tmp_path / "a.csv")
