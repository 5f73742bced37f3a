"""章の図をページに置き、番号で呼び出せるようにします。

:func:`rnnbook.figures.picture.picture` が出力に添えた SVG と説明文を、PNG の代わりに置きます。色は
CSS の変数なので、明るい画面、暗い画面、紙のそれぞれで読めます。本文の「図 2.1」は、その図への
リンクになります。動く図の番号（引数 number）も同じように呼び出せます。
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core import render
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from rnnbook.figures.style import COLORS, PAPER
from rnnbook.models import catalogue

STATIC = Path(__file__).parent / "static"
NUMBER = re.compile(r"図 (\d+)\.(\d+)")
_WRITTEN = re.compile(r"""(["'])(図 \d+\.\d+)\1""")
# 地と文字の色は、ページの主題のものを使います
PAGE = {
    "ink": "var(--pst-color-text-base)",
    "muted": "var(--pst-color-text-muted)",
    "line": "color-mix(in srgb, var(--pst-color-text-muted) 70%, var(--pst-color-background))",
    "faint": "var(--pst-color-border)",
    "surface": "var(--pst-color-background)",
    "raised": "var(--pst-color-surface)",
    "rnn-pale": "color-mix(in srgb, var(--pic-rnn) 16%, var(--pst-color-background))",
    "lstm-pale": "color-mix(in srgb, var(--pic-lstm) 18%, var(--pst-color-background))",
}
_QUIET = ("ink", "muted", "truth")  # 字にしても、そのままで読める色

logger = logging.getLogger(__name__)


def numbers_in(notebook: Path) -> list[str]:
    """ノートブックのコードに書かれた図の番号を、現れる順に返します。"""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return [match[2] for source in code for match in _WRITTEN.finditer(source)]


def anchor(number: str) -> str:
    """図の住所。

    例:
        >>> anchor("図 2.1")
        'fig-2-1'
    """
    return NUMBER.sub(r"fig-\1-\2", number)


def stylesheet() -> str:
    """図の色の CSS。面は f-名、線は s-名、字は t-名という印で色が付きます。"""
    light = {name: value for name, (value, _) in catalogue.COLORS.items()} | PAGE
    dark = {
        name: value
        for name, (other, value) in catalogue.COLORS.items()
        if value != other
    }
    rules = [
        f"html {{ {_variables(light)} }}",
        f'@media screen {{ html[data-theme="dark"] {{ {_variables(dark)} }} }}',
        # 紙には、主題によらず白い紙の色で刷ります
        f"@media print {{ html:root {{ {_variables(PAPER)} }} }}",
    ]
    for name in COLORS | PAPER:
        color = f"var(--pic-{name})"
        text = (
            color
            if name in _QUIET
            else f"color-mix(in srgb, {color} 55%, var(--pic-ink))"
        )
        rules += [
            f".picture .f-{name} {{ fill: {color}; }}",
            f".picture .s-{name} {{ stroke: {color}; }}",
            f".picture .t-{name} {{ fill: {text}; }}",
        ]
    return (STATIC / "pictures.css").read_text("utf-8") + "\n".join(rules) + "\n"


def _variables(colors: dict[str, str]) -> str:
    return " ".join(f"--pic-{name}: {value};" for name, value in colors.items())


class Picture(nodes.figure):
    """番号を自分で持つ図。``figure`` のままでは、Sphinx がもう一つ番号を振ります。"""


class PictureRenderer:
    """myst-nb の差し込み。図の出力を、説明文の付いた SVG にします。"""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(
        renderer: render.NbElementRenderer, data: render.MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """図の出力なら置くものを返します。ほかの出力は myst-nb に任せます。"""
        picture = data.output_metadata.get(data.mime_type, {}).get("picture")
        if picture is None:
            image = data.output_metadata.get("image/png", {})
            return [] if "picture" in image and data.mime_type == "text/plain" else None
        if picture == "caption":  # 説明文は、図の中に入れてあります
            return []
        (words,) = renderer.render_markdown(
            render.MimeData(
                "text/markdown",
                picture["caption"],
                cell_metadata=data.cell_metadata,
                cell_index=data.cell_index,
                line=data.line,
            )
        )
        number = nodes.strong("", picture["number"], classes=["picture-number"])
        caption = nodes.caption("", "", number, nodes.Text("　"), *words.children)
        figure = Picture("", ids=[anchor(picture["number"])], classes=["picture"])
        figure += nodes.raw("", picture["svg"], format="html")
        figure += caption
        return [figure]


def _known(env: BuildEnvironment) -> dict[str, str]:
    """図の番号 → それのあるページ。"""
    if not hasattr(env, "rnnbook_pictures"):
        env.rnnbook_pictures = {}
    return env.rnnbook_pictures


def collect(app: Sphinx, document: nodes.document) -> None:
    """ページの図の番号を控えます。"""
    source = Path(app.env.doc2path(app.env.docname))
    if source.suffix != ".ipynb":
        return
    for number in numbers_in(source):
        place = _known(app.env).setdefault(number, app.env.docname)
        if place != app.env.docname:
            logger.warning("%s は %s にもあります。", number, place, location=document)


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """読み直すページの番号を忘れます。"""
    for number in [n for n, place in _known(env).items() if place == docname]:
        del _known(env)[number]


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """並べて読んだページの番号を集めます。"""
    _known(env).update(
        {number: place for number, place in _known(other).items() if place in docnames}
    )


def link_numbers(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """本文の「図 2.1」を、その図へのリンクにします。ない番号は警告です。"""
    for text in list(doctree.findall(nodes.Text)):
        if not NUMBER.search(text) or _is_left_alone(text):
            continue
        parts: list[nodes.Node] = []
        end = 0
        for match in NUMBER.finditer(text):
            place = _known(app.env).get(match[0])
            if place is None:
                logger.warning(
                    "%s という図はありません。", match[0], location=text.parent
                )
                continue
            parts.append(nodes.Text(text[end : match.start()]))
            uri = (
                "" if place == docname else app.builder.get_relative_uri(docname, place)
            )
            link = nodes.reference(
                "", match[0], internal=True, classes=["picture-link"]
            )
            link["refuri"] = f"{uri}#{anchor(match[0])}"
            parts.append(link)
            end = match.end()
        parent = text.parent
        index = parent.index(text)
        parent[index : index + 1] = [*parts, nodes.Text(text[end:])]


def _is_left_alone(text: nodes.Text) -> bool:
    """コード、見出し、リンク、図の番号そのものの中か。"""
    at = text.parent
    while at is not None:
        if isinstance(
            at,
            nodes.literal
            | nodes.literal_block
            | nodes.raw
            | nodes.title
            | nodes.reference,
        ) or "picture-number" in at.get("classes", ()):
            return True
        at = at.parent
    return False


def _configure(app: Sphinx, config: Any) -> None:
    folder = Path(app.doctreedir) / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pictures.css").write_text(stylesheet(), encoding="utf-8")
    # あとの場所のものが、同じ名前の元の CSS に代わります
    config.html_static_path = [*config.html_static_path, str(folder)]


def setup(app: Sphinx) -> None:
    """Sphinx の拡張として登録します。"""
    # 差し込みの登録は、入れたパッケージの entry point でしかできません。この本は置いた場所の
    # まま動くので、一覧を返す関数に加えます。
    others = render.load_mime_renders
    if PictureRenderer not in others():
        render.load_mime_renders = lambda: [*others(), PictureRenderer]
    app.add_node(
        Picture, html=(HTML5Translator.visit_figure, HTML5Translator.depart_figure)
    )
    app.connect("config-inited", _configure, priority=200)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", link_numbers)
    app.add_css_file("pictures.css", priority=805)
