"""演習: 学習のループ。予測、損失、勾配、一歩をくり返します。"""

from __future__ import annotations

from collections.abc import Callable

import torch

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

KEPT = "前の回の勾配が足されたままです。`backward` は、古い勾配に足します。"
STILL = "損失が一度も変わっていません。重みが動いていません。"


def train(
    cleared: bool = True,
    stepped: bool = True,
    after: bool = False,
    reduced: Callable = torch.mean,
) -> Callable:
    """間違いを選べる学習のループ。何も選ばなければ正しいループです。"""

    def answer(model, x, y, learning_rate, steps):
        optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
        losses = []
        for _ in range(steps):
            loss = reduced((model(x) - y) ** 2)
            if cleared:
                optimizer.zero_grad()
            loss.backward()
            if stepped:
                optimizer.step()
            with torch.no_grad():
                seen = reduced((model(x) - y) ** 2) if after else loss
            losses.append(seen.item())
        return losses

    return answer


WRONG = (
    Wrong(train(cleared=False), KEPT),
    Wrong(train(stepped=False), STILL),
    Wrong(
        train(after=True),
        "重みを動かしたあとの損失です。返すのは、動かす前の損失です。",
    ),
    Wrong(
        train(reduced=torch.sum),
        "二乗の和になっています。平均を取ると、損失も歩幅もデータの数によりません。",
    ),
)


def examine(answer: Callable) -> str:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = torch.nn.Linear(2, 1).double()
    given = {
        "model": model,
        "x": torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]).double(),
        "y": torch.tensor([[1.0], [-1.0], [0.5]]).double(),
        "learning_rate": 0.1,
        "steps": 4,
    }
    compare_runs(
        answer,
        train(),
        [given],
        wrong=WRONG,
        hint="予測、損失、勾配を 0 に戻す、勾配、一歩、の順に一行ずつ確かめます。",
    )
    return "RNN でも、このループのまま学習できます。"


DOCSTRING = '''"""平均二乗誤差を、勾配降下法で steps 回下げる。

    重みを動かす前の損失を、steps 個の数のリストで返す。
    """'''

EXERCISE = Exercise(
    title="学習のループ",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
1.9 節のループを、自分で書きます。`model(x)` が予測です。バッチは分けず、毎回 `x` の全部を使います。一歩は `torch.optim.SGD(model.parameters(), lr=learning_rate)`で決めます。重みから、学習率 × 勾配を引くだけです。名は確率的勾配降下法 (SGD、第2章) ですが、全部のデータを使うので、ここではただの勾配降下法です。書く前に、`zero_grad` を忘れると何回目の損失から違うかを予想してください。
""",
    stub=f"""def my_train(model, x, y, learning_rate, steps):
    {DOCSTRING}
    ...  # ここを書き換えます
    # return losses
""",
    hints=(
        "一回ぶんは、予測と損失、勾配、一歩の三つです。これを `for` で `steps` 回くり返します。",
        "`loss.backward()` の前に `optimizer.zero_grad()`、あとに `optimizer.step()` を呼びます。",
        "損失は `((model(x) - y) ** 2).mean()`、リストに足すのは `loss.item()` です。",
    ),
    solution=f"""def my_train(model, x, y, learning_rate, steps):
    {DOCSTRING}
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = ((model(x) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    compare="`zero_grad` の場所を見比べます。`backward` の前なら、どこでも同じです。忘れたときに違い始めるのは、3 回目の損失です。",
    examine=examine,
    wrong=WRONG,
)
