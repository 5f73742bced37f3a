"""書きかけを残さない、ファイルの書き方。"""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """書きかけのファイルが残らないように、別の名前で書いてから置き換えます。"""
    write_together({path: text})


def write_together(texts: dict[Path, str]) -> None:
    """いくつかのファイルを、すべて新しくするか、すべて元のままにします。

    中身はどれも先に別の名前で書き、名前の置き換えは最後にまとめて行います。その途中で
    止められたら（Ctrl+C や満杯のディスク）、置き換えたものを元に戻してから、そのエラーを送出します。
    """
    before = {
        path: path.read_bytes() if path.is_file() else None
        for path in texts
        if len(texts) > 1
    }
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in texts}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_bytes(text.encode())
        for path in texts:
            temporary[path].replace(path)
    except BaseException:
        for path, old in before.items():
            if old is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != old:
                path.write_bytes(old)
        raise
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)
