"""土台の試験の備品: 図の引数の表からでたらめに選んだ状態。"""

import functools

import numpy as np
import pytest

from rnnbook.widgets.kit import properties as kinds
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.prediction import Answer, Prediction
from rnnbook.widgets.quiz import Choice, Question, Quiz


def _make(kind: type[Figure], **values) -> Figure:
    """図を一つ。"""
    if kind is Quiz:
        question = Question("問い", [Choice("a", "理由"), Choice("b", "理由", True)])
        return Quiz([question, question], name="ch01.quiz")
    if kind is Prediction:
        return Prediction("ch01.many", "何倍ですか。", unit="倍")
    if kind is Answer:
        return Answer("ch01.many", 0.5, "半分です。")
    return kind(**values)


@functools.cache
def _rows(kind: type[Figure]) -> list[dict]:
    """ページに渡る、引数の表。"""
    return _make(kind)._properties


def _random_state(kind: type[Figure], seed: int) -> dict[str, object]:
    """図の引数の表から、でたらめに選んだ正しい状態。"""
    rng, state = np.random.default_rng(seed), {}
    for prop, row in zip(kind.table(), _rows(kind), strict=True):
        if isinstance(prop, kinds.Number):
            steps = round((row["high"] - row["low"]) / row["step"])
            free = rng.uniform(row["low"], row["high"])
            stop = round(row["low"] + row["step"] * rng.integers(steps + 1), 10)
            value = float(free if rng.random() < 0.3 else stop)
        elif isinstance(prop, kinds.Whole):
            top = state.get(row.get("most"), row["high"])
            top = len(top) if isinstance(top, (str, list)) else top
            value = int(rng.integers(row["low"], top + 1))
        elif isinstance(prop, kinds.Measured):
            values = row["values"]
            values = values[state[row["by"]]] if "by" in row else values
            value = values[int(rng.integers(len(values)))]
        elif isinstance(prop, kinds.Series):
            value = rng.choice([0.0, -0.25, 0.5, 1.0], prop.length).tolist()
            value[rng.integers(prop.length + 1) :] = []
            value += [0.0] * (prop.length - len(value))
        elif isinstance(prop, kinds.Text):
            letters = rng.choice(list(prop.letters), rng.integers(1, prop.longest + 1))
            value = "".join(letters)
        elif isinstance(prop, kinds.Words):
            many = rng.integers(1, prop.longest + 1)
            value = rng.choice(prop.vocabulary, many).tolist()
        elif isinstance(prop, kinds.Several):
            value = [each for each in prop.choices if rng.random() < 0.5]
        else:
            value = str(rng.choice(list(prop.choices)))
        state[prop.name] = value
    return state


def _shown_state(figure: Figure) -> dict[str, object]:
    """いま効く引数の値。"""
    table = (prop for prop in figure.table() if prop.matters(figure))
    return {prop.name: getattr(figure, prop.name) for prop in table}


@pytest.fixture(scope="session")
def make():
    """make(kind, 引数…) は、図を一つ作ります。"""
    return _make


@pytest.fixture(scope="session")
def random_state():
    """random_state(kind, seed) は、でたらめに選んだ正しい状態。"""
    return _random_state


@pytest.fixture(scope="session")
def shown_state():
    """shown_state(figure) は、いま効く引数の値。"""
    return _shown_state
