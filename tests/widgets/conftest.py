"""図の試験の備品: すべての図、図のモジュールの住所、図を並べた小さなサイト。"""

import html
import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import japanize_matplotlib
import matplotlib
import nbformat
import pytest

from rnnbook import widgets
from rnnbook.book import widget_host
from rnnbook.widgets.kit import generated
from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.kit.figure import Figure
from rnnbook.workshop import serve

WIDGETS = Path(__file__).resolve().parents[2] / "code" / "rnnbook" / "widgets"

# Jupyter Book も、この本の見た目も使わない、素の Sphinx と myst-nb。
CONF = """
extensions = ["myst_nb"]
nb_execution_mode = "auto"
nb_execution_raise_on_error = True
nb_execution_timeout = 1800
nb_ipywidgets_js = {}
html_theme = "basic"
html_theme_options = {"nosidebar": True, "body_min_width": 0}
html_static_path = []
exclude_patterns = ["jupyter_execute", "_site"]

def setup(app):
    from rnnbook.book import answered, figure_links, widget_host
    answered.setup(app)
    figure_links.setup(app)
    widget_host.setup(app)
"""

ATTACK = "<img src=x onerror=\"document.title='attacked'\"></script><script>document.title='attacked'</script>"

# 記憶のはしごの小さな作り物の表。データの測り直しが、図の部品の試験に響かないように
LADDER = """
import pandas as pd
from rnnbook import data
from rnnbook.models.catalogue import LADDER as MODELS
from rnnbook.tasks.catalogue import TASKS
table = pd.DataFrame([
    {"task": task, "model": model, "T": T, "seed": seed, "solved_at": 300 + 100 * k, "diverged_at": None,
     **{str(100 * n): 0.5 for n in range(1, 3 + k)},
     str(300 + 100 * k): 1.0 if module.OUTPUT == "class" else 0.0}
    for task, module in TASKS.items() for k, model in enumerate(MODELS)
    for T in (10, 25, 50, 100, 200) for seed in range(10)
])
data.load = lambda name: {"ladder": table}[name]
"""

# 章とは別に、試験が状態を知っている図
CELLS = {
    "unrolled": [
        "from rnnbook.widgets.unrolled import Unrolled\nu = Unrolled(T=12, w_hh=-0.9, w_xh=1.5, b=0.1)\nu",
        "u",
    ],
    "gate_viewer": [
        "from rnnbook.widgets.gate_viewer import GateViewer\nGateViewer('a(b(c(d)e)a)bcd', t=2, unit=1)"
    ],
    "lookback": ["from rnnbook.widgets.lookback import Lookback\nLookback(p=2)"],
    "length": [
        f"{LADDER}\nfrom rnnbook.widgets.length_accuracy import LengthAccuracy\nLengthAccuracy(T=10, train=print)"
    ],
    "microscope": [
        f"{LADDER}\nfrom rnnbook.widgets.gradient_microscope import GradientMicroscope\nGradientMicroscope(T=300)"
    ],
    "dial": [
        "from rnnbook.widgets.forget_dial import ForgetDial\nForgetDial(b_f=0.5, T=20)"
    ],
    "dates": [
        "from rnnbook.widgets.date_writer import DateWriter\nDateWriter(width=1)"
    ],
    "attention": ["from rnnbook.widgets.date_reader import DateReader\nDateReader()"],
    "playground": [
        f"{LADDER}\nfrom rnnbook.widgets.playground import Playground\nPlayground(H=4, T=10)"
    ],
    "quiz": [
        f"""from rnnbook.widgets.quiz import Choice, Question, Quiz
attack = {ATTACK!r}
Quiz([
    Question("$h_0$ の値は。`h = 0`" + attack, [
        Choice("0" + attack, "約束です。" + attack, correct=True),
        Choice("1", "ちがう理由 1。" + attack),
        Choice("2", "ちがう理由 2。"),
    ]),
    Question("二問目", [Choice("a", "理由 a"), Choice("b", "理由 b", correct=True)]),
])"""
    ],
    "lesson": [
        """from rnnbook.widgets.prediction import Answer, Prediction
Prediction("ch01.decay", "`w = 0.9` なら、$h_{11}$ は。", ["0.35 より大きい", "0.35 より小さい"])""",
        'Prediction("ch01.h11", "$h_{11}$ は $h_1$ の何倍でしょうか。", unit="倍")',
        "from rnnbook.widgets.unrolled import Unrolled\nUnrolled(T=12)",
        'Answer("ch01.decay", "0.35 より小さい", "10 時刻あとは 0.17 です。")',
        'Answer("ch01.h11", 0.16922, "$\\\\tanh$ が、どの時刻でも値を縮めます。")',
        """from rnnbook.widgets.quiz import Choice, Question, Quiz
Quiz([
    Question("一問目", [Choice("a", "理由 a"), Choice("b", "理由 b", correct=True)]),
    Question("二問目", [Choice("c", "理由 c", correct=True), Choice("d", "理由 d")]),
], name="ch01.quiz")""",
    ],
    "faults": [
        "from rnnbook.widgets.unrolled import Unrolled\nfrom rnnbook.widgets.kit.figure import Figure",
        "class Broken(Figure):\n    _esm = 'export default { render() { throw new Error(\"わざと\"); } };\\n'\nBroken()",
        f"q = Unrolled(T=3)\nq.alt = {ATTACK!r}\nq",
    ],
}


