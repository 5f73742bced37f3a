"""読者の軌跡: 列の並びや区切りは問わず、抜けや戻り、違う箱は、ファイルと行とコマで述べること。"""

import numpy as np
import pytest

from rnnbook.materials import own_trajectories as own
from rnnbook.materials.lennard_jones import fcc
from rnnbook.materials.own_files import FileProblem
from rnnbook.materials.precursor import NEVER, events, windows

HOW = {"run": "run", "time": "time", "columns": ["Q6", "U"]}


def rows(step=0.5, frames=4):
    return [
        (name, k * step, 0.1 + 0.01 * k, -5.0 - k)
        for name in ("b", "a")
        for k in range(frames)
    ]


@pytest.mark.parametrize(
    ("separator", "comma", "start"),
    [
        (",", False, ""),
        (";", True, "\ufeff"),
        ("\t", False, "# 注釈\n"),
        (" ", False, ""),
    ],
)
def test_separators_marks_comments_and_column_order_do_not_matter(
    separator, comma, start, tmp_path
):
    lines = [separator.join(["U", "time", "run", "Q6"])]
    for name, t, q, u in rows():
        cells = [f"{u:.3f}", f"{t:.3f}", name, f"{q:.3f}"]
        lines.append(separator.join(c.replace(".", ",") if comma else c for c in cells))
    (tmp_path / "runs.txt").write_bytes((start + "\r\n".join(lines)).encode())
    runs = own.read_runs(tmp_path / "runs.txt", **HOW)
    assert runs.names == ["b", "a"] and runs.step == 0.5
    np.testing.assert_allclose(runs.series[1][:, 0], [0.1, 0.11, 0.12, 0.13])
    np.testing.assert_allclose(runs.series[0][:, 1], [-5, -6, -7, -8])


def test_frames_of_two_runs_may_alternate(tmp_path):
    text = "run,time,Q6,U\na,0,1,0\nb,0,5,0\na,1,2,0\nb,1,6,0\n"
    (tmp_path / "runs.csv").write_text(text)
    runs = own.read_runs(tmp_path / "runs.csv", **HOW)
    assert [s[:, 0].tolist() for s in runs.series] == [[1, 2], [5, 6]]


WRONG = {
    "a,0,1,0\na,1,2,0\na,1,2,0\n": "4 行目で、軌跡 a の時間が 1 から 1 に",
    "a,0,1,0\na,2,2,0\na,1,2,0\n": "4 行目で、軌跡 a の時間が 2 から 1 に",
    "a,0,1,0\na,1,2,0\na,2,2,0\na,4,2,0\n": "5 行目で、軌跡 a の刻みが 2 です",
    "a,0,1,0\na,1,2,0\nb,0,2,0\nb,3,2,0\n": "5 行目で、軌跡 b の刻みが 3 です",
    "a,0,1,0\na,1,,0\n": "3 行目、列 Q6 の ''",
    "a,0,1,0\na,1,inf,0\n": "3 行目、列 Q6 の 'inf'",
    "a,0,1,0\na,1,2,0\nb,1,2,0\n": "軌跡 b は 1 コマだけ",
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_fault_is_named_by_file_line_and_run(text, tmp_path):
    (tmp_path / "runs.csv").write_text("run,time,Q6,U\n" + text)
    with pytest.raises(FileProblem, match=WRONG[text]) as caught:
        own.read_runs(tmp_path / "runs.csv", **HOW)
    assert "runs.csv" in str(caught.value)


def test_a_missing_column_is_named(tmp_path):
    (tmp_path / "runs.csv").write_text("run,time,Q6\na,0,1\na,1,2\n")
    with pytest.raises(FileProblem, match="列 U がありません"):
        own.read_runs(tmp_path / "runs.csv", **HOW)


def test_windows_are_those_of_the_chapter_but_stop_for_every_run_alike():
    rng = np.random.default_rng(0)
    series = rng.uniform(0, 0.1, (6, 120, 8))
    series[0, 50:, 0], series[1, 105:, 0] = 0.4, 0.4
    event = events(series, np.full(6, 0.6))
    runs = own.Runs(list("abcdef"), list("12345678"), 0.5, list(series))
    np.testing.assert_array_equal(own.first_crossing(runs, "1", above=0.22), event)
    mine, chapter = own.cut(runs, event), windows(series, event)
    early = chapter.t <= 90  # e が分かるのは 110 コマまで
    assert (chapter.y[~early] == 1).all() and (~early).sum() == 14
    for one, other in zip(mine, chapter, strict=True):
        np.testing.assert_array_equal(one, other[early])


def test_runs_of_unequal_length_are_cut_to_their_own_end():
    runs = own.Runs(["a", "b"], ["Q6"], 1.0, [np.zeros((60, 1)), np.zeros((80, 1))])
    w = own.cut(runs, np.array([NEVER, NEVER]))
    assert w.t[w.run == 0].max() == 30 and w.t[w.run == 1].max() == 50


def test_a_run_too_short_is_named():
    runs = own.Runs(["short"], ["Q6"], 1.0, [np.zeros((49, 1))])
    with pytest.raises(ValueError, match="軌跡 short は 49 コマ"):
        own.cut(runs, np.array([NEVER]))
    with pytest.raises(ValueError, match="column は Q6"):
        own.first_crossing(runs, "q6", above=0.2)


def written(path, x, box, lines=None):
    """fcc の一コマを、ASE を使わずに extxyz で書きます。"""
    lattice = f"{box} 0 0 0 {box} 0 0 0 {box}"
    head = f'Lattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="T T T"'
    atoms = [f"Cu {a:.8f} {b:.8f} {c:.8f}" for a, b, c in x]
    path.write_text("\n".join([str(len(x)), lines or head, *atoms]) + "\n")


def test_the_order_of_a_file_of_positions_is_the_one_of_the_lattice(tmp_path):
    pytest.importorskip("ase")
    x, box = fcc(3, 0.95)
    written(tmp_path / "a.extxyz", x, box)
    text = (tmp_path / "a.extxyz").read_text()
    (tmp_path / "a.extxyz").write_text(text * 2)  # 二コマ
    found = own.read_extxyz(tmp_path / "a.extxyz", reach=1.4)
    assert found.shape == (2, len(own.FRAME_COLUMNS))
    np.testing.assert_allclose(found[:, 0], 0.57452, atol=1e-4)
    assert found[0, 4] == len(x)


def test_a_wrong_box_or_unit_is_named_with_its_frame(tmp_path):
    pytest.importorskip("ase")
    x, box = fcc(3, 0.95)
    written(tmp_path / "a.extxyz", x, box, "Properties=species:S:1:pos:R:3")
    with pytest.raises(FileProblem, match=r"a\.extxyz の 0 番のコマの箱は"):
        own.read_extxyz(tmp_path / "a.extxyz", reach=1.4)
    written(tmp_path / "b.extxyz", x / 10, box / 10)
    with pytest.raises(FileProblem, match="単位（Å と nm）"):
        own.read_extxyz(tmp_path / "b.extxyz", reach=1.4)
    with pytest.raises(FileProblem, match=r"c\.extxyz がありません"):
        own.read_extxyz(tmp_path / "c.extxyz", reach=1.4)


def test_without_ase_one_sentence_says_what_to_do(monkeypatch, tmp_path):
    (tmp_path / "a.extxyz").write_text("1\n\nCu 0 0 0\n")
    monkeypatch.setattr(own, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install ase.*read_runs"):
        own.read_extxyz(tmp_path / "a.extxyz", reach=1.4)
