from rnnbook.widgets.quiz.quiz import Choice, Question, Quiz

__all__ = ["Choice", "Question", "Quiz"]