# 図を動かすリンク。組み方は -W なので、節が見つからないという警告はエラーになる
LINK = '[$T$ を 5 に](#unrolled.T=5&w_hh=0.5 "見るところ: h₁")'


def every_figure() -> list[type[Figure]]:
    """widgets/ のフォルダーにある、すべての図のクラス。"""
    rooms = pkgutil.iter_modules(widgets.__path__, "rnnbook.widgets.")
    found = (vars(importlib.import_module(room.name)).values() for room in rooms)
    return [
        each
        for values in found
        for each in values
        if isinstance(each, type) and issubclass(each, Figure)
    ]


EVERY = every_figure()


@pytest.fixture(scope="session")
def every_kind() -> list[type[Figure]]:
    """すべての図のクラス。"""
    return EVERY


@pytest.fixture(params=EVERY, ids=lambda kind: kind.__name__)
def any_kind(request) -> type[Figure]:
    """すべての図のクラスを、一つずつ。"""
    return request.param


@pytest.fixture(
    params=[kind for kind in EVERY if kind.table()], ids=lambda kind: kind.__name__
)
def kind(request) -> type[Figure]:
    """引数のあるすべての図のクラスを、一つずつ。"""
    return request.param


def state_of(figure) -> dict:
    """図が頁に渡す値。章に保存される値と同じく、辞書の順は名前の順になります。"""
    state = figure.get_state().items()
    kept = {k: v for k, v in state if k[0] != "_" or k in ("_properties", "_python")}
    return json.loads(json.dumps(kept, default=str, sort_keys=True))


def _write_book(folder: Path, names: tuple[str, ...] = tuple(CELLS)) -> None:
    """図の小さな本の源を書きます。"""
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    toc = "\n".join(names)
    links = "\n".join(f"- [{name} の頁]({name}.ipynb) — 説明。" for name in names)
    (folder / "index.md").write_text(
        f"# 試し\n\n{links}\n\n```{{toctree}}\n{toc}\n```\n", encoding="utf-8"
    )
    for name in names:
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell(f"# {name}\n\n{LINK}")]
            + [nbformat.v4.new_code_cell(cell) for cell in CELLS[name]],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, folder / f"{name}.ipynb")


def _build_book(folder: Path) -> subprocess.CompletedProcess:
    """小さな本を組み、終わり方を返します。"""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", folder, folder / "_site"]
    return subprocess.run(
        list(map(str, command)),
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="session")
def write_book():
    """write_book(folder, names) は、図の小さな本の源を書きます。"""
    return _write_book


@pytest.fixture(scope="session")
def build_book():
    """build_book(folder) は、小さな本を組み、終わり方を返します。"""
    return _build_book


@pytest.fixture(scope="session")
def small_site(tmp_path_factory) -> Path:
    """図を並べた小さなサイト。"""
    folder = tmp_path_factory.mktemp("figures")
    _write_book(folder)
    done = _build_book(folder)
    assert done.returncode == 0, done.stderr
    return folder / "_site"


@pytest.fixture(scope="session")
def small_url(small_site: Path):
    """小さなサイトの住所。途中の階層に置きます。"""
    with serve.running(small_site, prefix="/deep/er/") as url:
        yield url


@pytest.fixture(scope="session")
def modules_url(tmp_path_factory):
    """まとめる前の図のモジュールを置いた住所。一覧から作られるモジュールも、そこにあります。"""
    folder = tmp_path_factory.mktemp("modules")
    shutil.copytree(WIDGETS, folder, dirs_exist_ok=True)
    for name, text in generated.modules().items():
        (folder / name).write_text(text, encoding="utf-8")
    with serve.running(folder) as url:
        yield url


