from rnnbook.widgets.writer.writer import Writer

__all__ = ["Writer"]
