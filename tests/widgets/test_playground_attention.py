"""遊び場の注意つきの読み出し: 見る重みは h だけで決まり、勾配はどの時刻にも直に届き、図の文と線がそれと言います。"""

import re

import numpy as np
import pytest
import torch

from rnnbook.widgets.kit.properties import Property
from rnnbook.widgets.playground import Playground

ROOM = "playground/"


def weights_of(h: np.ndarray, t: int) -> np.ndarray:
    """PyTorch の softmax による、時刻 t (1 から) の α。"""
    return torch.softmax(torch.tensor(h[: t - 1] @ h[t - 1]), 0).numpy()


@pytest.mark.parametrize("t", [2, 5, 9])
def test_the_weights_of_the_bars_are_the_softmax_of_the_products(call, t):
    h = np.random.default_rng(0).normal(size=(9, 4))
    found = call(ROOM + "alpha_row.js", "weightsAt", h.ravel().tolist(), 4, t)
    np.testing.assert_allclose(found, weights_of(h, t), rtol=1e-12)


def test_a_first_time_has_nothing_to_look_at(call):
    assert call(ROOM + "alpha_row.js", "weightsAt", [0.5, 0.2], 2, 1) == []
    assert "見る所がありません" in call(ROOM + "alpha_row.js", "alphaWords", [], 1)


def test_the_sentence_names_the_time_that_is_looked_at_most(call):
    said = call(ROOM + "alpha_row.js", "alphaWords", [0.1, 0.7, 0.2], 4)
    assert "時刻 4 の答えは、時刻 2 の $h$ を最も強く" in said
    assert "= 0.70、等しく見れば 0.33" in said


def test_the_sentence_says_so_where_every_time_is_looked_at_alike(call):
    said = call(ROOM + "alpha_row.js", "alphaWords", [0.1] * 10, 11)
    assert "どの時刻の $h$ も、ほぼ等しく見ます" in said and "最も強く" not in said
    assert "= 0.10、等しく見れば 0.10" in said


def test_the_line_of_attention_has_its_own_color_and_no_dots_of_chapter_3(call):
    colors = {
        (cell, readout): call(
            ROOM + "curves.js", "colorOf", {"cell": cell, "readout": readout}
        )
        for cell in ("rnn", "lstm")
        for readout in ("last", "attention")
    }
    assert colors["rnn", "attention"] == colors["lstm", "attention"]
    assert len(set(colors.values())) == 3
    ladder = {"cell": "gru", "start": "uniform", "rho": 1, "forget_bias": None}
    assert call(ROOM + "sentence.js", "ladderModel", ladder) == "gru"
    attends = ladder | {"readout": "attention"}
    assert call(ROOM + "sentence.js", "ladderModel", attends) is None


def test_the_name_of_the_run_says_that_it_attends(call):
    run = {"cell": "lstm", "start": "uniform", "rho": 1, "forget_bias": 1}
    plain = call(ROOM + "sentence.js", "nameOf", run)
    attends = call(ROOM + "sentence.js", "nameOf", run | {"readout": "attention"})
    assert attends == plain + "＋注意"


def test_each_of_two_runs_has_a_readout_of_its_own():
    table: dict[str, Property] = {row.name: row for row in Playground.table()}
    assert set(table["readout"].choices) == set(table["readout_B"].choices)
    with pytest.raises(Exception, match="readout"):
        Playground(readout="bahdanau")


def test_the_figure_trains_with_attention_and_shows_where_it_looks(mount):
    page = mount(Playground(H=8, B=16, T=10))
    live = page.locator(".rf-live").first

    def wait_for(pattern, selector=".rf-live"):
        page.wait_for_function(
            "([s, p]) => new RegExp(p).test(document.querySelector(s).textContent)",
            arg=[selector, pattern],
        )

    page.get_by_text("隠れ状態を見る").click()
    wait_for("時刻 1 の入力は", ".rf-state-said")
    assert page.locator(".rf-alpha").is_hidden()
    page.get_by_label("読み出し", exact=True).select_option("attention")
    wait_for("＋注意")
    wait_for("時刻 10 の答えは、(時刻 \\d の|どの時刻の)", ".rf-alpha")
    buttons = page.get_by_role("group", name="学習を動かす")
    buttons.get_by_role("button", name="一回だけ").click()
    wait_for("更新 1 回")
    assert "＋注意" in re.sub(r"\s", "", live.inner_text())


def test_a_copying_example_is_asked_at_the_time_the_reader_chooses(mount):
    page = mount(Playground(task="copy", readout="attention", H=8, B=4, T=5))
    page.get_by_text("隠れ状態を見る").click()
    said = page.locator(".rf-alpha p")
    said.get_by_text("時刻 25 の答えは、").wait_for()
    states = page.get_by_role("img", name="隠れ状態")
    states.press("ArrowRight")
    said.get_by_text("時刻 2 の答えは、時刻 1 の").wait_for()
    states.press("ArrowLeft")
    said.get_by_text("時刻 1 より前には").wait_for()
