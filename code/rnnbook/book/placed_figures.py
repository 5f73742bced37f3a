"""Markdown のページに、動く図を置きます。

章の図は、ノートブックのセルが作ります。Markdown のページ（目次）では、図と同じ名前の絵を書きます。

    ![残る記憶](images/held_memory.png)

GitHub では絵が見え、組んだページでは、その場所で図が動きます。
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from rnnbook.book.widget_host import STATE

VIEW = "application/vnd.jupyter.widget-view+json"
# 絵の名前 → 図のクラス（widgets/ のフォルダーと、その中の名前）
PLACED = {"held_memory": "HeldMemory"}


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """図と同じ名前の絵を、図の見える場所に替えます。"""
    if app.builder.format != "html":
        return
    for image in list(doctree.findall(nodes.image)):
        name = Path(image["uri"]).stem
        if name in PLACED:
            view = json.dumps({"model_id": name})
            node = nodes.raw(
                "", f'<script type="{VIEW}">{view}</script>', format="html"
            )
            # 段落の中には、図を置けません
            old = image.parent if isinstance(image.parent, nodes.paragraph) else image
            old.replace_self(node)


def add_states(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """置いた図の状態を、myst-nb が章の図について書くのと同じ形で、ページに加えます。"""
    body = context.get("body")
    if not isinstance(body, str) or app.builder.format != "html":
        return
    states = {
        name: {"state": _state(name, kind)}
        for name, kind in PLACED.items()
        if f">{json.dumps({'model_id': name})}<" in body
    }
    if states:
        script = {"type": STATE, "body": json.dumps({"state": states})}
        # widget_host が、ページを書く前に抜き取ります
        context["script_files"].append(SimpleNamespace(attributes=script))


def _state(name: str, kind: str) -> dict[str, Any]:
    """図のはじめの状態。"""
    from importlib import import_module

    figure = getattr(import_module(f"rnnbook.widgets.{name}"), kind)()
    return figure.get_state()


def depend(app: Sphinx, document: nodes.document) -> None:
    """図のファイルが変われば、置いたページも組み直させます。"""
    widgets = Path(__file__).parents[1] / "widgets"
    for image in document.findall(nodes.image):
        if Path(image["uri"]).stem in PLACED:
            for folder in (Path(image["uri"]).stem, "kit", "nn"):
                for path in sorted((widgets / folder).rglob("*.*")):
                    if path.suffix != ".pyc":
                        app.env.note_dependency(str(path))


def setup(app: Sphinx) -> None:
    """widget_host より先に働くように登録します。"""
    app.connect("doctree-read", depend)
    app.connect("doctree-resolved", place)
    app.connect("html-page-context", add_states, priority=880)