@pytest.fixture(scope="session")
def bench(browser, modules_url):
    """図のモジュールを読み込める、何もない頁。"""
    page = browser.new_page()
    page.goto(modules_url + "kit/figure.css")
    yield page
    page.close()


@pytest.fixture
def call(bench):
    """call("nn/cells.js", "rnnForward", 引数…) を Chromium の中で計算します。"""

    def run(module: str, function: str, *arguments: object) -> object:
        script = "async ([m, f, a]) => (await import('/' + m))[f](...a)"
        return bench.evaluate(script, [module, function, list(arguments)])

    return run


# JupyterLab のように、render のあとで el を頁に入れ、外す。カーネルは「います」とだけ答える
DETACHED = """async ([esm, state]) => {
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const listeners = [];
  const tell = (name, ...content) => listeners.filter(([e]) => e === name).forEach(([, call]) => call(...content));
  const model = {
    get: (name) => state[name], save_changes() {},
    set: (name, value) => { state[name] = value; tell(`change:${name}`); },
    send: () => setTimeout(() => tell("msg:custom", { kernel: "here" })),
    on: (event, call) => listeners.push([event, call]),
    off: (event, call) => { const i = listeners.findIndex(([e, f]) => e === event && f === call); if (i >= 0) listeners.splice(i, 1); },
  };
  const el = document.createElement("div");
  const stop = (await import(url)).default.render({ model, el });
  document.body.replaceChildren(el);
  // 幅を知って描き、代わりのカーネルの返事を聞くまで
  for (let n = 0; n < 3; n += 1) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const count = (selector) => el.querySelectorAll(selector).length;
  const found = { steps: count(".rf-step"), lines: count(".rf-line[d^=M]"), buttons: count("button") };
  stop();
  return { ...found, listeners: listeners.length };
}"""


@pytest.fixture
def detached(bench):
    """detached(figure) は、頁の外で描いてから入れた図の部品の数と、外したあとに残る聞き手の数。"""

    def draw(figure):
        return bench.evaluate(DETACHED, [figure._esm, state_of(figure)])

    return draw


@pytest.fixture
def opened(page, small_url, drawn):
    """opened("unrolled") は、その頁を開き、図がみな描かれるのを待ちます。"""

    def go(name: str):
        page.goto(f"{small_url}{name}.html")
        return drawn(page)

    return go


@pytest.fixture
def lesson(small_url, drawn):
    """lesson(page) は、予想、図、答え、理解度チェックのある頁を開きます。"""

    def go(page):
        page.goto(f"{small_url}lesson.html")
        return drawn(page)

    return go


# 欧文の幅を、狭い書体と広い書体でそろえる。DejaVu Sans の数字は Liberation Sans の 1.14 倍の幅なので、
# 広いほうは 1.25 倍、狭いほうは 0.9 倍になる。和文は、どの書体でも一字が一文字分。
FONTS = {"narrow": "79%", "wide": "110%"}
FONT_FILES = {
    "latin.ttf": Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",
    "japanese.ttf": Path(japanize_matplotlib.get_font_ttf_path()),
}
FONT_CSS = """
@font-face {{ font-family: {name}; src: url(/fonts/japanese.ttf); }}
@font-face {{ font-family: {name}; src: url(/fonts/latin.ttf); size-adjust: {size}; unicode-range: U+0-2FFF; }}
.rnnbook-figure, .rnnbook-figure * {{ font-family: {name} !important; }}
"""


@pytest.fixture
def use_font(page, settled):
    """use_font("wide") は、図の書体を替え、並べ直されるのを待ちます。"""
    page.route(
        "**/fonts/*",
        lambda route: route.fulfill(path=FONT_FILES[Path(route.request.url).name]),
    )

    def use(name: str):
        page.add_style_tag(content=FONT_CSS.format(name=name, size=FONTS[name]))
        settled()
        page.evaluate("document.fonts.ready")
        settled()
        assert page.evaluate(f"document.fonts.check('12px {name}', 'a字')")

    return use


@pytest.fixture
def in_font(page, opened, use_font):
    """in_font("unrolled", 360, "wide") は、頁をその書体で、その幅に開きます。"""

    def go(name: str, width: int, font: str):
        page.set_viewport_size({"width": width, "height": 740})
        opened(name)
        use_font(font)
        return page

    return go


