"""一つの章の試験に、その章のものがすべて入り、ほかの章のものが入らないこと。"""

from rnnbook.workshop import belonging

USED = [
    "code/rnnbook/cells/gru.py",
    "code/rnnbook/exercises/ch03/count.py",
    "code/rnnbook/widgets/gradient_microscope/microscope_parts.js",
    "data/README.md",
]


def test_a_test_named_like_a_module_of_the_chapter_belongs_to_it():
    for name in ("cells/test_gru", "exercises/test_ch03", "widgets/test_microscope"):
        assert belonging.is_of(f"tests/{name}.py", USED), name


def test_a_test_of_another_room_or_another_module_does_not_belong():
    for name in ("cells/test_lstm", "exercises/test_ch01", "tasks/test_gru"):
        assert not belonging.is_of(f"tests/{name}.py", USED), name
