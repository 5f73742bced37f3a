"""演習の表示: ヒントは一つずつ開き、解答例は畳まれ、どこでも同じ CommonMark です。"""

import re

import pytest
from markdown_it import MarkdownIt

from rnnbook.exercises.find import find, names
from rnnbook.exercises.show import exercise

every = pytest.mark.parametrize("name", names())


@every
def test_each_hint_opens_only_inside_the_one_before(name):
    html = MarkdownIt("commonmark").render(exercise(name)._repr_markdown_())
    depth, depths = 0, {}
    for tag, summary in re.findall(r"<(/?details)>|<summary>(.*?)</summary>", html):
        depth += {"details": 1, "/details": -1}.get(tag, 0)
        if summary:
            depths[summary] = depth
    assert depth == 0
    assert depths == {"ヒント 1/3": 1, "ヒント 2/3": 2, "ヒント 3/3": 3, "解答例": 1}


@every
def test_the_card_shows_title_levels_text_and_solution(name):
    card, each = exercise(name)._repr_markdown_(), find(name)
    for part in (f"**{each.title}**", each.text.strip(), f"目安: {each.minutes} 分"):
        assert part in card
    assert f"```python\n{each.solution.rstrip()}\n```" in card
    assert each.title in repr(exercise(name))


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match=r"'ch02\.klip' が渡されました"):
        exercise("ch02.klip")
