"""変わった章だけを実行し、その出力を Jupyter Book が読む場所に置きます。

Jupyter Book の ``execute_notebooks: cache`` は章のセルしか見ないので、``code/`` や ``data/``
が変わっても古い出力をページに残します。そこで、章ごとに実行中に使われたファイルとその
SHA-256 を ``_build/.execution/`` に控え、どれかが変わった章だけを実行し直します。
実行した章は jupyter-cache に置くので、Sphinx は何も実行しません。
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from rnnbook.workshop.environment import ROOT, fingerprint, prepare

# これらが変われば、どの章の出力も変わりえます。
MACHINERY = [
    "environment.py",
    "execute.py",
    "run_chapter.py",
    "watch/__init__.py",
    "watch/sitecustomize.py",
]


def chapters(root: Path) -> list[Path]:
    """本の章 (実行するノートブック) の一覧。"""
    return sorted((root / "chapters").glob("*.ipynb"))


def record_of(root: Path, chapter: Path) -> Path:
    """章の実行の控え。隣に、実行したノートブック (``.ipynb``) があります。"""
    return root / "_build" / ".execution" / f"{chapter.stem}.json"


def cache_folder(root: Path) -> Path:
    """Jupyter Book が実行結果を探す場所。"""
    return root / "_build" / ".jupyter_cache"


def surroundings(root: Path) -> dict[str, str | None]:
    """どの章にも共通の前提: ライブラリと Python のバージョン、実行の仕組み。"""
    sources = [(Path(__file__).parent / name).read_bytes() for name in MACHINERY]
    return {
        "requirements.txt": fingerprint(root / "requirements.txt"),
        "Python のバージョン": sys.version.split()[0],
        "実行の仕組み": hashlib.sha256(b"".join(sources)).hexdigest(),
        "本の置き場所": str(root),
    }


def cells_key(root: Path, chapter: Path) -> str:
    """章のコードセルの指紋。jupyter-cache が照合に使うものと同じです。"""
    notebook = nbformat.read(chapter, as_version=4)
    return get_cache(cache_folder(root)).create_hashed_notebook(notebook)[1]


def reason_to_run(root: Path, chapter: Path) -> str | None:
    """章を実行し直す理由。その必要がなければ ``None`` です。"""
    path = record_of(root, chapter)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "まだ実行していません"
    except json.JSONDecodeError:
        return "前回の控えが壊れています"
    if record["notebook"] != fingerprint(path.with_suffix(".ipynb")):
        return "前回の結果が壊れています"
    for name, value in surroundings(root).items():
        if record["surroundings"].get(name) != value:
            return f"{name} が変わりました"
    if record["cells"] != cells_key(root, chapter):
        return "コードセルが変わりました"
    for name, value in record["dependencies"].items():
        if fingerprint(root / name) != value:
            return f"{name} が変わりました"
    return None


def run_one(root: Path, chapter: Path, timeout: int) -> str | None:
    """章を別のプロセスで実行して控えを残します。失敗ならその説明を返し、控えは残しません。"""
    path = record_of(root, chapter)
    partial = path.with_suffix(".partial.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (path, partial):
        leftover.unlink(missing_ok=True)
    # 実行中の書き換えを見逃さないように、前提は始める前に控えます。
    before = {"cells": cells_key(root, chapter), "surroundings": surroundings(root)}
    command = [
        sys.executable,
        "-m",
        "rnnbook.workshop.run_chapter",
        root,
        chapter,
        partial,
        timeout,
    ]
    done = subprocess.run(
        list(map(str, command)),
        env=prepare(root) | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if not partial.exists():
        return f"{chapter.name} の実行が途中で止まりました。\n{done.stderr.strip()}"
    record = json.loads(partial.read_text(encoding="utf-8"))
    if "failure" in record:
        partial.unlink()
        return record["failure"]
    notebook = path.with_suffix(".ipynb")
    os.replace(partial.with_suffix(".ipynb"), notebook)
    record |= before | {"notebook": fingerprint(notebook)}
    partial.write_text(
        json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    os.replace(partial, path)  # 控えは最後に、一度に現れます。
    return None


def run_changed(root: Path, names: list[str] | None = None) -> list[str]:
    """変わった章を並べて実行し、失敗の説明の一覧を返します。"""
    timeout = yaml.safe_load((root / "_config.yml").read_text("utf-8"))["execute"][
        "timeout"
    ]
    wanted = [c for c in chapters(root) if names is None or c.stem in names]
    reasons = {c: reason for c in wanted if (reason := reason_to_run(root, c))}
    if not reasons:
        print(f"章の実行: {len(wanted)} 章とも変わっていません。")
        return []
    print(
        f"章の実行: {len(wanted)} 章のうち {len(reasons)} 章を実行します。", flush=True
    )
    shutil.rmtree(
        cache_folder(root), ignore_errors=True
    )  # 失敗しても古い出力を残しません。
    prepare(root)
    failures = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        running = {pool.submit(run_one, root, c, timeout): c for c in reasons}
        for future in concurrent.futures.as_completed(running):
            chapter = running[future]
            if failure := future.result():
                failures.append(failure)
                print(f"  失敗  {chapter.stem} ({reasons[chapter]})", flush=True)
            else:
                seconds = json.loads(record_of(root, chapter).read_text("utf-8"))[
                    "seconds"
                ]
                print(
                    f"  {seconds:5.1f} 秒  {chapter.stem} ({reasons[chapter]})",
                    flush=True,
                )
    return failures


def fill_cache(root: Path) -> None:
    """jupyter-cache を空から作り直し、今の章の実行結果だけを置きます。"""
    shutil.rmtree(cache_folder(root), ignore_errors=True)
    cache = get_cache(cache_folder(root))
    for chapter in chapters(root):
        record = json.loads(record_of(root, chapter).read_text(encoding="utf-8"))
        notebook = nbformat.read(
            record_of(root, chapter).with_suffix(".ipynb"), as_version=4
        )
        data = {"execution_seconds": record["seconds"]}
        bundle = CacheBundleIn(notebook, str(chapter), data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="変わった章だけを実行します。")
    parser.add_argument("--root", type=Path, default=ROOT, help="本の置き場所")
    root = parser.parse_args(argv).root.resolve()
    if failures := run_changed(root):
        print("\n" + "\n\n".join(failures), file=sys.stderr)
        return 1
    fill_cache(root)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
