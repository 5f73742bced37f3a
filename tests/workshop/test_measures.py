"""章の大きさの測り方: 読まれるものを数え、読まれないものを数えないこと。"""

import nbformat
from nbformat import v4

from rnnbook.workshop import measures


def chapter(folder, *cells):
    path = folder / "01_sample.ipynb"
    nbformat.write(v4.new_notebook(cells=list(cells)), path)
    return measures.measure(path)


def code(source, *tags, markdown=""):
    data = {"text/markdown": markdown, "text/plain": "文"}
    outputs = [v4.new_output("display_data", data)] if markdown else []
    return v4.new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)})


def test_prose_is_what_is_read_outside_the_folds(tmp_path):
    text = (
        '# 題名\n\n値は $h_t$ と [`h`](#a.b=1 "見るところ") です。\n\n$$h_t$$\n\n'
        "| 形 | 例 |\n|---|---|\n| 一 | 二 |\n\n"
        "<details>\n<summary>答え</summary>\n\n畳んだ文\n\n</details>\n\n```python\nx = 1\n```"
    )
    sizes = chapter(
        tmp_path, v4.new_markdown_cell(text), code("f()", markdown="✓ 主張")
    )
    # 題名 2、文 6 と h_t 2 と h 1、表 4、出力 3
    assert sizes.prose == 2 + 6 + 2 + 1 + 4 + 3
    assert sizes.claims == 1


def test_code_that_is_shown_counts_and_code_that_is_folded_does_not(tmp_path):
    source = "`a.py` の `f`\n\n```python\nx = 1  # 値\n```\n\n<details>\n\n```python\nlong = 1\n```\n\n</details>"
    sizes = chapter(
        tmp_path,
        code("a = 12"),
        code("hidden = 'とても長い行'", "hide-input"),
        code("show_source(f)", "hide-input", markdown=source),
        code("removed", "remove-cell", markdown="```python\nmore = 1\n```"),
    )
    assert sizes.code == len("a = 12") + len("x = 1  # 値")
    assert sizes.width == len("x = 1  # 値") + 1


def test_figures_exercises_and_questions_are_counted_and_stated_minutes_are_read(
    tmp_path,
):
    sizes = chapter(
        tmp_path,
        v4.new_markdown_cell("読むだけなら 40 分、演習まで解くと 80 分です。"),
        code('picture(fig, "図 1.1", "文", alt="文")'),
        code('Unrolled(number="図 1.2")'),
        code('check("ch01.a", f)\ncheck("ch01.a", g)\ncheck("ch01.b", f)'),
        code('Quiz([Question("問いですか。", [Choice("はい", reason="文")])])'),
    )
    assert (sizes.pictures, sizes.figures) == (1, 1)
    assert (sizes.exercises, sizes.questions) == (2, 1)
    assert sizes.stated == 40


def test_a_chapter_that_states_no_minutes_is_shown_so_in_the_table(tmp_path):
    sizes = chapter(tmp_path, v4.new_markdown_cell("文です。"))
    assert sizes.stated is None
    assert measures.table({"01_sample": sizes}).endswith("なし")
