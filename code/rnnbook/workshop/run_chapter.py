"""一つの章を新しいカーネルで実行し、出力と、使われたファイルを書き残します。

``python -m rnnbook.workshop.run_chapter ROOT CHAPTER RESULT`` は一つのプロセスで一つの章を動かします。
``execute`` がこれを並べて呼びます。
"""

import asyncio
import itertools
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from traitlets.config import Config

from rnnbook.workshop import watch
from rnnbook.workshop.environment import fingerprint, prepare

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class ChapterFailed(Exception):
    """章が最後まで動かなかったこと。文は章、セル、その最初の行、エラーを挙げます。"""


def run(root: Path, chapter: Path, timeout: int) -> tuple[nbformat.NotebookNode, dict]:
    """章を実行し、出力の入ったノートブックと、使われたファイル {道筋: SHA-256} を返します。"""
    started = time.time_ns()
    notebook = nbformat.read(chapter, as_version=4)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            record_timing=False,  # 実行時刻をセルに書くと、jupyter-cache の照合が外れます。
            store_widget_state=True,
            allow_errors=True,  # エラーは、番号の付いた文にしてから送出します。
            resources={"metadata": {"path": str(chapter.parent)}},
            config=connection(folder),
        )
        log = Path(folder) / "used"
        asyncio.run(_run(client, chapter, watch.watched(prepare(root), log)))
        names = watch.used(log, root)
    notebook.metadata.language_info = {"name": "python", "pygments_lexer": "ipython3"}
    return notebook, {name: _seen(root / name, started) for name in names}


def connection(folder: str) -> Config:
    """カーネルと話す口を、ネットワークの番号ではなく、folder の中のファイルにする設定。

    番号は、空いているものを調べてから使い始めるまでの間に、同時に起きた別のカーネルも選べます。
    すると隣の章への知らせが届き、標準エラーに「DELIM not in msg_list」と書かれて、章が止まります。
    Windows には、この口がありません。
    """
    if os.name == "nt":
        return Config()
    file = str(Path(folder) / "kernel.json")
    return Config(KernelManager={"transport": "ipc", "connection_file": file})


def _seen(path: Path, started: int) -> str | None:
    """使われたファイルの SHA-256。実行中に書き換わったものは、次に必ず変わったと見なされます。"""
    if path.is_file() and path.stat().st_mtime_ns > started:
        return "実行中に書き換わりました"
    return fingerprint(path)


async def _run(
    client: NotebookClient, chapter: Path, environment: dict[str, str]
) -> None:
    """環境変数が environment のカーネルで、セルを順に動かします。"""
    cells = client.nb.cells
    async with client.async_setup_kernel(env=environment):
        for index, cell in enumerate(cells):
            number = sum(c.cell_type == "code" for c in cells[: index + 1])
            try:
                await client.async_execute_cell(cell, index, execution_count=number)
            except CellTimeoutError:
                _fail(
                    chapter, number, cell, f"{client.timeout} 秒で終わりませんでした。"
                )
            except DeadKernelError:
                _fail(
                    chapter,
                    number,
                    cell,
                    "カーネルが落ちました (メモリ不足かもしれません)。",
                )
            if cell.cell_type == "code":
                cell.execution_count = number  # 空のセルにも番号を付けます。
                _check(chapter, number, cell)
        # 後のセルが前の出力を書き換えることもあるので、つなぐのは終わってからです。
        for cell in cells:
            if cell.cell_type == "code":
                cell.outputs = join_streams([last_line(o) for o in cell.outputs])
        client.set_widgets_metadata()


def last_line(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """エラーの出力を、その文だけにします。ほかの出力は、そのままです。

    わざと見せるエラーで読者が読むのは、最後の一行です。その上の行には、計算機ごとに違うファイルの
    場所が入ります。
    """
    if output.output_type != "error":
        return output
    trace = [f"{output.ename}: {output.evalue}"]
    return nbformat.v4.new_output(
        "error", ename=output.ename, evalue=output.evalue, traceback=trace
    )


def join_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """続いて届いた文字の出力を、標準出力、標準エラーの順に一つずつにつなぎます。

    文字がいくつの知らせに分かれて届くかは、計算機の忙しさで変わります。つながなければ、同じ章の
    ページと保存された出力が実行のたびに変わります。図をまたいではつながず、ページの順を保ちます
    （nbclient の coalesce_streams は、図の後の文字を図の前に移します）。
    """
    joined = []
    for together, group in itertools.groupby(
        outputs, key=lambda output: output.output_type == "stream"
    ):
        group = list(group)
        if not together:
            joined += group
            continue
        for name in ("stdout", "stderr"):
            text = "".join(output.text for output in group if output.name == name)
            if text:
                joined.append(nbformat.v4.new_output("stream", name=name, text=text))
    return joined


def _check(chapter: Path, number: int, cell: nbformat.NotebookNode) -> None:
    """印のないセルのエラーと、標準エラーへの出力を許しません。"""
    tags = cell.metadata.get("tags", [])
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in tags:
            trace = _COLOUR.sub("", "\n".join(output.traceback))
            _fail(chapter, number, cell, f"{output.ename}: {output.evalue}", trace)
        allowed = {"raises-exception", "stderr-ok"} & set(tags)
        if output.output_type == "stream" and output.name == "stderr" and not allowed:
            text = output.text.strip()
            reason = "標準エラーへの出力がありました (意図したものなら印 stderr-ok を付けます)。"
            _fail(chapter, number, cell, reason, text)


def _fail(chapter: Path, number: int, cell, reason: str, details: str = "") -> None:
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    message = (
        f"{chapter.name} のコードセル [{number}] で失敗しました。\n"
        f"  セルの最初の行: {first}\n"
        f"  エラー: {reason}"
    )
    indented = "\n".join(f"    {line}" for line in details.splitlines()[-30:])
    raise ChapterFailed(f"{message}\n{indented}" if indented else message)


def main(arguments: list[str]) -> int:
    root, chapter, result = map(Path, arguments[:3])
    began = time.perf_counter()
    try:
        notebook, dependencies = run(root, chapter, timeout=int(arguments[3]))
    except ChapterFailed as error:
        result.write_text(
            json.dumps({"failure": str(error)}, ensure_ascii=False), "utf-8"
        )
        return 1
    nbformat.write(notebook, result.with_suffix(".ipynb"))
    seconds = round(time.perf_counter() - began, 1)
    record = {"seconds": seconds, "dependencies": dependencies}
    result.write_text(
        json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
