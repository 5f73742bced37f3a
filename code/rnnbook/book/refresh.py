"""実行し直された章と、中身の変わったページを、Sphinx に読み直させます。

Sphinx は元のファイルの日付だけを見ます。code/ や data/ が変わって実行し直された章は、
``.ipynb`` がそのままなので、言われなければ古いページが残ります。
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from rnnbook.workshop.environment import fingerprint


def setup(app: Sphinx) -> None:
    """実行し直された章と、中身の変わったページを、Sphinx に読み直させます。"""
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _navigation_changed)


def _outdated(app, env, added, changed, removed) -> list[str]:
    """日付でなく中身で見て、前に読んだときと違うページ。"""
    now = {}
    for docname in env.found_docs:
        name = docname.rsplit("/", 1)[-1]
        executed = Path(app.outdir).parent / ".execution" / f"{name}.ipynb"
        now[docname] = (fingerprint(Path(env.doc2path(docname))), fingerprint(executed))
    before = getattr(env, "rnnbook_sources", {})
    env.rnnbook_sources = now
    return [
        docname
        for docname in now
        if docname in before and before[docname] != now[docname]
    ]


def _navigation_changed(app, env) -> list[str]:
    """章の題が変われば、目次や前後の章への案内を持つ全ページを書き直します。"""
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    before = getattr(env, "rnnbook_titles", titles)
    env.rnnbook_titles = titles
    return sorted(titles) if before != titles else []