def write_page(folder: Path, figures: list[Figure], links=()) -> None:
    """図とリンクだけのページを、組んだページと同じ部品で書きます。"""
    static = folder / "widgets"
    rows, sheets = [], {}
    for figure in figures:
        state = json.loads(
            json.dumps(dict(figure.get_state()), default=str, sort_keys=True)
        )
        row, styles = widget_host.slim(state, static)
        rows.append(row)
        sheets |= styles
    host = widget_host.store(bundle(widget_host.HOST), "host", ".js", static)
    places = "".join(
        f"<section>{widget_host.place(n, row['traits'])}</section>"
        for n, row in enumerate(rows)
    )
    anchors = "".join(
        f'<li><a href="{html.escape(a)}" title="{html.escape(t)}">押す</a></li>'
        for a, t in links
    )
    sheet = widget_host.store("".join(sheets.values()), "figures", ".css", static)
    css = f'<link rel="stylesheet" href="widgets/{sheet}">'
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="ja"><meta charset="utf-8">{css}'
        f'<h2 id="触ってみましょう">触ってみましょう</h2>{places}<ul id="links">{anchors}</ul>'
        '<div style="height:2000px"></div>'
        f'<script type="application/json" id="rnnbook-figures">{widget_host.script_json(rows)}</script>'
        f'<script type="module" src="widgets/{host}"></script></html>',
        encoding="utf-8",
    )


LIMIT = 600_000  # 終わらない試験を終わらせるためだけの上限 ms


@pytest.fixture
def open_page(page, tmp_path, drawn):
    """open_page(図の並び, リンクの並び, 住所の # から後ろ) は、そのページを開きます。"""
    # 一つの章の図をすべて並べるので、混んだ計算機では、一つ動かすたびに何秒もかかる。
    page.set_default_timeout(LIMIT)
    with serve.running(tmp_path) as url:

        def go(figures, links=(), hash_=""):
            write_page(tmp_path, figures, links)
            page.goto(f"{url}index.html{hash_}")
            drawn(page)
            return page

        yield go


@pytest.fixture
def settled(page):
    """settled() は、いまの変化が描かれるまで（画面の書き換え三回）待ちます。"""

    def wait():
        page.evaluate(
            """async () => { for (let k = 0; k < 3; k += 1) await new Promise(requestAnimationFrame); }"""
        )

    return wait


# 図を一つ描き、カーネルの代わりに、送られたものを window.sent に控える
MOUNT = """async ([esm, css, state]) => {
  const sheet = document.head.appendChild(document.createElement("style"));
  sheet.textContent = css;
  const heard = {};
  window.sent = [];
  window.model = {
    get: (name) => state[name], save_changes() {}, send: (content) => window.sent.push(content),
    set(name, value) {
      if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
      state[name] = value;
      [...(heard[`change:${name}`] ?? [])].forEach((call) => call());
    },
    on: (event, call) => (heard[event] ??= []).push(call),
    off: (event, call) => (heard[event] = (heard[event] ?? []).filter((f) => f !== call)),
  };
  window.fromKernel = (content) => [...(heard["msg:custom"] ?? [])].forEach((call) => call(content));
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const el = document.body.appendChild(document.createElement("div"));
  (await import(url)).default.render({ model: window.model, el });
}"""


@pytest.fixture(scope="session")
def traits_of():
    """traits_of(figure) は、図が頁に渡す値。"""
    return state_of


@pytest.fixture(scope="session")
def mount_script() -> str:
    """[モジュール, CSS, 値] を受け取り、図を頁に描く JavaScript。"""
    return MOUNT


@pytest.fixture
def mount(page):
    """mount(figure) は、Python の図をそのまま空の頁に描きます。"""

    def draw(figure):
        page.goto("about:blank")
        page.evaluate(MOUNT, [figure._esm, figure._css, state_of(figure)])
        page.wait_for_selector("figure svg .rf-axes text")
        return page

    return draw


# 小さな学習の設定。大きさと種は、どの試験も小さく選ぶ
CONFIG = dict(
    task="latch",
    cell="lstm",
    start="uniform",
    rho=1.0,
    forget_bias=None,
    T=10,
    H=7,
    B=6,
    seed=3,
    learning_rate=0.01,
    optimizer="adam",
    clip=1.0,
    own="",
)


@pytest.fixture
def config():
    """config(cell="gru", …) は、学習の設定。書かない値は、小さな LSTM のラッチのものです。"""
    return lambda **changes: CONFIG | changes
