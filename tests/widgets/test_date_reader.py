"""日付のどこを見るかの図: モデルは PyTorch に等しく、字を見えなくすると書き直します。"""

import re

import numpy as np
import pandas as pd
import pytest
import torch

from rnnbook import data
from rnnbook.models.date_reader import load_date_reader
from rnnbook.tasks import date_questions, dates
from rnnbook.tasks.symbols import END
from rnnbook.widgets.date_reader import DateReader

PACKED = data.load("attention_dates_weights").to_dict("records")
MODEL = load_date_reader().double()
LETTERS = dates.TARGET.letters


def some_cases(n: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    cases = [case for each in date_questions.questions().values() for case in each]
    return [dates.write(*cases[k]) for k in rng.integers(len(cases), size=n)]


def numbers(written: str) -> list[int]:
    return [END if letter == "$" else 3 + LETTERS.index(letter) for letter in written]


@torch.no_grad()
def of_torch(texts, starts, cuts):
    """PyTorch で、書きかけから続けて書いた列、その対数確率、重み。"""
    x, lengths = dates.SOURCE.encode(texts)
    memory = MODEL.encode(torch.tensor(x), lengths)
    real = memory.real.clone()
    for row, cut in zip(real, cuts, strict=True):
        row[[int(place, 14) - 1 for place in cut[1:]]] = False
    memory = memory._replace(real=real)
    B = len(texts)
    given, state = torch.ones(B, dtype=torch.long), memory.last
    written, log_p, alphas = [""] * B, np.zeros(B), [[] for _ in range(B)]
    for u in range(dates.LONGEST_TARGET):
        s, state = MODEL.decoder(MODEL.embed_y(given[:, None]), state)
        scores, alpha = MODEL.attend(s, memory)
        step = scores[:, 0].log_softmax(1)
        for n in range(B):
            if written[n].endswith("$"):
                continue
            start = starts[n][u : u + 1]
            k = numbers(start)[0] if start else int(step[n].argmax())
            written[n] += "$" if k == END else LETTERS[k - 3] if k >= 3 else "?"
            log_p[n] += step[n, k]
            alphas[n].append(alpha[n, 0, : lengths[n]].numpy())
            given[n] = k
    return written, log_p, alphas


@pytest.mark.parametrize("forced", [False, True], ids=["free", "forced prefixes"])
def test_a_thousand_dates_are_written_as_torch_writes_them(call, forced):
    texts = some_cases(1000, 2)
    rng = np.random.default_rng(3)
    starts = [
        "".join(rng.choice(list(LETTERS), rng.integers(1, 9))) if forced else ""
        for _ in texts
    ]
    cuts = [
        "-" + "".join(sorted(rng.choice(list("12345"), 2, replace=False)))
        if forced and n % 2
        else "-"
        for n in range(len(texts))
    ]
    page = call("date_reader/reader.js", "readMany", PACKED, texts, starts, cuts)
    written, log_p, alphas = of_torch(texts, starts, cuts)
    for n, found in enumerate(page):
        if not found["written"]:  # 終わりまで書けなかった列
            assert not written[n].endswith("$"), texts[n]
            continue
        assert found["written"] == written[n], texts[n]
        assert abs(np.exp(found["logP"]) - np.exp(log_p[n])) < 1e-4, texts[n]
        np.testing.assert_allclose(found["alpha"], np.array(alphas[n]), atol=1e-4)


def test_a_letter_can_be_hidden_and_the_date_is_written_again(page, opened):
    view = opened("attention").locator(".rnnbook-view").first
    live = view.locator(".rf-live")
    box = view.locator(".rf-typed input")

    def says(pattern):
        page.wait_for_function(
            "([node, p]) => new RegExp(p).test(node.innerText)",
            arg=[live.element_handle(), pattern],
        )
        return live.inner_text()

    box.fill("Ｒ８．１１．２１")
    assert box.input_value() == "R8.11.21"
    says("書いた列は「2026-11-21○」で、暦の答えと同じ")
    # 月の二字を、どの記号を書くときも見えなくする
    view.get_by_label("どの記号を書くときも").check(force=True)
    for place in (4, 5):
        view.get_by_role("button", name=re.compile(f"^{place} 字目 1")).click()
        view.get_by_role("button", name=f"{place} 字目の「1」を見えなくする").click()
    says("見えなくする前は|見えなくしても")
    assert view.locator(".rf-letters .rf-unseen").count() == 2
    # 書いた記号を選び、候補を選ぶと、そこから続きを書く
    view.get_by_role("button", name=re.compile("^1 番目 2")).click()
    view.get_by_role("button", name=re.compile("^1 を選ぶ")).click()
    says("「1」は、あなたが選んだ書きかけ")
    # 日付を替えると、隠した字も書きかけも消える
    box.fill("2024年2月29日")
    assert "あなたが選んだ" not in says("2024-02-29○")
    # 読めない文字は、除いて答えたりせず、前の日付のまま
    box.fill("2026年1〜2月1日")
    view.get_by_text("前の日付（2024年2月29日）のままです。").wait_for()
    assert "2024-02-29○" in live.inner_text()
    view.get_by_role("button", name="うるう年").click()
    assert box.input_value() == "2024年2月29日"
    box.fill("昭和33年5月3日")
    says("この元号の年は、学習で見せていません。")
    for typed, why in (("明治5年12月2日", "旧暦"), ("2100/1/1", "2099 年")):
        box.fill(typed)
        says(f"モデルには渡しません。.*{why}")


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 text"):
        DateReader(text="西暦2026年")
    with pytest.raises(ValueError, match="引数 cut"):
        DateReader(cut="-z")


@torch.no_grad()
def scores_of_torch(text: str, written: str) -> tuple[np.ndarray, np.ndarray]:
    """PyTorch での、見比べた点数 e (U, S) と、記号の点数 (U, V)。"""
    x, lengths = dates.SOURCE.encode([text])
    memory = MODEL.encode(torch.tensor(x), lengths)
    y = torch.tensor([numbers(written)])
    given = torch.cat([torch.ones_like(y[:, :1]), y[:, :-1]], dim=1)
    s, _ = MODEL.decoder(MODEL.embed_y(given), memory.last)
    return (s @ memory.h.transpose(1, 2))[0].numpy(), MODEL.attend(s, memory)[0][
        0
    ].numpy()


def terms_of(page) -> tuple[list[float], float]:
    """枠に並んだ項と、その和として書かれた数（丸める前）。"""
    panel = page.locator(".rf-terms")
    panel.wait_for()
    read = "(all) => all.map((e) => Number(e.value))"
    terms = panel.locator("li data").evaluate_all(read)
    (total,) = panel.locator(".rf-total data").evaluate_all(read)
    inner, outer = (page.locator(c).bounding_box() for c in (".rf-terms", "figure"))
    assert inner["x"] >= outer["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert sum(terms) == pytest.approx(total, abs=1e-6)
    return terms, total


@pytest.fixture
def leap_day(page, mount_script, traits_of):
    """leap_day(幅) は、うるう年の日付を読む図を、その幅の画面に。"""

    def draw(width: int):
        page.set_viewport_size({"width": width, "height": 800})
        figure = DateReader(text="2024年2月29日", u=6)
        page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
        page.get_by_role("button", name="6 字目 2").wait_for()
        return page

    return draw


@pytest.mark.parametrize("width", [360, 1280])
def test_every_letter_and_symbol_is_reached_by_keys_and_its_terms_add_up(
    leap_day, width
):
    page = leap_day(width)
    e, scores = scores_of_torch("2024年2月29日", "2024-02-29○$")
    board = page.get_by_role("application")
    board.focus()
    board.press("ArrowUp")
    for _ in range(13):
        board.press("ArrowLeft")
    for s in range(10):
        terms, total = terms_of(page)
        assert len(terms) == 6 and total == pytest.approx(e[5, s], abs=1e-6)
        board.press("ArrowRight")
    board.press("ArrowDown")
    for u in range(5, 12):
        terms, total = terms_of(page)
        symbol = numbers("2024-02-29○$")[u]
        assert len(terms) == 7 and total == pytest.approx(scores[u, symbol], abs=1e-6)
        assert page.evaluate("model.get('u')") == u + 1
        board.press("ArrowRight")
    board.press("Escape")
    page.locator(".rf-terms").wait_for(state="hidden")
    board.press("Tab")  # はじめの字のボタンへ
    assert terms_of(page)[1] == pytest.approx(e[11, 0], abs=1e-6)


def test_a_letter_pointed_at_shows_its_terms_and_is_neither_hidden_nor_chosen(
    leap_day,
):
    page = leap_day(360)
    e, _ = scores_of_torch("2024年2月29日", "2024-02-29○$")
    page.get_by_role("button", name="6 字目 2").hover()
    _, total = terms_of(page)
    assert total == pytest.approx(e[5, 5], abs=1e-6)
    assert page.evaluate("[model.get('cut'), model.get('u')]") == ["-", 6]
    page.get_by_role("button", name="6 字目 2").click()
    assert page.evaluate("[model.get('cut'), model.get('u')]") == ["-", 6]
    # 見えなくした字も、点数は変わらず、重みだけが 0 になる
    page.get_by_role("button", name="6 字目の「2」を見えなくする").click()
    page.get_by_role("button", name="6 字目の「2」を見えるようにする").wait_for()
    page.get_by_role("button", name="6 字目 2").hover()
    page.get_by_text("見えなくしたので、重みは 0").wait_for()
    assert terms_of(page)[1] == pytest.approx(e[5, 5], abs=1e-6)


def test_a_finger_sees_the_terms_of_a_letter_without_changing_what_is_written(
    browser, mount_script, traits_of
):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    figure = DateReader(text="2024年2月29日", u=6)
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    e, _ = scores_of_torch("2024年2月29日", "2024-02-29○$")
    said = page.locator(".rf-live").inner_text()
    page.get_by_role("button", name=re.compile("^5 字目 年")).tap()
    assert terms_of(page)[1] == pytest.approx(e[5, 4], abs=1e-6)
    assert page.evaluate("model.get('cut')") == "-"
    assert page.locator(".rf-live").inner_text() == said
    hide = page.get_by_role("button", name="5 字目の「年」を見えなくする")
    panel, seen = page.locator(".rf-terms").bounding_box(), hide.bounding_box()
    assert (
        seen["y"] >= panel["y"] + panel["height"]
        or seen["y"] + seen["height"] <= panel["y"]
    )
    hide.tap()
    page.wait_for_function("() => model.get('cut') === '-5'")
    page.get_by_role("button", name="5 字目の「年」を見えるようにする").tap()
    page.wait_for_function("() => model.get('cut') === '-'")
    context.close()


def test_the_table_gives_the_weight_of_every_letter_for_every_symbol(
    page, mount_script, traits_of
):
    figure = DateReader(text="2024年2月29日", u=6)
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="図の値を CSV で").click()
    table = pd.read_csv(waiting.value.path(), comment="#")
    _, _, alphas = of_torch(["2024年2月29日"], [""], ["-"])
    found = table["注意の重み α"].to_numpy().reshape(len(alphas[0]), -1)
    np.testing.assert_allclose(found, np.array(alphas[0]), atol=1e-6)
    assert "".join(table["読んだ字"][:10]) == "2024年2月29日"
    assert table["系列"].iloc[-1] == "12 番目の「終」を書くとき"
