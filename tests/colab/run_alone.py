"""Colab と同じバージョンの環境の中で、一つの章を最後まで動かします (試験が別のプロセスで呼びます)。

``python run_alone.py CHAPTER`` は、エラーの文と、前後のライブラリのバージョンを JSON で標準出力に書きます。
動かし終えたノートブックは、隣の ``executed.ipynb`` に残します。
"""

import importlib.metadata
import json
import sys
from pathlib import Path


def raise_loopback() -> None:
    """外のないネットワーク (unshare -n) の中でも、カーネルと話す 127.0.0.1 だけは要ります。"""
    import fcntl
    import socket
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        request = struct.pack(
            "16sh", b"lo", 0x1
        )  # SIOCSIFFLAGS で lo に IFF_UP を立てます
        fcntl.ioctl(channel, 0x8914, request)


def versions() -> dict:
    """見えているライブラリとそのバージョン (同じライブラリが二つあれば、先に見つかるもの)。"""
    importlib.invalidate_caches()
    found = list(importlib.metadata.distributions())
    return {
        d.metadata["Name"].lower().replace("_", "-"): d.version for d in reversed(found)
    }


def run(chapter: Path) -> dict:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    before = versions()
    notebook = nbformat.read(chapter, as_version=4)
    options = {
        "resources": {"metadata": {"path": str(chapter.parent)}},
        "timeout": 1800,
    }
    error = None
    try:
        NotebookClient(notebook, kernel_name="python3", **options).execute()
    except CellExecutionError as failure:
        error = {"name": failure.ename, "value": failure.evalue, "text": str(failure)}
    nbformat.write(notebook, chapter.with_name("executed.ipynb"))
    printed = [
        o.text for c in notebook.cells for o in c.get("outputs", []) if "text" in o
    ]
    return {"error": error, "before": before, "after": versions(), "printed": printed}


if __name__ == "__main__":
    if "--isolated" in sys.argv:
        raise_loopback()
    print(json.dumps(run(Path(sys.argv[1]))))
