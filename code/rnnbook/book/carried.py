"""章のノートブックに、章が使う本のコードとデータを持たせます。

章を実行したときの控え (``_build/.execution/``) には、使われたファイルがすべて載っています。
それを一つに縮めて、最初のコードセル (Colab で取り寄せるセル) と替えます。できたノートブックは、
一つだけで、どこでも、通信なしで動きます。取り出すプログラム ``take_out.py`` も、そのセルに写します。
そのセルは畳まれて開くので、すぐ上に、初めに実行することを述べます。ほかのページへのリンクは、
持ち出された先で行き止まりにならないように直します (:mod:`rnnbook.book.outgoing_links`)。
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import lzma
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from rnnbook.book.outgoing_links import outgoing
from rnnbook.data import SHA256_CELL
from rnnbook.workshop.repository import CELL_ID, CELL_TAGS

PROGRAM = Path(__file__).with_name("take_out.py")
TITLE = "#@title 本のコードとデータ（初めに、このセルを実行します）"
WORD_ID = "begin"
WORD = "はじめに、次のセル（本のコードとデータ）を実行します。開いたときは畳まれています。測った値（…）、図、表の一部は、実行すると出ます。"
# 畳んだ姿で開くための印: はじめのものは Colab、次のものは JupyterLab が読みます。
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}
LICENSE, TABLE = "LICENSE", "data/README.md"
FONT_USER = "code/rnnbook/figures/style.py"  # 日本語の書体を読むファイル
# モジュールの名と違う、入れるときの名
PIP = {
    "IPython": "ipython",
    "japanize_matplotlib": "japanize-matplotlib",
    "sklearn": "scikit-learn",
}


def contents(root: Path, files: Iterable[str]) -> dict[str, bytes]:
    """持たせるファイル (``root`` からの道筋 → 中身)。

    ``files`` のほかに、使ってよい条件と、``data/README.md`` のうちそのデータの行を加えます
    (データは、その表の SHA-256 と照らしてから読まれます)。
    """
    found = {name: (root / name).read_bytes() for name in (*files, LICENSE)}
    if any(name.startswith("data/") for name in found):
        text = (root / TABLE).read_text(encoding="utf-8")
        found[TABLE] = only_rows(text, found).encode()
    return found


def only_rows(table: str, files: Iterable[str]) -> str:
    """data/README.md のうち、data/ のファイル ``files`` の行と、その外の文。

    例:
        >>> sha = "`" + "0" * 64 + "`"
        >>> only_rows(f"表\\n| `a.csv` | {sha} |\\n| `b.csv` | {sha} |\\n", ["data/b.csv"])[:14]
        '表\\n| `b.csv` | '
    """
    names = {f"`{name.removeprefix('data/')}`" for name in files}
    lines = table.splitlines(keepends=True)
    return "".join(
        line
        for line in lines
        if not SHA256_CELL.search(line) or line.split("|")[1].strip() in names
    )


def pack(files: dict[str, bytes]) -> bytes:
    """ファイルを一つの tar.xz にします。同じファイルからは、いつも同じものができます。

    例:
        >>> import io, tarfile
        >>> packed = pack({"b": b"2", "a": b"1"})
        >>> tarfile.open(fileobj=io.BytesIO(packed)).getnames(), packed == pack({"a": b"1", "b": b"2"})
        (['a', 'b'], True)
    """
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        # 似たもの (同じ種類のファイル) を続けて置くと、小さく縮みます。
        for name in sorted(files, key=lambda name: (Path(name).suffix, name)):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    return lzma.compress(whole.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def version_of(files: dict[str, bytes]) -> str:
    """持たせるファイルと、それを取り出すプログラムのバージョン。中身が違えば、バージョンも違います。"""
    digest = hashlib.sha256(PROGRAM.read_bytes() + (TITLE + WORD).encode())
    for name in sorted(files):
        digest.update(hashlib.sha256(name.encode()).digest())
        digest.update(hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:12]


def libraries(files: dict[str, bytes], notebook: NotebookNode) -> dict[str, str]:
    """読み込まれるライブラリ (モジュールの名 → 入れるときの名)。

    章のセルと持たせるモジュールが、関数の外で読み込むものです。
    """
    sources = [text for name, text in files.items() if name.endswith(".py")]
    sources += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    found = {name for source in sources for name in imported(source)}
    if FONT_USER in files:
        found.add("japanize_matplotlib")
    if "keras" in found:  # Keras の計算は TensorFlow が行います。
        found.add("tensorflow")
    found -= {*sys.stdlib_module_names, "rnnbook"}
    return {name: PIP.get(name, name) for name in sorted(found, key=str.lower)}


def imported(source: str | bytes) -> set[str]:
    """関数の外で読み込まれるパッケージの名。Python でないセル (``%`` など) からは、何も拾いません。

    例:
        >>> sorted(imported("import a.b\\nfrom c import d\\ndef f():\\n    import e"))
        ['a', 'c']
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    names = [
        a.name for line in body if isinstance(line, ast.Import) for a in line.names
    ]
    names += [line.module or "" for line in body if isinstance(line, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def first_cell(folder: str, needed: dict[str, str], packed: bytes) -> NotebookNode:
    """本を持つ最初のセル。開いたときは畳まれていて、終わりの一行だけが長くなります。"""
    lines = [
        TITLE,
        PROGRAM.read_text(encoding="utf-8").rstrip("\n"),
        "",
        "",
        "begin(",
        f"    {folder!r},",
        f"    {needed!r},",
        f'    "{base64.b85encode(packed).decode("ascii")}",',
        ")",
    ]
    cell = nbformat.v4.new_code_cell("\n".join(lines), id=CELL_ID, execution_count=1)
    cell.metadata = nbformat.from_dict({**FOLDED, "tags": CELL_TAGS})
    return cell


def text_of(notebook: NotebookNode, name: str, site: str | None) -> NotebookNode:
    """``notebook`` (章 ``name``) の写しで、リンクを ``site`` の住所か文字にしたもの。"""
    result = nbformat.from_dict(notebook)
    for cell in result.cells:
        if cell.cell_type == "markdown":
            cell.source = outgoing(cell.source, name, site)
    return result


def carrying(
    notebook: NotebookNode, name: str, files: dict[str, bytes], site: str | None = None
) -> NotebookNode:
    """``notebook`` (章 ``name``) の最初のコードセルを、``files`` を持つセルに替えたもの。

    ``site`` は公開の住所 (末尾は ``/``) で、決まっていなければ ``None`` です。
    """
    version = version_of(files)
    cell = first_cell(
        f"rnn-book-{name}-{version}", libraries(files, notebook), pack(files)
    )
    result = text_of(notebook, name, site)
    word = nbformat.v4.new_markdown_cell(WORD, id=WORD_ID)
    result.cells = [
        new
        for old in result.cells
        for new in ([word, cell] if old.id == CELL_ID else [old])
    ]
    result.metadata["rnnbook"] = nbformat.from_dict({"version": version})
    return result
