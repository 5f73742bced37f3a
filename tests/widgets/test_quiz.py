"""名前のある理解度チェックは、選んだものと採点を、この端末で覚えます。"""

import pytest

from rnnbook.widgets.quiz import Choice, Question, Quiz

CHOICES = [Choice("a", "理由 a"), Choice("b", "理由 b", correct=True)]


@pytest.fixture
def quiz(page, lesson):
    """理解度チェックのある頁の、その図。"""
    return lesson(page).locator(".rf-quiz")


@pytest.fixture
def reload(page, drawn):
    """reload() は、頁を読み直します。"""

    def go():
        page.reload()
        drawn(page)

    return go


def test_what_was_chosen_and_graded_is_there_after_a_reload(quiz, reload):
    quiz.get_by_label("b", exact=True).check()
    quiz.get_by_role("button", name="答え合わせ").first.click()
    quiz.get_by_label("d", exact=True).check()  # 選んだだけ
    reload()
    assert quiz.get_by_label("b", exact=True).is_checked()
    assert "○ 正解です。 理由 b" in quiz.inner_text()
    assert quiz.get_by_label("d", exact=True).is_checked()
    assert "理由 d" not in quiz.inner_text()
    assert "2 問中 1 問に正解しています。" in quiz.inner_text()


def test_a_wrong_answer_is_remembered_as_it_was_told(quiz, reload):
    quiz.get_by_label("a", exact=True).check()
    quiz.get_by_role("button", name="答え合わせ").first.click()
    reload()
    assert "× ちがいます。 理由 a" in quiz.inner_text()
    # 選び直せば、採点の前に戻り、それも覚える
    quiz.get_by_label("b", exact=True).check()
    reload()
    assert quiz.get_by_label("b", exact=True).is_checked()
    assert "理由" not in quiz.locator(".rf-answer").first.inner_text()


def test_the_quiz_follows_another_tab_and_forgets_when_erased(page, quiz, drawn):
    other = page.context.new_page()
    other.goto(page.url)
    drawn(other)
    other.get_by_label("b", exact=True).check()
    other.get_by_role("button", name="答え合わせ").first.click()
    told = "document.querySelector('.rf-quiz .rf-answer').textContent"
    page.wait_for_function(f"{told}.includes('正解です')")
    quiz.get_by_role("button", name="消す").click()
    assert page.evaluate(told) == ""
    assert not quiz.get_by_label("b", exact=True).is_checked()
    assert page.evaluate("localStorage.length") == 0
    other.wait_for_function(f"{told} === ''")


def test_a_question_that_has_changed_starts_unanswered(page, quiz, reload):
    for label in ("b", "c"):
        quiz.get_by_label(label, exact=True).check()
    for button in quiz.get_by_role("button", name="答え合わせ").all():
        button.click()
    # 一問目だけ、文の違う問いへの答えにする
    page.evaluate(
        """() => { const found = JSON.parse(localStorage["rnnbook.ch01.quiz"]);
          const [first, second] = Object.keys(found);
          localStorage["rnnbook.ch01.quiz"] = JSON.stringify({ "00000000": found[first], [second]: found[second] }); }"""
    )
    reload()
    assert not quiz.get_by_label("b", exact=True).is_checked()
    assert "○ 正解です。 理由 c" in quiz.inner_text()


@pytest.mark.parametrize(
    "changed",
    [
        Question("別の問い", CHOICES),
        Question("問い", [Choice("b", "理由"), Choice("a", "理由", correct=True)]),
        Question("問い", [*CHOICES, Choice("c", "理由 c")]),
    ],
    ids=["text", "order", "choices"],
)
def test_the_mark_of_a_question_changes_with_its_words(changed):
    marks = [
        Quiz([each]).questions[0]["id"] for each in (Question("問い", CHOICES), changed)
    ]
    assert marks[0] != marks[1]


def test_the_mark_of_a_question_stays_when_only_the_reasons_are_reworded():
    reworded = [Choice("a", "別の文"), Choice("b", "別の文", correct=True)]
    marks = [
        Quiz([Question("問い", each)]).questions[0]["id"]
        for each in (CHOICES, reworded)
    ]
    assert marks[0] == marks[1]


def test_a_quiz_without_a_name_keeps_nothing(opened):
    page = opened("quiz")
    assert "この端末だけに残ります" not in page.locator(".rf-quiz").inner_text()
    page.get_by_role("radio").first.check()
    assert page.evaluate("localStorage.length") == 0


def test_a_wrong_name_of_a_quiz_is_named():
    with pytest.raises(ValueError, match=r'引数 name は "ch01\.decay" のような'):
        Quiz([Question("問い", CHOICES)], name="quiz")
