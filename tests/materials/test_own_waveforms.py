"""読者の波形: 書き方が違っても同じ電圧と周波数が読め、誤りはファイルと行と列で述べること。"""

import re

import numpy as np
import pytest

from rnnbook.materials.own_files import FileProblem
from rnnbook.materials.own_waveforms import read_waveform, read_waves

VALUES = np.array([0.004, -0.002, 0.0055, 0.001])  # V、100 kHz

SAME = {
    "seconds, volts": "時間 (s),電圧 (V)\n0,0.004\n1e-5,-0.002\n2e-5,0.0055\n3e-5,0.001\n",
    "other order, decimal comma": "電圧 (mV);番号;時間 (ms)\n4;1;0,00\n-2;2;0,01\n5,5;3;0,02\n1;4;0,03\n",
    "micro signs": "時間 (µs)\t電圧 (μV)\n0\t4000\n10\t-2000\n20\t5500\n30\t1000\n",
    "slashes, BOM, CRLF": "\ufeff時間/ms,電圧/mV\r\n0.00,4\r\n0.01,-2\r\n0.02,5.5\r\n0.03,1\r\n",
    "comments, blanks": "# sensor 2\n# 時間(us) 電圧(mV)\n 0  4\n\n 10 -2\n# pause\n 20 5.5\n 30 1\n",
    "a later start": "時間 (ms),電圧 (mV)\n5.00,4\n5.01,-2\n5.02,5.5\n5.03,1\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_wave_is_read_however_the_file_was_written(text, tmp_path):
    (tmp_path / "a.txt").write_bytes(text.encode())
    wave = read_waveform(tmp_path / "a.txt", time="時間", value="電圧")
    np.testing.assert_allclose(wave.values, VALUES)
    np.testing.assert_allclose(wave.rate, 1e5)


def test_a_file_without_a_heading_takes_its_units_from_the_arguments(tmp_path):
    (tmp_path / "a.txt").write_text("0 4\n10 -2\n20 5.5\n30 1\n")
    wave = read_waveform(tmp_path / "a.txt", time_unit="us", unit="mV")
    np.testing.assert_allclose(wave.values, VALUES)
    np.testing.assert_allclose(wave.rate, 1e5)
    with pytest.raises(
        FileProblem, match=r"a\.txt の列 1 列 の見出しに単位がありません"
    ):
        read_waveform(tmp_path / "a.txt")
    with pytest.raises(ValueError, match=r"引数 unit は 'V', 'mV'.*'kV'"):
        read_waveform(tmp_path / "a.txt", time_unit="us", unit="kV")


HEAD = "t (ms),v (mV)\n"
WRONG = {
    HEAD + "0,1\n0.01,x\n0.02,3\n": "3 行目、列 v .mV. の 'x' は、数ではありません",
    HEAD + "0,1\n0.01,\n0.02,3\n": "3 行目、列 v .mV. の '' は、欠けているか",
    HEAD + "0,1\n0.01,inf\n0.02,3\n": "3 行目、列 v .mV. の 'inf'",
    HEAD + "0,1\nnan,2\n0.02,3\n": "3 行目、列 t .ms. の 'nan'",
    HEAD + "0,1\n0.01,2\n0.01,3\n0.02,4\n": "3 行目と 4 行目で、時刻 .* が進みません",
    HEAD + "0,1\n0.01,2\n0.02,3\n0.04,4\n0.05,5\n": "4 行目と 5 行目で.*間隔が 0.02 です",
    HEAD + "0,1\n0.01,2\n": "2 点です",
    HEAD + "0,7\n0.01,7\n0.02,7\n": "どの点も 7 です",
    HEAD + "0,1\n0.01,2e6\n0.02,3\n": "3 行目、列 v .mV. の 2e.06 は 2000 V .*0.001 倍",
    "t (s),v (mV)\n0,1\n0.01,2\n0.02,3\n": "標本化周波数は 100 Hz .*0.001 倍すると入ります",
    "t (min),v (mV)\n0,1\n0.01,2\n0.02,3\n": "列 t .min. の単位 min は読めません",
    "t (ms),v (V)\n": "a.csv",
    "t (ms)\n1\n2\n3\n": "列が 1 個しかありません",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_fault_is_named_by_file_line_and_column(text, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileProblem, match=WRONG[text]) as caught:
        read_waveform(tmp_path / "a.csv")
    assert "a.csv" in str(caught.value)


def test_a_slow_change_of_the_sampling_is_not_passed_as_equal_steps(tmp_path):
    t = np.cumsum(np.linspace(0.9, 1.1, 400)) * 1e-5
    rows = "\n".join(f"{a:.9f},{b}" for a, b in zip(t, np.sin(t), strict=True))
    (tmp_path / "a.csv").write_text(f"t (s),v (V)\n{rows}\n")
    with pytest.raises(FileProblem, match="間隔が"):
        read_waveform(tmp_path / "a.csv")


def test_a_saturated_wave_is_refused_and_a_coarse_one_is_not(tmp_path):
    rng = np.random.default_rng(0)
    v = rng.normal(size=2000)
    for name, values, ok in (
        ("whole", np.round(v, 3), True),
        ("coarse", np.round(2 * v) / 2, True),
        ("saturated", np.where(np.arange(2000) % 500 < 12, 2.5, v.clip(-2, 2.5)), False),
    ):  # fmt: skip
        rows = "\n".join(f"{k * 1e-5:.5f},{x:.3f}" for k, x in enumerate(values))
        (tmp_path / f"{name}.csv").write_text(f"t (s),v (V)\n{rows}\n")
        if ok:
            assert len(read_waveform(tmp_path / f"{name}.csv").values) == 2000
        else:
            with pytest.raises(
                FileProblem, match=r"saturated\.csv の 2 行目から.*振り切れ"
            ):
                read_waveform(tmp_path / f"{name}.csv")


def write_folder(folder, stress="応力 (MPa)"):
    for k, scale in enumerate((1, 2)):
        rows = "\n".join(f"{10 * t},{scale * v * 1e3}" for t, v in enumerate(VALUES))
        (folder / f"b{k}.csv").write_text(f"t (us),v (mV)\n{rows}\n")
    (folder / "list.csv").write_text(
        f"{stress};試料;ファイル\n-50,5;S-1;b0.csv\n0,0;S-2;b1.csv\n"
    )


def test_a_folder_and_its_listing_give_the_waves_in_the_order_of_the_listing(tmp_path):
    write_folder(tmp_path)
    waves = read_waves(tmp_path / "list.csv")
    np.testing.assert_allclose(waves.X, [VALUES, 2 * VALUES])
    assert waves.names == ["b0.csv", "b1.csv"]
    assert waves.specimen.tolist() == ["S-1", "S-2"]
    assert waves.stress.tolist() == [-50.5, 0.0]


def rewrite(path, old, new):
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("list.csv", "b1.csv", "b9.csv", r"list\.csv の 3 行目の波形: .*b9\.csv がありません"),
        ("list.csv", "b1.csv", "b0.csv", r"list\.csv の 2 行目と 3 行目は、同じ波形 b0\.csv"),
        ("list.csv", "(MPa)", "(GPa)", r"list\.csv の列 応力 \(GPa\) の単位"),
        ("b1.csv", None, None, r"list\.csv の 2 行目の b0\.csv と 3 行目の b1\.csv は、どの点の電圧も同じ"),
        ("list.csv", "-50,5", "-50500000,0", r"list\.csv の 2 行目の応力 .*1e-06 倍"),
        ("list.csv", "S-2", "", r"list\.csv の 3 行目、列 試料 が空"),
        ("list.csv", "試料", "名前", r"list\.csv に、列 試料 がありません"),
        ("b1.csv", "30,2.0\n", "", r"b1\.csv は 3 点.*b0\.csv の 4 点"),
        ("b1.csv", "t (us)", "t (ms)", r"3 行目の波形: b1\.csv の時刻 .*0.001 倍|b1\.csv は 4 点、100 Hz"),
        ("b1.csv", "20,11.0", "20,abc", r"3 行目の波形: b1\.csv の 4 行目、列 v"),
    ],
)  # fmt: skip
def test_a_fault_of_one_wave_names_the_line_of_the_listing_and_of_the_wave(
    file, old, new, named, tmp_path
):
    write_folder(tmp_path)
    if old is None:  # 名前だけを替えた写し
        (tmp_path / file).write_text((tmp_path / "b0.csv").read_text())
    else:
        rewrite(tmp_path / file, old, new)
    with pytest.raises(FileProblem, match=named):
        read_waves(tmp_path / "list.csv")


