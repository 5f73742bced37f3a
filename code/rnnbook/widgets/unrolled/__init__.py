from rnnbook.widgets.unrolled.unrolled import Unrolled

__all__ = ["Unrolled"]
