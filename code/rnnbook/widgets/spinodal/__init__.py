from rnnbook.widgets.spinodal.spinodal import Spinodal

__all__ = ["Spinodal"]
