"""目次のページで、章ごとに、読者が答えた予想と理解度チェックの数を見せます。

組み終えたページから、名前のある予想と問いを集め、`_static/answered.json` に置きます。
読者の答えは読者の端末の localStorage にあり、answered.js が、その二つを目次のページの上で合わせます。
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from rnnbook.book.widget_host import FIGURES, add_static, script_json, store
from rnnbook.widgets.kit.bundle import bundle

SCRIPT = Path(__file__).with_suffix(".js")
TOTALS = "answered.json"


def asked_in(page: str) -> dict[str, dict[str, Any]]:
    """ページの HTML にある、名前のある予想（名前 → 問いの印）と理解度チェック（名前 → 問いの印の並び）。"""
    found: dict[str, dict[str, Any]] = {"predictions": {}, "quizzes": {}}
    written = re.search(FIGURES, page, re.DOTALL)
    for figure in json.loads(written[1]) if written else ():
        traits = figure["traits"]
        name = traits.get("memory")
        if name and "questions" in traits:
            found["quizzes"][name] = [each["id"] for each in traits["questions"]]
        elif name:
            found["predictions"][name] = traits["asked"]
    return {kind: names for kind, names in found.items() if names}


def write_totals(app: Sphinx, exception: Exception | None) -> None:
    """すべてのページの予想と問いを、一つの小さな JSON にします。"""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = {
        path.relative_to(out).as_posix(): asked_in(path.read_text(encoding="utf-8"))
        for path in sorted(out.rglob("*.html"))
    }
    asked = {name: found for name, found in pages.items() if found}
    (out / "_static" / TOTALS).write_text(script_json(asked), encoding="utf-8")


def add_to_contents(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """目次のページだけに、数えるモジュールを読み込ませます。"""
    if pagename != app.config.root_doc or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "widgets"
    name = store(bundle(SCRIPT), "answered", ".js", folder)
    app.add_js_file(f"widgets/{name}", type="module")
    app.add_css_file("answered.css")


def setup(app: Sphinx) -> None:
    """Sphinx の拡張として登録します。"""
    app.connect("config-inited", add_static)
    app.connect("html-page-context", add_to_contents)
    app.connect("build-finished", write_totals)
