from rnnbook.widgets.readings.readings import Readings

__all__ = ["Readings"]
