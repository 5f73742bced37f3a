from rnnbook.widgets.vacancies.vacancies import Vacancies

__all__ = ["Vacancies"]
