"""日付を書き換える図: 暦は Python に、モデルは PyTorch に等しく、候補を選ぶと続きを書きます。"""

import base64
import re

import numpy as np
import pandas as pd
import pytest
import torch

from rnnbook import data
from rnnbook.models.date_writer import load_date_writer
from rnnbook.models.decoding import beam_search, of_model
from rnnbook.tasks import date_questions, date_split, dates, eras
from rnnbook.tasks.symbols import END
from rnnbook.widgets.date_writer import DateWriter
from rnnbook.widgets.dates.calendar import calendar

PACKED = data.load("dates_weights").to_dict("records")
MODEL = load_date_writer().double()


def some_cases(n: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    cases = [case for each in date_questions.questions().values() for case in each]
    return [dates.write(*cases[k]) for k in rng.integers(len(cases), size=n)]


def letters(symbols) -> str:
    return "".join("$" if k == END else dates.TARGET.letters[k - 3] for k in symbols)


def log_p_of(text: str, written: str) -> float:
    """PyTorch での、列全体の対数確率。"""
    x, _ = dates.SOURCE.encode([text])
    y = [
        END if each == "$" else 3 + dates.TARGET.letters.index(each) for each in written
    ]
    with torch.no_grad():
        scores = MODEL(torch.tensor(x), torch.tensor([y]))
    return float(scores[0].log_softmax(1)[range(len(y)), y].sum())


# ページの中の計算


def test_the_page_reads_and_judges_as_python_does(call):
    texts = [
        *some_cases(1500, 0),
        "",
        "　",
        "来年",
        "2026-11-21T",
        "明治5年12月2日",
        "明治5年12月3日",
        "明治45年7月30日",
        "明治45年7月31日",
        "大正元年7月29日",
        "大正15年12月25日",
        "昭和64年1月8日",
        "令和82年1月1日",
        "平成0年1月1日",
        "2026/13/1",
        "2026/0/1",
        "2026/1/32",
        "1872/1/1",
        "㋿８年１１月２１日",
        "ｒ8.11.21",
        "令和二二年一月一日",
        "昭和六十三年十二月三十一日日",
    ]
    found = call("dates/calendar.js", "readAndJudge", texts, calendar()["eras"])
    for text, page in zip(texts, found, strict=True):
        try:
            written = dates.read(text)
        except dates.Unreadable as why:
            assert page == str(why), text
        else:
            verdict = eras.judge(written.era, *written[2:])
            assert page == written._asdict() | verdict._asdict(), text


def test_the_page_knows_what_was_hidden(call):
    hidden = calendar()["hidden"]
    days = np.frombuffer(base64.b64decode(hidden["days"]), np.uint8)
    bits = np.unpackbits(days, bitorder="little")
    assert int(bits.sum()) == len(date_split.unseen_days())
    names = {
        "unseen_day": "この年月日",
        "unseen_year": "この元号の年",
        "unseen_pair": "この元号と書き方の組",
    }
    for text in some_cases(40, 1):
        written = dates.read(text)
        case = (written.notation, *written[1:])
        iso = eras.judge(*case[1:]).written
        page = call(
            "dates/writer.js",
            "hiddenIn",
            written._asdict(),
            iso,
            hidden | {"bits": days.tolist()},
        )
        assert set(page) == {names[each] for each in date_split.hidden(case)}, text


def test_a_thousand_dates_are_written_as_torch_writes_them(call):
    texts = some_cases(1000, 2)
    found = call("dates/writer.js", "writeMany", PACKED, texts, [""] * 1000, 1)
    x, lengths = dates.SOURCE.encode(texts)
    wrote = MODEL.greedy(torch.tensor(x), dates.LONGEST_TARGET, lengths)
    for text, row, page in zip(texts, wrote, found, strict=True):
        mine = letters(k for k in row.tolist() if k)
        if not mine.endswith("$"):
            assert page == [], text
            continue
        [[written, log_p]] = page
        assert written == mine, text
        assert abs(np.exp(log_p) - np.exp(log_p_of(text, written))) < 1e-4, text


def test_after_a_thousand_forced_prefixes_the_probabilities_are_those_of_torch(call):
    texts = some_cases(1000, 2)
    rng = np.random.default_rng(3)
    size = len(dates.TARGET.letters)
    starts = [
        [1, *rng.integers(3, 3 + size, rng.integers(1, dates.LONGEST_TARGET))]
        for _ in texts
    ]
    given = ["".join(dates.TARGET.letters[k - 3] for k in s[1:]) for s in starts]
    page = np.exp(call("dates/writer.js", "nextMany", PACKED, texts, given))
    x, lengths = dates.SOURCE.encode(texts)
    longest = max(map(len, starts))
    y = np.array([s + [0] * (longest - len(s)) for s in starts])
    with torch.no_grad():
        memory = MODEL.encode(torch.tensor(x), lengths)
        s, _ = MODEL.decoder(MODEL.embed_y(torch.tensor(y)), memory.last)
        p = MODEL.readout(s).softmax(2)
    last = [len(s) - 1 for s in starts]
    np.testing.assert_allclose(page, p[range(len(texts)), last], atol=1e-4)


def test_the_beam_of_the_page_is_the_beam_of_python(call):
    texts = some_cases(30, 4)
    found = call("dates/writer.js", "writeMany", PACKED, texts, [""] * 30, 5)
    for text, page in zip(texts, found, strict=True):
        x, _ = dates.SOURCE.encode([text])
        every = beam_search(of_model(MODEL, x[0]), dates.LONGEST_TARGET, width=5)
        assert [written for written, _ in page] == [letters(e.symbols) for e in every]
        np.testing.assert_allclose(
            [log_p for _, log_p in page], [e.log_p for e in every], atol=1e-6
        )


# ページの上の図


def test_a_candidate_can_be_chosen_and_writing_goes_on(page, opened):
    view = opened("dates").locator(".rnnbook-view").first
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
    says("書いた列は「2026-11-21○」.*暦の答えと同じ")
    # 一つめの記号を 1 にして、続きを書かせる
    view.locator(".rf-symbols button").first.click()
    view.get_by_role("button", name=re.compile("^1 を選ぶ")).click()
    assert "書いた列は「1" in says("「1」は、あなたが選んだ書きかけ")
    assert view.locator(".rf-symbols .rf-forced").count() == 1
    # 日付を替えると、書きかけは消える
    box.fill("昭和64年1月8日")
    assert "あなたが選んだ" not in says("昭和は64年1月7日まで")
    note = view.locator(".rf-typed-note")
    for typed, why in (
        ("明治5年12月2日", "旧暦"),
        ("2100/1/1", "2099 年"),
        ("2026年0月1日", "0月はありません"),
        ("2026/1/0", "0日はありません"),
    ):
        box.fill(typed)
        assert box.input_value() == typed
        says(f"モデルには渡しません。.*{why}")
        assert view.locator(".rf-symbols button:visible").count() == 0
    # 読めないものは受け取らず、どの日付の答えのままかを言う
    box.fill("昭和33年5月3日")
    says("この元号の年は、学習で見せていません")
    before = live.inner_text()
    for typed, why in (
        ("来年の春", "「来」は、日付の文字として読めません"),
        ("2026年1~2月1日", "「~」は、日付の文字として読めません"),
        ("令和8年11月２１日Ｘ", "「Ｘ」は、日付の文字として読めません"),
        ("a", "「a」は、日付の文字として読めません"),
        ("令和8", "「令和8」は、十通りの書き方のどれでもありません"),
        ("", "日付を入れてください"),
        ("1" * 40, "日付は 13 文字まで"),
    ):
        box.fill(typed)
        told = note.inner_text()
        assert why in told and "前の日付（昭和33年5月3日）のまま" in told
        assert box.input_value() == typed and live.inner_text() == before
    # 同じ日付の例を押しても、候補を選んでも、箱は図の日付に戻る
    for press in ("隠した年", re.compile("^2 を選ぶ")):
        box.fill("abc")
        view.get_by_role("button", name=press).click()
        assert box.input_value() == "昭和33年5月3日"
        assert note.inner_text().startswith("読めました")
    # どの記号でも選べる: 2002 を、手で書かせる
    box.fill("2000/2/29")
    says("書いた列は「2000-02-29○」")
    view.locator(".rf-symbols button").nth(3).click()
    offered = view.get_by_role("button", name=re.compile("を選ぶ"))
    assert offered.count() == len(dates.TARGET.letters) + 1
    view.get_by_role("button", name=re.compile("^2 を選ぶ")).click()
    says("「2002」は、あなたが選んだ書きかけ")
    # 幅を広げると、列が増える
    box.fill("2000/2/28")
    slider = view.get_by_label("ビームの幅")
    slider.fill("5")
    page.wait_for_function(
        "(list) => list.children.length >= 2",
        arg=view.locator(".rf-beams").element_handle(),
    )


def test_the_weights_are_fetched_only_when_the_figure_is_seen(page, small_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 800, "height": 500})
    page.goto(f"{small_url}dates.html")
    page.add_style_tag(content="body::before {content: ''; display: block; height: 0}")
    view = page.locator(".rnnbook-view").first
    view.scroll_into_view_if_needed()
    page.wait_for_function("(v) => 'drawn' in v.dataset", arg=view.element_handle())
    assert sum(url.endswith(".json") for url in asked) == 1


def test_a_wrong_argument_is_named():
    with pytest.raises(ValueError, match="引数 text"):
        DateWriter(text="西暦2026年")
    with pytest.raises(ValueError, match="引数 width"):
        DateWriter(width=9)


def test_the_table_gives_the_chance_of_every_symbol_written_and_offered(
    page, mount_script, traits_of
):
    figure = DateWriter(text="R8.11.21", u=3)
    page.evaluate(mount_script, [figure._esm, figure._css, traits_of(figure)])
    with page.expect_download() as waiting:
        page.get_by_role("button", name="図の値を CSV で").click()
    table = pd.read_csv(waiting.value.path(), comment="#", dtype={"記号": str})
    rows = table[table["系列"] == "書いた列"]
    assert "".join(rows["記号"]) == "2026-11-21○終"
    whole = np.log(rows["確率"].to_numpy()).sum()
    assert whole == pytest.approx(log_p_of("R8.11.21", "2026-11-21○$"), abs=1e-5)
    offered = table[table["系列"] == "3 番目の候補"]
    assert offered["記号"].is_unique and 0.99 < offered["確率"].sum() < 1.0001
