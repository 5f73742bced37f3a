"""章の大きさ: 読み切れる長さで、読む時間が正直であること。"""

from functools import cache
from pathlib import Path

import pytest

from rnnbook.workshop import measures

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
by_name = {"argvalues": CHAPTERS, "ids": [path.stem for path in CHAPTERS]}
measured = cache(measures.measure)


@pytest.mark.parametrize("chapter", **by_name)
def test_the_prose_is_neither_too_short_nor_too_long(chapter):
    shortest, longest = measures.PROSE_LIMITS
    assert shortest <= measured(chapter).prose <= longest, (
        "越えた分は、演習、畳んだ所、付録、ほかの章へ移します"
    )


@pytest.mark.parametrize("chapter", **by_name)
def test_the_visible_code_is_short_enough_to_be_read(chapter):
    assert measured(chapter).code <= measures.CODE_LIMIT, (
        "表を作り主張を確かめるコードは、hide-input で畳みます"
    )


@pytest.mark.parametrize("chapter", **by_name)
def test_no_line_of_visible_code_is_cut_off_by_the_column(chapter):
    wide = [
        f"{piece.cell}: {line}"
        for piece in measures.visible_code(chapter)
        for line in piece.text.splitlines()
        if measures.width(line) > measures.WIDTH_LIMIT
    ]
    assert not wide, f"{measures.WIDTH_LIMIT} 列 (全角は 2 列) を越える行があります"


@pytest.mark.parametrize("chapter", **by_name)
def test_the_stated_minutes_agree_with_what_there_is_to_read(chapter):
    found = measured(chapter)
    assert found.stated, "「読むだけなら N 分」を、この章で分かることに書きます"
    assert 0.8 <= found.stated / found.minutes <= 1.2, (
        f"章は {found.stated} 分と言いますが、数えると {found.minutes} 分です"
    )
