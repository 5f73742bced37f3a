from rnnbook.widgets.date_writer.date_writer import DateWriter

__all__ = ["DateWriter"]
