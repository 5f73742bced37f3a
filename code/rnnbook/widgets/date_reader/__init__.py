from rnnbook.widgets.date_reader.date_reader import DateReader

__all__ = ["DateReader"]
