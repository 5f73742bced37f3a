"""組んだページの上で、動く図をカーネルなしで動かします。

myst-nb は、章のすべてのウィジェットの状態をページの先頭に、見える場所を本文に書きます。
ここでは、その状態から図のモジュールと CSS を取り出して `_static/widgets/` に一度ずつ置き、
ページには図の引数だけを残します。ページの上では widget_host.js が図を描きます。
"""

from __future__ import annotations

import hashlib
import html
import json
import math
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from rnnbook.book.mathml import convert
from rnnbook.book.pictures import anchor
from rnnbook.widgets.kit.bundle import bundle

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>',
    re.DOTALL,
)
# 図の CSS の中の、元のファイルの名前（kit/figure.py）
SHEET = re.compile(r"^/\* ---- ([\w-]+)\.css \*/$", re.MULTILINE)
# ページに残る、図の引数の一覧
FIGURES = r'<script id="rnnbook-figures" type="application/json">(.*?)</script>'
STATIC = Path(__file__).parent / "static"
HOST = Path(__file__).with_suffix(".js")
# カーネルと画面の約束ごとで、図は読まない引数
_PLUMBING = re.compile(
    r"_(model|view|esm|css|anywidget|dom)\w*|layout|tabbable|tooltip"
)

logger = logging.getLogger(__name__)


def store(text: str, stem: str, suffix: str, folder: Path) -> str:
    """text を、中身で決まる名前で folder に一度だけ置き、その名前を返します。"""
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    for same in folder.glob(f"*.{digest}{suffix}"):
        return same.name
    name = f"{stem}.{digest}{suffix}"
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    # 並列に書かれても、欠けたファイルが見えないように。
    partial = path.with_suffix(f".{id(path)}.part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
    return name


def script_json(value: object) -> str:
    """JSON を、script 要素の中身として安全な文字列にします。JSON にない NaN と無限大は null です。"""
    return json.dumps(
        _without_nan(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).replace("<", "\\u003c")


def _without_nan(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(each) for each in value]
    return value


def slim(state: dict[str, Any], folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """一つの図の状態を、引数と、外に置いたモジュールの名前にします。見た目（ファイルの名前 → CSS）も返します。"""
    stem = re.sub(r"\W", "", state["_anywidget_id"].rpartition(".")[2]).lower()
    _, *parts = SHEET.split(state.get("_css") or "")
    styles = dict(zip(parts[::2], parts[1::2], strict=True))
    traits = {
        name: _outside(value, stem, folder)
        for name, value in state.items()
        if not _PLUMBING.fullmatch(name)
    }
    return {
        "module": store(state["_esm"], stem, ".js", folder),
        "traits": traits,
    }, styles


def _outside(value: object, stem: str, folder: Path) -> object:
    """{"apart": 値} の形の大きな値を、ファイルに分けます。ページは、図が見えるときに読みます。"""
    if not isinstance(value, dict) or set(value) != {"apart"}:
        return value
    return {"file": store(script_json(value), stem, ".json", folder)}


def place(number: int, traits: dict[str, Any]) -> str:
    """図が入る場所。描かれるまでと、JavaScript がないときは、図の説明の文が見えます。"""
    wide, narrow = traits.get("_height", (0, 0))
    alt = _with_formulas(str(traits.get("alt", "")))
    # 本文の「図 1.2」は、この住所へのリンクです（rnnbook.book.pictures）
    own = f'id="{anchor(traits["number"])}" ' if traits.get("number") else ""
    return (
        f'<div {own}class="rnnbook-view" data-figure="{number}" '
        f'style="--wide:{int(wide)}px;--narrow:{int(narrow)}px">'
        '<p class="rnnbook-wait">ここに動く図が入ります。見えないときは、JavaScript を有効にして、'
        f"この本をサーバー越しに（make serve）開いてください。{alt}</p></div>"
    )


def _with_formulas(text: str) -> str:
    """図の文（kit/formulas.py）を、HTML にします。"""

    def piece(part: str) -> str:
        if re.fullmatch(r"`[^`]+`", part):
            return f"<code>{html.escape(part[1:-1])}</code>"
        if re.fullmatch(r"\$[^$]+\$", part):
            return convert(part[1:-1])[0]
        return html.escape(part)

    return "".join(map(piece, re.split(r"(`[^`]+`|\$[^$]+\$)", text)))


def host_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """myst-nb が書いた状態と場所を、静的なページのものに置き換えます。"""
    body = context.get("body")
    if (
        app.builder.format != "html"
        or not isinstance(body, str)
        or not VIEW.search(body)
    ):
        _drop_state(context)
        return
    states = _drop_state(context)
    folder = Path(app.outdir) / "_static" / "widgets"
    numbers: dict[str, int] = {}
    figures: list[dict[str, Any]] = []
    sheets: dict[str, str] = {}  # 図どうしが同じファイルを使います

    def replace(match: re.Match[str]) -> str:
        model_id = json.loads(match[1])["model_id"]
        state = states.get(model_id, {}).get("state", {})
        if "_esm" not in state:
            kind = state.get("_model_name", "状態の残っていないウィジェット")
            logger.warning(
                "%s は、組んだページでは動きません。", kind, location=pagename
            )
            return '<p class="rnnbook-fault">このウィジェットは JupyterLab か Colab で動きます。</p>'
        if model_id not in numbers:
            figure, styles = slim(state, folder)
            numbers[model_id] = len(figures)
            figures.append(figure)
            sheets.update(styles)
        number = numbers[model_id]
        return place(number, figures[number]["traits"])

    context["body"] = VIEW.sub(replace, body)
    if sheets:
        style = store("".join(sheets.values()), "figures", ".css", folder)
        app.add_css_file(f"widgets/{style}")
    app.add_css_file("widget_host.css")
    host = store(bundle(HOST), "host", ".js", folder)
    app.add_js_file(f"widgets/{host}", type="module")
    app.add_js_file(
        None, body=script_json(figures), type="application/json", id="rnnbook-figures"
    )


def _drop_state(context: dict[str, Any]) -> dict[str, Any]:
    """ページの script の一覧から myst-nb の状態を抜き取り、返します。"""
    scripts = context.get("script_files", [])
    states: dict[str, Any] = {}
    for script in list(scripts):
        attributes = getattr(script, "attributes", {})
        if attributes.get("type") == STATE:
            states.update(json.loads(attributes["body"])["state"])
            scripts.remove(script)
    return states


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """どのページからも読まれなくなったモジュールを片づけます。"""
    folder = Path(app.outdir) / "_static" / "widgets"
    if exception or app.builder.format != "html" or not folder.is_dir():
        return
    pages = "".join(
        p.read_text(encoding="utf-8") for p in Path(app.outdir).rglob("*.html")
    )
    for path in folder.iterdir():
        if path.name not in pages:
            path.unlink()


def add_static(app: Sphinx, config: Any) -> None:
    """図と予想の様式のフォルダーを、一度だけ登録します。"""
    if str(STATIC) not in config.html_static_path:
        config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> None:
    """myst-nb のあとに働くように登録します。"""
    app.connect("config-inited", add_static)
    app.connect("html-page-context", host_page, priority=900)
    app.connect("build-finished", remove_unused)
