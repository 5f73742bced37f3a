"""演習の答え合わせ。章では from rnnbook.exercises import check と書きます。"""

from rnnbook.exercises.check import check, exercises

__all__ = ["check", "exercises"]
