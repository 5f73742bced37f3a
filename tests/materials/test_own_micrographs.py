"""読者の組織の写真と統計の表: 書き方が違っても同じ数が読め、誤りはファイルと行と、することを述べること。"""

import matplotlib.image
import numpy as np
import pytest

from rnnbook.materials import spinodal
from rnnbook.materials.own_files import FileProblem
from rnnbook.materials.own_micrographs import Micrographs, read_image, read_micrographs
from rnnbook.materials.own_pictures_example import write_pictures, write_series
from rnnbook.materials.own_series import read_series
from rnnbook.materials.own_statistics import open_autocovariance, remarks

RNG = np.random.default_rng(0)
STEPS = np.array([[0, 51, 102], [153, 204, 255]]) / 255


def save(path, image):
    if path.suffix == ".npy":
        np.save(path, image)
    elif path.suffix in (".csv", ".txt"):
        np.savetxt(path, image, delimiter="," if path.suffix == ".csv" else "\t")
    else:
        matplotlib.image.imsave(path, image, cmap="gray", vmin=0, vmax=1)


@pytest.mark.parametrize(
    "name", ["a.npy", "a.csv", "a.txt", "a.png", "a.tiff", "A.PNG"]
)
def test_the_same_picture_is_read_from_every_format(name, tmp_path):
    save(tmp_path / name, STEPS)
    np.testing.assert_allclose(read_image(tmp_path / name), STEPS, atol=1e-3)


def test_sixteen_bits_are_read_from_zero_to_one(tmp_path):
    from PIL import Image

    counts = np.array([[0, 13107], [52428, 65535]], dtype=np.uint16)
    for name in ("deep.png", "deep.tif"):
        Image.fromarray(counts).save(tmp_path / name)
        expected = counts / 65535
        np.testing.assert_allclose(read_image(tmp_path / name), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.npy", None, "がありません"),
        ("raw.dm4", b"xx", r"raw\.dm4 は読めません.*PNG"),
        ("broken.npy", b"not numpy", r"broken\.npy は、NumPy の配列として"),
        ("broken.png", b"not a picture", r"broken\.png は、画像として"),
        ("holes.csv", b"1,2,3\n4,nan,6\n7,8,9\n", r"holes\.csv の 2 行目、列 2 列"),
        ("flat.csv", b"1,1\n1,1\n", r"flat\.csv は、どこも同じ明るさ 1"),
        ("cut.csv", b"1,2,3\n4,5,6\n7,8\n", r"cut\.csv の 3 行目の欄は 2 個"),
    ],
)
def test_a_file_that_is_no_picture_is_named_with_the_remedy(
    name, content, message, tmp_path
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FileProblem, match=message):
        read_image(tmp_path / name)


def test_a_hole_a_stack_a_colour_and_a_veil_are_refused(tmp_path):
    image = RNG.random((5, 6))
    image[2, 3] = np.inf
    np.save(tmp_path / "hole.npy", image)
    with pytest.raises(FileProblem, match=r"hole\.npy の 3 行 4 列.*全部で 1 個"):
        read_image(tmp_path / "hole.npy")
    np.save(tmp_path / "stack.npy", np.ones((3, 5, 6)))
    with pytest.raises(FileProblem, match=r"stack\.npy の形は \(3, 5, 6\)"):
        read_image(tmp_path / "stack.npy")
    np.save(tmp_path / "wave.npy", np.ones((3, 3)) * 1j)
    with pytest.raises(FileProblem, match=r"wave\.npy の値は complex"):
        read_image(tmp_path / "wave.npy")
    colour = np.repeat(RNG.random((5, 6, 1)), 3, axis=2)
    colour[1, 4, 0] = 0.0
    matplotlib.image.imsave(tmp_path / "scale.png", colour)
    with pytest.raises(FileProblem, match=r"scale\.png の 2 行 5 列の画素に色"):
        read_image(tmp_path / "scale.png")
    veil = np.dstack([np.repeat(STEPS[..., None], 3, axis=2), STEPS])
    matplotlib.image.imsave(tmp_path / "veil.png", veil)
    with pytest.raises(FileProblem, match=r"veil\.png には透けた画素"):
        read_image(tmp_path / "veil.png")


def test_the_times_stand_in_the_names_with_their_units(tmp_path):
    for name in ("S12_2h.npy", "S12_90min.npy", "S12_600s.npy"):
        np.save(tmp_path / name, RNG.random((8, 8)))
    found = read_micrographs(tmp_path)
    assert found.names == ["S12_600s.npy", "S12_90min.npy", "S12_2h.npy"]
    assert found.time.tolist() == [600.0, 5400.0, 7200.0]
    np.save(tmp_path / "S12_5.npy", RNG.random((8, 8)))
    with pytest.raises(FileProblem, match=r"S12_5\.npy の時刻には単位がなく"):
        read_micrographs(tmp_path)


