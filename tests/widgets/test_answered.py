"""目次のページ: 章ごとに答えた数を見せ、すべてを消せます。読者の道のはじめから次の日まで。"""

import json

NOTE = ".book-answered:not(:empty)"


def test_the_contents_tell_how_much_of_each_chapter_was_answered(
    page, lesson, small_url
):
    lesson(page)
    page.get_by_label("0.35 より大きい").check()
    page.get_by_label("b", exact=True).check()
    page.get_by_label("d", exact=True).check()
    for button in page.get_by_role("button", name="答え合わせ").all():
        button.click()
    page.goto(f"{small_url}index.html")
    page.wait_for_selector(NOTE)
    assert page.locator(NOTE).all_inner_texts() == ["予想 1/2・理解度チェック 1/2 正解"]
    beside = page.locator("li", has=page.locator(NOTE)).first
    assert beside.inner_text().startswith("lesson の頁")


def test_a_chosen_but_ungraded_question_is_not_counted_as_right(
    page, lesson, small_url
):
    lesson(page)
    page.get_by_label("b", exact=True).check()
    page.goto(f"{small_url}index.html")
    page.wait_for_selector(NOTE)
    assert page.locator(NOTE).inner_text() == "予想 0/2・理解度チェック 0/2 正解"


def test_a_new_reader_sees_nothing_more_and_asks_for_nothing_more(page, small_url):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{small_url}index.html", wait_until="networkidle")
    assert any("widgets/answered." in url for url in asked)
    assert not any(url.endswith(".json") for url in asked)
    assert page.locator(".book-answered, .book-memory").count() == 0


def test_everything_the_book_remembers_is_erased_with_one_button(
    page, lesson, small_url
):
    lesson(page)
    page.get_by_label("0.35 より大きい").check()
    page.get_by_label("b", exact=True).check()
    page.evaluate("localStorage.mode = 'dark'; localStorage.others = 'kept'")
    chapter = page
    page = chapter.context.new_page()
    page.goto(f"{small_url}index.html")
    box = page.locator(".book-memory")
    assert (
        "この端末のブラウザの中（localStorage）だけに残っています。" in box.inner_text()
    )
    box.get_by_role("button", name="この本が覚えていることをすべて消す").click()
    assert page.evaluate("Object.keys(localStorage)") == ["others"]
    assert page.locator(NOTE).count() == 0
    assert "すべて消しました。" in box.inner_text()
    # 開いている章も、忘れる
    chapter.wait_for_function("!document.querySelector('.rf-prediction :checked')")
    chapter.wait_for_function("!document.querySelector('.rf-quiz :checked')")


def test_the_contents_open_without_complaint_where_storage_is_blocked(page, small_url):
    faults = []
    page.on("pageerror", lambda error: faults.append(error.stack))
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
          get() { throw new DOMException("Access is denied.", "SecurityError"); } });"""
    )
    page.goto(f"{small_url}index.html", wait_until="networkidle")
    assert page.locator(".book-answered, .book-memory").count() == 0
    assert not [stack for stack in faults if "/widgets/" in stack]


def test_the_totals_hold_no_text_of_a_question_and_no_answer(small_site):
    written = (small_site / "_static" / "answered.json").read_text("utf-8")
    totals = json.loads(written)
    assert list(totals) == ["lesson.html"]  # 名前のない理解度チェックは、数えない
    assert set(totals["lesson.html"]["predictions"]) == {"ch01.decay", "ch01.h11"}
    assert len(totals["lesson.html"]["quizzes"]["ch01.quiz"]) == 2
    assert written.isascii()


def test_the_whole_path_of_a_first_reader(browser, small_url, lesson, drawn):
    """予想し、読み、本文のリンクで図を動かし、理解度チェックに答え、次の日に戻って見つける。"""
    context = browser.new_context()
    page = lesson(context.new_page())
    page.get_by_label("0.35 より大きい").check()
    number = page.get_by_role("textbox").first
    number.fill("1/2")
    number.press("Enter")
    page.get_by_role("link", name="を 5 に").click()
    page.wait_for_selector(".rnnbook-told:has-text('見るところ')")
    assert page.get_by_label("系列長").input_value() == "5"
    answers = page.get_by_role("group", name="予想の答え")
    assert "予想とは違いました。" in answers.first.inner_text()
    page.get_by_label("b", exact=True).check()
    page.get_by_role("button", name="答え合わせ").first.click()
    kept = context.storage_state()
    context.close()

    tomorrow = browser.new_context(storage_state=kept)
    page = tomorrow.new_page()
    page.goto(f"{small_url}index.html")
    page.wait_for_selector(NOTE)
    assert page.locator(NOTE).inner_text() == "予想 2/2・理解度チェック 1/2 正解"
    page.get_by_role("link", name="lesson の頁").click()
    drawn(page)
    assert page.get_by_label("0.35 より大きい").is_checked()
    assert page.get_by_role("textbox").first.input_value() == "1/2"
    found = page.get_by_role("group", name="予想の答え").locator("dd").all_inner_texts()
    assert found == ["0.35 より大きい", "0.35 より小さい", "1/2 倍", "0.169 倍"]
    assert "○ 正解です。" in page.locator(".rf-quiz").inner_text()
    assert page.get_by_label("系列長").input_value() == "12"  # 図は、はじめから
    tomorrow.close()
