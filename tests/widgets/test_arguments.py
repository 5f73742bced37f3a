"""図の引数: 誤った値は日本語の ValueError、印字はいつも同じ。"""

import json

import numpy as np
import pytest

from rnnbook.widgets.forget_dial import ForgetDial
from rnnbook.widgets.lookback import Lookback
from rnnbook.widgets.quiz import Choice, Question, Quiz
from rnnbook.widgets.unrolled import Unrolled

GOOD = Choice("0", "約束です。", correct=True)
BAD = Choice("1", "ちがいます。")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"T": 0}, "T"),
        ({"T": 31}, "T"),
        ({"T": 2.5}, "T"),
        ({"T": True}, "T"),
        ({"w_hh": 1.6}, "w_hh"),
        ({"w_hh": float("nan")}, "w_hh"),
        ({"w_hh": "0.9"}, "w_hh"),
        ({"w_xh": -0.1}, "w_xh"),
        ({"b": 2}, "b"),
        ({"x": "step"}, "x"),
        ({"x": [1.0, 0.0]}, "x"),
        ({"T": 2, "x": [1.0, float("nan")]}, "x"),
        ({"T": 2, "x": [1.0, 1.5]}, "x"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(arguments, name):
    with pytest.raises(ValueError, match=rf"引数 {name} は.*です。"):
        Unrolled(**arguments)


def test_a_wrong_value_set_later_is_refused_and_the_old_one_stays():
    figure = Unrolled(w_hh=0.5)
    with pytest.raises(
        ValueError,
        match=r"引数 w_hh は -1\.5 以上 1\.5 以下の数です。9 が渡されました。",
    ):
        figure.w_hh = 9
    assert figure.w_hh == 0.5


def test_a_drawn_input_is_kept_in_order():
    figure = Unrolled(T=3, x=np.array([0.5, -1, 1]))
    assert figure.x == "drawn"
    assert figure.drawn[:3] == [0.5, -1, 1]


def test_a_number_that_the_prose_could_not_call_is_refused():
    with pytest.raises(
        ValueError, match=r"引数 number は「図 2\.1」の形です。'2\.1' が"
    ):
        Unrolled(number="2.1")


def test_an_unknown_argument_is_an_error():
    with pytest.raises(
        ValueError,
        match=r"引数 w はありません。Unrolled の引数は T, w_hh, .*, t です。",
    ):
        Unrolled(w=0.9)


def test_a_p_outside_the_experiment_is_an_error_that_lists_the_grid():
    with pytest.raises(
        ValueError, match=r"引数 p は 1, 2, .*のどれかです。5 が渡されました。"
    ):
        Lookback(p=5)
    with pytest.raises(
        ValueError, match="引数 models は 'last', 'linear', 'rnn' のどれかです。'lstm'"
    ):
        Lookback(models=["rnn", "lstm"])
    with pytest.raises(ValueError, match="引数 models は名前の並びです。"):
        Lookback(models="rnn")


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([], "引数 questions は 1 個以上の Question の並びです。"),
        (None, "引数 questions は"),
        ([Question("問い", [GOOD])], "1 問目の選択肢は 2 個以上です。1 個"),
        (
            [Question("問い", [BAD, BAD])],
            "1 問目の正しい選択肢はちょうど 1 個です。0 個",
        ),
        ([Question("問い", [GOOD, GOOD])], "ちょうど 1 個です。2 個"),
        (
            [Question("問い", [GOOD, BAD]), Question(" ", [GOOD, BAD])],
            "2 問目に text がありません。",
        ),
        (
            [Question("問い", [GOOD, Choice("1", "")])],
            "1 問目の 2 番の選択肢に reason がありません。",
        ),
        ([Question("問い", [GOOD, "1"])], "1 問目の 2 番の選択肢は Choice です。"),
        (["問い"], "1 問目は Question です。"),
    ],
)
def test_a_wrong_question_is_found_and_named(questions, message):
    with pytest.raises(ValueError, match=message):
        Quiz(questions)


def test_the_representation_is_the_same_each_time_and_short_enough_for_ipywidgets_7():
    quiz = Quiz([Question("問い", [GOOD, BAD])] * 3)
    expected = {
        "Unrolled(T=8, w_hh=0.5)": Unrolled(T=8, w_hh=0.5, b=0),
        "Lookback(models=['linear', 'rnn'])": Lookback(models=["rnn", "linear"]),
        "ForgetDial()": ForgetDial(b_f=1),
        "Quiz(3 問)": quiz,
    }
    for text, figure in expected.items():
        assert repr(figure) == text
        assert len(text) <= 110
        data, _ = figure._repr_mimebundle_()
        assert data["text/plain"] == text
        assert "application/vnd.jupyter.widget-view+json" in data


def test_every_trait_of_a_figure_travels_as_json():
    for figure in (
        Unrolled(),
        Lookback(),
        ForgetDial(),
        Quiz([Question("問い", [GOOD, BAD])]),
    ):
        state = json.loads(json.dumps(figure.get_state(), allow_nan=False, default=str))
        assert state["_esm"].count("export default") == 1
        assert ".rnnbook-figure" in state["_css"]
        assert state["alt"]


def test_a_kernel_answers_when_a_figure_asks(monkeypatch):
    figure = Unrolled()
    sent = []
    monkeypatch.setattr(
        figure, "send", lambda content, buffers=None: sent.append(content)
    )
    figure._handle_custom_msg({"kernel": "?"}, [])
    figure._handle_custom_msg({"other": 1}, [])
    assert sent == [{"kernel": "here"}]
