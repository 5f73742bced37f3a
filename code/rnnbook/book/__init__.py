"""Sphinx がこの本を組むために要るもの。"""


def setup(app):
    """Sphinx の拡張として登録します。"""
    return {"parallel_read_safe": True, "parallel_write_safe": True}
