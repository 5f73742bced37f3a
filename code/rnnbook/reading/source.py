"""本物のソースを章に見せます。写しではないので、読むものと動くものが食い違いません。"""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path

from IPython.display import Markdown

PACKAGE = Path(__file__).resolve().parents[1]  # …/code/rnnbook


def show_source(obj: object, *, docstring: bool = True) -> Markdown:
    """関数、クラス、モジュールのソースを、ファイルの名前を添えて表示します。

    docstring=False にすると、説明文を除いた計算だけを見せます。

    例:
        >>> from rnnbook.cells.rnn import rnn_cell
        >>> print(show_source(rnn_cell, docstring=False).data.splitlines()[0])
        `code/rnnbook/cells/rnn.py` の `rnn_cell`
    """
    if callable(obj):
        obj = inspect.unwrap(obj)  # @torch.no_grad() などの内側
    try:
        file, code = inspect.getsourcefile(obj), inspect.getsource(obj)
    except (TypeError, OSError):
        raise ValueError(
            f"引数 obj は、ソースのある関数、クラス、モジュールです。{obj!r} が渡されました。"
        ) from None
    code = textwrap.dedent(code)
    if not docstring:
        code = without_docstrings(code)
    path = Path(file).resolve()
    if path.is_relative_to(PACKAGE):
        where = f"`code/rnnbook/{path.relative_to(PACKAGE).as_posix()}`"
    else:
        where = f"`{path.name}`"
    title = where if inspect.ismodule(obj) else f"{where} の `{obj.__qualname__}`"
    return Markdown(f"{title}\n\n```python\n{code.rstrip()}\n```")


def without_docstrings(code: str) -> str:
    """ソースから説明文の行を除きます。コメントと空行はそのまま残ります。"""
    lines = code.splitlines()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    removed = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            removed |= set(range(first.lineno, first.end_lineno + 1))
            if isinstance(node, (ast.ClassDef, ast.Module)):
                removed.add(first.end_lineno + 1)  # 説明文のあとの空行
    return "\n".join(
        line for number, line in enumerate(lines, 1) if number not in removed
    )
