"""data/ の読み込みと検査。どのファイルも、data/README.md の表の SHA-256 と照らしてから読みます。

python -m rnnbook.data           すべてのファイルを検査します
python -m rnnbook.data --write   いまの中身の SHA-256 を表に書きます（結果を作り直したとき）
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "data"
SHA256_CELL = re.compile(r"`(?:[0-9a-f]{64}|未記録)`")


class DataError(ValueError):
    """data/ のファイルがない、壊れている、または表にない。"""


class Entry(NamedTuple):
    """data/README.md の表の一行。"""

    file: str  # data/ から見た道筋。例: results/lookback.csv
    what: str  # 何か
    source: str  # 出どころ
    licence: str  # ライセンス
    command: str  # 作るコマンド
    sha256: str


def load(name: str) -> pd.DataFrame:
    """data/results/NAME.csv を検査してから表として読みます。

    空や nan の欄は、その実験が空でよいと宣言した列（記録 JSON の empty）にだけ許します。

    例:
        >>> load("lookback").columns.tolist()
        ['model', 'p', 'seed', 'rmse_train', 'rmse_valid', 'rmse_test']
    """
    file = f"results/{name}.csv"
    table = pd.read_csv(verified_path(file))
    entries = {entry.file: entry for entry in read_table()}
    record, allowed = f"results/{entries[file].command.split()[-1]}.json", []
    if record in entries:
        made = json.loads(verified_path(record).read_text(encoding="utf-8"))
        allowed = made["tables"][f"{name}.csv"]["empty"]
    where = hole(table, allowed)
    if where:
        raise DataError(f"data/{file} の{where}{_remedy(entries[file])}")
    return table


def hole(
    table: pd.DataFrame, allowed: Collection[str], keys: Collection[str] = ()
) -> str | None:
    """列 allowed のほかで、空か有限でない数の、はじめの欄。なければ None です。

    行は、CSV のファイルの行（見出しが 1 行目）で数えます。keys は、どの点の行かを述べる列です。

    例:
        >>> table = pd.DataFrame({"p": [1, 2], "rmse": [0.5, float("nan")]})
        >>> hole(table, allowed=(), keys=["p"])
        ' 3 行目、列 rmse が、空か有限でない数です。点は p=2 です。'
        >>> hole(pd.DataFrame({"p": [1, 2], "rmse": [0.5, float("nan")]}), allowed=())
        ' 3 行目、列 rmse が、空か有限でない数です。'
    """
    checked = table.drop(columns=[column for column in allowed if column in table])
    broken = (checked.isna() | checked.isin([np.inf, -np.inf])).to_numpy()
    if not broken.any():
        return None
    row, column = np.argwhere(broken)[0]
    point = "、".join(f"{key}={table[key].iloc[row]}" for key in keys if key in table)
    return (
        f" {row + 2} 行目、列 {checked.columns[column]} が、空か有限でない数です。"
        f"{point and f'点は {point} です。'}"
    )


def verified_path(file: str) -> Path:
    """data/ から見た道筋 file を検査し、読んでよいファイルの場所を返します。

    例:
        >>> verified_path("results/lookbak.csv")
        Traceback (most recent call last):
        ...
        rnnbook.data.DataError: data/README.md の表に results/lookbak.csv がありません。似た名前: results/lookback.csv
    """
    entries = {entry.file: entry for entry in read_table()}
    if file not in entries:
        import difflib

        close = difflib.get_close_matches(file, entries, n=1) or sorted(entries)
        raise DataError(
            f"data/README.md の表に {file} がありません。似た名前: {', '.join(close)}"
        )
    problem = _problem(entries[file])
    if problem:
        raise DataError(problem)
    return DATA / file


def read_table() -> list[Entry]:
    """data/README.md の表を読みます。"""
    readme = DATA / "README.md"
    if not readme.is_file():
        raise DataError(
            f"{DATA} に README.md がありません。wheel から入れた rnnbook に data/ は付きません。"
            "リポジトリを取得し、その中で pip install -e . としてください。"
        )
    entries = []
    for line in readme.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if len(cells) == len(Entry._fields) and SHA256_CELL.search(line):
            entries.append(Entry(*cells))
    return entries


def problems() -> list[str]:
    """data/ の問題を、一つ一文で並べます。空なら、すべてのファイルが表のとおりです。"""
    entries = read_table()
    found = [problem for entry in entries if (problem := _problem(entry))]
    listed = {entry.file for entry in entries} | {"README.md"}
    for path in sorted(DATA.rglob("*")):
        file = path.relative_to(DATA).as_posix()
        if path.is_file() and not path.name.startswith(".") and file not in listed:
            found.append(
                f"data/{file} が data/README.md の表にありません。一行書き足してください。"
            )
    return found


def write_hashes() -> None:
    """表の SHA-256 を、いまのファイルの中身に合わせて書き直します。"""
    readme = DATA / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines(keepends=True)
    for entry in read_table():
        if (DATA / entry.file).is_file():
            row = next(i for i, line in enumerate(lines) if f"`{entry.file}`" in line)
            lines[row] = SHA256_CELL.sub(f"`{sha256(DATA / entry.file)}`", lines[row])
    readme.write_text("".join(lines), encoding="utf-8", newline="\n")


def sha256(path: Path) -> str:
    """ファイルの中身の SHA-256。"""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remedy(entry: Entry) -> str:
    return f"git checkout -- data/{entry.file} で元に戻るか、{entry.command} で作り直せます。"


def _problem(entry: Entry) -> str | None:
    path, remedy = DATA / entry.file, _remedy(entry)
    if not path.is_file():
        return f"data/{entry.file} がありません。{remedy}"
    if sha256(path) != entry.sha256:
        return (
            f"data/{entry.file} の中身が data/README.md の SHA-256 と違います。{remedy}"
        )
    return None


def main(arguments: list[str] | None = None) -> int:
    """コマンドラインから呼ばれます。問題があれば 1 を返します。"""
    parser = argparse.ArgumentParser(
        prog="python -m rnnbook.data", description="data/ の検査"
    )
    parser.add_argument(
        "--write", action="store_true", help="表の SHA-256 を書き直します"
    )
    if parser.parse_args(arguments).write:
        write_hashes()
    found = problems()
    print(
        "\n".join(found)
        if found
        else f"{len(read_table())} 個のファイルが表のとおりです。"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
