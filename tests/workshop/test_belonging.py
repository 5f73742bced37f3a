"""一つの章の試験に、その章のものがすべて入り、ほかの章のものが入らないこと。"""

from rnnbook.workshop import belonging

USED = [
    "code/rnnbook/cells/gru.py",
    "code/rnnbook/exercises/ch03/furnace.py",
    "code/rnnbook/widgets/gradient_microscope/microscope_parts.js",
    "data/README.md",
]


def test_a_test_named_like_a_module_of_the_chapter_belongs_to_it():
    for name in ("cells/test_gru", "widgets/test_microscope"):
        assert belonging.is_of(f"tests/{name}.py", USED), name


def test_a_test_of_another_room_or_another_module_does_not_belong():
    for name in ("cells/test_lstm", "tasks/test_gru"):
        assert not belonging.is_of(f"tests/{name}.py", USED), name


class Item:
    """pytest の試験の代わり。"""

    def __init__(self, file: str, name: str) -> None:
        self.path, self.name, self.fixturenames = belonging.ROOT / file, name, ()


def test_a_test_of_one_exercise_belongs_to_its_chapter_only():
    file = "tests/exercises/test_every_exercise.py"
    for name in ("test_the_stub[ch03.furnace]", "test_a_wrong_answer[ch03.furnace-2]"):
        assert belonging.belongs(Item(file, name), "03_lstm_gru", USED), name
        assert not belonging.belongs(Item(file, name), "02_vanishing_gradients", USED)
