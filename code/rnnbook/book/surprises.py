"""入口のページが見せる、章ごとの意外な数。数は data/results/ から求め、書き写しません。

一つの章が一つの関数で、文と、その数を確かめている章の主張（claim の文 → 値）か、章に保存された文の一部を返します。
試験は、その主張が章にあり、値が主張の限りの中にあることを確かめます。
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rnnbook.data import load
from rnnbook.reading.solved import solved_counts


@dataclass(frozen=True)
class Surprise:
    """文と、章の中のその証し。

    引数:
        sentence: 入口のページに出る文。
        claims: 章の claim の文 → その測った値。
        quotes: 章に保存された出力に、そのまま現れる文字列。
    """

    sentence: str
    claims: Mapping[str, object] = field(default_factory=dict)
    quotes: tuple[str, ...] = ()


def spread(values: object, digits: int = 2) -> str:
    """最小〜最大。丸めて同じなら、一つの値。

    例:
        >>> spread([0.951, 1.04])
        '0.95〜1.04'
    """
    ends = {f"{end:.{digits}f}": None for end in (np.min(values), np.max(values))}
    return "〜".join(ends)


def sunspots() -> Surprise:
    table = load("lookback")
    middle = table.groupby(["model", "p"])[["rmse_valid", "rmse_test"]].median()
    best = {m: middle.loc[m]["rmse_valid"].idxmin() for m in ("linear", "rnn")}
    runs = table[(table["model"] == "rnn") & (table["p"] == best["rnn"])]["rmse_test"]
    ratio = (runs / middle.loc["linear", best["linear"]]["rmse_test"]).to_numpy()
    return Surprise(
        f"太陽の黒点の予測で、RNN の誤差は、線形の式の {spread(ratio)} 倍です（種 {len(ratio)} 個）。",
        {"試験期間の誤差は、RNN のどの種も AR の{}": ratio},
    )


def _latch(model: str, T: int):
    table = load("ladder")
    return solved_counts(table[table["task"] == "latch"], by=["model", "T"])[model, T]


def far_memory() -> Surprise:
    found = str(_latch("rnn", 200))
    return Surprise(
        f"勾配が消えるはずの 200 時刻でも、普通の RNN がラッチ（はじめの符号を覚える問題）を解いた種は {found}です。",
        quotes=(f"$T = 200$ では {found}",),
    )


def who_solves() -> Surprise:
    rnn, lstm = str(_latch("rnn", 25)), str(_latch("lstm_b0", 25))
    return Surprise(
        f"25 時刻のラッチを解いた種は、普通の RNN が {rnn}、忘却バイアス 0 の LSTM が {lstm}です。",
        quotes=(f"RNN が {rnn}", f"の LSTM が {lstm}"),
    )


def both_sides() -> Surprise:
    table = load("readings")
    test = table[(table["test"] == "both")]
    both = test[test["model"] == "both"]["accuracy"].to_numpy()
    one = test[(test["model"] == "forward") & (test["k"] == 0)]["accuracy"].to_numpy()
    return Surprise(
        f"同じ文でも、前から読む LSTM の正解率は {spread(one)}、両側から読めば {spread(both, 3)} です（種 {len(both)} 個）。",
        {"両側から読む LSTM の正解率は{}": both},
    )


def reversed_reading() -> Surprise:
    table = load("seq2seq_length_gradients")
    norm = table.pivot_table(
        index=["updates", "position", "model"], columns="seed", values="norm"
    )

    def ratio(updates: int) -> np.ndarray:
        rows = norm.loc[updates, 1]
        return (rows.loc["reversed"] / rows.loc["forward"]).to_numpy()

    before, after = ratio(0), ratio(300)
    return Surprise(
        f"後ろから読むと、はじめの記号に届く勾配は、学習前には少なくとも {before.min():,.0f} 倍。"
        f"300 回の更新のあとには {spread(after)} 倍です（種 {len(after)} 個）。",
        {
            "学習前、後ろから読むと 1 番目の記号に届く勾配は、前から読むときの{}": before,
            "300 回の更新のあと、1 番目の記号に届く勾配は{}": after,
        },
    )


def fixed_vector() -> Surprise:
    fixed, attended = load("seq2seq_length"), load("attention_length")
    one = fixed[(fixed["model"] == "forward") & (fixed["T"] == 15)]["right"].to_numpy()
    dot = attended[(attended["score"] == "dot") & (attended["T"] == 15)]
    dot = dot["right"].to_numpy()
    return Surprise(
        f"長さ 15 の列を終わりまで正しく写せた割合は、一本のベクトルでは {spread(one)}、注意を足すと {spread(dot)} です（種 {len(dot)} 個）。",
        {
            "固定のベクトルで、長さ 15 の列の全部が正しい割合は{}": one,
            "内積の注意では{}": dot,
        },
    )


def where_it_is_fast() -> Surprise:
    keys = ["way", "model", "T"]
    cpu = load("limits_parallel").groupby(keys)["milliseconds"].median()
    gpu = load("limits_parallel_gpu").groupby(["setting", *keys])
    gpu = gpu["milliseconds"].median()["small"]
    slow = cpu["train", "attention", 1024] / cpu["train", "lstm", 1024]
    fast = gpu["train", "attention", 1024] / gpu["train", "lstm", 1024]
    return Surprise(
        f"同じ大きさの層に 1024 語を学習させる時間は、自己注意が LSTM の、CPU で {slow:.1f} 倍、"
        f"GPU で {fast:.2f} 倍です。",
        {
            "CPU で、H = 64 の層に 1024 語を学習させる時間は、自己注意が LSTM の{}": slow,
            "GPU で、同じ H = 64 の層に 1024 語を学習させるときは{}": fast,
        },
    )


def _bits(table: pd.DataFrame, column: str, by: list[str]) -> pd.Series:
    """一文字あたりのビット数（作品の文字数で重み付けした平均）。"""
    sums = table.assign(total=table[column] * table["characters"]).groupby(by)
    sums = sums[["total", "characters"]].sum()
    return sums["total"] / sums["characters"]


def counting_wins() -> Surprise:
    grams = load("characters_ngrams").query(
        "part == 'test' and share == 1 and size == 0 and V == 2048"
    )
    counted = _bits(grams, "bits", ["model", "order"])["kneser_ney"].min()
    gru = load("characters_page").query("part == 'test'")
    behind = _bits(gru, "bits_page", ["seed"]).to_numpy() - counted
    return Surprise(
        f"随筆を学んだ GRU は、文字の並びを数えるだけのモデルに、一文字あたり {spread(behind)} ビット負けます（種 {len(behind)} 個）。",
        {"GRU から、Kneser–Ney の最良を引いた差は{}": behind},
    )


def random_scores() -> Surprise:
    stored = load("anomalies")
    q99 = stored[(stored["rule"] == "q99") & (stored["series"] != "stream")]
    best = q99.groupby(["series", "method"])["f1_adjusted"].mean().unstack()
    lost = best.lt(best["random"], axis=0).sum(axis=1).to_numpy()
    return Surprise(
        f"よく使われる「点の調整」をした F1 では、{best.shape[1] - 1} の方法のうち {spread(lost, 0)} 個が、でたらめな点数に負けます。",
        {
            "短い、長い分け方で、でたらめの平均に負けた方法は、十のうち{}": lost,
        },
    )


def every_surprise() -> dict[str, Callable[[], Surprise]]:
    """章の番号 → その章の数を求める関数。"""
    from rnnbook.book import surprises_materials as materials

    return {
        "01": sunspots,
        "02": far_memory,
        "03": who_solves,
        "04": both_sides,
        "05": reversed_reading,
        "06": fixed_vector,
        "07": where_it_is_fast,
        "08": counting_wins,
        "09": random_scores,
        "10": materials.random_split,
        "11": materials.shifted_axis,
        "12": materials.measure_again,
        "13": materials.microstructure,
        "14": materials.one_number,
        "15": materials.shuffled_map,
        "16": materials.parity,
    }
