"""サイトの試験の備品: すべてのページを開いた記録と、見本の章を組んだ小さな本。"""

import itertools
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from nbformat import v4

from rnnbook.workshop import serve
from rnnbook.workshop.outputs import NOTEBOOK_METADATA

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = ("light", "dark")
SAMPLE_PAGES = ("sample", "02_words", "appendix_glossary")
TOC = "format: jb-book\nroot: chapters/index\nchapters:\n" + "".join(
    f"- file: chapters/{name}\n" for name in SAMPLE_PAGES
)
# 用語の表と、その語を使う次の章。
GLOSSARY = """\
# 用語

| 用語 | 読み | 英語 | 意味 | 章 | 使わない語 |
|---|---|---|---|---|---|
| 系列 | けいれつ | sequence | 順に並んだ値 $x_t$ の列 | [1](sample.ipynb) | — |
| 系列長 | けいれつちょう | sequence length | 値の個数 | [1](sample.ipynb) | — |
| 勾配消失 | こうばいしょうしつ | vanishing gradient | 小さくなること | [2](02_words.md) | — |
"""
WORDS = """\
# 系列の章

**系列**を強めます。[系列](sample.ipynb)へのリンクと `系列` です。

系列と系列長を使います。系列をもう一度使います。勾配消失も起きます。
"""


@dataclass
class Visit:
    """一つのページを開いた記録。"""

    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def contrast():
    """contrast(page) は、within の中の見える文字の数と、明るさの比の足りない文字を返します。"""
    script = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
    return lambda page, paper=False, within="body": page.evaluate(
        script, {"paper": paper, "within": within}
    )


@pytest.fixture(scope="session")
def unfold():
    """unfold(page) は、畳んだ所を開き、開いた幅をページ (scroll_areas.js) が見終わるのを待ちます。"""
    script = """() => new Promise((seen) => {
      document.querySelectorAll("article details").forEach((d) => (d.open = true));
      requestAnimationFrame(() => requestAnimationFrame(seen));
    })"""
    # 主題のプログラムも、少しあとに同じ印を付け直します。混んだ計算機では、二枚の画面では足りません。
    seen = """() => [...document.querySelectorAll("article pre")].every((pre) =>
      pre.scrollWidth <= pre.clientWidth
      || getComputedStyle(pre).overflowX === "visible" || pre.tabIndex === 0)"""

    def act(page):
        page.evaluate(script)
        page.wait_for_function(seen)

    return act


@pytest.fixture(scope="session")
def pages(site_dir: Path, pytestconfig) -> list[str]:
    """読者が読むすべてのページの、サイトからの相対の住所 (入口の転送は除きます)。

    一つの章だけの試験 (rnnbook.workshop.belonging) なら、その章のページです。
    """
    if chapter := pytestconfig.getoption("--chapter", None):
        return [f"chapters/{chapter}.html"]
    found = (path.relative_to(site_dir).as_posix() for path in site_dir.rglob("*.html"))
    return sorted(name for name in found if name != "index.html")


@pytest.fixture(scope="session")
def chapters(pages: list[str]) -> list[str]:
    """章と付録のページ。"""
    return [page for page in pages if page.startswith("chapters/")]


# どのページも、毎回は二つの条件のどちらかで調べます。すべての条件で調べるのは、週に一度です。
# 条件の数だけページを開くと、章が増えるほど長くなります。
@pytest.fixture(scope="session")
def in_turn(pages: list[str]):
    """in_turn(turn) は、二つの条件を交互に割り当てたとき、その番のページです (None ならすべて)。"""

    def found(turn: int | None) -> list[str]:
        chosen = pages if turn is None else pages[turn::2]
        if not chosen:
            pytest.skip("一つの章だけの試験では、0 番の条件で調べます。")
        return chosen

    return found


