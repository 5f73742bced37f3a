"""まだ約束を満たしていない章の一覧。仕上がった本では、空です。

ここに挙げた試験は、落ちることになっています。章が約束を満たすと「通ってしまった」と言って
落ちるので、その行を消してください。
"""

import pytest

DRAFTS = ("01_rnn_basics",)
NOT_YET = {
    "test_the_visible_code_is_short_enough_to_be_read": DRAFTS,
    "test_no_line_of_visible_code_is_cut_off_by_the_column": DRAFTS,
    "test_the_stated_minutes_agree_with_what_there_is_to_read": DRAFTS,
    "test_no_word_of_the_glossary_is_used_before_it_is_explained": DRAFTS,
    "test_every_word_of_the_glossary_stands_in_bold_in_the_chapter_that_explains_it": DRAFTS,
    "test_a_chapter_asks_one_question_of_research_and_folds_the_answer": DRAFTS,
}


def pytest_collection_modifyitems(items):
    for item in items:
        name, _, chapter = item.name.rstrip("]").partition("[")
        if chapter in NOT_YET.get(name, ()):
            reason = "満たされたら tests/chapters/conftest.py の NOT_YET から消します"
            mark = pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)
            item.add_marker(mark)
