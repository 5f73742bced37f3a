"""書かれた日付の一字ごとの役と、判定だけが反対になる組。"""

import pytest

from rnnbook.tasks import date_pairs, dates, eras
from rnnbook.tasks.date_parts import SOURCE_PARTS, parts_of


@pytest.mark.parametrize("notation", dates.NOTATIONS)
def test_the_roles_spell_the_date_back(notation):
    era = "平成" if notation in dates.WITH_ERA else None
    text = dates.write(notation, era, 12 if era else 2000, 3, 31)
    parts = parts_of(text)
    assert len(parts) == len(text) and set(parts) <= set(SOURCE_PARTS)

    def letters(part):
        found = "".join(a for a, role in zip(text, parts, strict=True) if role == part)
        return found

    assert letters("era") in ({"平成", "H"} if era else {""})
    assert letters("year") in {"12", "2000", "十二", "二〇〇〇"}
    assert letters("month") in {"3", "03", "三"}
    assert letters("day") in {"31", "三十一"}


def test_a_pair_differs_in_nothing_but_what_decides():
    for kind, pairs in date_pairs.pairs().items():
        for one, two in pairs:
            verdicts = [eras.judge(*case[1:]) for case in (one, two)]
            assert bool(verdicts[0].refusal) != bool(verdicts[1].refusal)
            assert parts_of(dates.write(*one)) == parts_of(dates.write(*two))
            same = verdicts[0].written == verdicts[1].written
            assert same == (kind == "era")
