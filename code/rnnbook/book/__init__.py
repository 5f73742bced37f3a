"""Sphinx がこの本を組むために要るもの。

``_config.yml`` に ``rnnbook.book`` と書くと、:func:`setup` が部品を一つずつ登録します。
部品はどれも普通の Sphinx 拡張で、組み方の詳細は各ファイルの冒頭にあります。
"""

from importlib import import_module
from importlib.util import find_spec

# 登録する順。どれも setup(app) を持つモジュールです。
PARTS = ("words", "theme", "meta", "mathml", "search", "widget_host", "execute", "outputs")


def setup(app):
    """Sphinx の拡張として登録します。"""
    for name in PARTS:
        path = f"{__name__}.{name}"
        if find_spec(path) is None:
            continue
        try:
            part = import_module(path)
        except ModuleNotFoundError:  # 書きかけの部品
            continue
        if hasattr(part, "setup"):
            part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
