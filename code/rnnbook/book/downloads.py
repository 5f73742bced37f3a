"""「ノートブックを保存」のボタンが渡すノートブックを、サイトの ``notebooks/`` に書きます。

どれも、章が使う本のコードとデータを持っています (:mod:`rnnbook.book.carried`)。
章を実行した控えがない (実行しない設定の) ときは、章のノートブックそのものを渡します。
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from rnnbook.book.carried import WORD_ID, carrying, contents, text_of, version_of
from rnnbook.book.meta import site_address

FOLDER = "notebooks"


def place_of(docname: str) -> str:
    """ページ ``docname`` のノートブックの、サイトの中の場所。

    例:
        >>> place_of("chapters/01_rnn_basics")
        'notebooks/01_rnn_basics.ipynb'
    """
    return f"{FOLDER}/{docname.rpartition('/')[2]}.ipynb"


def write(
    root: Path, chapter: Path, record: Path, target: Path, site: str | None = None
) -> None:
    """章 ``chapter`` のノートブックを ``target`` に書きます。中身が変わらなければ、何もしません。

    ``site`` は公開の住所 (末尾は ``/``) で、決まっていなければ ``None`` です。
    """
    notebook = nbformat.read(chapter, as_version=4)
    if not record.is_file():
        nbformat.write(notebook, target)
        return
    used = json.loads(record.read_text(encoding="utf-8"))["dependencies"]
    files = contents(root, [name for name in used if (root / name).is_file()])
    if target.is_file():
        before = nbformat.read(target, as_version=4)
        same = before.metadata.get("rnnbook", {}).get("version") == version_of(files)
        after = text_of(notebook, chapter.stem, site)
        if same and others(before) == others(after):  # 縮めるには一章に数秒かかります
            return
    made = carrying(notebook, chapter.stem, files, site)
    nbformat.validate(made)
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text, encoding="utf-8")


def others(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """最初のコードセルと、その上の一言のほかのセル。"""
    first = next((c.id for c in notebook.cells if c.cell_type == "code"), None)
    return [cell for cell in notebook.cells if cell.id not in (first, WORD_ID)]


def write_all(app, exception) -> None:
    """本のすべてのノートブックを書き、なくなった章のものを除きます。"""
    if exception or app.builder.format != "html":
        return
    root, site = Path(app.srcdir), Path(app.outdir)
    options = app.config.html_theme_options
    address = site_address(app.config.html_baseurl, options.get("repository_url", ""))
    (site / FOLDER).mkdir(exist_ok=True)
    sources = {
        site / place_of(docname): Path(app.env.doc2path(docname))
        for docname in app.env.found_docs
        if str(app.env.doc2path(docname)).endswith(".ipynb")
    }
    for old in set((site / FOLDER).glob("*.ipynb")) - set(sources):
        old.unlink()

    def one(target: Path) -> None:
        chapter = sources[target]
        record = site.parent / ".execution" / f"{chapter.stem}.json"
        write(root, chapter, record, target, address)

    with ThreadPoolExecutor() as pool:
        list(pool.map(one, sources))


def add_link(app, pagename, templatename, context, doctree) -> None:
    """ページの上の欄が使う、ノートブックの住所を渡します。"""
    if doctree is not None and str(app.env.doc2path(pagename)).endswith(".ipynb"):
        context["notebook_href"] = context["pathto"](place_of(pagename), 1)


def configure(app, config) -> None:
    """ページの元のファイルは、別に置きません。"""
    config.html_copy_source = False


def setup(app) -> None:
    app.connect("config-inited", configure, priority=100)
    app.connect("html-page-context", add_link, priority=600)
    app.connect("build-finished", write_all)
