from rnnbook.widgets.length_accuracy.length_accuracy import LengthAccuracy

__all__ = ["LengthAccuracy"]
