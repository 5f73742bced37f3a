"""RNN の遊び場: 問題、セル、長さを選び、ページの中で学習させる図（第 1〜3・6・7・16 章と「RNN の遊び場」）。"""

from __future__ import annotations

import string
from math import cos, pi, sin
from pathlib import Path

import traitlets

from rnnbook import data
from rnnbook.models.catalogue import LADDER
from rnnbook.tasks.catalogue import LABELS
from rnnbook.widgets.kit.bundle import bundle
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.generated import modules
from rnnbook.widgets.kit.properties import (
    Choice,
    Measured,
    Number,
    Property,
    Text,
    Whole,
)

TASKS = LABELS | {
    "brackets": "括弧",
    "sine": "正弦波",
    "own_rule": "自分の規則",
    "own_series": "自分の系列",
}
CELLS = {
    "rnn": "tanh RNN",
    "relu": "ReLU RNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "min_gru": "minGRU",
}
READOUTS = {"last": "h だけ", "attention": "注意"}
FORGET_BIAS = {
    "none": "一様乱数",
    "0": "0",
    "1": "1",
    "3": "3",
    "chrono": "chrono",
}
STARTS = {
    "uniform": "一様乱数",
    "radius": "半径を ρ に",
    "orthogonal": "直交行列 × ρ",
    "identity": "単位行列 × ρ",
}
OPTIMIZERS = {"adam": "Adam", "momentum": "モメンタム", "sgd": "SGD"}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
CLIPS = (0, 0.1, 0.3, 1, 3, 10)
KANA = "".join(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), 0x30FC]))
LETTERS = string.digits + string.ascii_letters + KANA
# 行は ; で区切ります（own_data.js の OWN_STARTS と同じ）。奇偶と、周期 12 と 5 の波です
PARITY = ";".join(f"{n:05b} {n.bit_count() % 2}" for n in range(32))
WAVES = ", ".join(
    f"{20 + 8 * sin(2 * pi * t / 12) + 2 * cos(2 * pi * t / 5):.1f}" for t in range(120)
)

# 章に置く小さな図は、ほかの部品のない、軽いモジュールです
_SMALL = bundle(Path(__file__).with_name("playground_small.js"), modules())


def _of_b(row: Property) -> Property:
    """二つ並べるときだけ効く、B の引数。"""
    row.when = ("compare", "on")
    return row


