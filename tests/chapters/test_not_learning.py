"""付録「学習しないとき」: どの誤りも節を持ち、症状と英文の表から行け、英文がページにあります。"""

import json
import re
from pathlib import Path

import pytest

from rnnbook.book.anchors import slug
from rnnbook.training.faults.catalogue import FAULTS

PAGE = Path(__file__).parents[2] / "chapters" / "appendix_not_learning.ipynb"
CELLS = [
    (cell["cell_type"], "".join(cell["source"]))
    for cell in json.loads(PAGE.read_text(encoding="utf-8"))["cells"]
]
TEXT = "\n\n".join(source for kind, source in CELLS if kind == "markdown")
CALLS = {
    fault: f"{fault.__module__.split('.')[-1]}.{fault.__name__}" for fault in FAULTS
}


def test_the_faults_are_shown_and_compared_in_the_order_of_the_catalogue():
    code = "\n".join(source for kind, source in CELLS if kind == "code")
    assert re.findall(r"compare\(([a-z]+\.\w+)\)", code) == list(CALLS.values())
    assert re.findall(r"show_source\(([a-z]+\.\w+),", code) == list(CALLS.values())


def test_every_section_of_a_fault_is_reached_from_a_table():
    sections = re.findall(r"^### (.+)$", TEXT, flags=re.M)
    rows = re.findall(r"^\|.*?\[([^]|]+)\]\(#([^)]+)\).*\|$", TEXT, flags=re.M)
    assert len(sections) == len(FAULTS) + 1  # GPU の節
    assert {title for title, _ in rows} == set(sections)
    assert [(title, slug(title)) for title, _ in rows] == rows
    assert len({slug(title) for title in sections}) == len(sections)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_message_stands_in_the_table_and_in_its_section(fault):
    if not FAULTS[fault]:
        pytest.skip("止まらない誤りです")
    assert TEXT.count(FAULTS[fault]) >= 2


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_section_says_its_mend_in_about_ten_lines(fault):
    place = next(
        i for i, (_, s) in enumerate(CELLS) if f"show_source({CALLS[fault]}" in s
    )
    said = CELLS[place - 1][1].partition("### ")[2]
    assert 50 < len(said) < 450
