"""章を実行し、nbval が比べられる出力だけを章に保存します (``make outputs``)。

保存された出力は約束です。``pytest --nbval chapters/`` が、実行し直した結果と一字ずつ比べます。
比べられないもの (画像、図の状態、実行した時刻、主張の測った値) は保存しません。
"""

import argparse
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from rnnbook.reading.claims import without_measured
from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters, record_of, run_changed
from rnnbook.workshop.run_chapter import last_line

# nbval が比べないもの。保存しても約束にならず、履歴を太らせるだけです。
DROPPED = ("image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json")
KEPT_METADATA = ("mystnb", "tags")
# この印のセルの出力は比べないので、保存もしません。古い数が章に残らないようにです。
IGNORED = "nbval-ignore-output"
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def tidy(notebook: NotebookNode) -> NotebookNode:
    """エディタが書き込む印を除き、実行番号を 1 から振ります。"""
    notebook = nbformat.from_dict(notebook)
    notebook.nbformat_minor = 5  # セルの名 (id) を持つバージョン
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    number = 0
    for cell in notebook.cells:
        kept = {
            key: cell.metadata[key] for key in KEPT_METADATA if key in cell.metadata
        }
        cell.metadata = nbformat.from_dict(kept)
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
    return notebook


def comparable(output: NotebookNode, number: int) -> NotebookNode | None:
    """出力のうち nbval が比べる部分。残るものがなければ ``None`` です。"""
    if output.output_type == "stream":
        return nbformat.v4.new_output("stream", name=output.name, text=output.text)
    if output.output_type == "error":
        return last_line(output)
    data = {
        kind: without_measured(body) if kind.startswith("text/") else body
        for kind, body in output.data.items()
        if kind not in DROPPED
    }
    for kind, body in data.items():
        if kind.startswith("image/") or "data:image/" in str(body):
            raise ValueError(
                f"コードセル [{number}] の出力 {kind} は画像を文として含み、計算機ごとに変わります。"
                "図は PNG で表示してください。"
            )
    if not data:
        return None
    extra = (
        {"execution_count": number} if output.output_type == "execute_result" else {}
    )
    return nbformat.v4.new_output(output.output_type, data=data, **extra)


def with_outputs(source: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """``source`` に、``executed`` の比べられる出力を入れたノートブック。"""
    notebook = tidy(source)
    for cell, run in zip(notebook.cells, executed.cells, strict=True):
        if cell.cell_type == "code" and IGNORED in cell.metadata.get("tags", ()):
            cell.outputs = []
        elif cell.cell_type == "code":
            saved = [comparable(output, cell.execution_count) for output in run.outputs]
            cell.outputs = [output for output in saved if output is not None]
    return notebook


def sections(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """``## `` の見出しごとのコードセル。コードを隠し、何も見せない用意のセルは除きます。"""
    found: dict[str, list[NotebookNode]] = {}
    title = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                title = line[3:].strip() if line.startswith("## ") else title
        elif cell.cell_type == "code" and title and (cell.outputs or not _hidden(cell)):
            found.setdefault(title, []).append(cell)
    return found


def _hidden(cell: NotebookNode) -> bool:
    return bool({"hide-input", "remove-cell"} & set(cell.metadata.get("tags", ())))


def has_text(cell: NotebookNode) -> bool:
    """nbval が比べる文が保存されているか。

    図の名 ``<Figure …>`` は大きさと軸の数しか語らないので、図を描くだけの (コードを隠した)
    セルでだけ文と認めます。
    """
    bodies = []
    for output in cell.outputs:
        one = [output.text] if output.output_type == "stream" else None
        bodies += one or [str(body) for body in output.get("data", {}).values()]
    return any(
        b.strip() and (_hidden(cell) or not b.startswith("<Figure")) for b in bodies
    )


def write(chapter: Path, notebook: NotebookNode) -> bool:
    """中身が変わるときだけ書き、書いたかどうかを返します。"""
    text = nbformat.writes(notebook) + "\n"
    if chapter.read_text(encoding="utf-8") == text:
        return False
    chapter.write_text(text, encoding="utf-8")
    return True


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="比べられる出力を章に保存します。")
    parser.add_argument(
        "chapter", nargs="?", default="", help="章の名の初め (例 01)。省けばすべて"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="本の置き場所")
    options = parser.parse_args(argv)
    root = options.root.resolve()
    wanted = [path for path in chapters(root) if path.name.startswith(options.chapter)]
    if not wanted:
        print(
            f"{options.chapter!r} で始まる章は chapters/ にありません。",
            file=sys.stderr,
        )
        return 1
    for chapter in wanted:  # 印を除くと実行の控えが変わるので、実行より先に行います。
        write(chapter, tidy(nbformat.read(chapter, as_version=4)))
    if failures := run_changed(root, [path.stem for path in wanted]):
        print("\n" + "\n\n".join(failures), file=sys.stderr)
        return 1
    for chapter in wanted:
        executed = nbformat.read(
            record_of(root, chapter).with_suffix(".ipynb"), as_version=4
        )
        source = nbformat.read(chapter, as_version=4)
        try:
            changed = write(chapter, with_outputs(source, executed))
        except ValueError as error:
            print(f"{chapter.name}: {error}", file=sys.stderr)
            return 1
        print(
            f"{chapter.name}: {'出力を保存しました' if changed else '出力は変わっていません'}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
