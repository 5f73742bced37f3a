"""日付の書き換え: 暦の約束は Python の標準ライブラリと法令に、書き方は読み直しに一致します。"""

from datetime import date, timedelta

import numpy as np
import pytest

from rnnbook.tasks import date_questions, date_split, dates, eras
from rnnbook.tasks.dates import Unreadable, normalise, read, write
from rnnbook.tasks.eras import judge


def exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def test_western_dates_exist_exactly_where_the_standard_library_says():
    for year in (1873, 1900, 1904, 2000, 2026, 2099):
        for month in range(1, 13):
            for day in range(1, 32):
                found = judge(None, year, month, day).refusal is None
                assert found == exists(year, month, day), (year, month, day)


def test_every_day_has_one_era_name_and_no_other_era_takes_it():
    for that in eras.all_days()[::3] + eras.edges():
        accepted = [
            era.name
            for era in eras.ERAS
            if judge(era.name, that.year - era.base, that.month, that.day).refusal
            is None
        ]
        assert accepted == [eras.era_of(that).name], that


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "written", "refusal"),
    [
        # 改元の詔書「以後ヲ改メテ」: その日から新しい元号
        ("明治", 45, 7, 29, "1912-07-29", None),
        ("明治", 45, 7, 30, "1912-07-30", "side"),
        ("大正", 1, 7, 30, "1912-07-30", None),
        ("大正", 1, 7, 29, "1912-07-29", "side"),
        ("大正", 15, 12, 24, "1926-12-24", None),
        ("大正", 15, 12, 25, "1926-12-25", "side"),
        ("昭和", 1, 12, 25, "1926-12-25", None),
        # 昭和64年政令第1号、平成31年政令第143号
        ("昭和", 64, 1, 7, "1989-01-07", None),
        ("昭和", 64, 1, 8, "1989-01-08", "side"),
        ("平成", 1, 1, 8, "1989-01-08", None),
        ("平成", 31, 4, 30, "2019-04-30", None),
        ("令和", 1, 4, 30, "2019-04-30", "side"),
        ("令和", 1, 5, 1, "2019-05-01", None),
        # 明治5年太政官布告第337号
        ("明治", 6, 1, 1, "1873-01-01", None),
        ("明治", 5, 12, 2, "1872-12-02", "old"),
        ("明治", 3, 2, 30, "1870-02-30", "old"),
        ("平成", 40, 5, 3, "2028-05-03", "era_year"),
        ("令和", 81, 12, 31, "2099-12-31", None),
        ("令和", 82, 1, 1, "2100-01-01", "range"),
        ("平成", 5, 2, 29, "1993-02-29", "leap"),
        (None, 1900, 2, 29, "1900-02-29", "leap"),
        (None, 2000, 2, 29, "2000-02-29", None),
        (None, 2026, 2, 30, "2026-02-30", "day"),
        (None, 1872, 12, 31, "1872-12-31", "range"),
    ],
)
def test_the_days_that_are_decided_by_law(era, year, month, day, written, refusal):
    verdict = judge(era, year, month, day)
    assert (verdict.written, verdict.refusal) == (written, refusal)
    assert bool(verdict.reason) == (refusal is not None)


def test_every_notation_is_read_back_as_it_was_written():
    rng = np.random.default_rng(0)
    days = [eras.FIRST + timedelta(int(n)) for n in rng.integers(82_910, size=300)]
    for that in days + eras.edges():
        for notation, era, *numbers in date_split.cases_of(that):
            text = write(notation, era, *numbers)
            assert len(text) <= dates.LONGEST_SOURCE
            assert set(text) <= set(dates.SOURCE.letters)
            found = read(text)
            assert (found.era, *found[2:]) == (era, *numbers), text
            assert write(found.notation, *found[1:]) == text or "letter" in notation


def test_full_width_and_joined_letters_are_read_like_the_usual_ones():
    for text in (
        "令和８年１１月２１日",
        "㋿8年11月21日",
        "Ｒ８．１１．２１",
        "２０２６／１１／２１",
    ):
        found = read(text)
        assert judge(found.era, *found[2:]).written == "2026-11-21", text
    assert normalise("２０２６−１１−２１") == "2026-11-21"
    assert read("平成元年1月8日").year == read("平成1年1月8日").year == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "日付を入れてください"),
        ("　 ", "日付を入れてください"),
        ("来年", "「来」は"),
        ("2026-11-21T", "十通り"),
        ("二十一世紀", "「世」は"),
        ("令和八年十一月二十一日一", "十通り"),
        ("昭和六十三年十二月三十一日日", "13 文字まで"),
        ("令和二二年一月一日", "「二二」は"),
        ("慶応4年1月1日", "「慶」は"),
    ],
)
def test_what_is_not_a_date_gets_a_sentence_that_names_it(text, why):
    with pytest.raises(Unreadable, match=why):
        read(text)


def test_the_training_stream_never_shows_what_is_hidden():
    stream = date_split.batches(np.random.default_rng(1), 500, "last")
    days = {f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in date_split.unseen_days()}
    for _ in range(4):
        x, y, lengths = next(stream)
        for row, n, target in zip(x, lengths, y, strict=True):
            found = read(dates.SOURCE.decode(row[:n]))
            written = dates.TARGET.decode(target)
            assert written[:-1] not in days
            assert not found.era or found.year not in date_split.UNSEEN_YEARS[found.era]
            verdict = judge(found.era, *found[2:])
            assert dates.answer(verdict, "last") == written


def test_what_no_other_day_tells_is_always_trained():
    hidden = date_split.unseen_days()
    assert (1900, 2, 29) not in hidden
    assert not {(d.year, d.month, d.day) for d in eras.edges()} & hidden


def test_the_questions_hold_every_hidden_day_in_every_notation():
    found = date_questions.questions()
    asked = {}
    for case in found["unseen_day"]:
        asked.setdefault(date_split.triple_of(case), set()).add(case[0])
    real = {each for each in date_split.unseen_days() if exists(*each)}
    assert set(asked) == real
    # 隠した年と組のほかは、西暦の五通りがすべてある
    western = set(list(dates.NOTATIONS)[5:])
    assert all(western <= notations for notations in asked.values())
    for name, cases in found.items():
        for case in cases:
            refused = judge(*case[1:]).refusal is not None
            assert refused == (name in date_questions.REFUSED), (name, case)
