"""CONTRIBUTING.md の「いちばん短い図」は、書いてあるとおりに動く。"""

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def decay(tmp_path):
    """文書の例を、土台 kit の隣のフォルダーに置いて読み込んだもの。"""
    rooms = ROOT / "code" / "rnnbook"
    shutil.copytree(rooms / "widgets" / "kit", tmp_path / "widgets" / "kit")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    examples = re.findall(
        r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", text, flags=re.S
    )
    for name, code in examples:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    path = tmp_path / "widgets" / "decay" / "decay.py"
    spec = importlib.util.spec_from_file_location("decay", path)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "decay", module)
        spec.loader.exec_module(module)
        yield module.Decay


def test_the_shortest_figure_draws_and_answers_its_slider(decay, mount):
    page = mount(decay())
    page.wait_for_selector("text=20 時刻あとの値は 0.122 です。")
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("ArrowLeft")  # 0.9 → 0.85
    page.wait_for_selector(f"text=20 時刻あとの値は {0.85**20:.3f} です。")


def test_the_shortest_figure_refuses_a_weight_outside_its_range(decay):
    assert repr(decay(w=0.8)) == "Decay(w=0.8)"
    with pytest.raises(ValueError, match=r"引数 w は 0.0 以上 1.0 以下の数です。1.5"):
        decay(w=1.5)


def test_the_shortest_figure_gives_the_number_it_shows(decay, mount):
    page = mount(decay(w=0.8))
    shown = page.locator("figure").get_attribute("data-numbers")
    assert json.loads(shown) == pytest.approx(decay(w=0.8).numbers())
    page.wait_for_selector("text=この条件をコードで")
    assert (
        "figure = Decay(w=0.8)\nfigure.numbers()"
        in page.locator(".rf-foot pre").inner_html()
    )


def test_the_table_of_the_readme_names_every_page_of_the_book():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("\n## 章\n", 1)[1].split("\n## ", 1)[0]
    pages = re.findall(r"file: (chapters/\w+)", (ROOT / "_toc.yml").read_text("utf-8"))
    linked = re.findall(r"\]\((chapters/\w+)\.(?:ipynb|md)\)", table)
    assert linked == pages
    for title, page in re.findall(r"\[(第[^\]]*)\]\((chapters/\w+\.ipynb)\)", table):
        cells = json.loads((ROOT / page).read_text(encoding="utf-8"))["cells"]
        assert cells[0]["source"][0].strip() == f"# {title}"
    for name in re.findall(r"`([\w/]+(?:\.py|/))`", table):
        assert (ROOT / "code" / "rnnbook" / name).exists(), name
