from rnnbook.widgets.barkhausen.barkhausen import Barkhausen

__all__ = ["Barkhausen"]