@pytest.mark.parametrize("unit", ["GPa", "kPa", "N/mm2"])
def test_a_stress_in_another_unit_is_not_read_as_megapascals(unit, tmp_path):
    write_folder(tmp_path, f"応力 ({unit})")
    with pytest.raises(FileProblem, match=f"単位は {unit} です。MPa に換算"):
        read_waves(tmp_path / "list.csv", stress="応力")


def rewritten(rng, names, rows):
    """同じ表の、列の順、区切り、小数点、注釈、改行、文字コードを替えた書き方。"""
    order = rng.permutation(len(names))
    separator = str(rng.choice([",", ";", "\t"]))
    comma = separator == ";" and rng.random() < 0.5
    lines = ["# 測定室 2", "% run 7"][: rng.integers(0, 3)]
    for row in [names, *rows]:
        cells = [str(row[k]) for k in order]
        if comma and row is not names:
            cells = [re.sub(r"(?<=\d)\.(?=\d)", ",", c) for c in cells]
        lines.append(separator.join(cells))
        if rng.random() < 0.1:
            lines.append(str(rng.choice(["", "# 中断"])))
    text = str(rng.choice(["\n", "\r\n"])).join(lines)
    encoding = str(rng.choice(["utf-8", "utf-8-sig", "cp932", "utf-16"]))
    return (text + "\n" * int(rng.integers(0, 3))).encode(encoding)


@pytest.mark.parametrize("seed", range(40))
def test_waves_written_in_a_way_no_one_has_seen_give_the_same_numbers(seed, tmp_path):
    rng = np.random.default_rng(seed)
    v = rng.normal(size=(20, 2)).round(4)
    time, scale = [("時間 (s)", 1e-5), ("時間 [ms]", 1e-2), ("時間(us)", 10)][seed % 3]
    names = [time, "波形 1 (mV)", "波形 2 (mV)"]
    rows = [[f"{k * scale:.6f}", *(f"{x:.4f}" for x in row)] for k, row in enumerate(v)]
    (tmp_path / "bursts.dat").write_bytes(rewritten(rng, names, rows))
    listed = [["bursts.dat", "波形2", "S-1", "25.5"], ["bursts.dat", "波形1", "S-2", "-10.0"]]  # fmt: skip
    head = ["ファイル", "列", "試料", "応力 (MPa)"]
    (tmp_path / "list.txt").write_bytes(rewritten(rng, head, listed))
    waves = read_waves(tmp_path / "list.txt", column="列", time="時間")
    np.testing.assert_allclose(waves.X, 1e-3 * v.T[::-1], atol=1e-12)
    np.testing.assert_allclose(waves.rate, 1e5, rtol=1e-6)
    assert waves.stress.tolist() == [25.5, -10.0]
    assert waves.specimen.tolist() == ["S-1", "S-2"]
