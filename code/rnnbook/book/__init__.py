"""Sphinx がこの本を組むために要るもの。

``_config.yml`` に ``rnnbook.book`` と書くと、:func:`setup` が拡張を一つずつ登録します。
どれも普通の Sphinx 拡張で、組み方の詳細は各ファイルの冒頭にあります。
"""


def setup(app):
    """Sphinx の拡張として登録します。"""
    # ここで読み込むのは、拡張を一つだけ使うときに、ほかを読み込まないためです。
    from rnnbook.book import (
        anchors,
        answered,
        contents_map,
        downloads,
        figure_links,
        highlight,
        mathml,
        meta,
        phrases,
        pictures,
        placed_figures,
        refresh,
        search,
        tables,
        term_links,
        theme,
        used_styles,
        widget_host,
        words,
    )

    for part in (
        words,
        anchors,
        theme,
        downloads,
        highlight,
        used_styles,
        meta,
        mathml,
        phrases,
        tables,
        search,
        figure_links,
        term_links,
        placed_figures,
        widget_host,
        contents_map,
        answered,
        pictures,
        refresh,
    ):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
