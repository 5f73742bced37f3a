"""章の予想と答え: どの予想にも、そのあとに答えがあり、答えは選択肢の一つです。"""

import ast
from pathlib import Path

import nbformat
import pytest

CHAPTERS = sorted(
    (Path(__file__).resolve().parents[2] / "chapters").glob("[0-9][0-9]_*.ipynb")
)
KINDS = ("Prediction", "Answer", "Quiz")


def literal(node: ast.expr | None) -> object:
    """書かれたままの値。計算されるものは None。"""
    try:
        return None if node is None else ast.literal_eval(node)
    except ValueError:
        return None


def calls(cells: list[str]) -> list[tuple[str, dict[str, object]]]:
    """セルが作る予想、答え、理解度チェックと、その引数。書かれた順です。"""
    orders = {
        "Prediction": ("name", "question", "choices"),
        "Answer": ("name", "measured", "sentence"),
        "Quiz": ("questions", "name"),
    }
    found = []
    for cell in cells:
        if not any(kind in cell for kind in KINDS):
            continue
        made = [
            node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call)
        ]
        for node in sorted(made, key=lambda node: (node.lineno, node.col_offset)):
            kind = getattr(node.func, "id", "")
            if kind in KINDS:
                given = dict(zip(orders[kind], node.args, strict=False))
                given |= {keyword.arg: keyword.value for keyword in node.keywords}
                found.append((kind, {k: literal(v) for k, v in given.items()}))
    return found


def faults(number: str, cells: list[str]) -> list[str]:
    """章 number（"01"）の予想、答え、理解度チェックの、約束に合わないところ。"""
    asked, told, wrong = {}, set(), []
    for kind, given in calls(cells):
        name = given.get("name")
        if kind == "Quiz" and "name" not in given:
            continue
        if not str(name).startswith(f"ch{number}."):
            wrong.append(f"{kind} の名前 {name} が、ch{number}. で始まりません")
        elif kind == "Prediction":
            if name in asked:
                wrong.append(f"予想 {name} が二つあります")
            asked[name] = given.get("choices") or []
        elif kind == "Answer":
            if name not in asked:
                wrong.append(f"答え {name} の前に、予想がありません")
            else:
                told.add(name)
                wrong += _unfit(name, asked[name], given.get("measured"))
    return wrong + [
        f"予想 {name} のあとに、答えがありません" for name in asked if name not in told
    ]


def _unfit(name: str, choices: list[str], measured: object) -> list[str]:
    # 計算された答え（None）は、章を実行するときに Answer が確かめる
    if measured is None or measured in choices:
        return []
    if choices:
        return [f"答え {name} の {measured!r} が、選択肢にありません"]
    return [f"答え {name} は数です"] if isinstance(measured, str) else []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_prediction_is_answered_later_with_one_of_its_choices(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert faults(chapter.stem[:2], code) == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_cell_makes_two_of_which_only_the_last_is_shown(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    made = {cell["id"]: [kind for kind, _ in calls([cell.source])] for cell in code}
    assert {k: kinds for k, kinds in made.items() if len(kinds) > 1} == {}


ASK = 'Prediction("ch01.a", "どちらですか。", ["上", "下"])'
TELL = 'Answer("ch01.a", "上", "文")'


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([ASK, TELL], None),
        ([f"{ASK}\n", f"x = 1\n{TELL}", 'Answer("ch01.a", told, "もう一度")'], None),
        (['Prediction("ch01.n", "いくつ。", unit="倍")', 'Answer("ch01.n", 3, "文")'], None),
        ([ASK], "予想 ch01.a のあとに、答えがありません"),
        ([TELL], "答え ch01.a の前に、予想がありません"),
        ([TELL, ASK], "答え ch01.a の前に、予想がありません"),
        ([f"{TELL}\n{ASK}"], "答え ch01.a の前に、予想がありません"),
        ([ASK, TELL.replace("上", "右")], "'右' が、選択肢にありません"),
        ([ASK, 'Answer("ch01.a", 0.5, "文")'], "0.5 が、選択肢にありません"),
        (
            ['Prediction("ch01.n", "いくつ。")', 'Answer("ch01.n", "三", "文")'],
            "答え ch01.n は数です",
        ),
        ([ASK, ASK, TELL], "予想 ch01.a が二つあります"),
        ([ASK.replace("ch01", "ch02")], "ch02.a が、ch01. で始まりません"),
        (["Quiz([], name='ch02.quiz')"], "ch02.quiz が、ch01. で始まりません"),
        (["Quiz([])"], None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_prediction_is_named(cells, fault):
    found = faults("01", cells)
    assert found == [] if fault is None else fault in found[0]
