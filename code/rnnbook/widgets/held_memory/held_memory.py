"""残る記憶: RNN と LSTM が、開いたページの中で学習し、はじめの値の跡を残せるかを見る図（入口のページ）。"""

from __future__ import annotations

import traitlets

from rnnbook import data
from rnnbook.reading.solved import solved_counts
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Measured, Whole

LENGTHS = [10, 25, 50, 100]
NETWORKS = ["rnn", "lstm_chrono"]


class HeldMemory(Figure):
    """ラッチ（はじめの一点の符号を、雑音の中で最後まで覚える問題）の学習と、はじめの値の跡。

    跡は、はじめの一点だけが +1 と −1 で違う二つの系列を読んだときの、隠れ状態の隔たり

        m_t = ‖h_t(+) − h_t(−)‖ / (2 √H)

    です。h_t の成分は −1 から 1 なので、m_t は 0 から 1 です。学習は、第 3 章と同じ問題を、隠れ次元 16、
    更新 200 回までで行います。忘却ゲートのバイアスは chrono（第 3 章）で始めます。
    下に並ぶ数は data/results/ladder.csv のもので、隠れ次元 32、更新 2000 回までに解けた種の数です。

    引数:
        T: 系列長（10、25、50、100）。
        seed: はじめの重みと系列を引く種（1 から 999）。

    例:
        >>> HeldMemory(T=100)
        HeldMemory(T=100)
    """

    T = Measured(50, lambda figure: figure.lengths, "系列長 $T$", unit="歩")
    seed = Whole(1, 1, 999, "種")
    lengths = traitlets.List(LENGTHS).tag(sync=True)
    # 長さ → モデル → 解けた種の数と 95 % 区間
    measured = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "残る記憶。RNN と LSTM が、このページの中で、はじめの一点の符号を最後まで覚えることを学びます。"
        "横が時刻、縦が、はじめの値の跡の大きさ（対数）です。系列が長いと、RNN の線は途中で底に落ち、"
        "LSTM の線は学ぶにつれて持ち上がり、最後の時刻まで残ります。その下に、正解率を言う文が続きます。"
    ).tag(sync=True)
    _height = traitlets.List([480, 560]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        table = data.load("ladder")
        counts = solved_counts(table[table["task"] == "latch"], by=["model", "T"])
        super().__init__(
            **values,
            measured={
                str(T): {name: counts[name, T].short for name in NETWORKS}
                for T in LENGTHS
            },
        )
