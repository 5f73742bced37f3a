"""カーネルのないページ: モジュールは一度だけ置かれ、組み直しても失われず、失敗は一つの図にとどまる。"""

import json
import re

import pytest

from rnnbook.book import widget_host


def figures_of(page: str) -> list[dict]:
    """ページに残された図の引数。"""
    found = re.search(
        r'<script id="rnnbook-figures" type="application/json">(.*?)</script>', page
    )
    return json.loads(found[1]) if found else []


def test_each_module_is_stored_once_and_the_page_keeps_only_the_values(small_site):
    page = (small_site / "unrolled.html").read_text("utf-8")
    assert "widget-state+json" not in page
    assert "export default" not in page
    figures = figures_of(page)
    assert len(figures) == 1
    assert page.count('class="rnnbook-view"') == 2
    assert not [
        name for name in figures[0]["traits"] if name in ("_esm", "_css", "layout")
    ]
    modules = sorted(
        p.name for p in (small_site / "_static" / "widgets").glob("unrolled.*.js")
    )
    assert modules == [figures[0]["module"]]


def test_a_page_loads_one_sheet_with_the_styles_of_its_own_figures(small_site):
    page = (small_site / "unrolled.html").read_text("utf-8")
    (name,) = re.findall(r"_static/widgets/([\w.]+\.css)", page)
    sheet = (small_site / "_static" / "widgets" / name).read_text("utf-8")
    # 土台、丸と矢印、展開図のものがあり、ほかの図のものはない
    for used in ("--rf-rnn:", ".rf-slider", ".rf-shaft", ".rf-steps"):
        assert used in sheet
    for other in (".rf-question", ".rf-typed", ".rf-told"):
        assert other not in sheet


def test_a_page_without_a_figure_loads_nothing_for_figures(small_site):
    page = (small_site / "index.html").read_text("utf-8")
    assert "rnnbook-figures" not in page
    assert "widgets/host." not in page
    assert "widgets/figures." not in page


def test_the_page_says_what_stands_there_without_javascript(browser, small_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{small_url}unrolled.html")
    note = page.locator(".rnnbook-view").first
    note.locator("p").wait_for(state="visible")  # 図を待つ間は見えません
    assert "JavaScript を有効に" in note.inner_text()
    assert "隠れユニット一つの RNN" in note.inner_text()
    context.close()


@pytest.mark.parametrize(
    "text", ["</script><script>x", "<!-- <script>", "</SCRIPT >", "\u2028&lt;"]
)
def test_json_in_a_script_never_ends_the_script(text):
    written = widget_host.script_json({"alt": text})
    assert "<" not in written
    assert json.loads(written) == {"alt": text}


def test_a_failing_figure_leaves_a_sentence_and_the_others_alone(opened):
    page = opened("faults")
    views = page.locator(".rnnbook-view")
    assert views.count() == 2
    assert "この図を描けませんでした。" in views.nth(0).inner_text()
    assert views.nth(1).locator("svg").count() == 3


def test_a_missing_module_leaves_a_sentence(page, small_url):
    page.route("**/widgets/quiz.*.js", lambda route: route.abort())
    page.goto(f"{small_url}quiz.html")
    page.wait_for_selector(".rnnbook-fault")
    assert "この図を描けませんでした。" in page.locator(".rnnbook-view").inner_text()


def test_no_page_asks_another_host(page, small_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("unrolled", "lookback", "quiz", "dial", "length", "microscope"):
        page.goto(f"{small_url}{name}.html")
        page.wait_for_selector(".rnnbook-figure")
    assert [url for url in asked if not url.startswith(small_url)] == []


def test_an_incremental_build_keeps_the_modules_of_pages_it_does_not_write(
    write_book, build_book, tmp_path
):
    book = tmp_path
    write_book(book, ("quiz", "lookback"))
    assert build_book(book).returncode == 0
    # 片方の章だけを、図のない章にする。
    path = book / "lookback.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"] = notebook["cells"][:1]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = (book / "_site" / "quiz.html").stat().st_mtime_ns
    done = build_book(book)
    assert done.returncode == 0, done.stderr
    assert (book / "_site" / "quiz.html").stat().st_mtime_ns == before
    assert figures_of((book / "_site" / "quiz.html").read_text("utf-8"))
    stems = {
        p.name.split(".")[0] for p in (book / "_site" / "_static" / "widgets").iterdir()
    }
    assert stems == {"quiz", "figures", "host", "answered"}


def test_a_widget_that_cannot_work_on_the_page_stops_a_strict_build(
    write_book, build_book, tmp_path
):
    write_book(tmp_path, ())
    (tmp_path / "index.md").write_text(
        "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n# 題\n\n"
        "```{code-cell}\nimport ipywidgets\nipywidgets.IntSlider()\n```\n",
        encoding="utf-8",
    )
    done = build_book(tmp_path)
    assert done.returncode != 0
    assert "IntSliderModel は、組んだページでは動きません。" in done.stderr


MODEL = """async () => {
  const { Model } = await import("/kit/page_model.js");
  const heard = [];
  const model = new Model({ a: 1, b: [1] });
  const hear = (m, value) => heard.push([m === model, value, m.get("a")]);
  model.on("change:a change:b", hear);
  model.set("a", 2);
  model.set("a", 2);
  model.set("b", [1]);
  model.save_changes();
  model.send({ kernel: "?" });
  model.off("change:a", hear);
  model.set("a", 3);
  model.set("b", [2]);
  model.off();
  model.set("b", [3]);
  return [heard, model.get("a"), model.get("b"), model.get("c") === undefined];
}"""


def test_the_model_tells_of_changes_once_and_only_while_listened_to(bench):
    heard, a, b, missing = bench.evaluate(MODEL)
    assert heard == [[True, 2, 2], [True, [2], 3]]
    assert (a, b, missing) == (3, [3], True)


KERNEL = """async (answers) => {
  const { whenKernelAnswers } = await import("/kit/controls.js");
  const { mounted } = await import("/kit/scope.js");
  const callbacks = new Set();
  const model = {
    on: (_, f) => callbacks.add(f), off: (_, f) => callbacks.delete(f),
    send: (content) => answers && content.kernel === "?" && setTimeout(() => callbacks.forEach((f) => f({ kernel: "here" }))),
  };
  const parent = document.createElement("div");
  mounted(() => whenKernelAnswers(parent, model, "学習し直す", (place) => place.append("学習し直す"))).render({});
  for (let n = 0; n < 600 && answers && callbacks.size; n += 1) await new Promise(requestAnimationFrame);
  return [parent.textContent, callbacks.size];
}"""


def test_what_needs_python_appears_only_where_a_kernel_answers(bench):
    assert bench.evaluate(KERNEL, True) == ["学習し直す", 0]
    text, _ = bench.evaluate(KERNEL, False)
    assert text.startswith("「学習し直す」は Python で計算します")
