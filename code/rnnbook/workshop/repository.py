"""本の住所 (リポジトリ) を、あるべき所すべてに書きます (``make repository URL=…``)。

住所は ``_config.yml`` に一つだけあり、章の最初のコードセルと案内の文書がそれを写します。
最初のセルの手本もここにあります。引数なしで呼ぶと、今の住所で手本を書き直します。
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
# 途中で切れたものも古いものも新しくなり、rnn-book の中の書き換えは消えます。
import importlib.util
import os
import subprocess
import sys

if "google.colab" in sys.modules:
    url = "@URL@"
    url = os.environ.get("RNNBOOK_REPOSITORY", url)
    if "YOUR-ACCOUNT" in url:
        raise SystemExit("この本の公開先が未定なので、コードを取り寄せられません。")
    git, folder = ["git", "-C", "rnn-book"], "フォルダー rnn-book を削除してから、"
    steps = [
        (f"本のコード ({url})", folder, command)
        for command in (
            ["git", "init", "--quiet", "rnn-book"],
            [*git, "fetch", "--quiet", "--depth=1", url, "HEAD"],
            [*git, "reset", "--quiet", "--hard", "FETCH_HEAD"],
        )
    ]
    if importlib.util.find_spec("japanize_matplotlib") is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        steps.append(("日本語の書体", "", [*pip, "japanize-matplotlib"]))
    for what, remedy, command in steps:
        if subprocess.run(command, capture_output=True).returncode != 0:
            raise SystemExit(
                f"{what} を取り寄せられません。ネットワークを確かめて、{remedy}"
                "このセルをもう一度実行してください。"
            )
    importlib.invalidate_caches()
    if os.path.abspath("rnn-book/code") not in sys.path:
        sys.path.insert(0, os.path.abspath("rnn-book/code"))
"""
ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(\.git)?/?")


def address(root: Path = ROOT) -> str:
    """``_config.yml`` に書かれた本の住所。"""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return config["repository"]["url"]


def first_cell(url: str) -> str:
    """章の最初のコードセルの中身。"""
    return CELL.replace("@URL@", url).rstrip("\n")


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


def write_first_cell(chapter: Path, url: str) -> None:
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
    found.source = first_cell(url)
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
        write_first_cell(chapter, url)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="本の住所をすべての場所に書きます。")
    parser.add_argument("url", nargs="?", help="https://github.com/持ち主/名前")
    parser.add_argument("--root", type=Path, default=ROOT, help="本の置き場所")
    options = parser.parse_args(argv)
    root = options.root.resolve()
    try:
        rewrite(root, options.url or address(root))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"本の住所: {address(root)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
