"""読者の文章のファイルを、文書ごとに読み、文書で分けます（第 8 章）。

    ＃ 題の行
    本文の行
    …

「＃」（半角の # でも）で始まる行が、次の文書の始まりです。文字コードは UTF-8 か Shift_JIS です。
分けるときは、ほとんど同じ文書（20 文字の並びの 1 割より多くが重なるもの）を、同じ部分に入れます。
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from rnnbook.arguments import require_generator, require_range
from rnnbook.datasets.all_essays import shared_share
from rnnbook.datasets.essays import PARTS, Work

ENCODINGS = ("utf-8-sig", "cp932")
HEADING = re.compile(r"[＃#]+[ 　]*(\S.*)")
SHORTEST, TWIN = 40, 0.1  # 文書の最小の文字数、双子とみなす重なり


def read_documents(path: str | Path) -> list[tuple[str, str]]:
    """ファイル path の文書の、(題, 本文) のリスト。読めない所は、ファイルと行を述べる ValueError です。

    例:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "notes.txt"
        >>> _ = path.write_text("＃ 一日目\\n" + "炉を温めた。" * 9 + "\\n", encoding="utf-8")
        >>> [(title, len(text)) for title, text in read_documents(path)]
        [('一日目', 54)]
    """
    path = Path(path)
    found: list[tuple[str, int, list[str]]] = []
    for k, line in enumerate(_lines(path), 1):
        if match := HEADING.fullmatch(line.strip()):
            found.append((match[1], k, []))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            raise ValueError(
                f"{path.name} の {k} 行目の前に、題の行がありません。"
                "文書の始まりに「＃ 題」の行を置きます。"
            )
    if not found:
        raise ValueError(
            f"{path.name} に文書がありません。「＃ 題」の行のあとに本文を書きます。"
        )
    documents = []
    for title, k, lines in found:
        text = "\n".join(lines).strip()
        if len(text) < SHORTEST:
            raise ValueError(
                f"{path.name} の {k} 行目の文書「{title}」は {len(text)} 文字です。"
                f"{SHORTEST} 文字以上が要ります。"
            )
        documents.append((title, text))
    return documents


def split_documents(
    documents: list[tuple[str, str]],
    shares: tuple[float, float, float],
    rng: np.random.Generator,
) -> list[Work]:
    """文書を、学習、検証、試験に分けます。shares は文字数の割合のめやすで、和は 1 です。

    双子の文書は、一つの組として動かします。組が三つなければ ValueError です。

    例:
        >>> documents = [(f"{k} 日目", chr(0x3042 + k) * 50) for k in range(6)]
        >>> works = split_documents(documents, (0.6, 0.2, 0.2), np.random.default_rng(0))
        >>> sorted({work.part for work in works})
        ['test', 'train', 'valid']
    """
    require_generator("rng", rng)
    for k, share in enumerate(shares):
        require_range(f"shares[{k}]", share, 0.0, 1.0)
    if len(shares) != 3 or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(
            "引数 shares は、学習、検証、試験の割合三つで、和は 1 です。"
            f"{shares!r} が渡されました。"
        )
    group = _twins(documents)
    if len(set(group)) < 3:
        raise ValueError(
            "引数 documents は、互いに違う文書が三つ以上のリストです。"
            f"違う文書は {len(set(group))} つでした（ほとんど同じ文書は一つと数えます）。"
        )
    sizes = np.bincount(group, [len(text) for _, text in documents])
    order = rng.permutation(np.flatnonzero(sizes))
    # 試験、検証、学習の順に、めやすに届くまで入れます
    part_of, total = {}, sizes.sum()
    for part, share, left in (("test", shares[2], 2), ("valid", shares[1], 1)):
        filled = 0.0
        while len(order) > left and (not filled or filled < share * total):
            part_of[order[0]] = part
            filled += sizes[order[0]]
            order = order[1:]
    part_of |= dict.fromkeys(order.tolist(), PARTS[0])
    return [
        Work(title, part_of[g], text)
        for (title, text), g in zip(documents, group, strict=True)
    ]


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{path} を読めません（{error.strerror}）。道筋を確かめます。"
        ) from None
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise ValueError(
        f"{path.name} は UTF-8 でも Shift_JIS でもありません。UTF-8 で保存し直します。"
    )


def _twins(documents: list[tuple[str, str]]) -> np.ndarray:
    """ほとんど同じ文書に、同じ番号を付けます (N,)。"""
    group = np.arange(len(documents))
    for i, (_, one) in enumerate(documents):
        for j in range(i):
            other = documents[j][1]
            if max(shared_share(one, other), shared_share(other, one)) > TWIN:
                group[group == group[i]] = group[j]
    return group
