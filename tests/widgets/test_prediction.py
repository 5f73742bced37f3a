"""予想: この端末に残り、測った答えの横に並び、消せます。"""

import re

import pytest

from rnnbook.widgets.prediction import Answer, Prediction
from rnnbook.widgets.prediction.numbers import read_number

LESS, MORE = "0.35 より小さい", "0.35 より大きい"
YET = "まだ予想していません。"
NOTHING_KEPT = {
    "blocked": """Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("Access is denied.", "SecurityError"); } });""",
    "full": """Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError"); };""",
}


def question(page, name: str):
    """予想の問い。"""
    return page.locator(f'[id="prediction-{name}"]')


def answer(page, number: int):
    """number 番目（0 から）の答え。"""
    return page.get_by_role("group", name="予想の答え").nth(number)


def mine(page, number: int) -> str:
    """number 番目の答えに並ぶ「あなたの予想」。"""
    return answer(page, number).locator("dd").first.inner_text()


def test_a_choice_is_there_after_a_reload_and_on_a_new_page(page, lesson, drawn):
    lesson(page)
    question(page, "ch01.decay").get_by_label(MORE).check()
    page.reload()
    drawn(page)
    for again in (page, lesson(page.context.new_page())):
        assert question(again, "ch01.decay").get_by_label(MORE).is_checked()
        assert mine(again, 0) == MORE


def test_another_reader_of_the_machine_finds_nothing(page, browser, lesson):
    lesson(page)
    question(page, "ch01.decay").get_by_label(MORE).check()
    context = browser.new_context()
    other = lesson(context.new_page())
    assert not question(other, "ch01.decay").get_by_label(MORE).is_checked()
    assert mine(other, 0).startswith(YET)
    context.close()


def test_the_answer_stands_beside_the_prediction_and_does_not_blame(page, lesson):
    lesson(page)
    told = answer(page, 0)
    found = told.locator("dd").nth(1)
    assert found.inner_text() == LESS
    question(page, "ch01.decay").get_by_label(MORE).check()
    assert mine(page, 0) == MORE
    assert "予想とは違いました。" in told.inner_text()
    question(page, "ch01.decay").get_by_label(LESS).check()
    assert mine(page, 0) == LESS
    assert "予想どおりでした。" in told.inner_text()
    assert "10 時刻あとは 0.17 です。" in told.inner_text()
    assert "×" not in told.inner_text()
    assert told.locator("[aria-live]").inner_text() == "予想どおりでした。"


def test_no_card_keeps_an_empty_strip_between_or_under_its_words(page, lesson):
    gaps = (
        lesson(page)
        .locator(".rf-prediction .rf-body")
        .evaluate_all(
            """(bodies) => bodies.flatMap((body) => {
          const parts = [...body.children].filter((part) => part.textContent.trim());
          const tops = [...parts.slice(1), null].map((part) =>
            part ? part.getBoundingClientRect().top : body.getBoundingClientRect().bottom);
          return parts.map((part, i) => tops[i] - part.getBoundingClientRect().bottom);
        })"""
        )
    )
    assert gaps and max(gaps) <= 16


def test_the_answer_follows_a_change_made_in_another_tab(page, lesson):
    lesson(page)
    other = lesson(page.context.new_page())
    question(other, "ch01.decay").get_by_label(MORE).check()
    page.wait_for_function(
        "(text) => document.querySelector('.rf-beside dd').textContent === text",
        arg=MORE,
    )
    assert question(page, "ch01.decay").get_by_label(MORE).is_checked()
    question(other, "ch01.decay").get_by_role("button", name="消す").click()
    page.wait_for_function(
        "(text) => document.querySelector('.rf-beside dd').textContent.startsWith(text)",
        arg=YET,
    )
    assert not question(page, "ch01.decay").get_by_label(MORE).is_checked()


def test_an_erased_prediction_leaves_nothing_on_the_machine(page, lesson):
    lesson(page)
    asked = question(page, "ch01.decay")
    assert "この端末だけに残ります" in asked.inner_text()
    erase = asked.get_by_role("button", name="消す")
    assert erase.get_attribute("aria-disabled") == "true"
    asked.get_by_label(MORE).check()
    assert page.evaluate("Object.keys(localStorage)") == ["rnnbook.ch01.decay"]
    erase.click()
    assert page.evaluate("localStorage.length") == 0
    assert not asked.get_by_label(MORE).is_checked()
    assert mine(page, 0).startswith(YET)
    assert erase.evaluate("(e) => e === document.activeElement")