def test_the_times_may_stand_in_a_table_of_any_order(tmp_path):
    for name in ("b.npy", "a.npy"):
        np.save(tmp_path / name, np.eye(4) * ord(name[0]))
    table = tmp_path / "times.csv"
    table.write_bytes("\ufeff# 焼鈍\n時刻;ファイル\n2,5;a.npy\n0,5;b.npy\n".encode())
    with pytest.raises(FileProblem, match=r"a\.npy の名前に、時刻の数がありません"):
        read_micrographs(tmp_path, "*.npy")
    found = read_micrographs(tmp_path, times=table)
    assert found.names == ["b.npy", "a.npy"] and found.time.tolist() == [0.5, 2.5]
    table.write_text("時刻,ファイル\n2,a.npy\n3,a.npy\n")
    with pytest.raises(
        FileProblem, match=r"times\.csv の列 ファイル に、a\.npy が二度"
    ):
        read_micrographs(tmp_path, times=table)


def test_pictures_that_do_not_belong_together_are_named(tmp_path):
    with pytest.raises(FileProblem, match="画像がありません"):
        read_micrographs(tmp_path)
    np.save(tmp_path / "t1.npy", np.eye(6))
    np.save(tmp_path / "t01.npy", np.eye(6))
    with pytest.raises(FileProblem, match=r"t01\.npy と t1\.npy は、同じ時刻 1"):
        read_micrographs(tmp_path)
    np.save(tmp_path / "t2.npy", np.eye(5))
    with pytest.raises(FileProblem, match=r"t2\.npy の大きさ \(5, 5\)"):
        read_micrographs(tmp_path, "t[12].npy")


def test_the_autocovariance_of_an_open_picture_is_the_mean_over_the_pairs_it_has():
    image = RNG.normal(size=(7, 10))
    u = image - image.mean()
    sums, counts = np.zeros(4), np.zeros(4)
    for y1, x1 in np.ndindex(image.shape):
        for y2, x2 in np.ndindex(image.shape):
            r = int(np.floor(np.hypot(y2 - y1, x2 - x1) + 0.5))
            if r < 4:
                sums[r] += u[y1, x1] * u[y2, x2]
                counts[r] += 1
    C = open_autocovariance(image, lags=3)
    np.testing.assert_allclose(C, (sums / counts)[:3], atol=1e-12)
    assert C[0] == pytest.approx(image.var())
    with pytest.raises(ValueError, match="引数 lags は画面の短い辺の半分 3 以下"):
        open_autocovariance(image, lags=4)


def test_a_picture_cut_from_a_large_field_has_the_length_of_that_field():
    field = spinodal.advance(spinodal.initial([5], n=128), 0.7, steps=200)[0]
    whole = spinodal.length(spinodal.autocovariance(field))
    part = spinodal.length(open_autocovariance(field[:100, 20:], lags=32))
    assert part == pytest.approx(whole, rel=0.1)