@pytest.fixture(scope="session")
def visits(browser, site_url: str, pages: list[str]) -> dict[tuple[str, str], Visit]:
    """(ページ, 明暗) ごとに、ブラウザの頼んだ住所と、出した苦情。明暗は、ページに交互に割り当てます。"""
    found = {}
    for name, scheme in zip(pages, itertools.cycle(SCHEMES), strict=False):
        context = browser.new_context(color_scheme=scheme, locale="ja-JP")
        page, visit = context.new_page(), Visit()
        listen(page, visit)
        page.goto(site_url + name, wait_until="networkidle")
        found[name, scheme] = visit
        context.close()
    return found


def listen(page, visit: Visit) -> None:
    """ページの頼み、失敗、苦情を ``visit`` に書き留めます。"""

    def on_console(message):
        if message.type in ("error", "warning"):
            visit.messages.append(f"{message.type}: {message.text}")

    def on_response(response):
        if response.status >= 400:
            visit.failures.append(f"{response.status} {response.url}")

    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("requestfailed", lambda request: visit.failures.append(request.url))
    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: visit.messages.append(f"例外: {error}"))


def sample_notebook() -> nbformat.NotebookNode:
    """読者が出会うものを一通り持つ章。出力は保存済みで、実行しません。"""

    def code(source: str, text: str, *tags: str):
        output = v4.new_output("stream", name="stdout", text=text)
        return v4.new_code_cell(source, outputs=[output], metadata={"tags": list(tags)})

    table = (
        "| 記号 | コード | 意味 |\n|---|---|---|\n"
        + "| $x_t$ | `x[:, t]` | 入力 |\n" * 3
    )
    details = "<details>\n<summary>答えを見る</summary>\n\n消えます。\n\n</details>"
    text = f"# 見本の章\n\n説明の段落です。二十字より長く書いてあります。\n\n## 節\n\n{table}\n\n{details}"
    wide = pd.DataFrame(0.125, ["GRU", "LSTM"], [f"長さ {T} 歩" for T in range(9)])
    words = "二十字より長い、折らないと隣の列に重なる文です。"
    pairs = pd.MultiIndex.from_product([["平均を答える試料ごと"], ["GRU", "LSTM"]])
    two = pd.DataFrame(words, pairs, ["一つめ", "二つめ"])
    frame, framed = (
        v4.new_output("display_data", {"text/html": one.to_html()})
        for one in (wide, two)
    )
    long_line = "x = " + " + ".join(f"value_{i}" for i in range(40))
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(text),
            code(f"# コメント\nimport numpy as np\n{long_line}", "0.5\n"),
            code("print('隠した入力')", "隠した入力\n", "hide-input"),
            code("print('隠した出力')", "隠した出力\n", "hide-output"),
            code("print('隠したセル')", "隠したセル\n", "hide-cell"),
            v4.new_code_cell("wide", outputs=[frame]),
            v4.new_code_cell("two", outputs=[framed]),
        ],
        metadata=NOTEBOOK_METADATA,
    )


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory) -> Path:
    """この本の設定で見本の章を組んだサイト。厳しい組み方 (-W -n) で組みます。"""
    root = tmp_path_factory.mktemp("sample")
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    config = config.replace("execute_notebooks: cache", 'execute_notebooks: "off"')
    place = yaml.safe_load(config)["repository"][
        "url"
    ]  # 見本の公開先は、いつも未定です
    config = config.replace(place, "https://github.com/YOUR-ACCOUNT/rnn-textbook")
    (root / "_config.yml").write_text(config, encoding="utf-8")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    (root / "chapters").mkdir()
    (root / "chapters" / "index.md").write_text(
        "# 見本の本\n\nはじめに。\n", encoding="utf-8"
    )
    for name, text in (("02_words", WORDS), ("appendix_glossary", GLOSSARY)):
        (root / "chapters" / f"{name}.md").write_text(text, encoding="utf-8")
    nbformat.write(sample_notebook(), root / "chapters" / "sample.ipynb")
    program = Path(sysconfig.get_path("scripts")) / "jupyter-book"
    command = [str(program), "build", str(root), "-W", "-n", "--keep-going"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    yield root / "_build" / "html"
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def sample_url(sample_dir: Path):
    """見本の章の住所。"""
    with serve.running(sample_dir, prefix="/sub/sample/") as url:
        yield url + "chapters/sample.html"
