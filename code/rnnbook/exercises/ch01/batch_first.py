"""演習: バッチと時刻の軸を取り違えた RNN。エラーは出ません。"""

from __future__ import annotations

from collections.abc import Callable

import torch

from rnnbook.exercises.call import call
from rnnbook.exercises.evidence import as_numbers, shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.runs import compare_runs

MIXED = "ある系列だけを変えたのに、ほかの系列の結果も動きました。"
B, T, H = 3, 3, 2


def series() -> torch.Tensor:
    x = torch.tensor([[1.0, 2.0, 3.0], [2.0, 1.0, 0.0], [0.0, 1.0, -1.0]])
    return x[:, :, None]  # (B, T, 1)


def states(x: torch.Tensor, H: int, batch_first: bool = True) -> torch.Tensor:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        return torch.nn.RNN(x.shape[2], H, batch_first=batch_first)(x)[0]


def right(x: torch.Tensor, H: int) -> torch.Tensor:
    return states(x, H)[:, -1]


WRONG = (
    Wrong(
        lambda x, H: states(x, H)[-1],
        "最後の時刻ではなく、最後の系列の状態を返しています。",
    ),
    Wrong(lambda x, H: states(x, H)[:, 0], "はじめの時刻の状態を返しています。"),
    Wrong(lambda x, H: states(x, H, False)[-1], MIXED),
    Wrong(
        lambda x, H: states(x, H),
        "の形が (3, 3, 2) です。正しくは (3, 2) です。",
    ),
)


def examine(answer: Callable) -> str:
    def last(x: torch.Tensor) -> object:
        with torch.random.fork_rng(devices=[]):
            return call(answer, x, H)

    x = series()
    changed = x.clone()
    changed[0] += 1  # 系列 0 だけを変えます
    before, after = (as_numbers(last(each)) for each in (x, changed))
    shaped = before is not None and before.shape == (B, H)
    moved = [k for k in range(B) if shaped and (before[k] != after[k]).any()]
    if len(moved) > 1:
        raise NotYet(
            MIXED,
            "`states` の三つの軸は、それぞれ何を数えていますか。",
            (
                (
                    "入力",
                    f"x[:, :, 0] = {x[:, :, 0].tolist()} と、x[0] に 1 を足したもの",
                ),
                ("動いた系列", shown(moved)),
                ("正しい系列", "[0]"),
            ),
        )
    compare_runs(
        lambda x, H: last(x),
        right,
        [{"x": x, "H": H}],
        wrong=WRONG,
        hint="`torch.manual_seed(0)` のすぐあとで RNN を作り、系列ごとの最後の時刻を返します。",
    )
    return "軸を取り違えても形が合えば、エラーは出ません。一つだけ変えて、どこが動くかを見ると分かります。"


STUB = '''def my_last_states(x, H):
    """x (B, T, D) の系列ごとの、最後の隠れ状態 (B, H) を返す。"""
    torch.manual_seed(0)
    model = torch.nn.RNN(x.shape[2], H)
    with torch.no_grad():
        states, _ = model(x)
    return states[:, -1]
'''

EXERCISE = Exercise(
    title="形は合っているのに",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`x` は $(B, T, D)$ で、系列が $B$ 本あります。系列ごとに最後の隠れ状態を返すはずのプログラムは、エラーを出さず、形も $(B, H)$ です。それでも誤りが一つあります。系列を一本だけ変えると、結果のどの行が動くはずかを予想してから、`check` を実行してください。
""",
    stub=STUB,
    symptom=MIXED,
    hints=(
        "系列どうしは無関係のはずです。一本を変えてほかの行が動くなら、RNN は何を「次の時刻」と思っていますか。",
        "`torch.nn.RNN` は、何も指定しなければ $(T, B, D)$ の順に読みます。",
        "`torch.nn.RNN(x.shape[2], H, batch_first=True)` とします。",
    ),
    solution=STUB.replace("x.shape[2], H)", "x.shape[2], H, batch_first=True)"),
    compare="直したのが RNN の引数か、`x` の軸の順かを見比べます。軸を入れ替えたなら、最後の時刻は `states[-1]` です。",
    examine=examine,
    wrong=WRONG,
)