def test_whoever_has_not_predicted_is_led_back_to_the_question(page, lesson):
    lesson(page)
    answer(page, 1).get_by_role("link", name="予想する").click()
    field = question(page, "ch01.h11").get_by_role("textbox")
    assert field.evaluate("(e) => e === document.activeElement")
    box = field.bounding_box()
    assert 0 < box["y"] < page.viewport_size["height"]
    assert not page.get_by_text("という図は、このページにありません").count()


def test_an_answer_to_a_question_that_has_changed_since_is_not_shown(
    page, lesson, drawn
):
    lesson(page)
    question(page, "ch01.decay").get_by_label(MORE).check()
    page.evaluate(
        """() => { const [key] = Object.keys(localStorage);
          localStorage[key] = JSON.stringify({ ...JSON.parse(localStorage[key]), asked: "00000000" }); }"""
    )
    page.reload()
    drawn(page)
    assert not question(page, "ch01.decay").get_by_label(MORE).is_checked()
    assert mine(page, 0).startswith(YET)


@pytest.mark.parametrize("fault", NOTHING_KEPT.values(), ids=NOTHING_KEPT)
def test_only_the_memory_is_lost_where_nothing_can_be_kept(page, lesson, fault):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(error.stack))
    page.add_init_script(fault)
    lesson(page)
    asked = question(page, "ch01.decay")
    asked.get_by_label(MORE).check()
    assert "ページを閉じると消えます" in asked.inner_text()
    assert mine(page, 0) == MORE
    asked.get_by_role("button", name="消す").click()
    assert mine(page, 0).startswith(YET)
    asked.get_by_label(LESS).check()
    lesson(page)
    assert mine(page, 0).startswith(YET)
    # 素の Sphinx の部品も苦情を言うので、図のものだけを見る
    assert not [stack for stack in complaints if "/widgets/" in stack]


