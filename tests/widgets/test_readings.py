"""読みの確率: ページの中の二つの LSTM は PyTorch に等しく、打った文は語に分けられ、読めない文は断られます。"""

import gzip
import json
import re

import numpy as np
import pytest
import torch

from rnnbook.models.reader import load_reader, packed_readers, scores
from rnnbook.tasks import readings
from rnnbook.tasks.reading_words import VOCABULARY, WORDS
from rnnbook.widgets.readings import Readings

MODULE = "readings/reader_models.js"
FIGURE = "readings/readings.js"


def random_inputs(n: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """半分は試験の文、半分はでたらめな語の並び。語の番号、見せる語の数、答える語の位置。"""
    rng = np.random.default_rng(3)
    s = readings.batch(rng, n, "test")
    ids, at, lengths = s.ids.copy(), s.at.copy(), s.lengths.copy()
    half = n // 2
    ids[half:] = rng.integers(1, readings.V, ids[half:].shape)
    lengths[half:] = rng.integers(1, ids.shape[1] + 1, n - half)
    at[half:] = rng.integers(0, lengths[half:])
    shown = rng.integers(at + 1, lengths + 1)  # 語を含む、途中まで
    return tuple(torch.from_numpy(a) for a in (ids, shown, at))


@pytest.mark.parametrize("kind", ["forward", "both"])
def test_the_page_answers_as_torch_does_on_a_thousand_inputs(call, kind):
    ids, shown, at = random_inputs(1000)
    sentences = [
        [row[:n].tolist(), int(t), int(n)]
        for row, n, t in zip(ids, shown, at, strict=True)
    ]
    page = np.array(
        call(MODULE, "readAll", packed_readers()[kind], readings.FARTHEST, sentences)
    )
    with torch.no_grad():
        y_hat = scores(load_reader(kind), ids, shown, at)[:, -1]
    expected = torch.softmax(y_hat, dim=1).numpy()
    np.testing.assert_allclose(page, expected, atol=1e-4)
    assert expected.max(axis=1).std() > 0.05  # どれも同じ答え、ではない


def test_half_precision_is_read_as_numpy_reads_it(call, bench):
    bits = [0, 1, 0x03FF, 0x0400, 0x3C00, 0xC000, 0x7BFF, 0x8001, 0x7C00, 0xFC00]
    page = bench.evaluate(
        "async (bits) => { const { fromHalf } = await import('/readings/reader_models.js');"
        " return bits.map((b) => String(fromHalf(b))); }",
        bits,
    )
    expected = np.array(bits, dtype=np.uint16).view(np.float16).astype(float)
    assert [float(v.replace("Infinity", "inf")) for v in page] == expected.tolist()


def test_the_page_splits_a_sentence_as_python_does(call):
    rng = np.random.default_rng(5)
    s = readings.batch(rng, 60, "train")
    for row in range(60):
        text = s.text(row).replace(" ", rng.choice(["", " ", "　", "、"]))
        found = call(MODULE, "splitWords", text, VOCABULARY[1:])
        assert found == {"words": s.text(row).split(), "left": ""}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "題は甘いカレーの話です",
            "「甘いカレーの話で」の所が語彙になく、読めません。",
        ),
        ("  ", "文が空です。"),
        ("生" * 17, "16 語までです（いまは 17 語）。"),
        ("カレーの話です", "読みを答える語（辛い、"),
        ("<b>生</b>", "「<b>生</b>」の所が語彙になく"),
        ("題は 生 ビールの話です。", "5 語に分けました。"),
        ("辛い今日", "2 語に分けました。はじめの「辛い」の読みを答えます。"),
    ],
)
def test_what_cannot_be_read_is_said(call, typed, said):
    split = call(MODULE, "splitWords", typed, VOCABULARY[1:])
    assert said in call(FIGURE, "describeTyped", split, list(WORDS), 16)


def test_words_are_revealed_typed_and_refused_on_the_page(mount, settled):
    page = mount(Readings())
    live, box = page.locator(".rf-live"), page.get_by_role("textbox")
    assert (
        "「紙に 辛い という 字は」まで。前から読む LSTM は からい" in live.inner_text()
    )
    page.get_by_role("slider", name="見せる語の数").press("Home")
    settled()
    assert "読みを答える語は、まだ出ていません。" in live.inner_text()
    assert page.locator(".rf-words").inner_text().count("□") == 7
    page.get_by_role("button", name="左に手がかり").click()
    settled()
    before = live.inner_text()
    assert "「カレー の話 のあとに 壁に 辛い」まで。" in before
    box.fill("題は甘い")
    settled()
    assert "「甘い」の所が語彙になく" in page.locator(".rf-note").inner_text()
    assert live.inner_text() == before  # 前の文のまま
    box.fill("題は生ビールの話です")
    settled()
    assert re.search(r"両側から読む LSTM は なま (9\d|100) %", live.inner_text())
    box.fill("ビールの話")
    settled()
    assert "文に、読みを答える語（辛い、" in live.inner_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"words": "題は甘い"}, "引数 text は語彙にある語の文です。「甘い」の所が"),
        ({"words": ["題は", "甘い"]}, "引数 words は .*'甘い' は語彙にありません。"),
        ({"words": ["生"] * 17}, "引数 words は .*16 語以下の並びです。17 語が"),
        ({"words": ""}, "引数 text は語彙にある語の文です。空の文が"),
        ({"words": []}, "引数 words は .*0 語が渡されました。"),
        ({"words": "題は生", "shown": 3}, "引数 shown は 1 以上 2 以下の数です。3"),
        ({"shown": 0}, "引数 shown は 1 以上の整数です。0"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(arguments, message):
    with pytest.raises(ValueError, match=message):
        Readings(**arguments)


def test_the_state_with_its_weights_is_light():
    state = Readings().get_state()
    own = {k: v for k, v in state.items() if k not in ("_esm", "_css", "layout")}
    text = json.dumps(own, ensure_ascii=False, default=str).encode()
    assert len(gzip.compress(text)) < 100_000