class Playground(Figure):
    """ページの中で、小さな再帰型ニューラルネットワークを学習させる図。

    学習は、図のワーカーが 32 ビットの実数で行います（widgets/nn/train）。系列は、種 seed から
    更新のたびに新しく作ります。H = 32、B = 32、Adam、学習率 0.003、クリップ 1 は、第 3 章の
    記憶のはしごと同じ条件です。灰の点は、そのはしごで測った、解けるまでの更新の回数です。

    引数:
        task: 問題。"latch"、"order"、"if_then"、"adding"、"copy"、"brackets"、"sine"、
            "own_rule"（例で書いた規則）、"own_series"（貼った数の並び）。
        cell: セル。"rnn"、"relu"、"lstm"、"gru"、"min_gru"。
        T: 系列長（copy では待つ長さ）。
        readout: 答えの決め方。"last" は、答える時刻の h_t だけから。"attention" は、それより前の
            h_s も見比べて（e_s = h_t · h_s、α = softmax(e)、h̄ = Σ α_s h_s。第 6 章の内積の注意）。
        b_f: LSTM の忘却ゲートの、はじめのバイアス。"none" は PyTorch と同じ一様乱数。
        start: RNN の W_hh のはじめの値。"relu" で "identity"、rho = 1 なら IRNN です。
        rho: はじめの W_hh に掛ける数。"radius" では、スペクトル半径。
        H: 隠れ次元。
        learning_rate, clip: 学習率と、勾配のノルムの上限（0 なら、クリップしない）。
        optimizer: 更新の規則。
        B: バッチの系列の数。
        seed: 重みと系列を決める種。
        rule, series: 自分の規則と自分の系列。行は ; で区切ります。
        compare: "on" なら、右側の引数の代わりに …_B の引数で、もう一つの実行を並べます。
        limit: 十個の種を続けるときの、一つの種の更新の上限。
        size: "full" か、章に置く小さな "small"。

    例:
        >>> Playground(task="order", cell="gru", T=50)
        Playground(task='order', cell='gru', T=50)
    """

    task = Choice("latch", TASKS, "問題")
    cell = Choice("lstm", CELLS, "セル")
    T = Whole(
        25, 2, 400, "系列長 $T$", stops=(10, 25, 50, 75, 100, 150, 200), unit="歩"
    )
    readout = Choice("last", READOUTS, "読み出し")
    b_f = Choice("1", FORGET_BIAS, "はじめの $b_f$", when=("cell", "lstm"))
    start = Choice("uniform", STARTS, "はじめの $W_{hh}$")
    rho = Number(1, 0, 2, "$\\rho$", step=0.05)
    H = Whole(32, 1, 128, "隠れ次元 $H$", stops=(2, 4, 8, 16, 32, 64))
    learning_rate = Measured(0.003, lambda figure: RATES, "学習率")
    clip = Measured(1, lambda figure: CLIPS, "クリップ（0 はなし）")
    optimizer = Choice("adam", OPTIMIZERS, "更新の規則")
    B = Whole(32, 1, 128, "バッチ $B$", stops=(1, 4, 8, 16, 32, 64))
    seed = Whole(1, 0, 9999, "種", stops=tuple(range(21)))
    rule = Text(PARITY, LETTERS + " ;", 4000, "規則の例")
    series = Text(WAVES, string.digits + ".,-+eE ;", 12000, "数の並び")
    compare = Choice("off", {"off": "一つ", "on": "二つ並べる"}, "実行")
    cell_B = _of_b(Choice("rnn", CELLS, "B のセル"))
    readout_B = _of_b(Choice("last", READOUTS, "B の読み出し"))
    b_f_B = _of_b(Choice("1", FORGET_BIAS, "B の $b_f$"))
    start_B = _of_b(Choice("uniform", STARTS, "B の $W_{hh}$"))
    rho_B = _of_b(Number(1, 0, 2, "B の $\\rho$", step=0.05))
    learning_rate_B = _of_b(Measured(0.003, lambda figure: RATES, "B の学習率"))
    clip_B = _of_b(Measured(1, lambda figure: CLIPS, "B のクリップ"))
    seed_B = _of_b(Whole(1, 0, 9999, "B の種"))
    limit = Measured(
        300, lambda figure: (100, 300, 1000, 2000), "更新の上限", unit="回"
    )

    size = traitlets.Unicode("full").tag(sync=True)
    # 問題 → モデル → 長さ → 種ごとの、解けた更新の回数（2000 回で解けなければ 0）
    ladder = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "RNN の遊び場。問題とセルと系列長を選んで「学習」を押すと、小さなネットワークがこのページの中で学習します。"
        "上の図は、更新の回数と、正解率か損失です。記憶なしで届く値と、解けたとする値の線があり、薄い点は、"
        "第 3 章で測った、解けるまでの回数です。下の図は、損失の勾配のノルムを、時刻ごとに対数で示します。"
        "続く文が、いまの値と、最初の時刻まで届いた勾配の割合を言います。"
    ).tag(sync=True)
    _height = traitlets.List([900, 1300]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(ladder=_solved_at(), **values)
        if self.size == "small":
            self._esm, self._height = _SMALL, [650, 940]

    @traitlets.validate("size")
    def _known_size(self, proposal: traitlets.Bunch) -> str:
        size = proposal["value"]
        if size not in ("full", "small"):
            raise ValueError(
                f"引数 size は 'full' か 'small' です。{size!r} が渡されました。"
            )
        return size


def _solved_at() -> dict[str, dict[str, dict[str, list[int]]]]:
    """第 3 章の記憶のはしごの、種ごとの解けた回数。解けなかった種は 0 です。

    例:
        >>> sorted(_solved_at()["latch"]["lstm_b1"]["25"])[:3]
        [100, 100, 100]
    """
    table = data.load("ladder")
    table["solved_at"] = table["solved_at"].fillna(0).astype(int)
    found: dict = {}
    for (task, model, T), rows in table.groupby(["task", "model", "T"]):
        if model in LADDER:
            place = found.setdefault(task, {}).setdefault(model, {})
            place[str(T)] = rows["solved_at"].tolist()
    return found