def test_the_question_and_the_answer_are_readable_without_javascript(
    browser, small_url
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{small_url}lesson.html")
    page.locator(".rnnbook-wait").last.wait_for(state="visible")
    words = page.locator(".rnnbook-wait").all_inner_texts()
    assert f"（{MORE} / {LESS}）" in words[0]
    assert "単位は倍" in words[1]
    assert f"予想の答え: {LESS}。10 時刻あとは 0.17 です。" in words[3]
    assert page.locator(".rnnbook-wait math").count() >= 3
    assert not any("$" in text for text in words)
    context.close()


def test_the_notebook_keeps_the_question_and_the_answer_as_text():
    asked = Prediction("ch01.text", "$h_{11}$ は。", ["大きい", "小さい"])
    told = Answer("ch01.text", "小さい", "半分です。")
    words = [each._repr_mimebundle_()[0]["text/plain"] for each in (asked, told)]
    assert words == [
        "予想: $h_{11}$ は。（大きい / 小さい）",
        "予想の答え: 小さい。半分です。",
    ]


# 打たれた文字、単位 → 数。None は、数として読めない
TYPED = [
    ("0.17", "", 0.17),
    (" 0.17 ", "", 0.17),
    ("．５", "", 0.5),
    ("０．１７", "", 0.17),
    ("1e-3", "", 1e-3),
    ("1E−3", "", 1e-3),
    ("１ｅ－３", "", 1e-3),
    ("−2", "", -2.0),
    ("－2", "", -2.0),
    ("+2", "", 2.0),
    ("1/3", "", 1 / 3),
    ("−１／４", "", -0.25),
    ("1.5e2/3", "", 50.0),
    ("1,234,567.5", "", 1234567.5),
    ("１，０００", "", 1000.0),
    ("3倍", "倍", 3.0),
    ("3 倍", "倍", 3.0),
    ("50％", "%", 50.0),
    ("20 KHz", "kHz", 20.0),
    ("0", "", 0.0),
    ("5.", "", 5.0),
    ("", "", None),
    ("倍", "倍", None),
    ("3倍", "", None),
    ("1/0", "", None),
    ("1/3/2", "", None),
    ("1/-3", "", None),
    ("1,23", "", None),
    ("1e999", "", None),
    ("--2", "", None),
    ("0x10", "", None),
    ("1_000", "", None),
    ("Infinity", "", None),
    ("nan", "", None),
    ("三", "", None),
    ("٣", "", None),
    ("約 3", "", None),
]


@pytest.mark.parametrize(("typed", "unit", "number"), TYPED)
def test_python_and_the_page_read_the_same_number(call, typed, unit, number):
    on_page = call("prediction/numbers.js", "readNumber", typed, unit)
    if number is None:
        assert on_page is None
        with pytest.raises(ValueError, match="数として読めません"):
            read_number(typed, unit)
    else:
        text, read = read_number(typed, unit)
        assert read == number
        assert on_page == {"text": text, "number": number}


def test_a_typed_number_is_kept_and_compared(page, lesson, drawn):
    lesson(page)
    field = question(page, "ch01.h11").get_by_role("textbox")
    field.fill("１／２ 倍")
    field.press("Enter")
    assert field.input_value() == "1/2"
    assert mine(page, 1) == "1/2 倍"
    assert answer(page, 1).locator("dd").nth(1).inner_text() == "0.169 倍"
    assert "予想は、測った値の 3 倍です。" in answer(page, 1).inner_text()
    page.reload()
    drawn(page)
    assert field.input_value() == "1/2"
    field.fill("0.17")
    question(page, "ch01.h11").get_by_role("button", name="決める").click()
    assert "ほぼ予想どおりでした。" in answer(page, 1).inner_text()


def test_what_is_no_number_is_answered_with_one_sentence(page, lesson):
    lesson(page)
    asked = question(page, "ch01.h11")
    field = asked.get_by_role("textbox")
    field.fill("半分くらい")
    field.press("Enter")
    told = (
        "「半分くらい」は数として読めません。0.17、1e-3、1/3 のように書いてください。"
    )
    assert told in asked.inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert mine(page, 1).startswith(YET)
    field.fill("0.5")
    field.press("Enter")
    assert "読めません" not in asked.inner_text()
    assert mine(page, 1) == "0.5 倍"
    field.fill("")
    field.press("Enter")
    assert mine(page, 1).startswith(YET)


@pytest.mark.parametrize(
    ("predicted", "measured", "unit", "words"),
    [
        (0.5, 0.5, "", "予想どおりでした。"),
        (0.0, 0.0, "", "予想どおりでした。"),
        (0.17, 0.16922, "倍", "ほぼ予想どおりでした。予想は、測った値の 1.00 倍です。"),
        (0.18, 0.16922, "倍", "ほぼ予想どおりでした。予想は、測った値の 1.06 倍です。"),
        (0.5, 0.16922, "倍", "予想とは違いました。予想は、測った値の 3 倍です。"),
        (0.7, 1.0, "", "予想とは違いました。予想は、測った値の 0.7 倍です。"),
        (1.0, 250.0, "歩", "予想とは違いました。測った値は、予想の 250 倍です。"),
        (-4.0, -2.0, "", "予想とは違いました。予想は、測った値の 2 倍です。"),
        (-1.0, 1.0, "", "予想とは違いました。符号が逆です。"),
        (0.0, 0.16922, "倍", "予想とは違いました。差は 0.169 倍 です。"),
        (0.5, 0.0, "", "予想とは違いました。差は 0.5 です。"),
        (1.0, 1e-8, "", "予想とは違いました。およそ 8 桁違います。"),
        (1e-300, 1e300, "", "予想とは違いました。およそ 600 桁違います。"),
    ],
)
def test_the_difference_is_told_in_words(call, predicted, measured, unit, words):
    found = call("prediction/numbers.js", "compareNumbers", predicted, measured, unit)
    assert found == words


def test_a_prediction_is_made_with_the_keyboard_alone(page, lesson):
    lesson(page)
    asked = question(page, "ch01.decay")
    asked.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    assert mine(page, 0) == LESS
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # 消す
    assert mine(page, 0).startswith(YET)


def test_the_kernel_knows_the_prediction_and_tells_the_answer():
    asked = Prediction("ch01.kernel", "どちらですか。", ["大きい", "小さい"])
    told = Answer("ch01.kernel", "小さい", "半分です。")
    assert told.predicted == ""
    asked.value = "大きい"
    assert told.predicted == "大きい"
    # セルをもう一度実行しても残り、前の Answer にも届く
    again = Prediction("ch01.kernel", "どちらですか。", ["大きい", "小さい"])
    assert again.value == "大きい"
    again.value = "小さい"
    assert told.predicted == "小さい"
    # 問いが変われば、前の答えは使わない
    changed = Prediction("ch01.kernel", "どちらですか。", ["上", "下"])
    assert changed.value == ""


# 出力ごとに画面が分かれ、保存もできないところ: Answer の画面は、カーネルの値だけを知る
APART = """async ([esm, state]) => {
  const heard = {};
  const model = {
    get: (name) => state[name], save_changes() {}, send() {},
    set(name, value) { state[name] = value; (heard[`change:${name}`] ?? []).forEach((call) => call()); },
    on: (event, call) => (heard[event] ??= []).push(call), off() {},
  };
  const el = document.body.appendChild(document.createElement("div"));
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  (await import(url)).default.render({ model, el });
  const read = () => el.querySelector("dd").textContent;
  const before = read();
  el.querySelector("a").click();
  const lost = el.querySelector("[aria-live]").textContent;
  model.set("predicted", "大きい");
  return [before, lost, read()];
}"""


def test_an_answer_alone_in_its_frame_hears_the_kernel(bench):
    told = Answer("ch01.apart", "小さい", "半分です。")
    state = {name: getattr(told, name) for name in told.keys if name != "layout"}
    state = {k: v for k, v in state.items() if k[0] != "_"}
    before, lost, after = bench.evaluate(APART, [told._esm, state])
    assert before.startswith(YET)
    assert "セルまで戻って" in lost
    assert after == "大きい"


GOOD = ("ch01.good", "どちらですか。", ["大きい", "小さい"])


@pytest.mark.parametrize(
    ("arguments", "unit", "message"),
    [
        (("decay", *GOOD[1:]), "", '引数 name は "ch01.decay" のような'),
        (("ch1.decay", *GOOD[1:]), "", "'ch1.decay' が渡されました。"),
        ((3, *GOOD[1:]), "", "引数 name は"),
        (("ch01.good", " ", GOOD[2]), "", "引数 question は、空でない文です。"),
        (("ch01.good", "$h_{t$", GOOD[2]), "", "引数 question"),
        ((*GOOD[:2], ["大きい"]), "", "引数 choices は、違う文の 2 個以上"),
        ((*GOOD[:2], ["同じ", "同じ"]), "", "引数 choices は、違う文の 2 個以上"),
        ((*GOOD[:2], "大きい"), "", "引数 choices は、違う文の 2 個以上"),
        ((*GOOD[:2], ["大きい", 3]), "", "引数 choices の 2 番目 は、空でない文"),
        (GOOD, "倍", "引数 unit は、choices を省いたときの"),
    ],
)
def test_a_wrong_argument_of_a_prediction_is_named(arguments, unit, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Prediction(*arguments, unit=unit)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("good", "小さい", "文"), "引数 name は"),
        (("ch01.good", float("nan"), "文"), "引数 measured は有限の数です。nan"),
        (("ch01.good", True, "文"), "引数 measured は、選択肢の一つか数です。True"),
        (("ch01.good", "", "文"), "引数 measured は、選択肢の一つか数です。"),
        (("ch01.good", "小さい", ""), "引数 sentence は、空でない文です。"),
        (
            ("ch01.good", "中くらい", "文"),
            "予想 ch01.good の選択肢 「大きい」、「小さい」 のどれかです。'中くらい'",
        ),
        (("ch01.good", 0.5, "文"), "のどれかです。0.5 が渡されました。"),
        (("ch01.number", "小さい", "文"), "予想 ch01.number は数を聞いています"),
    ],
)
def test_a_wrong_argument_of_an_answer_is_named(arguments, message):
    Prediction(*GOOD)
    Prediction("ch01.number", "何倍ですか。", unit="倍")
    with pytest.raises(ValueError, match=re.escape(message)):
        Answer(*arguments)


@pytest.mark.parametrize("value", ["中くらい", 3])
def test_a_value_that_is_no_choice_is_refused_and_the_old_one_stays(value):
    asked = Prediction("ch01.value", "どちらですか。", ["大きい", "小さい"])
    asked.value = "大きい"
    with pytest.raises(ValueError, match="value は"):
        asked.value = value
    assert asked.value == "大きい"
