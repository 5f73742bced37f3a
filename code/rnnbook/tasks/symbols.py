"""記号と番号の表（第 5・6 章）。長さの違う系列を、始まりと終わりの記号を付け、埋めてそろえます。

番号 0 は埋める所、1 は始まり、2 は終わりで、文字は 3 からです。
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnbook.arguments import require_positive_int

PAD, START, END = 0, 1, 2
SPECIAL = ("", "^", "$")  # 表示するときの字


class Vocabulary:
    """文字の表。番号は、渡した順に 3 から付きます。

    例:
        >>> v = Vocabulary("abc")
        >>> v.encode(["ba", "c"], end=True)
        (array([[4, 3, 2],
               [5, 2, 0]]), array([3, 2]))
        >>> v.decode([4, 3, 2, 0])
        'ba'
    """

    def __init__(self, letters: str) -> None:
        if len(set(letters)) != len(letters) or not letters:
            raise ValueError(
                f"引数 letters は、重なりのない一文字以上の文字列です。{letters!r} が渡されました。"
            )
        self.letters = letters
        self._number = {letter: len(SPECIAL) + k for k, letter in enumerate(letters)}

    def __len__(self) -> int:
        """特別な三つを含む、記号の数。"""
        return len(SPECIAL) + len(self.letters)

    def encode(
        self, texts: Sequence[str], *, end: bool = False, longest: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """文字列 B 個を、番号 (B, T) と本当の長さ (B,) にします。end なら終わりの記号を付けます。

        T は longest か、省けばいちばん長いものの長さです。
        """
        rows = [[self._of(letter) for letter in text] + [END] * end for text in texts]
        lengths = np.array([len(row) for row in rows])
        if len(rows) == 0 or lengths.min() == 0:
            raise ValueError("引数 texts は、空でない文字列の並びです。")
        T = lengths.max() if longest is None else longest + end
        require_positive_int("longest", T, int(lengths.max()))
        ids = np.full((len(rows), T), PAD)
        for row, numbers in zip(ids, rows, strict=True):
            row[: len(numbers)] = numbers
        return ids, lengths

    def decode(self, ids: Sequence[int]) -> str:
        """番号の列を、終わりの記号の前までの文字列に戻します。"""
        text = ""
        for k in ids:
            if k == END:
                break
            text += SPECIAL[k] if k < len(SPECIAL) else self.letters[k - len(SPECIAL)]
        return text

    def _of(self, letter: str) -> int:
        if letter not in self._number:
            raise ValueError(f"文字 {letter!r} は、この表にありません。")
        return self._number[letter]
