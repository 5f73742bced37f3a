"""本を組みます: 変わった章を実行し、変わったページを書きます (``make book``)。

警告はエラーとして扱います。ページの見た目を決めるもの (``code/rnnbook/book/``、設定、目次、
ライブラリのバージョン) が変わったときは、すべてのページを新しく書きます。
"""

import argparse
import hashlib
import os
import shutil
import sys
import sysconfig
import time
from pathlib import Path

from jupyter_cache import get_cache

from rnnbook.workshop import execute, steps
from rnnbook.workshop.environment import ROOT


def appearance(root: Path) -> str:
    """すべてのページに関わるものの指紋。"""
    files = [root / name for name in ("_config.yml", "_toc.yml", "requirements.txt")]
    files += sorted((root / "code" / "rnnbook" / "book").rglob("*"))
    digest = hashlib.sha256(f"{root} {sys.version}".encode())
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(
                path.relative_to(root).as_posix().encode() + path.read_bytes()
            )
    return digest.hexdigest()


def write_pages(root: Path) -> bool:
    """ページを書きます。警告が一つでもあれば失敗です。"""
    stamp = root / "_build" / ".execution" / "pages"
    now = appearance(root)
    if not stamp.exists() or stamp.read_text() != now:
        for name in ("html", ".doctrees", "jupyter_execute"):
            shutil.rmtree(root / "_build" / name, ignore_errors=True)
    stamp.unlink(missing_ok=True)  # 途中で止まれば、次は初めから書きます。
    program = Path(sysconfig.get_path("scripts")) / "jupyter-book"
    command = [str(program), "build", str(root), "-W", "-n", "--keep-going", "-q"]
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
    written = steps.run("ページを書く", command, "pages", environment, root)
    cache = get_cache(execute.cache_folder(root))
    executed = [record.uri for record in cache.list_project_records()]
    if executed:
        print(f"Sphinx が章を自分で実行してしまいました: {executed}", file=sys.stderr)
    if not written or executed or not (root / "_build/html/index.html").exists():
        return False
    stamp.write_text(now)
    return True


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="本を組みます。")
    parser.add_argument("--root", type=Path, default=ROOT, help="本の置き場所")
    root = parser.parse_args(argv).root.resolve()
    began = time.perf_counter()
    if execute.main(["--root", str(root)]) != 0:
        print("\n章が失敗したので、サイトは組みませんでした。", file=sys.stderr)
        return 1
    if not write_pages(root):
        print("ページを書けませんでした (上の警告を直してください)。", file=sys.stderr)
        return 1
    site = root / "_build" / "html"
    seconds = time.perf_counter() - began
    print(f"できました ({seconds:.0f} 秒): {steps.shown(site)}")
    print(
        "開くには make serve、make がなければ "
        f"python -m http.server -d {steps.shown(site)} を実行します。"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
