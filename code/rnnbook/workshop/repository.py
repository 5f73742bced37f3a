"""本の住所 (リポジトリ) とバージョンを、あるべき所すべてに書きます (``make repository URL=… VERSION=…``)。

どちらも ``_config.yml`` に一つだけあり、章の最初のコードセルと案内の文書がそれを写します。
バージョンは、git の枝かタグの名です。Colab のボタンはそのバージョンの章を開き、最初のセルは同じバージョンのコードを取り寄せます。
最初のセルの手本もここにあります。引数なしで呼ぶと、今の住所とバージョンで手本を書き直します。
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
import yaml

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters

CELL_ID = "colab"
CELL_TAGS = ["remove-cell"]  # サイトの読者には要らないので見せません。
CELL = """\
# Colab でだけ、本のコードとデータを rnn-book に取り寄せます。手元では何もしません。
# ノートブックと同じバージョンにするので、rnn-book の中の書き換えは消えます。
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile

if "google.colab" in sys.modules:
    url, version = "@URL@", "@VERSION@"
    url = os.environ.get("RNNBOOK_REPOSITORY", url)
    if "YOUR-ACCOUNT" in url:
        raise SystemExit(
            "この本の公開先が未定なので、コードを取り寄せられません。"
            "本のサイトで保存したノートブックは、取り寄せずに動きます。"
        )

    def run(*command):
        "command を動かし、失敗すればその言い分を返します。うまくいけば空です。"
        told = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(command, capture_output=True, text=True, env=told)
        return done.returncode and (done.stderr.strip() or "?")

    def fetch(folder):
        "folder を url の version と同じにします。だめなら、段の名と言い分を返します。"
        git = ("git", "-C", folder)
        for step, command in {
            "init": ("git", "init", "--quiet", folder),
            "fetch": (*git, "fetch", "--quiet", "--depth=1", url, version),
            "reset": (*git, "reset", "--quiet", "--hard", "FETCH_HEAD"),
        }.items():
            if error := run(*command):
                return step, error

    existed = os.path.lexists("rnn-book")
    failed = fetch("rnn-book")
    if failed and existed:
        # 残っていた rnn-book が壊れているのかもしれないので、空の所に取り寄せ直します。
        aside = tempfile.mkdtemp(prefix="rnn-book-", dir=".")
        failed = fetch(f"{aside}/new")
        if failed:
            shutil.rmtree(aside)
        else:
            os.rename("rnn-book", f"{aside}/old")  # 前のものは、ここに残します。
            os.rename(f"{aside}/new", "rnn-book")
    if failed:
        step, error = failed
        why = f"フォルダー {os.getcwd()} に書けません ({error})。"
        if step == "fetch":
            why = "ネットワークを確かめて、このセルをもう一度実行してください。"
        if "remote ref" in error:
            why = f"そこにバージョン {version} がありません。"
        raise SystemExit(f"本のコード ({url}) を取り寄せられません。{why}")
    if importlib.util.find_spec("japanize_matplotlib") is None:
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps")
        if run(*pip, "japanize-matplotlib"):
            raise SystemExit(
                "日本語の書体 を取り寄せられません。ネットワークを確かめて、"
                "このセルをもう一度実行してください。"
            )
    importlib.invalidate_caches()
    if os.path.abspath("rnn-book/code") not in sys.path:
        sys.path.insert(0, os.path.abspath("rnn-book/code"))
"""
PLACEHOLDER = "YOUR-ACCOUNT"  # 公開先が決まるまでの、仮の持ち主
BRANCH = re.compile(r"(\bbranch:\s*)([^\s,}]+)")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(\.git)?/?")


def address(root: Path = ROOT) -> str:
    """``_config.yml`` に書かれた本の住所。"""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return config["repository"]["url"]


def version(root: Path = ROOT) -> str:
    """``_config.yml`` に書かれた、公開するバージョン (git の枝かタグ)。"""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return str(config["repository"]["branch"])


def is_published(url: str) -> bool:
    """公開先が決まっているか。

    >>> is_published("https://github.com/YOUR-ACCOUNT/rnn-textbook")
    False
    """
    return PLACEHOLDER not in url


def first_cell(url: str, version: str) -> str:
    """章の最初のコードセルの中身。"""
    return CELL.replace("@URL@", url).replace("@VERSION@", version).rstrip("\n")


def slug(url: str) -> str:
    """住所のうち ``持ち主/名前`` の部分。GitHub の住所でなければ ``ValueError`` です。"""
    match = ADDRESS.fullmatch(url)
    if match is None:
        raise ValueError(
            f"URL に {url!r} が渡されました。Colab が開けるのは GitHub の公開リポジトリなので、"
            "https://github.com/持ち主/名前 の形で指定してください。"
        )
    return match.group(1)


def documents(root: Path) -> list[Path]:
    """住所が書かれうる文書。"""
    patterns = ("_config.yml", "_toc.yml", "*.md", "chapters/*.md", "data/*.md")
    return sorted(path for pattern in patterns for path in root.glob(pattern))


def replace(text: str, old: str, new: str) -> str:
    """文中の ``持ち主/名前`` を置き換えます。より長い名前の一部は変えません。"""
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", lambda _: new, text)


def write_version(root: Path, new: str) -> None:
    """``_config.yml`` のバージョンを ``new`` にします。git の名でなければ ``ValueError`` です。"""
    if not VERSION.fullmatch(new):
        raise ValueError(
            f"VERSION に {new!r} が渡されました。公開する git の枝かタグの名 "
            "(main、v1.0 など) を指定してください。"
        )
    config = root / "_config.yml"
    text = config.read_text(encoding="utf-8")
    changed = BRANCH.sub(lambda found: found[1] + new, text, count=1)
    config.write_text(changed, encoding="utf-8")


def write_first_cell(chapter: Path, url: str, version: str) -> None:
    """章の最初のコードセルを手本どおりにします。なければ加えます。"""
    notebook = nbformat.read(chapter, as_version=4)
    cells = notebook.cells
    found = next((cell for cell in cells if cell.id == CELL_ID), None)
    if found is None:
        found = nbformat.v4.new_code_cell(id=CELL_ID)
        first = next(
            (i for i, c in enumerate(cells) if c.cell_type == "code"), len(cells)
        )
        cells.insert(first, found)
    found.source = first_cell(url, version)
    found.metadata = nbformat.from_dict({"tags": CELL_TAGS})
    nbformat.write(notebook, chapter)


def rewrite(root: Path, url: str) -> None:
    """本のすべての場所の住所を ``url`` にします。"""
    old, new = slug(address(root)), slug(url)
    url = f"https://github.com/{new}"
    for path in documents(root):
        text = path.read_text(encoding="utf-8")
        if (changed := replace(text, old, new)) != text:
            path.write_text(changed, encoding="utf-8")
    for chapter in chapters(root):
        text = chapter.read_text(encoding="utf-8")
        if (changed := replace(text, old, new)) != text:
            chapter.write_text(changed, encoding="utf-8")
        write_first_cell(chapter, url, version(root))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="本の住所をすべての場所に書きます。")
    parser.add_argument("url", nargs="?", help="https://github.com/持ち主/名前")
    parser.add_argument("--version", default="", help="公開する git の枝かタグ")
    parser.add_argument("--root", type=Path, default=ROOT, help="本の置き場所")
    options = parser.parse_args(argv)
    root = options.root.resolve()
    try:
        if options.version:
            write_version(root, options.version)
        rewrite(root, options.url or address(root))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"本の住所: {address(root)} の {version(root)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
