"""読者の記録: 書き方が違っても同じ系列になり、誤りはファイルと行で述べ、抜けは詰めずに残すこと。"""

from datetime import datetime

import numpy as np
import pytest

from rnnbook.materials.own_files import FileProblem
from rnnbook.materials.own_log import read_log
from rnnbook.materials.own_log_example import FROM, LONG, SHIFT, write_example

SAME = {
    "ISO": "日時,値\n2026-04-01 09:00:00,1\n2026-04-01 09:05:00,2.5\n2026-04-01 09:10:00,4\n",
    "T": "日時,値\n2026-04-01T09:00,1\n2026-04-01T09:05,2.5\n2026-04-01T09:10,4\n",
    "slashes, decimal comma": "# 記録\n値;日時\n1;2026/4/1 9:00\n2,5;2026/4/1 9:05\n4;2026/4/1 9:10\n",
    "Japanese": "日時\t値\n2026年4月1日 9時00分\t1\n2026年4月1日 9時05分\t2.5\n2026年4月1日 9時10分\t4\n",
    "minutes": "日時 (min),値\n0,1\n5,2.5\n10,4\n",
    "seconds from later": "日時/s,値\n60,1\n360,2.5\n660,4\n",
    "a little uneven": "日時,値\n2026-04-01 09:00:00,1\n2026-04-01 09:05:04,2.5\n2026-04-01 09:10:00,4\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_log_is_read_however_the_file_was_written(text, tmp_path):
    (tmp_path / "a.csv").write_text(text, "utf-8")
    log = read_log(tmp_path / "a.csv", time="日時", value="値")
    np.testing.assert_allclose(log.value, [1, 2.5, 4])
    np.testing.assert_allclose(60 * log.hour, [0, 5, 10], rtol=0.02)
    assert log.gaps == ()


HEAD = "time,value\n"


def rows(*minutes: float) -> str:
    return HEAD + "".join(f"2026-04-01 09:{m:02d},{k}\n" for k, m in enumerate(minutes))


WRONG = {
    rows(0, 5, 5, 10): "a.csv の 3 行目と 4 行目は、同じ時刻 2026-04-01 09:05",
    rows(0, 5, 10, 5): "a.csv の 5 行目で、時刻が .* に戻ります.*時計の合わせ直し",
    rows(0, 5, 10, 17, 22): "4 行目から 5 行目までの間隔は 7 分で、ふだんの 5 分の.*1 か所",
    rows(0, 5): "2 行です",
    HEAD + "2026-04-01 09:00,1\nきのう,2\n2026-04-01 09:10,3\n": "3 行目、列 time の 'きのう' は、日時",
    HEAD + "01/04/2026 09:00,1\n01/04/2026 09:05,2\n01/04/2026 09:10,2\n": "年、月、日、時刻の順",
    HEAD + "0,1\n5,2\n10,3\n": "単位 （なし） は読めません",
    "t (week),v\n0,1\n5,2\n10,3\n": "単位 week は読めません",
    HEAD + "2026-04-01 09:00,1\n2026-04-01 09:05,x\n2026-04-01 09:10,3\n": "3 行目、列 value の 'x'",
    HEAD + "2026-04-01 09:00,\n2026-04-01 09:05,\n2026-04-01 09:10,\n": "列 value が空です",
    HEAD + "2026-04-01 09:00:00,1\n2026-04-01 09:00:01,2\n2026-05-01 09:00:00,3\n": "粗くするか分けます",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_fault_is_named_by_file_and_line(text, tmp_path):
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(FileProblem, match=WRONG[text]):
        read_log(tmp_path / "a.csv")


def test_a_gap_stays_a_gap_so_that_a_day_later_is_a_day_later(tmp_path):
    (tmp_path / "a.csv").write_text(rows(0, 5, 20, 25, 30), "utf-8")
    log = read_log(tmp_path / "a.csv")
    np.testing.assert_allclose(log.value, [0, 1, np.nan, np.nan, 2, 3, 4])
    (gap,) = log.gaps
    np.testing.assert_allclose(np.array(gap) * 60, [10, 10])
    assert log.when(4) == "2026-04-01 09:20"
    assert log.at("2026-04-01 09:20") == 4 and log.at(0.3) == 4


@pytest.mark.parametrize(
    "time", ["2026-04-01 08:59", "2026-04-02 00:00", -1.0, 5.0, True, "朝"]
)
def test_a_time_outside_the_record_is_refused(time, tmp_path):
    (tmp_path / "a.csv").write_text(rows(0, 5, 10), "utf-8")
    with pytest.raises(ValueError, match="引数 time"):
        read_log(tmp_path / "a.csv").at(time)


def test_the_example_holds_the_shift_it_says(tmp_path):
    log = read_log(write_example(tmp_path), time="日時", value="炉の温度")
    assert log.start == datetime(2026, 4, 1)
    a = log.at(24.0 * FROM[0] + FROM[1])
    inside, before = log.value[a : a + 6 * LONG], log.value[:a]
    assert abs(np.nanmean(inside) - np.nanmean(before) - SHIFT) < 1.0
