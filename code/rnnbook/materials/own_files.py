"""読者のファイルを表として読みます: 列の並んだテキストと CSV（第 10 章）。スペクトルは own_spectra が読みます。

区切り（タブ、カンマ、セミコロン、空白）、小数のカンマ、BOM、文字コード（UTF-8、UTF-16、Shift_JIS）、
先頭の説明の行、# などの注釈は、ファイルごとに見分けます。列は名前で選ぶので、並びは問いません。
読めない所があれば、ファイル、行、列（チャンネル）と、することを述べて FileProblem になります。
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

ENCODINGS = ("utf-8-sig", "cp932")
COMMENTS = ("#", "%", "!", ";;", "//", '"#')
MISSING = ("", "nan", "na", "n/a", "null", "none", "-", "--", "欠測")
SEPARATORS = ("\t", ";", ",", None)  # None は空白


class FileProblem(ValueError):
    """読者のファイルの読めない所。文は、ファイル、行、列と、することを述べます。"""


class Table(NamedTuple):
    """読んだ表。値は文字のまま持ち、numbers と words が列を取り出します。"""

    path: Path
    names: list[str]  # 列の名前。見出しがなければ「1 列」「2 列」…
    cells: list[list[str]]
    lines: list[int]  # 各行の、ファイルの中での行番号（1 から）
    comma: bool  # 小数点がカンマか

    def numbers(self, column: str | int, missing: bool = False) -> np.ndarray:
        """列を実数の配列 (N,) にします。missing が真なら、空や NaN を NaN として通します。"""
        k = self.find(column)
        values = [_number(row[k], self.comma) for row in self.cells]
        for value, row, line in zip(values, self.cells, self.lines, strict=True):
            if value is None or (not missing and not np.isfinite(value)):
                what = (
                    "数ではありません"
                    if value is None
                    else "欠けているか、有限の数ではありません"
                )
                raise FileProblem(
                    f"{self.path.name} の {line} 行目、列 {self.names[k]} の {row[k]!r} は、{what}。"
                )
        return np.array(values, dtype=float)

    def words(self, column: str | int) -> np.ndarray:
        """列を文字の配列 (N,) にします（試料やロットの名前）。空の欄はエラーです。"""
        k = self.find(column)
        for row, line in zip(self.cells, self.lines, strict=True):
            if row[k].lower() in MISSING:
                raise FileProblem(
                    f"{self.path.name} の {line} 行目、列 {self.names[k]} が空です。"
                )
        return np.array([row[k] for row in self.cells])

    def find(self, column: str | int) -> int:
        """列の番号。名前は、大文字と小文字、全角と半角の違いと、単位の括弧の有無を問いません。

        両方に単位があって違えば（keV と eV など）、エラーです。
        """
        if isinstance(column, int):
            if not 0 <= column < len(self.names):
                raise FileProblem(
                    f"{self.path.name} には、列が {len(self.names)} 個しかありません。"
                    f"{column + 1} 番目の列を読めません。"
                )
            return column
        matches = [k for k, name in enumerate(self.names) if _key(name) == _key(column)]
        if len(matches) == 1 and _unit(column):
            had = _unit(self.names[matches[0]])
            if had and had != _unit(column):
                raise FileProblem(
                    f"{self.path.name} の列 {self.names[matches[0]]} の単位は、"
                    f"求めた {column} と違います。換算してから読みます。"
                )
        if len(matches) != 1:
            problem = "ありません" if not matches else f"{len(matches)} 個あります"
            raise FileProblem(
                f"{self.path.name} に、列 {column} が{problem}。ある列: {'、'.join(self.names[:12])}。"
            )
        return matches[0]


def read_table(path: str | Path) -> Table:
    """区切りのある文字のファイルを、表として読みます。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "glucose.csv"
        >>> _ = file.write_bytes("﻿試料;濃度 (g/L)\\nA-1;4,5\\nB-2;12,0\\n".encode())
        >>> table = read_table(file)
        >>> table.words("試料").tolist(), table.numbers("濃度").tolist()
        (['A-1', 'B-2'], [4.5, 12.0])
        >>> table.numbers("水分")
        Traceback (most recent call last):
        ...
        rnnbook.materials.own_files.FileProblem: glucose.csv に、列 水分 がありません。ある列: 試料、濃度 (g/L)。
    """
    path = Path(path)
    lines, remarks = _lines(path)
    if not lines:
        raise FileProblem(f"{path.name} に、データの行がありません。")
    best = None
    for separator in SEPARATORS:
        rows = _rows([text for _, text in lines], separator)
        counts = [len(row) for row in rows]
        n = max(set(counts), key=lambda c: (counts.count(c), c))
        start = counts.index(n)
        comma = separator != "," and _decimal_comma(rows[start:])
        # 同じ数の欄を持つ行が多く、数が多いものを選びます
        numeric = sum(
            _number(cell, comma) is not None and cell.lower() not in MISSING
            for row in rows[start:]
            for cell in row
        )
        score = (n > 1, counts.count(n) / len(rows) > 0.5, numeric)
        if best is None or score > best[0]:
            best = (score, rows, n, start, comma)
    _, rows, n, start, comma = best
    whole = [
        k
        for k in range(start, len(rows))
        if len(rows[k]) == n
        and all(_number(c, comma) is not None for c in rows[k])
        and any(c.lower() not in MISSING for c in rows[k])
    ]
    # 数だけの行があれば、そこからがデータ。なければ、一行目が見出し（試料の名前などの列がある表）
    first = whole[0] if whole else start + 1
    top = first if whole else start
    if top > 0 and n > 2 and abs(len(rows[top - 1]) - n) == 1:
        raise FileProblem(
            f"{path.name} の {lines[top - 1][0]} 行目の見出しの欄は {len(rows[top - 1])} 個で、"
            f"データの {n} 個と違います。見出しと列を一つずつ対応させます。"
        )
    header = rows[first - 1] if first > 0 and len(rows[first - 1]) == n else None
    if header is None and remarks:
        before = [words for line, words in remarks if line < lines[first][0]]
        split = [re.split(r"[\t;,]|\s+", words) for words in before[-1:]]
        header = next(
            ([c for c in s if c] for s in split if len([c for c in s if c]) == n), None
        )
    if first >= len(rows):
        raise FileProblem(f"{path.name} に、見出しのほかの行がありません。")
    for (line, _), row in zip(lines[first:], rows[first:], strict=True):
        if len(row) != n:
            raise FileProblem(
                f"{path.name} の {line} 行目の欄は {len(row)} 個で、ほかの行の {n} 個と違います。"
                "途中で切れていないか、区切りが値の中にないかを確かめます。"
            )
    names = header or unnamed(n)
    return Table(path, names, rows[first:], [line for line, _ in lines[first:]], comma)


def unnamed(n: int) -> list[str]:
    """見出しのない表の、n 個の列の名前。

    例:
        >>> unnamed(2)
        ['1 列', '2 列']
    """
    return [f"{k + 1} 列" for k in range(n)]


def _rows(lines: Sequence[str], separator: str | None) -> list[list[str]]:
    """行を欄に分けます。引用符の中の区切りでは分けず、どの行の終わりにもある空の欄は除きます。"""
    if separator is None:
        rows = [line.split() for line in lines]
    else:
        rows = [next(csv.reader([line], delimiter=separator)) for line in lines]
    rows = [[cell.strip().strip('"').strip() for cell in row] for row in rows]
    while len(rows) > 1 and all(len(row) > 1 and row[-1] == "" for row in rows):
        rows = [row[:-1] for row in rows]
    return rows


def _lines(path: Path) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(行番号, 中身) の並び。データの行と、注釈の行に分けます。"""
    if not path.is_file():
        raise FileProblem(f"{path} がありません。")
    data = path.read_bytes()
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileProblem(
            f"{path.name} は、UTF-8 でも Shift_JIS でもありません。CSV かテキストで書き出し直します。"
        )
    if "\x00" in text:
        raise FileProblem(
            f"{path.name} は文字のファイルではありません（分析計やソフトの独自の形式）。"
            "テキストか CSV で書き出してから読みます。"
        )
    lines, remarks = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        line = unicodedata.normalize("NFKC", line)
        if line.lstrip().startswith(COMMENTS):
            remarks.append((number, line.strip().lstrip('#%!;/" ').strip()))
        elif line.strip():
            lines.append((number, line.strip(" \r")))
    return lines, remarks


def _decimal_comma(rows: Sequence[Sequence[str]]) -> bool:
    """小数のカンマの欄が、小数点の欄より多いか。"""
    cells = [cell for row in rows for cell in row]
    comma, point = (
        sum(
            re.fullmatch(rf"[-+]?\d*{mark}\d+([eE][-+]?\d+)?", cell) is not None
            for cell in cells
        )
        for mark in (",", r"\.")
    )
    return comma > point


def _number(cell: str, comma: bool) -> float | None:
    """欄の数。欠けていれば NaN、数でなければ None です。"""
    if cell.lower() in MISSING:
        return np.nan
    try:
        return float(cell.replace(",", ".") if comma else cell)
    except ValueError:
        return None


def _key(name: str) -> str:
    name = unicodedata.normalize("NFKC", str(name)).lower()
    return re.sub(r"[\(\[/].*|[\s_\-]", "", name)


def _unit(name: str | int) -> str:
    """括弧の中の単位。なければ空です。"""
    found = re.search(r"[\(\[]([^)\]]*)", unicodedata.normalize("NFKC", str(name)))
    return found.group(1).replace(" ", "") if found else ""
