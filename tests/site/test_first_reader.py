"""はじめての読者の道: 予想し、本文のリンクで図を動かし、理解度チェックに答え、次の日に戻って見つけます。"""

import re

import pytest

from rnnbook.workshop.environment import ROOT
from rnnbook.workshop.execute import chapters

QUESTIONS = ".rf-prediction fieldset.rf-question"
# 予想と理解度チェックがあるのは、番号のある章です
NUMBERED = [path.stem for path in chapters(ROOT) if path.stem[0].isdigit()]
NOTE = ".book-answered:not(:empty)"


def chosen(page) -> list[list[str]]:
    """予想と理解度チェックの、選んだ項目の文と、打ち込まれた数。"""
    return page.evaluate(
        """() => [...document.querySelectorAll(".rf-question")].map((question) => [
          ...[...question.querySelectorAll(":checked")].map((input) => input.parentElement.innerText),
          ...[...question.querySelectorAll("input:not([type=radio])")].map((input) => input.value),
        ])"""
    )


def beside(page) -> list[str]:
    """測った答えの横に立つ、読者の予想。"""
    answers = page.get_by_role("group", name="予想の答え")
    return [answer.locator("dd").first.inner_text() for answer in answers.all()]


@pytest.mark.one_chapter
@pytest.mark.parametrize("chapter", NUMBERED)
def test_a_reader_who_comes_back_tomorrow_finds_every_answer(
    browser, site_url, chapter, drawn
):
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(f"{site_url}chapters/{chapter}.html")
    drawn(page)

    # 予想する
    questions = page.locator(QUESTIONS).all()
    assert len(questions) >= 3
    for question in questions:
        if question.get_by_role("radio").count():
            question.get_by_role("radio").last.check()
        else:
            number = question.get_by_role("textbox")
            number.fill("0.25")
            number.press("Enter")
    assert all(beside(page)) and "まだ予想していません" not in "".join(beside(page))

    # 本文のリンクで図を動かす
    page.locator("a.rnnbook-drive").first.click()
    told = page.locator(".rnnbook-told:not(:empty)")
    told.wait_for()
    assert "見るところ" in told.inner_text()

    # 理解度チェックに答える
    for question in page.locator(".rf-quiz fieldset.rf-question").all():
        question.get_by_role("radio").first.check()
        question.get_by_role("button", name="答え合わせ").click()
    marks = page.locator(".rf-quiz .rf-answer").all_inner_texts()
    assert all(mark[0] in "○×" for mark in marks)
    right = sum(mark.startswith("○") for mark in marks)
    answers, replies, kept = chosen(page), beside(page), context.storage_state()
    assert len(answers) == len(questions) + len(marks) and all(answers)
    context.close()

    # 次の日
    tomorrow = browser.new_context(storage_state=kept, locale="ja-JP")
    page = tomorrow.new_page()
    page.goto(f"{site_url}chapters/index.html")
    page.wait_for_selector(NOTE)
    n, m = len(questions), len(marks)
    assert page.locator(NOTE).all_inner_texts() == [
        f"予想 {n}/{n}・理解度チェック {right}/{m} 正解"
    ]
    link = page.locator(f"article li a[href$='{chapter}.html']").first
    assert re.search(r"第 ?\d+ ?章", link.inner_text())
    link.click()
    page.wait_for_url(f"**/{chapter}.html")
    drawn(page)
    assert chosen(page) == answers
    assert beside(page) == replies
    assert page.locator(".rf-quiz .rf-answer").all_inner_texts() == marks
    tomorrow.close()
