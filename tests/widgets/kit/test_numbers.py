"""「この条件をコードで」: ページに出るセルを Python で動かすと、図が見せている数になる。"""

import ast

import pytest

SEEDS = range(1, 6)
TOLERANCE = 1e-5  # 数と、大きな数ならその割合

# まだ numbers() のない図と、その理由。numbers() のある図がここにあれば、試験は落ちます
WITHOUT = {
    "Playground": "数は学習から出ます。同じ学習を「PyTorch で写す」が渡し、test_playground_program.py が比べます",
    "HeldMemory": "数は学習から出ます。同じ計算を tests/widgets/train が PyTorch と比べます",
}

# でたらめな状態では届かないところ
MORE = {
    "DateReader": [
        {"text": "R8.11.21", "u": 6, "cut": "-45", "when": "all"},
        {"text": "2025年2月29日", "u": 12, "cut": "-69", "when": "one"},
        {
            "text": "20261121",
            "written": "^19",
            "u": 4,
            "cut": "-12345678",
            "when": "all",
        },
    ],
    "DateWriter": [
        {"text": "R8.11.21", "width": 2, "u": 9},
        {"text": "昭和33年5月3日", "width": 8, "written": "^19"},
        {"text": "平成40年5月3日", "u": 12},
        {"text": "2024年2月29日", "written": "^2024-02-29○$", "u": 3},
    ],
}

# 状態にして、描き終わるのを待ち、ページが見せるセルと数を返す
SHOWN = """async (state) => {
  for (const [name, value] of Object.entries(state)) window.model.set(name, value);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  do { for (let k = 0; k < 3; k += 1) await frame(); } while (document.querySelector("[aria-busy=true]"));
  const numbers = document.querySelector(".rnnbook-figure").dataset.numbers;
  return [document.querySelector(".rf-foot pre").textContent, numbers ? JSON.parse(numbers) : null];
}"""


def run_cell(source: str) -> dict[str, float]:
    """セルを動かし、終わりの式の値を返します。"""
    tree, names = ast.parse(source), {}
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "セル", "exec"), names)
    return eval(compile(last, "セル", "eval"), names)


@pytest.fixture
def on_page(page, mount_script, kind, make, traits_of):
    """on_page(state) は、空の頁に一度だけ描いた図を、その状態にしたときのセルと数。"""
    figure = make(kind)
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    return lambda state: page.evaluate(SHOWN, state)


def test_the_cell_on_the_page_gives_the_numbers_that_the_figure_shows(
    on_page, kind, random_state
):
    if kind.__name__ in WITHOUT:
        assert not hasattr(kind, "numbers"), f"{kind.__name__} を WITHOUT から除きます"
        return
    states = [{}, *MORE.get(kind.__name__, [])]
    for state in [*states, *(random_state(kind, seed) for seed in SEEDS)]:
        source, numbers = on_page(state)
        computed = run_cell(source)
        assert numbers is not None, "描く関数が数を返していません"
        told = {k: float("nan" if v is None else v) for k, v in numbers.items()}
        assert told == pytest.approx(
            computed, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True
        ), source


def test_no_figure_is_excused_that_does_not_exist(every_kind):
    assert set(WITHOUT) <= {kind.__name__ for kind in every_kind}