def test_what_to_look_at_again_is_said_and_a_good_series_is_silent():
    fields = spinodal.simulate(spinodal.initial([6]), np.full((1, 12), 0.7))[0, 9:]
    good = Micrographs(["a", "b", "c"], np.arange(3.0), fields)

    def said(found):
        C = open_autocovariance(found.images, min(32, found.images.shape[1] // 2))
        return " ".join(remarks(found, C, spinodal.length(C)))

    assert said(good) == ""
    assert "時刻の間隔が 1 から 3" in said(good._replace(time=np.array([0.0, 1, 4])))
    brighter = fields + np.arange(3.0)[:, None, None]
    assert "平均の明るさ" in said(good._replace(images=brighter))
    assert "白飛びか黒つぶれ" in said(good._replace(images=np.clip(fields, -0.4, 0.4)))
    noise = RNG.normal(size=fields.shape)
    assert "雑音" in said(good._replace(images=noise))
    assert "1/6 を超えます" in said(good._replace(images=fields[:, :20, :20]))


SAME = {
    "plain": "run,t,temp,C0,C1\nA,0,0.6,1,2\nA,1,0.7,3,4\nB,0,0.8,5,6\nB,1,0.9,7,8\n",
    "other order": "C0,t,run,C1,temp\n7,1,B,8,.9\n1,0,A,2,.6\n3,1,A,4,.7\n5,0,B,6,.8\n",
    "decimal comma": "run;t;temp;C0;C1\nA;0;0,6;1,0;2\nA;1;0,7;3;4\nB;0;0,8;5;6\nB;1;0,9;7;8\n",
    "BOM and comments": "\ufeff# 観察 3\nrun\tt (h)\ttemp (K)\tC0\tC1\nA\t0\t.6\t1\t2\n# 休み\nA\t1\t.7\t3\t4\nB\t0\t.8\t5\t6\nB\t1\t.9\t7\t8\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_statistics_are_read_however_the_table_was_written(text, tmp_path):
    (tmp_path / "c.csv").write_bytes(text.encode())
    found = read_series(tmp_path / "c.csv", run="run", time="t", temperature="temp")
    order = [found.runs.index("A"), found.runs.index("B")]
    np.testing.assert_allclose(found.X[order], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    np.testing.assert_allclose(found.T[order], [[0.6, 0.7], [0.8, 0.9]])
    assert found.time.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("A,0,1\nA,1,\n", r"s\.csv の 3 行目、列 C"),
        ("A,0,1\nA,0,2\n", r"s\.csv の 2 行目と 3 行目は、同じ run A の同じ時刻 0"),
        (
            "A,0,1\nA,1,2\nA,2,2\nA,4,3\n",
            r"s\.csv の 5 行目で、run A の時刻が 2 から 4",
        ),
        (
            "A,0,1\nA,1,2\nB,0,3\n",
            r"s\.csv の run B（1 枚、4 行目から）.*run A（2 枚）",
        ),
        ("A,0,1\nA,1,2\nB,0,3\nB,2,3\n", r"s\.csv の run B（2 枚"),
        (",0,1\nA,1,2\n", r"s\.csv の 2 行目、列 run が空"),
    ],
)
def test_a_table_that_is_no_set_of_series_is_named_with_its_line(
    rows, message, tmp_path
):
    (tmp_path / "s.csv").write_text("run,t,C\n" + rows)
    with pytest.raises(FileProblem, match=message):
        read_series(tmp_path / "s.csv", run="run", time="t")


def test_a_table_without_statistics_is_refused(tmp_path):
    (tmp_path / "s.csv").write_text("run,t\nA,0\nA,1\n")
    with pytest.raises(FileProblem, match="ほかの列（統計）がありません"):
        read_series(tmp_path / "s.csv", run="run", time="t")


def test_the_example_pictures_and_tables_come_back_as_they_were_written(tmp_path):
    names = write_pictures(tmp_path, T=0.65, frames=10)
    found = read_micrographs(tmp_path)
    assert found.names == names and found.time[-1] == 600.0
    C = open_autocovariance(found.images, 32)
    size = spinodal.length(C)
    assert size[-1] > size[4] and remarks(found, C, size)[-1:] == []
    T = RNG.uniform(0.6, 0.9, (3, 5))
    C = RNG.normal(size=(3, 5, 4))
    write_series(tmp_path / "c.csv", C, T, ["A", "B", "C"])
    back = read_series(tmp_path / "c.csv", run="試料", time="時刻", temperature="温度")
    np.testing.assert_allclose(back.X, C, atol=1e-5)
    np.testing.assert_allclose(back.T, T, atol=1e-4)


@pytest.mark.parametrize(
    ("names", "seconds"),
    [
        (("焼鈍_30分", "焼鈍_2時間"), [1800.0, 7200.0]),
        (("700C_10min_03", "700C_20min_02", "700C_40min_01"), [600.0, 1200.0, 2400.0]),
        (("x_5秒", "x_1日"), [5.0, 86400.0]),
    ],
)
def test_the_number_with_a_unit_is_the_time(tmp_path, names, seconds):
    for k, name in enumerate(names):
        np.save(tmp_path / f"{name}.npy", np.eye(8) * (k + 1))
    found = read_micrographs(tmp_path)
    assert found.time.tolist() == seconds and found.unit == "s"


def test_a_number_with_an_unknown_word_is_not_a_time(tmp_path):
    np.save(tmp_path / "焼鈍_3週.npy", np.eye(8))
    with pytest.raises(ValueError, match="読める単位"):
        read_micrographs(tmp_path)


@pytest.mark.parametrize("name", ["焼鈍_1時間30分", "a_1h30min", "a_1h_30min", "2d1h"])
def test_a_time_in_two_units_is_refused(name, tmp_path):
    np.save(tmp_path / f"{name}.npy", np.eye(8))
    with pytest.raises(FileProblem, match=rf"{name}\.npy の時刻は、二つの単位"):
        read_micrographs(tmp_path)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("10min_02", 600.0), ("aged_2時間", 7200.0), ("700C_10min_01", 600.0)],
)
def test_a_time_in_one_unit_beside_other_numbers_is_read(name, seconds, tmp_path):
    np.save(tmp_path / f"{name}.npy", np.eye(8))
    assert read_micrographs(tmp_path).time.tolist() == [seconds]
