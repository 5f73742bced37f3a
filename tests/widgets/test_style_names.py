"""図の見た目の名前: 同じ章に並ぶ図は、同じ名前に違う見た目を付けません。

図の CSS は、ページの中でみな合わさります。同じ名前が二度あると、あとの図の見た目が先の図にも付き、
その図だけを描く試験では見えません。直すには、名前（rf-…）を、その図だけのものに替えます。
"""

import re
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def figures_of(chapter: Path) -> set[str]:
    """章が読む図のフォルダの名前。"""
    cells = nbformat.read(chapter, as_version=4).cells
    source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return set(re.findall(r"rnnbook\.widgets\.(\w+)", source))


def rules(css: str) -> dict[str, str]:
    """幅を問わない規則: 選ぶもの → 見た目。"""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"@[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", css)
    return {
        each.strip(): look.strip()
        for chosen, look in re.findall(r"([^{}]+)\{([^{}]*)\}", css)
        for each in re.split(r",(?![^()]*\))", chosen)
    }


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_figures_of_one_chapter_give_one_name_one_look(chapter):
    looks = defaultdict(dict)
    for name in figures_of(chapter):
        for sheet in (ROOT / "code" / "rnnbook" / "widgets" / name).glob("*.css"):
            for chosen, look in rules(sheet.read_text("utf-8")).items():
                looks[chosen][name] = look
    clashes = {k: sorted(v) for k, v in looks.items() if len(set(v.values())) > 1}
    assert not clashes, f"同じ名前に違う見た目があります: {clashes}"
